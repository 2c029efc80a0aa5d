"""The passes that follow the survey: train the tokenizer, write the shards.

Stands between the survey and the prepared folder. The same documents come in the same order as
in the survey, mended again where their source is mended; each goes to its side, whole or in two
parts, and once, whatever its source's weight: how often it is read, the sampler decides. Texts
are encoded in groups of half a megabyte, so that Rust works on all cores while this thread reads
on, memory stays constant, and a cancel is heard within 0.2 s. Every few seconds a bookmark is
kept, from which a killed preparation goes on. Costs about a second for 3 MB, and as much again to
train the tokenizer, on at most 200 million characters.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

from sslstudio.corpora.parts import Corpus
from sslstudio.corpora.pieces import pieces
from sslstudio.corpora.shards import ShardWriter
from sslstudio.corpora.sources import Ticker
from sslstudio.corpora.survey import utf8_length
from sslstudio.corpora.tokenizer import GROUP_CHARACTERS, Tokenizer, grouped
from sslstudio.corpora.unfinished import Unfinished
from sslstudio.errors import Cancelled
from sslstudio.recipe import TokenizerOptions

TOKENIZER_CHARACTERS = 200_000_000
SIDES = ("train", "validation")


def train_tokenizer(
    corpus: Corpus, options: TokenizerOptions, *, progress: Ticker, cancelled: Callable[[], bool]
) -> Tokenizer:
    """Train the tokenizer on the training side.

    Of more than 200 million characters a share is read, whole documents chosen by hash. What the
    library does after the last text cannot be cancelled; it takes a second for some 4 MB.

    Raises:
        CorpusError, RecipeError, Cancelled.
    """
    total = corpus.characters
    share = min(1.0, TOKENIZER_CHARACTERS / max(1, total))

    def texts() -> Iterator[str]:
        done = 0
        for number in range(len(corpus.sources)):
            for place, train, validation in corpus.parts(number, cancelled):
                done += len(train) + len(validation)
                progress("training the tokenizer", done, total, "characters")
                mixed = int(corpus.survey.sides[place]) ^ int(corpus.survey.shares[place])
                if train and mixed < share * 2**64:
                    yield train

    return Tokenizer.train(texts(), options)


def write_shards(
    corpus: Corpus,
    tokenizer: Tokenizer,
    unfinished: Unfinished,
    *,
    progress: Ticker,
    cancelled: Callable[[], bool],
) -> list[dict[str, Any]]:
    """Encode every document into the two sides in ``unfinished.shards``, from its bookmark on.

    Returns:
        for each source ``{"train": counts, "validation": counts}`` with documents, tokens and
        bytes.

    Raises:
        CorpusError, StorageError, Cancelled.
    """
    mark = unfinished.bookmark() or {"next": 0, "finished": [], "sides": {}}
    with ExitStack() as stack:
        writers = [
            stack.enter_context(
                ShardWriter(
                    unfinished.shards,
                    side,
                    vocab_size=tokenizer.vocab_size,
                    bos=tokenizer.bos,
                    eos=tokenizer.eos,
                    state=mark["sides"].get(side),
                )
            )
            for side in SIDES
        ]
        run = _Run(corpus, tokenizer, writers, unfinished, mark["finished"], progress, cancelled)
        run.write(mark["next"])
    return run.finished


@dataclasses.dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of one side of a document, on its way to a writer."""

    text: str
    writer: ShardWriter
    is_first: bool
    is_last: bool
    place: int  # of the document
    is_end: bool  # nothing of the document follows, on any side

    def __len__(self) -> int:
        return len(self.text)


@dataclasses.dataclass
class _Run:
    """One pass that writes both sides; ``finished`` grows by the counts of each source."""

    corpus: Corpus
    tokenizer: Tokenizer
    writers: list[ShardWriter]
    unfinished: Unfinished
    finished: list[dict[str, Any]]
    progress: Ticker
    cancelled: Callable[[], bool]

    def write(self, start: int) -> None:
        """Write all documents from place ``start`` on."""
        done, total = self.corpus.characters_before(start), self.corpus.characters
        self.progress("encoding", done, total, "characters")
        with ThreadPoolExecutor(1, "encoding") as worker:
            for number in range(len(self.finished), len(self.corpus.sources)):
                for group in self._encoded(worker, number, start):
                    self._write_group(*group)
                    done += sum(len(piece) for piece in group[0])
                    self.progress("encoding", done, total, "characters")
                for writer in self.writers:
                    writer.end_source()
                self.finished.append(self._counts_of_last())

    def _encoded(
        self, worker: ThreadPoolExecutor, number: int, start: int
    ) -> Iterator[tuple[list[_Piece], list[list[int]]]]:
        """Yield groups with their ids, each encoded while the next is read."""
        waiting: tuple[list[_Piece], Future[list[list[int]]]] | None = None
        for group in grouped(self._pieces(number, start), GROUP_CHARACTERS):
            if self.cancelled():
                raise Cancelled
            future = worker.submit(self.tokenizer.encode_pieces, [piece.text for piece in group])
            if waiting is not None:
                yield waiting[0], waiting[1].result()
            waiting = (group, future)
        if waiting is not None:
            yield waiting[0], waiting[1].result()

    def _pieces(self, number: int, start: int) -> Iterator[_Piece]:
        for place, *texts in self.corpus.parts(number, self.cancelled, start):
            # bytes are counted of what the ids spell
            texts = [self.tokenizer.normalise(text) for text in texts]
            last = max((i for i, text in enumerate(texts) if text), default=-1)
            for side, text in enumerate(texts):
                yield from _pieces_of(text, self.writers[side], place, side == last)

    def _write_group(self, group: list[_Piece], encoded: list[list[int]]) -> None:
        for piece, ids in zip(group, encoded, strict=True):
            if piece.is_first:
                piece.writer.begin()
            piece.writer.extend(ids, utf8_length(piece.text))
            if piece.is_last:
                piece.writer.end()
        if group[-1].is_end and self.unfinished.is_bookmark_due():
            self._keep_bookmark(group[-1].place + 1)

    def _keep_bookmark(self, following: int) -> None:
        for writer in self.writers:
            writer.sync()
        self.unfinished.keep_bookmark(
            {
                "next": following,
                "finished": self.finished,
                "sides": {
                    side: writer.state for side, writer in zip(SIDES, self.writers, strict=True)
                },
                "files": {
                    name: size for writer in self.writers for name, size in writer.sizes().items()
                },
            }
        )

    def _counts_of_last(self) -> dict[str, Any]:
        """Return what the source that ends here added to each side."""
        return {
            side: {
                name: getattr(writer, name) - sum(f[side][name] for f in self.finished)
                for name in ("documents", "tokens", "bytes")
            }
            for side, writer in zip(SIDES, self.writers, strict=True)
        }


def _pieces_of(text: str, writer: ShardWriter, place: int, is_end: bool) -> Iterator[_Piece]:
    first = 0
    for piece in pieces(text):
        end = first + len(piece)
        is_last = end == len(text)
        yield _Piece(piece, writer, first == 0, is_last, place, is_last and is_end)
        first = end
