"""Workers of the corpora page that read nothing: a plausible report, sizes and tokens at once."""

from __future__ import annotations

import dataclasses
import math
import random
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from sslstudio.corpora.mending.outcome import Stretch
from sslstudio.corpora.report.facts import (
    Cluster,
    CorpusReport,
    Difference,
    Example,
    Finding,
    Remedy,
    RepeatedLine,
    RuleCount,
    SourceReport,
    TopicPoint,
    Topics,
)
from sslstudio.studio import corpus_worker, report_worker
from sslstudio.studio.corpus_worker import Page, PresetFacts
from sslstudio.studio.token_worker import Cut, SizeFacts
from sslstudio.studio.widgets.coloured_tokens import Piece

NAMES = ("weather, sea, storm", "bear, fox, forest", "mother, home, garden", "invoice, dear, sir")


def examples(number: int, source: int = 0) -> tuple[Example, ...]:
    return tuple(
        Example(source, n, f"Story {n + 1}", f"Once there was a fox, the {n + 1}th of its name")
        for n in range(number)
    )


def topics(points: int = 500) -> Topics:
    draw = random.Random(7)
    middles = [(0.2, 0.75), (0.6, 0.8), (0.4, 0.25), (0.8, 0.4)]
    found = []
    for n in range(points):
        topic = n % 4
        x = min(1.0, max(0.0, draw.gauss(middles[topic][0], 0.07)))
        y = min(1.0, max(0.0, draw.gauss(middles[topic][1], 0.1)))
        found.append(TopicPoint(x, y, topic, Example(0, n % 3, f"Story {n}")))
    return Topics(NAMES, (125,) * 4, 1.0, tuple(found), examples(3), examples(2))


def histogram() -> tuple[tuple[float, ...], tuple[int, ...]]:
    edges = tuple(float(round(20 * 1.35**n)) for n in range(25))
    counts = tuple(round(900 * math.exp(-(((n - 11) / 4.5) ** 2))) for n in range(24))
    return edges, counts


FINDINGS = (
    Finding(
        "near_duplicates",
        "caution",
        "11 % of “Letters” stands there twice or more (91 documents in 37 groups). Repeated text "
        "is learned by heart.",
        "Keep one of each group.",
        Remedy("data", "deduplicate", "near"),
    ),
    Finding(
        "personal_data",
        "caution",
        "214 e-mail addresses and 3 card numbers in “Letters”.",
        "Replace them by words such as <EMAIL>.",
        Remedy("source", "personal_data", "replace"),
    ),
)


def report(**changes: Any) -> CorpusReport:
    edges, counts = histogram()
    values: dict[str, Any] = {
        "sources": (
            SourceReport("tales.jsonl", "tales.jsonl", 12_000, 4_000_000, 4_100_000, 800_000),
            SourceReport("Letters", "Letters", 834, 900_000, 940_000, 150_000),
        ),
        "documents": 12_834,
        "characters": 4_900_000,
        "bytes": 5_040_000,
        "words": 950_000,
        "read_bytes": 5_040_000,
        "total_bytes": 5_040_000,
        "is_sample": False,
        "lengths": {"p5": 80, "p50": 320, "p95": 1800, "max": 22_000},
        "histogram_edges": edges,
        "histogram_counts": counts,
        "languages": {"en": 0.96, "fr": 0.025, "de": 0.01, "und": 0.005},
        "scripts": {"Latin": 0.997, "Greek": 0.003},
        "exact_duplicates": 54,
        "near_duplicates": 37,
        "near_duplicate_groups": 37,
        "clusters": tuple(Cluster(examples(3), 3) for _ in range(4)),
        "repeated_lines": (RepeatedLine("Sent from my phone", 212, 4_000),),
        "repeated_line_share": 0.012,
        "rules": (
            RuleCount("gopher_word_count", "Fewer than 50 words", 412, examples(3)),
            RuleCount("fineweb_short_lines", "Mostly short lines", 97, examples(2)),
            RuleCount("gopher_top_2_gram", "One word pair again and again", 31, examples(2)),
        ),
        "removed": (
            RuleCount("gopher_word_count", "Fewer than 50 words", 412),
            RuleCount("exact_duplicate", "Equal to an earlier document", 54),
        ),
        "personal_data": {"email": 214, "card": 3},
        "personal_examples": {"email": examples(2, 0)},
        "sample_documents": 9_000,
        "sample_bytes": 5_000_000,
        "distinct": {1: 0.04, 2: 0.31, 3: 0.66, 4: 0.84},
        "mattr": 0.44,
        "heaps": {"k": 20.0, "beta": 0.52, "r2": 0.998},
        "zipf": 1.04,
        "compression_ratio": 2.8,
        "vendi": 14.2,
        "topics": topics(),
        "differences": (
            Difference("tales.jsonl", "Letters", 0.41, ("fox", "once"), ("invoice", "regards")),
        ),
        "leaks": 0,
        "verdict": "caution",
        "findings": FINDINGS,
        "seconds": 12.0,
    }
    return CorpusReport(**(values | changes))


class FakeReporter:
    """Makes :func:`report` at once; remembers what was asked."""

    progress_of = staticmethod(report_worker.progress_of)

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.saved: list[str] = []
        self.report = report()

    def make_report(
        self, request: Any, on_progress: Callable[..., None], cancelled: Callable[[], bool]
    ) -> CorpusReport:
        self.asked.append(request)
        on_progress("reading", 3_000_000, 5_040_000, "bytes")
        return self.report

    def save_report(self, report: CorpusReport, path: str) -> None:
        self.saved.append(path)

    def propose_weights(self, report: CorpusReport) -> tuple[float, ...]:
        return tuple(float(n + 1) for n in range(len(report.sources)))


class FakeTokens:
    """Cuts at spaces, whatever the vocabulary."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def try_sizes(
        self, request: Any, on_progress: Callable[..., None], cancelled: Callable[[], bool]
    ) -> tuple[SizeFacts, ...]:
        self.asked.append(request)
        return tuple(
            SizeFacts(n, n, 1.1 + 0.35 * math.log2(n / 128), 1.6, 0.02, 1_500_000 - 20 * n)
            for n in (512, 1024, 2048, 4096, 8192, 16_384)
        )

    def cut_text(
        self, request: Any, vocabularies: tuple[Any, ...], text: str, cancelled: Callable[[], bool]
    ) -> tuple[Cut, ...]:
        return tuple(_cut(vocabulary, text) for vocabulary in vocabularies)


def _cut(vocabulary: Any, text: str) -> Cut:
    size = 2 if not isinstance(vocabulary, int) else max(2, int(math.log2(vocabulary)) - 6)
    pieces = []
    for word in text.replace("\n", " \n").split(" "):
        word = " " + word
        pieces += [word[n : n + size] for n in range(0, len(word), size)]
    shown = tuple(Piece(p, f"id {hash(p) % 4096} · {len(p)} bytes") for p in pieces)
    title = f"{vocabulary:,} tokens" if isinstance(vocabulary, int) else str(vocabulary)
    return Cut(title, shown, len(shown), len(text.encode()))


class MendingWorker:
    """The real worker, with a mender of its own: takes "drop" out and replaces "a@b.c"."""

    LABELS = MappingProxyType({"line": "a line that is a menu", "email": "e-mail address"})

    def __getattr__(self, name: str) -> Any:
        return getattr(corpus_worker, name)

    def load_presets(self) -> tuple[PresetFacts, ...]:
        return (
            PresetFacts("as_is", "As it is", "Nothing is left out."),
            PresetFacts(
                "web",
                "Web pages",
                "Menus, lists and pages that repeat themselves go.",
                (("short", "Fewer than 50 words"), ("lines", "Mostly short lines")),
            ),
        )

    def read_page(self, index: Any, place: int, source: Any = None) -> Page:
        return self.explained(corpus_worker.read_page(index, place), source)

    def explained(self, page: Page, source: Any) -> Page:
        if source is None or source.preset == "as_is":
            return dataclasses.replace(page, stretches=(), removed_by="")
        stretches, rest = [], page.text
        for word, rule, new in (("drop", "line", ""), ("a@b.c", "email", "<EMAIL>")):
            before, found, rest = rest.partition(word)
            stretches += [Stretch(before)] + ([Stretch(word, rule, new)] if found else [])
        return dataclasses.replace(
            page,
            stretches=tuple(s for s in (*stretches, Stretch(rest)) if s.text),
            removed_by="short" if "short" not in source.rules_off and "tiny" in page.text else "",
            labels=self.LABELS,
        )
