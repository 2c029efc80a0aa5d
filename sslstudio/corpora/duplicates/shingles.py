"""The shingles of a text, as numbers: what two documents share when they are near duplicates.

Between the plain form and the signatures. Five words in a row make a shingle; where there are
fewer than fifty words, or the script sets no spaces, nine characters do (reference 2.3). So a text
of 49 words and one of 51 have nothing in common, however alike they are. Costs about 12 ms a
megabyte of words and 25 of characters, with the plain form. The numbers are the same in every
process and on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sslstudio.corpora.duplicates.plain import plain
from sslstudio.corpora.duplicates.spans import numbers_in_parts
from sslstudio.corpora.rules.scripts import has_spaces

WORDS = 5
CHARACTERS = 9
FEWEST_WORDS = 50
_LONGEST_MEAN_WORD = 16  # characters; beyond it the words are no words
_SPACE = 32


def shingles(text: str) -> NDArray[np.uint64]:
    """Return the shingles of ``text`` as numbers, in order, with repeats; at least one."""
    return np.concatenate(list(shingles_in_parts(text)))


def shingles_in_parts(text: str) -> Iterator[NDArray[np.uint64]]:
    """Yield the shingles of ``text``, some thousands at once."""
    data = plain(text) or text.encode("utf-8", "surrogatepass")
    begins, ends = word_bounds(data)
    length = WORDS
    if not _is_of_words(data, len(begins)):
        begins, ends = character_bounds(data)
        length = CHARACTERS
    length = min(length, len(begins))  # of fewer neighbours, one shingle of all
    begins, ends = begins[: len(begins) - length + 1], ends[length - 1 :]
    return (numbers for _, numbers in numbers_in_parts(data, begins, ends))


def word_bounds(data: bytes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the words of a plain form begin and end; of nothing, one empty word."""
    spaces = np.flatnonzero(np.frombuffer(data, np.uint8) == _SPACE)
    begins, ends = np.empty(len(spaces) + 1, np.int64), np.empty(len(spaces) + 1, np.int64)
    begins[0], ends[-1] = 0, len(data)
    np.add(spaces, 1, out=begins[1:])
    ends[:-1] = spaces
    return begins, ends


def character_bounds(data: bytes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the characters of ``data``, which is UTF-8, begin and end; of nothing, one."""
    places = np.arange(len(data) + 1)
    if not data.isascii():
        # a byte that goes on with a character has the bits 10 in front
        is_begin = (np.frombuffer(data + b"\0", np.uint8) & 0xC0) != 0x80
        places = np.flatnonzero(is_begin)
    return (places[:-1], places[1:]) if data else (places, places)


def jaccard(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> float:
    """Return the share of different shingles that two texts have in common, from 0 to 1."""
    a, b = np.unique(first), np.unique(second)
    common = len(np.intersect1d(a, b, assume_unique=True))
    return common / (len(a) + len(b) - common)


def _is_of_words(data: bytes, words: int) -> bool:
    """Return whether a plain form of so many spaced pieces is to be compared by words."""
    letters = len(data) - words
    if not data.isascii():
        text = data.decode("utf-8", "surrogatepass")
        if not has_spaces(text):
            return False
        letters = len(text) - words
    return words >= FEWEST_WORDS and letters < _LONGEST_MEAN_WORD * words
