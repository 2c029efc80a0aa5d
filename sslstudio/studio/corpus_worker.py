"""What the corpora page asks of ``sslstudio.corpora``, as functions that run beside the window.

Imports of the room are inside the functions. Results are frozen, or (the document index) used
by one page only. Costs what reading the source costs; every function asks ``cancelled``.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sslstudio.recipe import CorpusSource


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
    """One document of a source, as the Read tab shows it."""

    index: int
    documents: int
    text: str
    origin: str
    title: str


def load_samples() -> tuple[SampleFacts, ...]:
    """Return the samples that need no download."""
    from sslstudio.corpora.samples.catalogue import SAMPLES

    return tuple(SampleFacts(s.name, s.title, s.description) for s in SAMPLES.values())


def read_overview(source: CorpusSource, cancelled: Callable[[], bool]) -> Any:
    """Return ``sslstudio.corpora.overview.CorpusOverview`` of ``source``."""
    from sslstudio.corpora.overview import overview

    return overview(source, cancelled)


def open_index(source: CorpusSource, cancelled: Callable[[], bool]) -> Any:
    """Return ``sslstudio.corpora.overview.DocumentIndex`` of ``source``."""
    from sslstudio.corpora.overview import DocumentIndex

    return DocumentIndex(source, cancelled)


def read_page(index: Any, place: int) -> Page:
    """Return the document ``place`` of ``index``."""
    document = index[place]
    return Page(place, len(index), document.text, document.source, document.heading)


def random_page(index: Any, seed: int) -> Page:
    """Return a document drawn at random."""
    return read_page(index, random.Random(seed).randrange(len(index)))


def find_page(index: Any, text: str, start: int, cancelled: Callable[[], bool]) -> Page | None:
    """Return the first document from ``start`` on that contains ``text``, going round."""
    place = index.find(text, start, cancelled)
    if place is None and start:
        place = index.find(text, 0, cancelled)
    return None if place is None else read_page(index, place)


def source_title(path: str) -> str:
    """Return how a source is called on its card."""
    if path.startswith("sample:"):
        return path.removeprefix("sample:").capitalize()
    return Path(path).name or path


def source_kind(path: str) -> str:
    """Return what a source is, in one word, without reading it."""
    if path.startswith("sample:"):
        return "sample"
    if any(letter in path for letter in "*?["):
        return "pattern"
    found = Path(path)
    if found.is_dir():
        return "folder"
    return found.suffix.lower().lstrip(".") + " file" if found.suffix else "file"
