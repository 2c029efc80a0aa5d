"""A stretch of text, and the figures that tell whether a text is worth a closer look."""

from __future__ import annotations

import dataclasses
import functools
import re
import string
from collections.abc import Iterator

Span = tuple[int, int]
"""Where a stretch begins and ends, in characters."""


# patterns begin with what they look for, and what stands before is looked at afterwards: a
# lookbehind in front would keep Python's re from skipping to the first character that fits
def begins_alone(text: str, start: int, but_not: str = "") -> bool:
    """Return whether no letter, figure or underscore, nor one of ``but_not``, stands before."""
    before = text[start - 1 : start] if start else ""
    return not before or not (before.isalnum() or before == "_" or before in but_not)


# figures with what may stand between those of one number; takes a long run in one piece
_RUN = re.compile(r"[0-9(][0-9 ()./-]{6,}+")
_BEHIND = 2
"""Characters behind a run that patterns look ahead at."""
_FEWEST_DIGITS = 4
_DIGITS = "0123456789"
_NO_DIGITS = bytes(code for code in range(256) if chr(code) not in _DIGITS)
_INSIDE, _OUTSIDE = b"x", b" "


def _classes(inside: str) -> bytes:
    """Return the table that tells the characters of ``inside`` from all others."""
    return b"".join(_INSIDE if chr(code) in inside else _OUTSIDE for code in range(256))


_OF_NUMBERS = _classes(_DIGITS + " ()./-")
_OF_TOKENS = _classes(string.ascii_letters + _DIGITS + "+/_.-")


@dataclasses.dataclass(frozen=True)
class Clues:
    """What a text holds at all; each is found once, at a gigabyte a second or so.

    Attributes:
        text: itself.
    """

    text: str

    @functools.cached_property
    def _bytes(self) -> bytes:
        return self.text.encode("ascii", "replace")

    @functools.cached_property
    def digits(self) -> int:
        """How many ASCII figures it holds."""
        return len(self._bytes.translate(None, _NO_DIGITS))

    @functools.cached_property
    def number_runs(self) -> list[Span]:
        """Where seven characters and more of one number, or of several, may stand in a row.

        Each reaches two characters further, so that patterns see what stands behind.
        """
        if self.digits < _FEWEST_DIGITS:
            return []
        return [
            (match.start(), match.end() + _BEHIND)
            for start, end in self._runs(_OF_NUMBERS, fewest=7)
            for match in _RUN.finditer(self.text, start, end)
        ]

    def in_runs(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Yield the matches of ``pattern`` in the runs of figures."""
        for start, end in self.number_runs:
            yield from pattern.finditer(self.text, start, end)

    @functools.cached_property
    def long_tokens(self) -> list[Span]:
        """Where 20 letters, figures and marks of base 64 and of paths stand in a row, or more."""
        return list(self._runs(_OF_TOKENS, fewest=20))

    def _runs(self, classes: bytes, fewest: int) -> Iterator[Span]:
        """Yield where ``fewest`` characters of a class stand in a row, each time all of them."""
        marks = self._bytes.translate(classes) + _OUTSIDE
        end = 0
        # searches for bytes take a tenth of what a pattern takes
        while (start := marks.find(_INSIDE * fewest, end)) >= 0:
            end = marks.find(_OUTSIDE, start)
            yield start, end
