"""A text cut into its tokens, each with what a person may see of it, for coloured text.

Beside the tokenizer. A character that lies across several tokens is shown at the last of them,
and by its bytes (``\\\\xe6``) at those before, so that nothing is shown twice and nothing missing.
Costs one encoding.
"""

from __future__ import annotations

import codecs
import dataclasses

from sslstudio.corpora.tokenizer import Tokenizer

MOST_CHARACTERS = 100_000


@dataclasses.dataclass(frozen=True, slots=True)
class TokenPiece:
    """One token of a text.

    Attributes:
        id: in the vocabulary.
        text: what it stands for; bytes that begin a character as ``\\\\xe6``.
        bytes_count: how many bytes of the text it stands for.
        is_special: whether it is a marker, which no text is cut into.
        is_part: whether it ends within a character.
    """

    id: int
    text: str
    bytes_count: int
    is_special: bool = False
    is_part: bool = False


def cut(tokenizer: Tokenizer, text: str) -> tuple[TokenPiece, ...]:
    """Return the tokens of the first 100,000 characters of ``text``, without markers."""
    decoder = codecs.getincrementaldecoder("utf-8")("backslashreplace")
    pieces = []
    for token_id in tokenizer.encode(text[:MOST_CHARACTERS]):
        content = tokenizer.token_bytes(token_id)
        complete = decoder.decode(content)
        waiting = decoder.getstate()[0]
        shown = complete + waiting[-len(content) :].decode("ascii", "backslashreplace")
        is_special = token_id in tokenizer.special_ids
        pieces.append(TokenPiece(token_id, shown, len(content), is_special, bool(waiting)))
    return tuple(pieces)
