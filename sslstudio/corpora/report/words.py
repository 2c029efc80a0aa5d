"""Words as the measures of a report count them, and texts as arrays of word numbers.

Below every measure of diversity, topics and distance. A word is a run of letters and digits in
lower case, with apostrophes inside; where a script is written without spaces (Chinese, Japanese,
Thai, Lao, Burmese, Khmer) each character is one. Costs about 50 ms a megabyte. The words that the
report *counts* are those between white space, as everywhere else.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f"  # Burmese
    "\u1780-\u17ff"  # Khmer
    "\u3040-\u30ff"  # Hiragana, Katakana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"  # Han
)
_WORD = re.compile(rf"[^\W{UNSPACED}]+(?:['’][^\W{UNSPACED}]+)*|[{UNSPACED}]")


def words_of(text: str) -> list[str]:
    """Return the words of ``text`` in their order, in lower case."""
    return _WORD.findall(text.lower())


@dataclasses.dataclass(frozen=True)
class WordTable:
    """Several texts as word numbers.

    Attributes:
        ids: of all words of all texts, one after the other, int32.
        starts: where each text begins in ``ids``, and last where the last one ends, int64.
        vocabulary: the word of each number, in order of first appearance.
    """

    ids: NDArray[np.int32]
    starts: NDArray[np.int64]
    vocabulary: list[str]

    @classmethod
    def of(cls, texts: Iterable[str]) -> WordTable:
        """Return the words of ``texts``; takes 4 bytes a word, and each different word once."""
        numbers: dict[str, int] = {}
        parts: list[NDArray[np.int32]] = []
        lengths = [0]
        for text in texts:
            words = words_of(text)
            ids = [numbers.setdefault(word, len(numbers)) for word in words]
            parts.append(np.array(ids, dtype=np.int32))
            lengths.append(len(ids))
        ids_all = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)
        return cls(ids_all, np.cumsum(lengths), list(numbers))

    @property
    def owners(self) -> NDArray[np.int64]:
        """The number of the text that each word stands in."""
        return np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))

    def counts(self) -> NDArray[np.int64]:
        """Return how often each word of the vocabulary occurs."""
        return np.bincount(self.ids, minlength=len(self.vocabulary))
