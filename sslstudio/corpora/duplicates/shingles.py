"""The shingles of a text, as numbers: what two documents share when they are near duplicates.

Between the plain form and the signatures. Five words in a row make a shingle; where there are
fewer than fifty words, or hardly any spaces, nine characters do (reference 2.3). Words are hashed
once and remembered in a bounded table, five neighbours are mixed in numpy: about 25 ms a
megabyte. The numbers are the same in every process and on every machine.
"""

from __future__ import annotations

import numpy as np
import xxhash
from numpy.typing import NDArray

from sslstudio.corpora.duplicates.plain import plain_words

WORDS = 5
CHARACTERS = 9
FEWEST_WORDS = 50
_LONGEST_MEAN_WORD = 16  # beyond it the words are sentences of a script without spaces
_REMEMBERED_WORDS = 200_000
_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xBF58476D1CE4E5B9)


class _WordHashes(dict[bytes, int]):
    """Hashes of words, made when first asked for."""

    def __missing__(self, word: bytes) -> int:
        if len(self) >= _REMEMBERED_WORDS:
            self.clear()
        number = self[word] = xxhash.xxh3_64_intdigest(word)
        return number


_hashes = _WordHashes()


def word_hashes(words: list[bytes]) -> NDArray[np.uint64]:
    """Return a number of 64 bits for every word."""
    return np.fromiter(map(_hashes.__getitem__, words), np.uint64, count=len(words))


def shingles(text: str) -> NDArray[np.uint64]:
    """Return the shingles of ``text`` as numbers, in order, with repeats; at least one."""
    words = plain_words(text)
    letters = sum(map(len, words))
    if len(words) >= FEWEST_WORDS and letters <= _LONGEST_MEAN_WORD * len(words):
        return rolling(word_hashes(words), WORDS)
    joined = b" ".join(words).decode("utf-8", "surrogatepass") or text
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)
    return rolling(_mixed(points + np.uint64(1)), CHARACTERS)


def rolling(numbers: NDArray[np.uint64], length: int) -> NDArray[np.uint64]:
    """Return one number for every ``length`` neighbours of ``numbers``; of fewer, one for all."""
    length = max(1, min(length, len(numbers)))
    count = max(0, len(numbers) - length + 1)
    result = numbers[:count].copy()
    for place in range(1, length):
        result *= _FACTOR
        result += numbers[place : place + count]
    return _mixed(result) if count else np.zeros(1, np.uint64)


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread the bits of ``numbers``; changes and returns them (Steele et al. 2014)."""
    numbers ^= numbers >> np.uint64(30)
    numbers *= _MIX
    numbers ^= numbers >> np.uint64(27)
    numbers *= np.uint64(0x94D049BB133111EB)
    numbers ^= numbers >> np.uint64(31)
    return numbers


def jaccard(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> float:
    """Return the share of different shingles that two texts have in common, from 0 to 1."""
    a, b = np.unique(first), np.unique(second)
    common = len(np.intersect1d(a, b, assume_unique=True))
    return common / (len(a) + len(b) - common)
