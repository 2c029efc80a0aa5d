"""The networks that can be trained: one architecture a file."""
