"""The sources of a recipe as the preparation reads them: their files, looked at and hashed.

Stands between reading and the survey. Every file is inspected and hashed once, for the hash names
what is prepared; then the documents come as often as they are wanted, in the same order, until a
file changes. Holds one document at a time. Knows nothing of what is done with them.
"""

from __future__ import annotations

import dataclasses
import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sslstudio.corpora.document import Document
from sslstudio.corpora.listing import relative_to
from sslstudio.corpora.reading import Skipped, documents_of, list_files, sound_files
from sslstudio.errors import CorpusError
from sslstudio.recipe import CorpusSource

Progress = Callable[[str, int, int, str], None]
_REPORT_SECONDS = 0.05


class Ticker:
    """Hands progress on at most twenty times a second, and always the end of a stage."""

    def __init__(self, on_progress: Progress) -> None:
        self._on_progress = on_progress
        self._last = ("", 0.0)

    def __call__(self, stage: str, done: int, total: int, unit: str) -> None:
        """Report ``done`` of ``total`` units of ``stage``."""
        now = time.monotonic()
        known, when = self._last
        if stage != known or done >= total or now - when >= _REPORT_SECONDS:
            self._last = (stage, now)
            self._on_progress(stage, min(done, total), total, unit)


@dataclasses.dataclass(frozen=True)
class SoundSource:
    """A source whose files were all looked at.

    Attributes:
        source: of the recipe.
        files: sound UTF-8 text, in reading order.
        names: of the user's own files, below the source, with forward slashes.
        digests: SHA-256 of each of them.
        stamps: size and time of change of each file, to notice a change while we read.
        size_bytes: of all files as they are read.
        own_bytes: of the user's files, which may be packed, or of another format.
        skipped: what lay beside them.
    """

    source: CorpusSource
    files: tuple[Path, ...]
    names: tuple[str, ...]
    digests: tuple[str, ...]
    stamps: tuple[tuple[int, int], ...]
    size_bytes: int
    own_bytes: int
    skipped: tuple[Skipped, ...]

    @property
    def sha256(self) -> str:
        """The digest of the only file, or of the list of digests."""
        if len(self.digests) == 1:
            return self.digests[0]
        return hashlib.sha256("\n".join(self.digests).encode()).hexdigest()

    def documents(
        self, cancelled: Callable[[], bool], on_skip: Callable[[Skipped], None]
    ) -> Iterator[tuple[int, Document]]:
        """Yield every document with the number of bytes that come before its file.

        Raises:
            CorpusError: a file changed since it was looked at.
        """
        before = 0
        for path, stamp in zip(self.files, self.stamps, strict=True):
            for document in documents_of(self.source, path, cancelled=cancelled, on_skip=on_skip):
                yield before, document
            if _stamp(path) != stamp:
                raise CorpusError(f"{path} changed while it was read: try again")
            before += stamp[0]


def find_sources(
    sources: Sequence[CorpusSource], *, progress: Ticker, cancelled: Callable[[], bool]
) -> list[SoundSource]:
    """Return the sources that have a weight above 0, with their files inspected.

    Raises:
        CorpusError: a source is missing, unreadable or holds no text, or all weights are 0.
        Cancelled: ``cancelled()`` said so.
    """
    found = []
    for source in sources:
        if source.weight > 0:
            found.append(_find(source, progress, cancelled))
    if not found:
        raise CorpusError("every corpus has the weight 0: give one of them a weight above 0")
    return found


def _find(source: CorpusSource, progress: Ticker, cancelled: Callable[[], bool]) -> SoundSource:
    listed = list_files(
        source,
        cancelled=cancelled,
        on_progress=lambda done, total: progress("building the sample", done, total, "bytes"),
    )
    digests: list[str] = []
    stamps: list[tuple[int, int]] = []
    own_bytes = 0

    def note(path: Path, sha256: str, size_bytes: int) -> None:
        nonlocal own_bytes
        own_bytes += size_bytes
        digests.append(sha256)
        stamps.append(_stamp(path))

    sound = sound_files(
        source,
        listed,
        cancelled=cancelled,
        on_file=note,
        on_progress=lambda done, total: progress("looking at the files", done, total, "bytes"),
    )
    return SoundSource(
        source=source,
        files=sound.files,
        names=tuple(relative_to(source, path) for path in sound.originals),
        digests=tuple(digests),
        stamps=tuple(stamps),
        size_bytes=sum(size for size, _ in stamps),
        own_bytes=own_bytes,
        skipped=sound.skipped,
    )


def _stamp(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except OSError as error:
        raise CorpusError(f"{path} went away while it was read: try again") from error
    return stat.st_size, stat.st_mtime_ns
