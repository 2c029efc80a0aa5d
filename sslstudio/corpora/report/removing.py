"""The removal table: what the present settings take out, as the preparation itself decides it.

A part of making a report, behind the first pass. It counts in the preparation's own examination
(``corpora/examination.py``), so documents are under the first rule that fired, copies and lines
that stand everywhere included, and of texts that are examined whole the figures are what happens.
Without quality rules up to 50 MB are examined whole, with them 10 MB; of more, the documents with
the smallest keys. Where nothing is asked for, larger texts are not examined: then only validation
texts with a twin could go. Costs the examination, once: it is kept in the cache.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from sslstudio.corpora.examination import examination, sampled_examination
from sslstudio.corpora.examined import Examined
from sslstudio.corpora.mended import is_mended
from sslstudio.corpora.mending.labels import labels
from sslstudio.corpora.report.facts import ChangeCount, CorpusReport, Example, RuleCount
from sslstudio.corpora.report.inputs import Input
from sslstudio.corpora.report.request import Request
from sslstudio.corpora.sources import Ticker

RULED_BYTES = 10_000_000
COMPARED_BYTES = 50_000_000
_EXAMPLES = 5


def with_removal(
    report: CorpusReport, request: Request, inputs: Sequence[Input], ticker: Ticker
) -> CorpusReport:
    """Return ``report`` with its removal table; as it is where there is nothing to count.

    Args:
        report: with its counts.
        request: its sources and settings.
        inputs: the files of the sources.
        ticker: told of progress.
    """
    weighed = [number for number, source in enumerate(request.sources) if source.weight > 0]
    total = sum(sum(inputs[number].sizes) for number in weighed)
    limit = _limit(request)
    if not total or not limit or (total > limit and not _asks(request)):
        return report
    numbers: Sequence[Sequence[int]]
    if total <= limit:
        _, found = examination(
            request.sources, request.data, progress=ticker, cancelled=lambda: False
        )
        numbers = [range(count) for count in found.survey.counts]
    else:
        numbers, found = sampled_examination(
            request.sources,
            request.data,
            limit / total,
            progress=ticker,
            cancelled=lambda: False,
        )
    examples = _examples(found, _Places(weighed, numbers, found.survey.counts), inputs)
    return dataclasses.replace(
        report,
        removed=_left_out(found, examples),
        changed=_changed(found),
        removal_documents=len(found.survey.removed),
        removal_is_sample=total > limit,
    )


def _asks(request: Request) -> bool:
    data = request.data
    return (
        data.deduplicate != "none"
        or data.repeated_lines != "keep"
        or any(is_mended(source) for source in request.sources)
    )


def _limit(request: Request) -> int:
    """Return how much text is examined whole: less where rules judge it, or nobody asked."""
    is_cheap = all(source.preset == "as_is" for source in request.sources)
    return COMPARED_BYTES if is_cheap and _asks(request) else RULED_BYTES


@dataclasses.dataclass(frozen=True)
class _Places:
    """Where the documents of an examination stand in the sources of the report.

    Attributes:
        weighed: numbers of the sources that were examined.
        numbers: of the documents of each, as its index counts them.
        counts: how many of each were examined.
    """

    weighed: Sequence[int]
    numbers: Sequence[Sequence[int]]
    counts: Sequence[int]

    def __getitem__(self, place: int) -> tuple[int, int]:
        """Return source and document of one place of the examination."""
        ends = np.cumsum(self.counts)
        source = int(np.searchsorted(ends, place, "right"))
        inside = place - int(ends[source] - self.counts[source])
        return self.weighed[source], self.numbers[source][inside]


def _examples(
    found: Examined, places: _Places, inputs: Sequence[Input]
) -> dict[int, tuple[Example, ...]]:
    """Return the first few documents that each rule, by number, takes out."""
    survey = found.survey
    shown = {
        rule: np.flatnonzero(survey.removed == rule)[:_EXAMPLES].tolist()
        for rule in range(1, len(survey.rules))
    }
    repeats = {place: int(survey.repeats[place]) for some in shown.values() for place in some}
    wanted = {places[place] for pair in repeats.items() for place in pair if place >= 0}
    titles = _titles(wanted, inputs)

    def example(place: int) -> Example:
        source, document = places[place]
        first = repeats[place]
        excerpt = f"repeats “{titles.get(places[first], '')}”" if first >= 0 else ""
        return Example(source, document, titles.get((source, document), ""), excerpt)

    return {rule: tuple(map(example, some)) for rule, some in shown.items()}


def _titles(wanted: set[tuple[int, int]], inputs: Sequence[Input]) -> dict[tuple[int, int], str]:
    """Return the headings of documents; reads each source up to the last of them."""
    titles: dict[tuple[int, int], str] = {}
    for source in {source for source, _ in wanted}:
        last = max(number for own, number in wanted if own == source)
        documents = inputs[source].documents(lambda _skipped: None)
        for number, (_, document) in enumerate(itertools.islice(documents, last + 1)):
            if (source, number) in wanted:
                titles[source, number] = document.heading
    return titles


def _left_out(
    found: Examined, examples: Mapping[int, tuple[Example, ...]]
) -> tuple[RuleCount, ...]:
    survey = found.survey
    rows = []
    for number, rule in enumerate(survey.rules[1:], start=1):
        is_gone = survey.removed == number
        if count := int(is_gone.sum()):
            characters = int(survey.characters[is_gone].sum())
            rows.append(RuleCount(rule, labels(rule), count, examples[number], characters))
    return tuple(sorted(rows, key=lambda row: (-row.documents, row.rule)))


def _changed(found: Examined) -> tuple[ChangeCount, ...]:
    times: Counter[str] = Counter()
    for changes in found.survey.changes:
        times.update(changes)
    ordered = sorted(times.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(ChangeCount(rule, labels(rule), count) for rule, count in ordered)
