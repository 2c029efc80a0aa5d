"""Mending: declared steps that take poor text out, or change it, and say which rule did."""
