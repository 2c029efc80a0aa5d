"""In which scripts the letters of a text are written.

One of the cheap measures, over the whole corpus. A letter belongs to the script that its Unicode
name begins with (LATIN SMALL LETTER A), Han where that is CJK. Costs 2 ms a megabyte of ASCII and
about 10 ms of anything else; the table (256 KB) is made on first use in 0.1 s. Knows nothing of
languages.
"""

from __future__ import annotations

import functools
import unicodedata

import numpy as np
from numpy.typing import NDArray

_TABLED = 0x20000  # beyond lie only Han, and symbols that are no letters
_HAN_FROM, _HAN_TO = 0x20000, 0x323B0
_NAMES = {"Cjk": "Han", "Fullwidth": "Latin", "Halfwidth": "Katakana", "Kangxi": "Han"}
_NO_SCRIPT = frozenset(
    {"Modifier", "Mathematical", "Script", "Double-Struck", "Black-Letter", "Circled", "Feminine"}
    | {"Masculine", "Superscript", "Subscript", "Planck", "Information", "Micro", "Combining"}
)


class ScriptCounts:
    """Letters by script, of everything added."""

    def __init__(self) -> None:
        self.counts = np.zeros(len(_table()[1]), dtype=np.int64)

    def add(self, text: str) -> None:
        """Count the letters of ``text``."""
        self.counts += letters_by_script(text)

    def merge(self, counts: NDArray[np.int64]) -> None:
        """Add what :func:`letters_by_script` counted elsewhere."""
        self.counts += counts

    def shares(self) -> dict[str, float]:
        """Return the share of all letters that each script has, largest first."""
        total = int(self.counts.sum())
        named = zip(_table()[1], self.counts.tolist(), strict=True)
        found = sorted(((n, c) for n, c in named if c and n), key=lambda pair: (-pair[1], pair[0]))
        known = total - int(self.counts[0])
        return {name: count / known for name, count in found}


def letters_by_script(text: str) -> NDArray[np.int64]:
    """Return how many letters of ``text`` stand in each script of the table; no. 0 is none."""
    table, names = _table()
    if text.isascii():
        codes = np.frombuffer(text.encode("ascii"), dtype=np.uint8)
        letters = int(_ascii_letters()[codes].sum())
        counts = np.zeros(len(names), dtype=np.int64)
        counts[names.index("Latin")] = letters
        counts[0] = len(text) - letters
        return counts
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    beyond = points >= _TABLED
    counts = np.bincount(table[points[~beyond]], minlength=len(names))
    far = points[beyond]
    counts[names.index("Han")] += int(((far >= _HAN_FROM) & (far < _HAN_TO)).sum())
    return counts


@functools.cache
def _ascii_letters() -> NDArray[np.bool_]:
    return np.array([chr(code).isascii() and chr(code).isalpha() for code in range(256)])


@functools.cache
def _table() -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Return the script number of every code point below 0x20000, and the scripts' names."""
    names = {"": 0, "Latin": 1, "Han": 2}
    table = np.zeros(_TABLED, dtype=np.uint8)
    for code in range(_TABLED):
        letter = chr(code)
        if letter.isalpha() and (name := _script(letter)):
            number = names.setdefault(name, len(names))
            if number < 256:
                table[code] = number
    return table, tuple(names)[:256]


def _script(letter: str) -> str:
    first = unicodedata.name(letter, "").partition(" ")[0].title()
    return "" if first in _NO_SCRIPT else _NAMES.get(first, first)
