"""The plain form of a text, in which it is compared: words without case and punctuation.

Lowest of this folder. Normalised to NFC, case folded, everything but letters, their marks and
digits taken for white space, white space collapsed (reference 2.3). Marks (vowel signs, accents
that do not compose) belong to their letters, or Hindi and Thai would fall to pieces; soft hyphens,
joiners and variation selectors are dropped. Costs about 3 ms a megabyte of ASCII and 15 of other
scripts, and at most some 12 times the text in memory. Knows no languages: a word is a run of
letters and digits.
"""

from __future__ import annotations

import functools
import re
import sys
import unicodedata

import numpy as np
import xxhash
from numpy.typing import NDArray

_SPACE = 32
_ASCII = bytes(
    byte + 32 if chr(byte).isupper() else byte if chr(byte).isalnum() else _SPACE
    for byte in range(128)
) + bytes(range(128, 256))
_LETTERS = re.compile(r"[^\W_]+")
_LAST_LETTER = 0x40000
_MARKS = range(0x300, 0x1F000)  # the others are variation selectors
_DROPPED = (0xAD, 0x34F, *range(0x180B, 0x1810), 0x200C, 0x200D, 0x2060, 0xFEFF)
_DROPPED_RANGES = ((0x20D0, 0x20FF), (0xFE00, 0xFE0F), (0xE0000, 0xE01EF))
_BETWEEN, _KEPT, _LEFT_OUT = range(3)


@functools.lru_cache(maxsize=1)  # key, signature and leaks of one document ask one after the other
def plain(text: str) -> bytes:
    """Return the plain form of ``text`` in UTF-8, one space between words."""
    if not text.isascii():
        return _plain_of_any(text)
    letters = np.frombuffer(text.encode("ascii").translate(_ASCII), np.uint8)
    is_kept = letters != _SPACE
    is_kept[1:] |= is_kept[:-1]  # a space stays behind a word
    return bytes(letters[is_kept].tobytes().strip())


def plain_words(text: str) -> list[bytes]:
    """Return the words of ``text`` in their plain form, in UTF-8."""
    return plain(text).split()


def exact_key(text: str) -> int:
    """Return a number below 2^64 that texts of one plain form share.

    Among a hundred million different texts, two share it by chance in one corpus of 3,700. A text
    without any letter or digit is compared as it is.
    """
    return xxhash.xxh3_64_intdigest(plain(text) or text.encode("utf-8", "surrogatepass"))


def _plain_of_any(text: str) -> bytes:
    # folding may undo NFC (ΐ), and NFC may have to be folded: as Unicode's caseless match does it
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    points = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), "<u4")
    kinds = _kinds()[points]
    if (kinds == _LEFT_OUT).any():
        points, kinds = points[kinds != _LEFT_OUT], kinds[kinds != _LEFT_OUT]
    is_between = kinds == _BETWEEN
    points = np.where(is_between, np.uint32(_SPACE), points)
    is_between[1:] &= is_between[:-1]  # a space stays behind a word
    words = points[~is_between].astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    return bytes(words.strip(" ").encode("utf-8", "surrogatepass"))


@functools.cache
def _kinds() -> NDArray[np.uint8]:
    """Return for every code point whether it is kept, left out, or between words. 60 ms, once."""
    kinds = np.full(sys.maxunicode + 1, _BETWEEN, np.uint8)
    for run in _LETTERS.finditer("".join(map(chr, range(_LAST_LETTER)))):
        kinds[run.start() : run.end()] = _KEPT
    kinds[[point for point in _MARKS if unicodedata.category(chr(point))[0] == "M"]] = _KEPT
    kinds[list(_DROPPED)] = _LEFT_OUT
    for first, last in _DROPPED_RANGES:
        kinds[first : last + 1] = _LEFT_OUT
    return kinds
