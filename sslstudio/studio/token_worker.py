"""What the Tokens tab asks of ``sslstudio.corpora``, as functions that run beside the window.

Imports of the room are inside the functions. Trying vocabularies costs one training on a sample of
the text, remembered on the disk; cutting a text costs milliseconds once its vocabulary is there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from sslstudio.recipe import CorpusSource, TokenizerOptions
from sslstudio.studio.widgets.coloured_tokens import Piece

MOST_CHARACTERS = 20_000  # of a text that is cut; more is not shown
_MOST_KEPT = 12
_tokenizers: dict[tuple[TokensRequest, Any], Any] = {}  # newest last; used by worker threads


@dataclasses.dataclass(frozen=True)
class TokensRequest:
    """Whose text, and which kind of vocabulary; its size does not count."""

    sources: tuple[CorpusSource, ...]
    options: TokenizerOptions


@dataclasses.dataclass(frozen=True)
class SizeFacts:
    """What a vocabulary of one size does to the text.

    Attributes:
        vocab_size: that it came to; may be less than was asked for where text is little.
        tokens: of the whole corpus, estimated.
        unused: share of the vocabulary that the measured text never needs.
        fertility: tokens a word.
    """

    asked: int
    vocab_size: int
    bytes_per_token: float
    fertility: float
    unused: float
    tokens: int


@dataclasses.dataclass(frozen=True)
class Cut:
    """A text in the tokens of one vocabulary."""

    title: str
    pieces: tuple[Piece, ...]
    tokens: int
    bytes: int

    @property
    def bytes_per_token(self) -> float:
        """Bytes of the text for each of its tokens."""
        return self.bytes / self.tokens if self.tokens else 0.0


def try_sizes(
    request: TokensRequest, on_progress: Callable[..., None], cancelled: Callable[[], bool]
) -> tuple[SizeFacts, ...]:
    """Return what vocabularies of the usual sizes do to the text of ``request``."""
    from sslstudio.corpora import what_if

    found = what_if.try_sizes(
        request.sources,
        request.options,
        on_progress=on_progress,
        cancelled=cancelled,
    )
    return tuple(_size_facts(row) for row in found)


def cut_text(
    request: TokensRequest, vocabularies: tuple[Any, ...], text: str, cancelled: Callable[[], bool]
) -> tuple[Cut, ...]:
    """Return ``text`` cut by each of ``vocabularies``: sizes, "characters" or "bytes"."""
    from sslstudio.corpora.token_pieces import cut

    cuts = []
    for vocabulary in vocabularies:
        tokenizer = _tokenizer(request, vocabulary, cancelled)
        found = cut(tokenizer, text)
        pieces = tuple(Piece(p.text, _note(p), p.is_special) for p in found)
        size = sum(p.bytes_count for p in found)
        title = f"{tokenizer.vocab_size:,} tokens"
        cuts.append(Cut(title, pieces, len(pieces), size))
    return tuple(cuts)


def _tokenizer(request: TokensRequest, vocabulary: Any, cancelled: Callable[[], bool]) -> Any:
    """Return a vocabulary, from memory where it was used of late: texts are cut as one types."""
    from sslstudio.corpora import what_if

    key = (request, vocabulary)
    found = _tokenizers.get(key)
    if found is None:
        found = what_if.vocabulary(
            request.sources, request.options, vocabulary, cancelled=cancelled
        )
        if len(_tokenizers) >= _MOST_KEPT:
            _tokenizers.pop(next(iter(_tokenizers)), None)
        _tokenizers[key] = found
    return found


def _size_facts(row: Any) -> SizeFacts:
    return SizeFacts(
        row.asked, row.vocab_size, row.bytes_per_token, row.fertility, row.unused, row.tokens
    )


def _note(piece: Any) -> str:
    unit = "byte" if piece.bytes_count == 1 else "bytes"
    return f"id {piece.id:,} · {piece.bytes_count} {unit}"
