"""Measurements beside what users would pick instead; they print tables and never fail."""
