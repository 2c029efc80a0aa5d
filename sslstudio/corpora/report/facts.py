"""The figures of a report, as plain frozen values: what measures make and everybody shows.

The end of the report's way: measures (one file each) fill these, the verdict reads them, and the
command line, the HTML file and the studio show them. Every figure says on how much text it
stands. ``to_json`` gives the document of ``sslstudio corpus report --json``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any


@dataclasses.dataclass(frozen=True)
class Example:
    """A place in a corpus that a person can open.

    Attributes:
        source: number of the source in the list that was asked about, from 0.
        document: number of the document within that source, as ``DocumentIndex`` counts.
        title: of the document.
        excerpt: a few words of it, around what was found.
    """

    source: int
    document: int
    title: str
    excerpt: str = ""


@dataclasses.dataclass(frozen=True)
class RuleCount:
    """How many documents one rule takes out, or would; ``characters`` where that is known."""

    rule: str
    label: str
    documents: int
    examples: tuple[Example, ...] = ()
    characters: int = 0


@dataclasses.dataclass(frozen=True)
class ChangeCount:
    """How often one rule changes something inside documents: lines, places or characters."""

    rule: str
    label: str
    times: int


@dataclasses.dataclass(frozen=True)
class Cluster:
    """Documents that are near duplicates of each other; the first is the one that is kept."""

    documents: tuple[Example, ...]
    size: int


@dataclasses.dataclass(frozen=True)
class RepeatedLine:
    """A line that stands in several documents."""

    text: str
    documents: int
    characters: int


@dataclasses.dataclass(frozen=True)
class TopicPoint:
    """A document on the map of topics; x and y are between 0 and 1."""

    x: float
    y: float
    topic: int
    example: Example


@dataclasses.dataclass(frozen=True)
class Topics:
    """Clusters of documents by the words in them.

    Attributes:
        names: of each topic, its most telling words.
        sizes: documents of each.
        entropy: of the sizes, divided by the largest possible; 1 is an even spread.
        points: of the sample.
        typical, unusual: documents nearest to and farthest from the middle of the corpus.
    """

    names: tuple[str, ...] = ()
    sizes: tuple[int, ...] = ()
    entropy: float = 0.0
    points: tuple[TopicPoint, ...] = ()
    typical: tuple[Example, ...] = ()
    unusual: tuple[Example, ...] = ()


@dataclasses.dataclass(frozen=True)
class Difference:
    """How far apart two sources are, and which words tell them apart.

    Attributes:
        first, second: titles of the sources.
        divergence: Jensen-Shannon, base 2, of their word distributions, from 0 to 1.
        words_of_first, words_of_second: by log-likelihood ratio.
    """

    first: str
    second: str
    divergence: float
    words_of_first: tuple[str, ...] = ()
    words_of_second: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Remedy:
    """A change of the recipe that a button can make.

    Attributes:
        table: "source" (of the source with this number) or "data".
        name: of the option.
        value: its new value.
        source: number of the source; -1 means all of them.
    """

    table: str
    name: str
    value: str
    source: int = -1


@dataclasses.dataclass(frozen=True)
class Finding:
    """Something that the reader should know.

    Attributes:
        code: short and stable.
        level: "good", "caution" or "bad".
        text: what was found, with its figure and why it matters.
        remedy: what would be better, in words.
        change: what the button beside it does; None where there is none.
    """

    code: str
    level: str
    text: str
    remedy: str = ""
    change: Remedy | None = None


@dataclasses.dataclass(frozen=True)
class SourceReport:
    """The share of one source in the counts.

    Attributes:
        suitability: for the purpose that was named, from 0 (nothing in common) to 1 (as like it
            as its own parts are like each other); None where none was named.
        importance: mean logarithm of how much likelier its words and word pairs are in the
            purpose than in all sources together, in nats a word (DSIR); None as above.
        presets: share of its characters that each preset would take out, from 0 to 1.
        repetitive: share of its documents that repeat themselves at twice the usual limits.
        removed: share of its characters that its present settings take out.
        prose: share of its documents whose last paragraph is running text.
        cut_off: share of those that end in mid-sentence.
        markup: share of its characters that are tags of HTML.
    """

    title: str
    path: str
    documents: int
    characters: int
    bytes: int
    words: int
    licence: str = ""
    preset: str = "as_is"
    suitability: float | None = None
    importance: float | None = None
    presets: Mapping[str, float] = dataclasses.field(default_factory=dict)
    repetitive: float = 0.0
    removed: float = 0.0
    prose: float = 0.0
    cut_off: float = 0.0
    markup: float = 0.0


@dataclasses.dataclass(frozen=True)
class CorpusReport:
    """Everything that is known about one or several sources together.

    Attributes:
        is_sample: whether the counts themselves stand on a sample; then ``read_bytes`` of
            ``total_bytes`` were read.
        rules: every rule that fires anywhere, whether a preset has it or not.
        rule_families: documents that any rule of a family would take out.
        removed: documents that the present settings take out, by the first rule that fired:
            quality rules, copies of others, what is left blank.
        changed: what the present settings change inside documents that mending leaves: lines
            taken out, personal data replaced, characters normalised.
        removal_documents: what these two stand on; 0 where they were not counted.
        removal_is_sample: whether those documents are a part; then near copies are undercounted.
        damaged: characters that were lost or wrongly decoded before (U+FFFD, "Ã©").
        checked_documents, checked_bytes: what near duplicates, repeated lines and personal data
            stand on: all documents, or those with the smallest hashes of a large corpus.
        ruled_documents, ruled_bytes: what rules and presets stand on, likewise.
        sample_documents, sample_bytes: what the dearer measures (languages, diversity, topics,
            suitability) stand on, in passages.
        entropy: of single bytes, in bits, on the sample: what a text without any order would take.
        vendi: effective number of different passages, between 1 and the dimensions of the
            embedding it is computed from.
        purpose: name of the file of example texts, where one was given.
        suitable, unsuitable: passages most and least like it.
        held_out: validation documents that were looked up for leaks.
        lengths: p5, p50, p95 and max of the documents, in characters.
        histogram_edges, histogram_counts: of the lengths, equal on a logarithmic scale.
        languages, scripts: share of the text, largest first; "und" is undetermined.
        leaks: validation documents with a near duplicate, or a run of 13 words, on the training
            side; None where it was not measured.
        seconds: that the report took.
    """

    sources: tuple[SourceReport, ...]
    documents: int
    characters: int
    bytes: int
    words: int
    read_bytes: int
    total_bytes: int
    is_sample: bool
    lengths: Mapping[str, float]
    histogram_edges: tuple[float, ...]
    histogram_counts: tuple[int, ...]
    languages: Mapping[str, float] = dataclasses.field(default_factory=dict)
    scripts: Mapping[str, float] = dataclasses.field(default_factory=dict)
    exact_duplicates: int = 0
    near_duplicates: int = 0
    near_duplicate_groups: int = 0
    clusters: tuple[Cluster, ...] = ()
    repeated_lines: tuple[RepeatedLine, ...] = ()
    repeated_line_share: float = 0.0
    rules: tuple[RuleCount, ...] = ()
    rule_families: Mapping[str, int] = dataclasses.field(default_factory=dict)
    removed: tuple[RuleCount, ...] = ()
    personal_data: Mapping[str, int] = dataclasses.field(default_factory=dict)
    personal_examples: Mapping[str, tuple[Example, ...]] = dataclasses.field(default_factory=dict)
    changed: tuple[ChangeCount, ...] = ()
    removal_documents: int = 0
    removal_is_sample: bool = False
    damaged: int = 0
    checked_documents: int = 0
    checked_bytes: int = 0
    ruled_documents: int = 0
    ruled_bytes: int = 0
    sample_documents: int = 0
    sample_bytes: int = 0
    distinct: Mapping[int, float] = dataclasses.field(default_factory=dict)
    mattr: float | None = None
    heaps: Mapping[str, float] = dataclasses.field(default_factory=dict)
    zipf: float | None = None
    compression_ratio: float | None = None
    entropy: float | None = None
    vendi: float | None = None
    topics: Topics = Topics()
    differences: tuple[Difference, ...] = ()
    purpose: str = ""
    suitable: tuple[Example, ...] = ()
    unsuitable: tuple[Example, ...] = ()
    leaks: int | None = None
    held_out: int = 0
    leak_examples: tuple[Example, ...] = ()
    evaluation_leaks: Mapping[str, int] = dataclasses.field(default_factory=dict)
    skipped: tuple[tuple[str, str], ...] = ()
    verdict: str = "good"
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the report as the nested plain values of design.md's "report"."""
        plain = dataclasses.asdict(self)
        verdict, findings = plain.pop("verdict"), plain.pop("findings")
        plain["verdict"] = {"level": verdict, "findings": findings}
        families = plain.pop("rule_families")
        plain["rules"] = families | {r["rule"]: r["documents"] for r in plain["rules"]}
        plain["rule_examples"] = {r.rule: [e.title for e in r.examples] for r in self.rules}
        plain["distinct"] = {str(n): value for n, value in self.distinct.items()}
        plain["divergence"] = {f"{d.first}|{d.second}": d.divergence for d in self.differences}
        plain["skipped"] = [{"path": path, "reason": reason} for path, reason in self.skipped]
        return plain
