"""The catalogue of samples, and the cache in which each is built on first use.

Stands before ``reading``: a name goes in, the path of a JSON-lines file (``{"text", "source"}``)
comes out. A build is written under a temporary name and renamed, so a kill leaves the old sample
or none; beside it stands a small JSON file with what it was built from, and an upgrade of Python
or of a package builds it anew. Costs the seconds that the sample says, once. Downloads nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import filelock

from sslstudio.corpora.samples import code, handbook, sources, tales
from sslstudio.errors import Cancelled, CorpusError, nearest
from sslstudio.storage import UNREADABLE, cache_dir, storage_guard, write_atomically

Progress = Callable[[int, int], None]
PREFIX = "sample:"
_LOCK_POLL_S = 0.05
_REPORT_DOCUMENTS = 50


def _silent(done_bytes: int, total_bytes: int) -> None:
    """Report to nobody."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A corpus that needs no download."""

    name: str
    """What stands behind ``sample:`` in a recipe."""
    title: str
    description: str
    """Two plain sentences for the card."""
    licence_note: str
    size_bytes: int
    """About what the file will hold; exact only for tales."""
    build_seconds: float
    """About what the first use costs on a laptop."""
    facts: Callable[[], dict[str, object]]
    """What the text depends on; a change builds it anew."""
    documents: Callable[[Callable[[], bool]], Iterator[tuple[str, str]]]
    """Yields (text, source)."""

    @property
    def size_hint(self) -> str:
        """Return the size in words."""
        return f"about {self.size_bytes / 1e6:.0f} MB"

    def build(
        self, path: Path, cancelled: Callable[[], bool], on_progress: Progress = _silent
    ) -> int:
        """Write the sample to ``path`` atomically and return the number of documents.

        Raises:
            Cancelled: ``cancelled()`` said so; nothing is written.
            CorpusError: this computer holds nothing to build it from.
            StorageError: the disk is full or may not be written.
        """
        lines: list[str] = []
        done_bytes = 0
        for text, source in self.documents(cancelled):
            lines.append(json.dumps({"text": text, "source": source}, ensure_ascii=False))
            done_bytes += len(text)
            if len(lines) % _REPORT_DOCUMENTS == 0:
                on_progress(min(done_bytes, self.size_bytes), self.size_bytes)
        if not lines:
            raise CorpusError(
                f"{PREFIX}{self.name} found no text on this computer: "
                f"use {PREFIX}tales, which is made here, or a file of your own"
            )
        write_atomically(path, "\n".join(lines) + "\n")
        on_progress(self.size_bytes, self.size_bytes)
        return len(lines)


SAMPLES: dict[str, Sample] = {
    sample.name: sample
    for sample in (
        Sample(
            name="tales",
            title="Little tales",
            description=(
                "Short stories told in a few hundred simple words, made up on this computer. "
                "A tiny model becomes fluent on them within two minutes."
            ),
            licence_note="Made by SSL Studio, free for any use.",
            size_bytes=tales.SAMPLE_BYTES,
            build_seconds=2.0,
            facts=lambda: {"builder": tales.BUILDER, "bytes": tales.SAMPLE_BYTES},
            documents=tales.sample,
        ),
        Sample(
            name="handbook",
            title="The handbook",
            description=(
                "The English documentation of Python and of the packages installed on this "
                "computer. Real technical prose, with far more words than the tales."
            ),
            licence_note="Under the licences of Python and of each package; already installed.",
            size_bytes=8_000_000,
            build_seconds=4.0,
            facts=lambda: {
                "builder": handbook.BUILDER,
                "versions": sources.package_versions(handbook.PACKAGES),
            },
            documents=handbook.handbook,
        ),
        Sample(
            name="code",
            title="Python source",
            description=(
                "The source code of the Python library on this computer, without its tests. "
                "A model trained on it writes lines that look like Python."
            ),
            licence_note="Under the licence of Python (PSF); already installed.",
            size_bytes=8_000_000,
            build_seconds=1.0,
            facts=lambda: {"builder": code.BUILDER, "versions": sources.package_versions(())},
            documents=code.code,
        ),
    )
}


def find_sample(name: str) -> Sample:
    """Return the sample called ``name``, with or without ``sample:`` before it.

    Raises:
        CorpusError: there is none; the sentence names the nearest.
    """
    bare = name.removeprefix(PREFIX)
    if bare not in SAMPLES:
        raise CorpusError(
            f"there is no sample {bare!r}{nearest(bare, SAMPLES)}: "
            f"use one of {', '.join(PREFIX + known for known in SAMPLES)}"
        )
    return SAMPLES[bare]


def sample_path(
    name: str,
    cancelled: Callable[[], bool] = sources.NEVER,
    on_progress: Progress = _silent,
) -> Path:
    """Return the JSON-lines file of the sample ``name``; build it where it is missing or stale.

    Args:
        name: with or without ``sample:``.
        cancelled: asked at least ten times a second while building, and while another thread or
            process builds the same sample.
        on_progress: called with (done, total) in bytes.

    Raises:
        CorpusError: unknown name (names the nearest), or nothing to build it from.
        Cancelled: ``cancelled()`` said so.
        StorageError: the disk is full or may not be written.
    """
    sample = find_sample(name)
    path = cache_dir() / "samples" / f"{sample.name}.jsonl"
    note = path.with_suffix(".json")
    facts = sample.facts()
    if _is_current(path, note, facts):
        return path
    with storage_guard(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path.with_suffix(".lock"), cancelled):
            if not _is_current(path, note, facts):
                documents = sample.build(path, cancelled, on_progress)
                size_bytes = path.stat().st_size
                kept = {"facts": facts, "documents": documents, "size_bytes": size_bytes}
                write_atomically(note, json.dumps(kept, indent=1, sort_keys=True))
    return path


def _is_current(path: Path, note: Path, facts: dict[str, object]) -> bool:
    """Tell whether the file at ``path`` is whole and was built from ``facts``."""
    try:
        kept = json.loads(note.read_text(encoding="utf-8"))
        return bool(kept["facts"] == facts and kept["size_bytes"] == path.stat().st_size)
    except (*UNREADABLE, KeyError, TypeError):
        return False


def _locked(path: Path, cancelled: Callable[[], bool]) -> AbstractContextManager[object]:
    """Wait for the lock at ``path`` as long as somebody waits for the sample."""
    lock = filelock.FileLock(path, thread_local=False)
    while True:
        if cancelled():
            raise Cancelled
        try:
            return lock.acquire(timeout=_LOCK_POLL_S, poll_interval=_LOCK_POLL_S / 2)
        except filelock.Timeout:
            continue
