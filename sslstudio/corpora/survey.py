"""The first pass over a corpus: which files, how many documents, and what decides their side.

Stands between reading and preparation. Every file is inspected and hashed, every document hashed
and measured once; nothing of the text is kept. Costs about 30 ms a megabyte, and 24 bytes of
memory a document. Knows nothing of tokens.
"""

from __future__ import annotations

import dataclasses
import hashlib
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sslstudio.corpora.document import Document
from sslstudio.corpora.reading import Skipped, documents_of, list_files, sound_files
from sslstudio.corpora.split import key_of
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
        digests: SHA-256 of each file.
        stamps: size and time of change of each file, to notice a change while we read.
        size_bytes: of all files.
        skipped: what lay beside them.
    """

    source: CorpusSource
    files: tuple[Path, ...]
    digests: tuple[str, ...]
    stamps: tuple[tuple[int, int], ...]
    size_bytes: int
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


@dataclasses.dataclass(frozen=True)
class Survey:
    """What the first pass found, one entry a document, in reading order.

    Attributes:
        sides, shares: the two numbers of each document's key, uint64.
        characters: length of each document, int64.
        counts: documents of each source.
        size_bytes: UTF-8 bytes of all text of each source.
        skipped: lines that were left out.
    """

    sides: NDArray[np.uint64]
    shares: NDArray[np.uint64]
    characters: NDArray[np.int64]
    counts: tuple[int, ...]
    size_bytes: tuple[int, ...]
    skipped: tuple[Skipped, ...]


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


def survey(
    sources: Sequence[SoundSource], *, progress: Ticker, cancelled: Callable[[], bool]
) -> Survey:
    """Read every document once.

    Raises:
        CorpusError: a source holds nothing but blank text, or changed meanwhile.
        Cancelled: ``cancelled()`` said so.
    """
    sides, shares, characters = array("Q"), array("Q"), array("q")
    counts, size_bytes, skipped = [], [], list[Skipped]()
    total = sum(source.size_bytes for source in sources)
    earlier = 0
    for source in sources:
        first, text_bytes = len(sides), 0
        for before, document in source.documents(cancelled, skipped.append):
            key = key_of(document.text)
            sides.append(key.side)
            shares.append(key.share)
            characters.append(len(document.text))
            text_bytes += utf8_length(document.text)
            progress("reading", earlier + before + document.offset, total, "bytes")
        if len(sides) == first:
            raise _blank(source, skipped)
        counts.append(len(sides) - first)
        size_bytes.append(text_bytes)
        earlier += source.size_bytes
    progress("reading", total, total, "bytes")
    return Survey(
        np.frombuffer(sides, dtype=np.uint64),
        np.frombuffer(shares, dtype=np.uint64),
        np.frombuffer(characters, dtype=np.int64),
        tuple(counts),
        tuple(size_bytes),
        tuple(skipped),
    )


def utf8_length(text: str) -> int:
    """Return how many bytes ``text`` has in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8"))


def _find(source: CorpusSource, progress: Ticker, cancelled: Callable[[], bool]) -> SoundSource:
    listed = list_files(
        source,
        cancelled=cancelled,
        on_progress=lambda done, total: progress("building the sample", done, total, "bytes"),
    )
    digests: list[str] = []
    stamps: list[tuple[int, int]] = []

    def note(path: Path, sha256: str, _size_bytes: int) -> None:
        digests.append(sha256)
        stamps.append(_stamp(path))

    sound = sound_files(source, listed, cancelled=cancelled, on_file=note)
    return SoundSource(
        source=source,
        files=sound.files,
        digests=tuple(digests),
        stamps=tuple(stamps),
        size_bytes=sum(size for size, _ in stamps),
        skipped=sound.skipped,
    )


def _stamp(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except OSError as error:
        raise CorpusError(f"{path} went away while it was read: try again") from error
    return stat.st_size, stat.st_mtime_ns


def _blank(source: SoundSource, skipped: list[Skipped]) -> CorpusError:
    own = {str(path) for path in source.files} | {source.source.path}
    reasons = [s.reason for s in skipped if s.path in own]
    if reasons:
        return CorpusError(f"{source.source.path} holds no text: {reasons[0]}")
    return CorpusError(f"{source.source.path} holds nothing but blank text: add some, or remove it")
