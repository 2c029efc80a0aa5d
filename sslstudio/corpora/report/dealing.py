"""Deal the documents of all sources to the workers in batches, and take the sample on the way.

Between reading and the workers, in the process that makes the report. A batch holds about a
megabyte; what a person needs to find its documents again stays here. Costs the reading, 15 ms a
megabyte of plain text.
"""

from __future__ import annotations

import collections
import dataclasses
from collections.abc import Callable, Iterator, Sequence

from sslstudio.corpora.report.facts import Example
from sslstudio.corpora.report.frames import Message, pack_texts
from sslstudio.corpora.report.inputs import Input
from sslstudio.corpora.report.passages import SAMPLE_BYTES, PassageSample, passages_of

BATCH_BYTES = 1_000_000
BATCH_DOCUMENTS = 2000
_OF_SOURCES_BYTES = 12_000_000


@dataclasses.dataclass(frozen=True)
class Batch:
    """Where the documents of a batch are found.

    Attributes:
        sources, numbers, titles: of each document.
        sizes: of each, in bytes of UTF-8.
        done_bytes: of all files, up to its end.
    """

    sources: list[int]
    numbers: list[int]
    titles: list[str]
    sizes: list[int]
    done_bytes: int

    def example(self, place: int, excerpt: str = "") -> Example:
        """Return the document at ``place`` for a person to open."""
        return Example(self.sources[place], self.numbers[place], self.titles[place], excerpt)


class Dealer:
    """Iterates once over all documents.

    Attributes:
        dealt: the batches whose answers have not come yet, oldest first.
        sample: of all sources together.
        samples: of each source.
        skipped: records that readers left out, as (path, reason).
    """

    def __init__(self, inputs: Sequence[Input]) -> None:
        self._inputs = inputs
        self.dealt: collections.deque[Batch] = collections.deque()
        self.sample = PassageSample()
        each = min(SAMPLE_BYTES, _OF_SOURCES_BYTES // max(1, len(inputs)))
        self.samples = [PassageSample(each) for _ in inputs]
        self.skipped: list[tuple[str, str]] = []

    def batches(self, settings: Callable[[], dict[str, int]]) -> Iterator[Message]:
        """Yield every batch; ``settings`` are asked anew for each."""
        for batch, texts in self._gathered():
            sizes, body = pack_texts(texts)
            batch.sizes.extend(sizes)
            self.dealt.append(batch)
            yield {"sources": batch.sources, "lengths": sizes, **settings()}, body

    def _gathered(self) -> Iterator[tuple[Batch, list[str]]]:
        batch, texts, characters = Batch([], [], [], [], 0), list[str](), 0
        before = 0
        for source, given in enumerate(self._inputs):
            for number, (earlier, document) in enumerate(given.documents(self._note_skipped)):
                heading = document.heading
                self._sample(document.text, source, number, heading)
                batch.sources.append(source)
                batch.numbers.append(number)
                batch.titles.append(heading)
                texts.append(document.text)
                characters += len(document.text)
                if characters >= BATCH_BYTES or len(texts) >= BATCH_DOCUMENTS:
                    done = before + earlier + document.offset + len(document.text)
                    yield dataclasses.replace(batch, done_bytes=done), texts
                    batch, texts, characters = Batch([], [], [], [], 0), [], 0
            before += sum(given.sizes)
        if texts:
            yield dataclasses.replace(batch, done_bytes=before), texts

    def _sample(self, text: str, source: int, number: int, title: str) -> None:
        of_source = self.samples[source]
        below = max(self.sample.below, of_source.below)
        for passage in passages_of(text, source, number, title, below=below):
            self.sample.add(passage)
            of_source.add(passage)

    def _note_skipped(self, skipped: object) -> None:
        self.skipped.append((getattr(skipped, "path", ""), getattr(skipped, "reason", "")))
