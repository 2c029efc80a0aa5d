"""A mended copy of a recipe's corpora, and the manifest that says how it came about.

Beside the preparation, with the same passes: what stays of the sources' documents is written as
JSON lines, each on its side, and ``manifest.json`` keeps what they were made of and how: sources
by path and SHA-256 with their licence notes, the steps with their settings and the versions of
what shapes them, counts, and by which rule how much was taken out. The same texts and settings
give the same bytes, on any day and in any language of the system. Costs two passes over the text
and, beside the survey, no memory. The files of the user are only read.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import sslstudio
from sslstudio.corpora.encoding import SIDES
from sslstudio.corpora.examined import examine
from sslstudio.corpora.mended import shaping_versions
from sslstudio.corpora.parts import Corpus, totals_by_side
from sslstudio.corpora.reading import Skipped
from sslstudio.corpora.sources import Progress, SoundSource, Ticker, find_sources
from sslstudio.corpora.split import SALT
from sslstudio.corpora.survey import utf8_length
from sslstudio.errors import CorpusError
from sslstudio.recipe import CorpusSource, DataOptions, Recipe
from sslstudio.storage import MANIFEST, storage_guard, temporary_folder

DOCUMENTS = "documents.jsonl"
SCHEMA = 1


def write_mended(
    recipe: Recipe,
    folder: Path,
    *,
    on_progress: Progress = lambda _stage, _done, _total, _unit: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> dict[str, Any]:
    """Write what stays of ``recipe.corpora`` into ``folder``; returns the manifest.

    Args:
        recipe: its corpora and data options are read.
        folder: does not exist, or is empty.
        on_progress: (stage, done, total, unit).
        cancelled: asked once a document.

    Raises:
        CorpusError: text that is missing, or none that stays, or a folder that holds something.
        RecipeError: a mending that does not exist here.
        StorageError: the disk is full or may not be written.
        Cancelled: ``cancelled()`` said so; nothing is left.
    """
    _require_empty(folder)
    progress = Ticker(on_progress)
    sounds = find_sources(recipe.corpora, progress=progress, cancelled=cancelled)
    temporary = temporary_folder(folder)
    try:
        examined = examine(sounds, recipe.data, temporary, progress=progress, cancelled=cancelled)
        corpus = examined.corpus(sounds, recipe.data)
        with storage_guard(folder):
            with (temporary / DOCUMENTS).open("wb") as file:
                written = _written(corpus, file, progress, cancelled)
                file.flush()
                os.fsync(file.fileno())
            manifest = _manifest(recipe, sounds, corpus, written)
            (temporary / MANIFEST).write_bytes(_spelled(manifest))
            if folder.exists():
                folder.rmdir()
            temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return manifest


def _require_empty(folder: Path) -> None:
    with storage_guard(folder):
        if folder.is_dir() and any(folder.iterdir()):
            raise CorpusError(f"{folder} is not empty: choose another folder for the mended copy")


@dataclasses.dataclass
class _Written:
    """What was written: digest and size of the file, and counts of every source and side."""

    sha256: str
    size_bytes: int
    counts: list[dict[str, dict[str, int]]]


def _written(
    corpus: Corpus, file: BinaryIO, progress: Ticker, cancelled: Callable[[], bool]
) -> _Written:
    """Write a line for every document, or for each part of one that stands on two sides."""
    digest = hashlib.sha256()
    size_bytes = done = 0
    counts = []
    for number in range(len(corpus.sources)):
        own = {side: {"documents": 0, "characters": 0, "bytes": 0} for side in SIDES}
        counts.append(own)
        for _, *texts in corpus.parts(number, cancelled):
            for side, text in zip(SIDES, texts, strict=True):
                if not text:
                    continue
                line = json.dumps(
                    {"text": text, "side": side, "source": number}, ensure_ascii=False
                )
                content = line.encode("utf-8") + b"\n"
                file.write(content)
                digest.update(content)
                size_bytes += len(content)
                own[side]["documents"] += 1
                own[side]["characters"] += len(text)
                own[side]["bytes"] += utf8_length(text)
                done += len(text)
            progress("writing", done, corpus.characters, "characters")
    return _Written(digest.hexdigest(), size_bytes, counts)


def _manifest(
    recipe: Recipe, sounds: Sequence[SoundSource], corpus: Corpus, written: _Written
) -> dict[str, Any]:
    sources = [sound.source for sound in sounds]
    return {
        "schema": SCHEMA,
        "made_by": f"sslstudio {sslstudio.__version__}",
        "output": {DOCUMENTS: {"size": written.size_bytes, "sha256": written.sha256}},
        "documents_read": len(corpus.survey.removed),
        "documents": corpus.documents,
        **totals_by_side(written.counts),
        "removed": corpus.removal_rows(),
        "steps": _steps(sources, recipe.data, corpus.split),
        "versions": {
            "unicode": unicodedata.unidata_version,
            "split": SALT.decode(),
            **shaping_versions(sources),
        },
        "sources": [
            _source_row(sound, {**corpus.figures(i), **written.counts[i]})
            for i, sound in enumerate(sounds)
        ],
        "skipped_lines": _reasons(corpus.survey.skipped),
    }


def _source_row(sound: SoundSource, figures: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a source is, what was counted in it, and from which files it comes."""
    files = zip(sound.names, sound.digests, strict=True)
    return {
        "path": sound.source.path,
        "licence": sound.source.licence,
        "sha256": sound.sha256,
        "bytes": sound.own_bytes,
        **figures,
        "settings": _settings(sound.source),
        "files": [{"name": name, "sha256": digest} for name, digest in files],
        "skipped": _reasons(sound.skipped),
    }


def _reasons(skipped: Iterable[Skipped]) -> list[dict[str, str]]:
    return [{"path": entry.path, "reason": entry.reason} for entry in skipped]


def _steps(
    sources: Sequence[CorpusSource], options: DataOptions, split: str
) -> list[dict[str, Any]]:
    """Return what was done, in its order; steps of single sources name them."""
    steps: list[dict[str, Any]] = []
    for step, name, idle in (
        ("normalise", "normalise", "none"),
        ("filter", "preset", "as_is"),
        ("replace personal data", "personal_data", "keep"),
    ):
        for number, source in enumerate(sources):
            value = getattr(source, name)
            if value != idle:
                off = {"rules_off": sorted(source.rules_off)} if source.rules_off else {}
                steps.append({"step": step, "source": number, name: value, **off})
    if options.repeated_lines != "keep":
        steps.append({"step": "take out repeated lines", "repeated_lines": options.repeated_lines})
    if options.deduplicate != "none":
        steps.append({"step": "take out copies", "deduplicate": options.deduplicate})
    fraction = {"validation_fraction": options.validation_fraction}
    return [*steps, {"step": "split", "split": split, "asked": options.split, **fraction}]


def _settings(source: CorpusSource) -> dict[str, Any]:
    """Return what was chosen for a source and is not as it is by itself."""
    plain, chosen = (dataclasses.asdict(s) for s in (CorpusSource(), source))
    left_out = ("path", "licence", "weight")
    return {n: v for n, v in chosen.items() if n not in left_out and v != plain[n]}


def _spelled(manifest: dict[str, Any]) -> bytes:
    return json.dumps(manifest, indent=1, ensure_ascii=False).encode("utf-8") + b"\n"
