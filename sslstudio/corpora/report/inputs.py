"""The files that a report stands on, with what names its place in the cache.

First step of making a report: every source is listed and every file looked at whole and hashed, by
the same functions as the preparation's. Costs about 5 ms a megabyte the first time; files from
1 MB on are remembered.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from sslstudio.corpora.document import Document
from sslstudio.corpora.reading import Skipped, documents_of, list_files, sound_files
from sslstudio.corpora.report.request import Request
from sslstudio.corpora.samples.catalogue import PREFIX, SAMPLES
from sslstudio.errors import CorpusError
from sslstudio.recipe import CorpusSource
from sslstudio.storage import sha256_of

VERSION = 4  # of the report; a new one makes every report anew
Tell = Callable[[str, int, int, str], None]


@dataclasses.dataclass(frozen=True)
class Input:
    """One source, its files looked at.

    Attributes:
        source: as it was asked for.
        title: its name in the report, another one for each source.
        files, sizes, digests: of each sound file, in reading order.
        skipped: what is not read.
    """

    source: CorpusSource
    title: str
    files: tuple[Path, ...]
    sizes: tuple[int, ...]
    digests: tuple[str, ...]
    skipped: tuple[Skipped, ...]

    def documents(self, on_skip: Callable[[Skipped], None]) -> Iterator[tuple[int, Document]]:
        """Yield every document with the number of bytes of the files before its own."""
        before = 0
        for path, size in zip(self.files, self.sizes, strict=True):
            for document in documents_of(
                self.source, path, cancelled=lambda: False, on_skip=on_skip
            ):
                yield before, document
            before += size


def find_inputs(sources: Sequence[CorpusSource], tell: Tell) -> list[Input]:
    """Return the files of all ``sources``.

    Raises:
        CorpusError: a source is missing or cannot be read.
    """
    titles = _titles(sources)
    return [_find(source, title, tell) for source, title in zip(sources, titles, strict=True)]


def texts_of(path: str) -> Iterator[str]:
    """Yield the texts in a file of any format that is read.

    Raises:
        CorpusError: it is missing, cannot be read, or holds no text.
    """
    source = CorpusSource(path=path)
    (found,) = find_inputs([source], lambda *_: None)
    is_empty = True
    for _, document in found.documents(lambda _skipped: None):
        is_empty = False
        yield document.text
    if is_empty:
        raise CorpusError(f"{path} holds nothing but blank text: choose another file")


def cache_key(request: Request, inputs: Sequence[Input]) -> str:
    """Return what names a report: the content of all files and every setting."""
    beside = [path for path in (request.purpose, *request.evaluation_files) if path]
    named = {
        "version": VERSION,
        "request": request.to_json(),
        "files": [list(zip(map(str, i.files), i.digests, strict=True)) for i in inputs],
        "skipped": [[dataclasses.astuple(s) for s in i.skipped] for i in inputs],
        "beside": [_digest_of(path) for path in beside],
    }
    return hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()


def _digest_of(path: str) -> str:
    try:
        return sha256_of(Path(path))
    except OSError as error:
        raise CorpusError(
            f"{path} cannot be read: {error.strerror or error}; choose another file"
        ) from error


def _find(source: CorpusSource, title: str, tell: Tell) -> Input:
    listed = list_files(
        source, on_progress=lambda done, total: tell("building the sample", done, total, "bytes")
    )
    sizes: list[int] = []
    digests: list[str] = []

    def note(_path: Path, sha256: str, size_bytes: int) -> None:
        sizes.append(size_bytes)
        digests.append(sha256)
        tell("looking at the files", len(sizes), len(listed.files), "files")

    sound = sound_files(source, listed, cancelled=lambda: False, on_file=note)
    return Input(source, title, sound.files, tuple(sizes), tuple(digests), sound.skipped)


def _titles(sources: Sequence[CorpusSource]) -> list[str]:
    """Return a short name for each source; equal ones are numbered."""
    titles: list[str] = []
    for source in sources:
        name = _short_name(source.path)
        alike = sum(1 for title in titles if title == name or title.startswith(f"{name} ("))
        titles.append(f"{name} ({alike + 1})" if alike else name)
    return titles


def _short_name(path: str) -> str:
    """Return a sample's title, a name on the hub as it is, or the last part of a path."""
    sample = SAMPLES.get(path.removeprefix(PREFIX)) if path.startswith(PREFIX) else None
    bare = path.rstrip("/\\")
    if sample is not None:
        return sample.title
    return bare if ":" in bare[2:] else Path(bare).name or bare
