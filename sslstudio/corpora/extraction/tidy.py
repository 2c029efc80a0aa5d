"""White space as a reader of text expects it: no trailing spaces, one blank line between parts."""

from __future__ import annotations

import re

_SPACES = re.compile(r"[ \t\f\v\xa0]+")
_MANY_LINES = re.compile(r"\n{3,}")


def tidy_lines(text: str) -> str:
    """Return ``text`` with single spaces, stripped lines, and at most one blank line in a row."""
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return _MANY_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


def one_line(text: str, most: int = 200) -> str:
    """Return ``text`` on one line, for a title."""
    return " ".join(text[: 4 * most].split())[:most]
