"""The preparation's examination of a recipe, made for others to look at, and kept.

Beside the preparation: the report counts in it what the settings take out, the preview asks it
which document is a copy of which. It is ``examine`` itself, on the same sources with the same
settings, so what they show is what happens. Kept in the cache under everything that decides it,
33 bytes a document; the oldest go. Costs what ``examined.py`` says: from 70 ms a megabyte, with
quality rules 400. A text that is too much for that is examined in part: the documents with the
smallest keys, so that copies word for word stay together while most near copies lose each other.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sslstudio.corpora.document import Document
from sslstudio.corpora.examined import Examined, examine
from sslstudio.corpora.examined_file import load_examined, save_examined
from sslstudio.corpora.reading import Skipped
from sslstudio.corpora.shaping import decisive_for_documents
from sslstudio.corpora.sources import SoundSource, Ticker, find_sources
from sslstudio.errors import StorageError
from sslstudio.recipe import CorpusSource, DataOptions
from sslstudio.storage import cache_dir, storage_guard

ALL = 2**64
MOST_KEPT = 20
_VERSION = 1


@dataclasses.dataclass(frozen=True)
class SampledSource(SoundSource):
    """A source of which only documents with small keys are read.

    Attributes:
        below: largest key.
        numbers: of the documents of the last pass, as all are counted.
    """

    below: int = ALL
    numbers: list[int] = dataclasses.field(default_factory=list)

    def documents(
        self, cancelled: Callable[[], bool], on_skip: Callable[[Skipped], None]
    ) -> Iterator[tuple[int, Document]]:
        """Yield the documents of the sample; see ``SoundSource``."""
        from sslstudio.corpora.duplicates.plain import exact_key

        self.numbers.clear()
        for number, (before, document) in enumerate(super().documents(cancelled, on_skip)):
            if exact_key(document.text) <= self.below:
                self.numbers.append(number)
                yield before, document


def examination(
    sources: Sequence[CorpusSource],
    data: DataOptions,
    *,
    progress: Ticker,
    cancelled: Callable[[], bool],
) -> tuple[Path, Examined]:
    """Return the examination of all documents, and the file in the cache that holds it.

    Args:
        sources: of a recipe; those with the weight 0 are not read, as in a preparation.
        data: of the recipe.
        progress, cancelled: as ever.

    Raises:
        CorpusError: a source is missing or cannot be read, or every weight is 0.
        RecipeError: a mending that does not exist here.
        StorageError: the cache may not be written.
        Cancelled: ``cancelled()`` said so.
    """
    sounds = find_sources(sources, progress=progress, cancelled=cancelled)
    decisive = {"version": _VERSION, **decisive_for_documents(sounds, data)}
    key = hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()[:32]
    path = _folder() / f"{key}.npz"
    found = load_examined(path)
    if found is None:
        found = _examined(sounds, data, progress, cancelled)
        save_examined(path, found)
        _forget_oldest()
    return path, found


def sampled_examination(
    sources: Sequence[CorpusSource],
    data: DataOptions,
    share: float,
    *,
    progress: Ticker,
    cancelled: Callable[[], bool],
) -> tuple[list[list[int]], Examined]:
    """Return the examination of about ``share`` of the documents, and their numbers by source.

    Arguments and errors as :func:`examination`; nothing is kept.
    """
    sounds = [
        SampledSource(**_values(sound), below=int(share * ALL))
        for sound in find_sources(sources, progress=progress, cancelled=cancelled)
    ]
    found = _examined(sounds, data, progress, cancelled)
    return [sound.numbers for sound in sounds], found


def _examined(
    sounds: Sequence[SoundSource],
    data: DataOptions,
    progress: Ticker,
    cancelled: Callable[[], bool],
) -> Examined:
    with storage_guard(_folder()):
        _folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=_folder(), ignore_cleanup_errors=True) as scratch:
        return examine(
            sounds,
            data,
            Path(scratch),
            progress=progress,
            cancelled=cancelled,
            needs_text=False,
        )


def _values(sound: SoundSource) -> dict[str, Any]:
    return {field.name: getattr(sound, field.name) for field in dataclasses.fields(sound)}


def _folder() -> Path:
    return cache_dir() / "examined"


def _forget_oldest() -> None:
    with contextlib.suppress(OSError, StorageError):  # another process may be doing the same
        files = sorted(_folder().glob("*.npz"), key=lambda path: path.stat().st_mtime)
        for path in files[:-MOST_KEPT]:
            path.unlink(missing_ok=True)
