"""Figures over checkpoints: one suite a file."""
