"""Leaks: validation text, or text of an evaluation file, that stands in the training text.

The second pass, in the workers: every worker is first told all held-out texts, then documents pass
by. Where the split is by documents, those on the validation side are held out; where it is by the
tail, the tail of each document is, and the rest of it passes by. Costs, a megabyte that passes by,
40 ms and its reading; the held-out text and the text that passes by are samples of a large corpus.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sslstudio.corpora.duplicates.leakage import Leakage
from sslstudio.corpora.report.children import Workers
from sslstudio.corpora.report.dealing import BATCH_BYTES
from sslstudio.corpora.report.facts import Example
from sslstudio.corpora.report.frames import Message, pack_texts, unpack_texts


class LeakTask:
    """Answers batches with the held-out texts, by number, of which they hold a part."""

    def __init__(self, _settings: dict[str, Any]) -> None:
        self._leakage = Leakage()

    def run(self, meta: dict[str, Any], body: bytes) -> Message:
        """Keep held-out texts, or look through training texts."""
        texts = unpack_texts(meta["lengths"], body)
        if meta.get("held_out"):
            for text in texts:
                self._leakage.add_held_out(text)
            return {}, b""
        met = [(m.held_out, m.excerpt) for text in texts for m in self._leakage.probe(text)]
        return {"met": met}, b""


@dataclasses.dataclass(frozen=True)
class HeldOut:
    """A text that must not be in the training text.

    Attributes:
        text: itself.
        origin: of the corpus (empty), or the name of the evaluation file.
        example: where it stands in the corpus, if it does.
    """

    text: str
    origin: str
    example: Example | None = None


@dataclasses.dataclass(frozen=True)
class Leaks:
    """How many held-out texts of each origin were met, and where."""

    counts: dict[str, int]
    examples: tuple[Example, ...]


def find_leaks(
    workers: Workers, held_out: Sequence[HeldOut], training: Iterable[str], shown: int = 20
) -> Leaks:
    """Return which of ``held_out`` stand in part in ``training``."""
    workers.tell({"begin": "leaks"})
    for batch in _batches(text.text for text in held_out):
        lengths, body = pack_texts(batch)
        workers.tell({"held_out": True, "lengths": lengths}, body)
    met: dict[int, str] = {}
    for meta, _ in workers.map(_messages(training)):
        for number, excerpt in meta["met"]:
            met.setdefault(number, excerpt)
    counts = {text.origin: 0 for text in held_out}
    examples: list[Example] = []
    for number in sorted(met):
        counts[held_out[number].origin] += 1
        where = held_out[number].example
        if where is not None and len(examples) < shown:
            examples.append(dataclasses.replace(where, excerpt=met[number]))
    return Leaks(counts, tuple(examples))


def _messages(texts: Iterable[str]) -> Iterator[Message]:
    for batch in _batches(texts):
        lengths, body = pack_texts(batch)
        yield {"lengths": lengths}, body


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    batch, characters = list[str](), 0
    for text in texts:
        batch.append(text)
        characters += len(text)
        if characters >= BATCH_BYTES:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
