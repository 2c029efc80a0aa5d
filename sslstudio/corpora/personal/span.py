"""A stretch of text, and the figures that tell whether a text is worth a closer look."""

from __future__ import annotations

import dataclasses
import functools
import re
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
_LONG_TOKEN = b"a" * 20
_FEWEST_DIGITS = 4
_NO_DIGITS = bytes(code for code in range(256) if code not in b"0123456789")
_TOKEN_CLASSES = bytes(
    ord("a") if chr(code) in "-_+/" or (code < 128 and chr(code).isalnum()) else ord(" ")
    for code in range(256)
)


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
        return [(m.start(), m.end() + _BEHIND) for m in _RUN.finditer(self.text)]

    def in_runs(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Yield the matches of ``pattern`` in the runs of figures."""
        for start, end in self.number_runs:
            yield from pattern.finditer(self.text, start, end)

    @functools.cached_property
    def has_long_token(self) -> bool:
        """Whether 20 letters, figures and marks of base 64 stand in a row."""
        return _LONG_TOKEN in self._bytes.translate(_TOKEN_CLASSES)
