"""What the corpora page asks of ``sslstudio.corpora``, as functions that run beside the window.

Imports of the room are inside the functions. Results are frozen, or (the document index) used
by one page only. Costs what reading the source costs; every function asks ``cancelled``.
"""

from __future__ import annotations

import dataclasses
import functools
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sslstudio.corpora.column_trial import Columns
from sslstudio.corpora.mending.outcome import Stretch
from sslstudio.recipe import CorpusSource

MOST_EXPLAINED = 2_000_000  # characters of one document; mending a longer one takes seconds
_PACKED = (".gz", ".zst", ".bz2", ".xz")
TABLES = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".arrow", ".feather")


@dataclasses.dataclass(frozen=True)
class SampleFacts:
    """A sample of the catalogue, without what builds it."""

    name: str
    title: str
    description: str

    @property
    def path(self) -> str:
        """How a recipe names it."""
        return f"sample:{self.name}"


@dataclasses.dataclass(frozen=True)
class Page:
    """One document of a source, as the Read tab shows it.

    Attributes:
        index, documents: its number from 0, and how many there are.
        origin: the file it comes from, in words.
        stretches: make up ``text``, with what mending would do to each; empty where nothing.
        removed_by: the rule that leaves the whole document out, or an empty text.
        reason: why, with its figure.
        labels: of the rules in ``stretches``, in plain words.
        repeats: source and number of the document that it is a copy of, where that leaves it out.
    """

    index: int
    documents: int
    text: str
    origin: str
    title: str
    stretches: tuple[Stretch, ...] = ()
    removed_by: str = ""
    reason: str = ""
    labels: Mapping[str, str] = dataclasses.field(default_factory=dict)
    repeats: tuple[int, int] | None = None


@dataclasses.dataclass(frozen=True)
class EncodingChoice:
    """An encoding, and how the first lines read in it."""

    name: str
    lines: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class EncodingFacts:
    """What a file may be written in, the likeliest first; ``note`` says how sure that is."""

    path: str
    choices: tuple[EncodingChoice, ...]
    note: str = ""


@dataclasses.dataclass(frozen=True)
class PresetFacts:
    """A preset of quality rules; ``rules`` holds (name, plain words) of each."""

    name: str
    title: str
    description: str
    rules: tuple[tuple[str, str], ...] = ()


def load_presets() -> tuple[PresetFacts, ...]:
    """Return the presets of quality rules."""
    from sslstudio.corpora.rules.presets import PRESETS

    return tuple(
        PresetFacts(
            preset.name,
            preset.title,
            preset.description,
            tuple((rule.name, rule.label) for rule in preset.rules),
        )
        for preset in PRESETS.values()
    )


def load_samples() -> tuple[SampleFacts, ...]:
    """Return the samples that need no download."""
    from sslstudio.corpora.samples.catalogue import SAMPLES

    return tuple(SampleFacts(s.name, s.title, s.description) for s in SAMPLES.values())


def read_overview(
    source: CorpusSource, cancelled: Callable[[], bool], on_progress: Callable[..., None]
) -> Any:
    """Return ``sslstudio.corpora.overview.CorpusOverview`` of ``source``."""
    from sslstudio.corpora.overview import overview

    return overview(source, cancelled, on_progress)


def open_index(source: CorpusSource, cancelled: Callable[[], bool]) -> Any:
    """Return ``sslstudio.corpora.overview.DocumentIndex`` of ``source``."""
    from sslstudio.corpora.overview import DocumentIndex

    return DocumentIndex(source, cancelled)


def read_page(index: Any, place: int, source: CorpusSource | None = None) -> Page:
    """Return the document ``place`` of ``index``, and what the mending of ``source`` does to it."""
    document = index[place]
    page = Page(place, len(index), document.text, document.source, document.heading)
    return page if source is None else explained(page, source)


def random_page(index: Any, seed: int, source: CorpusSource | None = None) -> Page:
    """Return a document drawn at random."""
    return read_page(index, random.Random(seed).randrange(len(index)), source)


def find_page(
    index: Any,
    text: str,
    start: int,
    source: CorpusSource | None,
    cancelled: Callable[[], bool],
) -> Page | None:
    """Return the first document from ``start`` on that contains ``text``, going round."""
    place = index.find(text, start, cancelled)
    if place is None and start:
        place = index.find(text, 0, cancelled)
    return None if place is None else read_page(index, place, source)


def explained(
    page: Page, source: CorpusSource, repeated_lines: frozenset[int] = frozenset()
) -> Page:
    """Return ``page`` with the stretches that the mending of ``source`` makes of its text.

    ``repeated_lines`` are the keys of lines that are taken out wherever they stand.
    """
    plain = dataclasses.replace(
        page, stretches=(), removed_by="", reason="", labels={}, repeats=None
    )
    mender = _mender(source, repeated_lines)
    if mender.is_idle or len(page.text) > MOST_EXPLAINED:
        return plain
    stretches = mender.explain(page.text)
    rules = {s.rule for s in stretches if s.rule}
    removed_by = mender.mend(page.text).removed_by
    return dataclasses.replace(
        plain,
        stretches=stretches,
        removed_by=removed_by,
        reason=mender.reason(page.text) if removed_by else "",
        labels={rule: rule_label(rule) for rule in rules},
    )


def rule_label(rule: str) -> str:
    """Return what a rule is, in plain words."""
    from sslstudio.corpora.mending.mender import labels

    return labels(rule)


@functools.lru_cache(maxsize=16)
def _mender(source: CorpusSource, repeated_lines: frozenset[int]) -> Any:
    from sslstudio.corpora.mending.mender import Mender

    return Mender(source, repeated_lines)


def is_table(path: str) -> bool:
    """Say whether a source is a file whose text stands in a column or field."""
    name = Path(path).name.lower()
    return any(name.endswith(end) or f"{end}." in name for end in TABLES)


def read_columns(source: CorpusSource, cancelled: Callable[[], bool]) -> Columns | None:
    """Return the columns of ``source``; None where it is no table."""
    from sslstudio.corpora.column_trial import columns_of

    found = columns_of(source, cancelled)
    return found if found.columns else None


def suggest_encoding(path: str, cancelled: Callable[[], bool]) -> EncodingFacts | None:
    """Return what the text at ``path`` may be written in; None where that is no question."""
    from sslstudio.corpora.encoding_guess import suggest

    if cancelled() or not Path(path).exists():
        return None
    found = suggest(Path(path))
    if not found.readings:
        return None
    language = found.readings[0].language
    note = f"The first is the likeliest{f', for {language}' if language else ''}."
    return EncodingFacts(
        str(found.path), tuple(EncodingChoice(r.encoding, r.lines) for r in found.readings), note
    )


def source_title(path: str) -> str:
    """Return how a source is called on its card."""
    if path.startswith("sample:"):
        return path.removeprefix("sample:").capitalize()
    if path.startswith("hub:"):
        return path.removeprefix("hub:").partition("/")[2] or path
    return Path(path).name or path


def source_kind(path: str) -> str:
    """Return what a source is, in one word, without reading it."""
    if path.startswith("sample:"):
        return "sample"
    if path.startswith("hub:"):
        return "hub"
    if any(letter in path for letter in "*?["):
        return "pattern"
    found = Path(path)
    if found.is_dir():
        return "folder"
    ends = "".join(found.suffixes[-2:] if found.suffix.lower() in _PACKED else found.suffixes[-1:])
    return f"{ends.lower().lstrip('.')} file" if ends else "file"
