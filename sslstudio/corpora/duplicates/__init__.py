"""Duplicates: which documents say the same, nearly the same, or what must not be seen yet."""
