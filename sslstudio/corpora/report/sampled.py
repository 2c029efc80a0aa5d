"""The dearer measures, on the sample: languages, diversity, topics, distances, suitability.

Second half of making a report, about 5 s for the largest sample. Languages are told by the
workers meanwhile.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePath
from typing import Any

import numpy as np

from sslstudio.corpora.report import diversity
from sslstudio.corpora.report.children import Workers
from sslstudio.corpora.report.divergence import differences
from sslstudio.corpora.report.embedding import MOST_PASSAGES, embed, vendi
from sslstudio.corpora.report.facts import CorpusReport
from sslstudio.corpora.report.frames import Message, pack_texts
from sslstudio.corpora.report.inputs import texts_of
from sslstudio.corpora.report.languages import LanguageShares
from sslstudio.corpora.report.passages import Passage, PassageSample, passages_of
from sslstudio.corpora.report.suitability import suitability
from sslstudio.corpora.report.topics import example_of, topics_of
from sslstudio.corpora.report.words import WordTable

Tell = Callable[[str, int, int, str], None]
_BATCH_PASSAGES = 50
_SHOWN = 5


def add_sampled(
    report: CorpusReport,
    sample: Sequence[Passage],
    of_sources: Sequence[Sequence[Passage]],
    purpose: str,
    workers: Workers,
    tell: Tell,
) -> CorpusReport:
    """Return ``report`` with what the sample tells.

    Args:
        report: with its sources.
        sample: of all sources together, in a random order.
        of_sources: of each source.
        purpose: path of the example texts, or an empty text.
        workers: idle.
        tell: of progress.
    """
    with ThreadPoolExecutor(1) as beside:
        languages = beside.submit(_languages, sample, workers)
        report = dataclasses.replace(report, **_diversity(sample, tell))
        if len(of_sources) > 1:
            tell("comparing the sources", 0, 1, "steps")
            report = dataclasses.replace(report, differences=_differences(report, of_sources))
        if purpose:
            tell("comparing with the purpose", 0, 1, "steps")
            report = _with_purpose(report, of_sources, purpose)
        return dataclasses.replace(report, languages=languages.result())


def _languages(sample: Sequence[Passage], workers: Workers) -> dict[str, float]:
    def batches() -> Iterator[Message]:
        for first in range(0, len(sample), _BATCH_PASSAGES):
            lengths, body = pack_texts(p.text for p in sample[first : first + _BATCH_PASSAGES])
            yield {"lengths": lengths}, body

    shares = LanguageShares()
    workers.tell({"begin": "languages"})
    for meta, _ in workers.map(batches()):
        shares.merge(meta["characters"])
    return shares.shares()


def _diversity(sample: Sequence[Passage], tell: Tell) -> dict[str, Any]:
    tell("measuring diversity", 0, 3, "steps")
    table = WordTable.of(passage.text for passage in sample)
    tell("measuring diversity", 1, 3, "steps")
    found: dict[str, Any] = {
        "sample_documents": len(sample),
        "sample_bytes": sum(passage.size_bytes for passage in sample),
        "distinct": diversity.distinct(table),
        "mattr": diversity.mattr(table.ids),
        "heaps": diversity.heaps(table.ids),
        "zipf": diversity.zipf(table.counts()),
        "compression_ratio": diversity.compression_ratio(p.text.encode() for p in sample),
        "entropy": diversity.entropy(p.text.encode() for p in sample),
    }
    tell("finding topics", 2, 3, "steps")
    some = sample[:MOST_PASSAGES]
    embedding = embed(table if len(some) == len(sample) else WordTable.of(p.text for p in some))
    found["topics"] = topics_of(some, embedding)
    found["vendi"] = vendi(embedding.points_PD) if embedding is not None else None
    return found


def _differences(report: CorpusReport, of_sources: Sequence[Sequence[Passage]]) -> Any:
    smallest = min(sum(p.size_bytes for p in passages) for passages in of_sources)
    chosen = [_first_bytes(passages, max(smallest, 100_000)) for passages in of_sources]
    table = WordTable.of(p.text for passages in chosen for p in passages)
    owners = np.array([p.source for passages in chosen for p in passages], dtype=np.int64)
    return differences([source.title for source in report.sources], table, owners)


def _first_bytes(passages: Sequence[Passage], limit_bytes: int) -> list[Passage]:
    """Return passages from the beginning, up to about ``limit_bytes``: samples of like size."""
    chosen, size = [], 0
    for passage in passages:
        if size >= limit_bytes:
            break
        chosen.append(passage)
        size += passage.size_bytes
    return chosen


def _with_purpose(
    report: CorpusReport, of_sources: Sequence[Sequence[Passage]], purpose: str
) -> CorpusReport:
    wanted = PassageSample()
    for number, text in enumerate(texts_of(purpose)):
        for passage in passages_of(text, 0, number, ""):
            wanted.add(passage)
    passages = [passage for some in of_sources for passage in some]
    found = suitability(
        [passage.text for passage in wanted.passages()],
        [passage.text for passage in passages],
        [passage.source for passage in passages],
        len(of_sources),
    )
    order = sorted(range(len(passages)), key=lambda i: (-found.scores[i], passages[i].key))
    sources = tuple(
        dataclasses.replace(source, suitability=shown, importance=importance)
        for source, shown, importance in zip(
            report.sources, found.shown, found.importance, strict=True
        )
    )
    return dataclasses.replace(
        report,
        sources=sources,
        purpose=PurePath(purpose).name,
        suitable=tuple(example_of(passages[i]) for i in order[:_SHOWN]),
        unsuitable=tuple(example_of(passages[i]) for i in reversed(order[-_SHOWN:])),
    )
