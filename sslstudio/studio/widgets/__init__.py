"""Widgets that more than one page is made of; they know no recipe and no engine."""
