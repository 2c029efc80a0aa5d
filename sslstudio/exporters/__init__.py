"""Ways out of the studio: one format a file."""
