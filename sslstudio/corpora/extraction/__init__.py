"""Extraction: what several readers need to get text out of a format; knows no files of its own."""
