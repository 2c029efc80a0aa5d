"""The second and third pass over a corpus: train the tokenizer, write the shards.

Stands between the survey and the prepared folder. The same documents come in the same order as
in the survey; each goes to its side, whole or in two parts. Texts are encoded in groups of half a
megabyte, so that Rust works on all cores, memory stays constant, and a cancel is heard within
0.2 s. Costs about a second for 8 MB on two cores, and as much again to train the tokenizer.

A source's weight is kept by repeating its training documents: those of weight 2 stand twice in
the stream, of weight 0.5 every other one, chosen by hash. The copies follow the source's own
documents, never their original. Validation text is never repeated or thinned.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from sslstudio.corpora.pieces import pieces
from sslstudio.corpora.shards import ShardWriter
from sslstudio.corpora.split import copies_of, is_validation, tail_start
from sslstudio.corpora.survey import SoundSource, Survey, Ticker, utf8_length
from sslstudio.corpora.tokenizer import GROUP_CHARACTERS, Tokenizer, grouped
from sslstudio.errors import Cancelled, CorpusError
from sslstudio.recipe import TokenizerOptions

TOKENIZER_CHARACTERS = 200_000_000
SIDES = ("train", "validation")


@dataclasses.dataclass(frozen=True)
class Corpus:
    """A surveyed corpus with the split that was chosen for it."""

    sources: Sequence[SoundSource]
    survey: Survey
    split: str
    fraction: float

    def parts(self, number: int, cancelled: Callable[[], bool]) -> Iterator[tuple[int, str, str]]:
        """Yield ``(document, training text, validation text)`` for the source ``number``.

        Raises:
            CorpusError: the text is no longer what the survey saw.
        """
        place = sum(self.survey.counts[:number])
        last = place + self.survey.counts[number]
        for _, document in self.sources[number].documents(cancelled, lambda _skipped: None):
            if place == last or len(document.text) != self.survey.characters[place]:
                raise self._changed(number)
            yield place, *self._sides_of(place, document.text)
            place += 1
        if place != last:
            raise self._changed(number)

    def copies(self, document: int, number: int) -> int:
        """Return how often a document of the source ``number`` is trained on in an epoch."""
        share = int(self.survey.shares[document])
        return copies_of(share, self.sources[number].source.weight)

    def _sides_of(self, place: int, text: str) -> tuple[str, str]:
        if self.split == "tail":
            cut = tail_start(len(text), self.fraction)
            return text[:cut], text[cut:]
        kept_apart = is_validation(int(self.survey.sides[place]), self.fraction)
        return ("", text) if kept_apart else (text, "")

    def _changed(self, number: int) -> CorpusError:
        path = self.sources[number].source.path
        return CorpusError(f"{path} changed while it was read: try again")


def train_tokenizer(
    corpus: Corpus, options: TokenizerOptions, *, progress: Ticker, cancelled: Callable[[], bool]
) -> Tokenizer:
    """Train the tokenizer on the training side, once a document whatever its weight.

    Of more than 200 million characters a share is read, whole documents chosen by hash. What the
    library does after the last text cannot be cancelled; it takes a second for 8 MB.

    Raises:
        CorpusError, RecipeError, Cancelled.
    """
    total = int(corpus.survey.characters.sum())
    share = min(1.0, TOKENIZER_CHARACTERS / max(1, total))

    def texts() -> Iterator[str]:
        done = 0
        for number in range(len(corpus.sources)):
            for place, train, validation in corpus.parts(number, cancelled):
                done += len(train) + len(validation)
                progress("training the tokenizer", done, total, "characters")
                mixed = int(corpus.survey.sides[place]) ^ int(corpus.survey.shares[place])
                if train and mixed < share * 2**64 and corpus.copies(place, number):
                    yield train

    return Tokenizer.train(texts(), options)


def write_shards(
    corpus: Corpus,
    tokenizer: Tokenizer,
    folder: Path,
    *,
    progress: Ticker,
    cancelled: Callable[[], bool],
) -> list[dict[str, Any]]:
    """Encode every document into the two sides in ``folder``.

    Returns:
        for each source ``{"train": counts, "validation": counts}`` with documents (repeats
        counted), tokens and bytes.

    Raises:
        CorpusError, StorageError, Cancelled.
    """
    found = []
    with ExitStack() as stack:
        writers = [
            stack.enter_context(
                ShardWriter(
                    folder,
                    side,
                    vocab_size=tokenizer.vocab_size,
                    bos=tokenizer.bos,
                    eos=tokenizer.eos,
                )
            )
            for side in SIDES
        ]
        for number in range(len(corpus.sources)):
            before = [_counts(writer) for writer in writers]
            _write_source(corpus, number, tokenizer, writers, progress, cancelled)
            after = [_counts(writer) for writer in writers]
            found.append(
                {
                    side: {name: new[name] - old[name] for name in new}
                    for side, old, new in zip(SIDES, before, after, strict=True)
                }
            )
    return found


def _counts(writer: ShardWriter) -> dict[str, int]:
    return {"documents": writer.documents, "tokens": writer.tokens, "bytes": writer.bytes}


@dataclasses.dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of one side of a document, on its way to a writer."""

    text: str
    writer: ShardWriter
    is_first: bool
    is_last: bool

    def __len__(self) -> int:
        return len(self.text)


def _write_source(
    corpus: Corpus,
    number: int,
    tokenizer: Tokenizer,
    writers: list[ShardWriter],
    progress: Ticker,
    cancelled: Callable[[], bool],
) -> None:
    train, _validation = writers
    repeats: list[tuple[int, int]] = []  # stored document, further copies
    total = int(corpus.survey.characters.sum())
    done = int(corpus.survey.characters[: sum(corpus.survey.counts[:number])].sum())
    stored = train.documents

    def all_pieces() -> Iterator[_Piece]:
        nonlocal stored
        for place, train_text, validation_text in corpus.parts(number, cancelled):
            copies = corpus.copies(place, number)
            texts = (train_text if copies else "", validation_text)
            if texts[0]:
                if copies > 1:
                    repeats.append((stored, copies - 1))
                stored += 1
            for text, writer in zip(texts, writers, strict=True):
                yield from _pieces_of(text, writer)

    progress("encoding", done, total, "characters")
    for group in grouped(all_pieces(), GROUP_CHARACTERS):
        if cancelled():
            raise Cancelled
        _write_group(group, tokenizer)
        done += sum(len(piece) for piece in group)
        progress("encoding", done, total, "characters")
    for round_number in range(max((more for _, more in repeats), default=0)):
        for document, more in repeats:
            if cancelled():
                raise Cancelled
            if round_number < more:
                train.repeat(document, tokenizer.byte_lengths)


def _pieces_of(text: str, writer: ShardWriter) -> Iterator[_Piece]:
    first = 0
    for piece in pieces(text):
        end = first + len(piece)
        yield _Piece(piece, writer, first == 0, end == len(text))
        first = end


def _write_group(group: list[_Piece], tokenizer: Tokenizer) -> None:
    encoded = tokenizer.encode_pieces([piece.text for piece in group])
    for piece, ids in zip(group, encoded, strict=True):
        if piece.is_first:
            piece.writer.begin()
        piece.writer.extend(ids, utf8_length(piece.text))
        if piece.is_last:
            piece.writer.end()
