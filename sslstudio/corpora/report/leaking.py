"""Which texts are held out, and which pass by: the second reading of the corpus, for leaks.

Between the first pass and ``leaks``. Held-out text is cut into passages of 2,000 characters, so
that one quotation in a long book is one passage and not the book; of very much of it a sample is
looked up. Validation text is looked up in corpora of up to 100 MB; files that the user names
in all of the corpus.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath

from sslstudio.corpora.report.children import Workers
from sslstudio.corpora.report.facts import CorpusReport
from sslstudio.corpora.report.inputs import Input, texts_of
from sslstudio.corpora.report.leaks import HeldOut, find_leaks
from sslstudio.corpora.report.passages import Passage, PassageSample, passages_of
from sslstudio.corpora.report.request import Request
from sslstudio.corpora.report.sums import Sums
from sslstudio.corpora.report.topics import example_of
from sslstudio.corpora.split import choose_split, is_validation, key_of, tail_start

MOST_BYTES = 100_000_000
_PASSAGE_CHARACTERS = 2000
_SAMPLE_BYTES = 400_000
_OF_CORPUS = ""
Tell = Callable[[str, int, int, str], None]
Text = tuple[int, int, str, str]  # source, document, title, text


def with_leaks(
    report: CorpusReport,
    request: Request,
    inputs: Sequence[Input],
    sums: Sums,
    workers: Workers,
    tell: Tell,
) -> CorpusReport:
    """Return ``report`` with its leaks; None where the corpus is too large for them."""
    split = choose_split(request.data, sums.lengths().astype("int64"))
    sides = _Sides(inputs, split, request.data.validation_fraction, report.total_bytes, tell)
    is_looked_up = report.total_bytes <= MOST_BYTES
    held_out = [*_of_files(request.evaluation_files)]
    if is_looked_up:
        held_out += [
            HeldOut(p.text, _OF_CORPUS, example_of(p)) for p in _sample(sides.validation())
        ]
    if not held_out:
        return report
    texts = sides.training() if is_looked_up else sides.everything()
    found = find_leaks(workers, held_out, texts)
    of_files = {name: count for name, count in found.counts.items() if name != _OF_CORPUS}
    return dataclasses.replace(
        report,
        leaks=found.counts.get(_OF_CORPUS, 0) if is_looked_up else None,
        held_out=sum(1 for text in held_out if text.origin == _OF_CORPUS),
        leak_examples=found.examples,
        evaluation_leaks=of_files,
    )


class _Sides:
    """The texts on either side of the split, read anew each time."""

    def __init__(
        self, inputs: Sequence[Input], split: str, fraction: float, total: int, tell: Tell
    ) -> None:
        self._inputs, self._is_tail = inputs, split == "tail"
        self._fraction, self._total, self._tell = fraction, total, tell

    def validation(self) -> Iterator[Text]:
        for source, number, title, text in self._read("finding validation text"):
            if self._is_tail:
                yield source, number, title, text[tail_start(len(text), self._fraction) :]
            elif is_validation(key_of(text).side, self._fraction):
                yield source, number, title, text

    def training(self) -> Iterator[str]:
        for _, _, _, text in self._read("looking for leaks"):
            if self._is_tail:
                yield text[: tail_start(len(text), self._fraction)]
            elif not is_validation(key_of(text).side, self._fraction):
                yield text

    def everything(self) -> Iterator[str]:
        return (text for _, _, _, text in self._read("looking for leaks"))

    def _read(self, stage: str) -> Iterator[Text]:
        before = 0
        for source, given in enumerate(self._inputs):
            for number, (earlier, document) in enumerate(given.documents(lambda _skipped: None)):
                yield source, number, document.heading, document.text
                self._tell(stage, before + earlier + document.offset, self._total, "bytes")
            before += sum(given.sizes)


def _sample(texts: Iterator[Text]) -> list[Passage]:
    sample = PassageSample(_SAMPLE_BYTES)
    for source, number, title, text in texts:
        for passage in passages_of(
            text, source, number, title, most_characters=_PASSAGE_CHARACTERS
        ):
            sample.add(passage)
    return sample.passages()


def _of_files(paths: Sequence[str]) -> Iterator[HeldOut]:
    names: dict[str, str] = {}
    for path in paths:
        name = PurePath(path).name
        names[path] = path if name in names.values() else name
    for path, name in names.items():
        for number, text in enumerate(texts_of(path)):
            for passage in passages_of(text, 0, number, "", most_characters=_PASSAGE_CHARACTERS):
                yield HeldOut(passage.text, name)
