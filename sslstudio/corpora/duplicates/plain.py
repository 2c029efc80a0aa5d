"""The plain form of a text, in which it is compared: words without case and punctuation.

Lowest of this folder. Normalised to NFC, case folded, everything but letters and digits taken for
white space, white space collapsed (reference 2.3). Costs about 11 ms a megabyte of ASCII and 30 of
other scripts. Knows no languages: a word is a run of letters and digits.
"""

from __future__ import annotations

import functools
import re
import unicodedata

import xxhash

_WORD = re.compile(r"[^\W_]+")
_ASCII = bytes(
    byte + 32 if chr(byte).isupper() else byte if chr(byte).isalnum() else 32 for byte in range(128)
) + bytes(range(128, 256))


@functools.lru_cache(maxsize=1)  # key, signature and leaks of one document ask one after the other
def plain_words(text: str) -> list[bytes]:
    """Return the words of ``text`` in their plain form, in UTF-8; not to be changed."""
    if text.isascii():
        return text.encode("ascii").translate(_ASCII).split()
    # folding may undo NFC (ΐ), and NFC may have to be folded: as Unicode's caseless match does it
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return [word.encode("utf-8", "surrogatepass") for word in _WORD.findall(folded)]


def plain(text: str) -> bytes:
    """Return the plain form of ``text`` in UTF-8, one space between words."""
    return b" ".join(plain_words(text))


def exact_key(text: str) -> int:
    """Return a number below 2^64 that texts of one plain form share.

    Among a hundred million different texts, two share it by chance in one corpus of 3,700. A text
    without any letter or digit is compared as it is.
    """
    return xxhash.xxh3_64_intdigest(plain(text) or text.encode("utf-8", "surrogatepass"))
