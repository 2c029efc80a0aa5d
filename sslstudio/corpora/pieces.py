"""Cut a long text where no token can lie across, so that it can be encoded in parts.

Stands before the tokenizer's library, which keeps some hundred bytes for every token of a call:
a document of 16 MB encoded at once would take gigabytes, and could not be cancelled. A cut is
made before a space that follows a letter or a digit: no pre-tokenizer of the byte-level family
lets a token hold a space behind a letter, so the tokens are the same as those of the whole text.
Where there is no such place (Chinese, a long number), the cut falls anywhere: what is encoded is
still the same text, with at most one token more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

PIECE_CHARACTERS = 32_768
_SEAM = re.compile(r"(?<=[^\W_]) (?=\S)")


def pieces(text: str, size: int = PIECE_CHARACTERS) -> Iterator[str]:
    """Yield ``text`` in pieces of at most ``size`` characters; an empty text yields nothing."""
    first = 0
    while len(text) - first > size:
        cut = first + size
        # the last seam of the piece: look through its final part, from the left, and keep the last
        for seam in _SEAM.finditer(text, max(first + 1, cut - 256), cut):
            cut = seam.start()
        yield text[first:cut]
        first = cut
    if first < len(text):
        yield text[first:]
