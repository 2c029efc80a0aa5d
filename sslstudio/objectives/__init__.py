"""What a model predicts from the rest of its input: one objective a file."""
