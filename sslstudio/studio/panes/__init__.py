"""The pages of the studio, one file each, in the order of the work."""
