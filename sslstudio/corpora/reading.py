"""From the sources of a recipe to documents, streamed: which files, which reader, what was skipped.

Stands before everything that wants text: the overview, the preparation and the previews read
through here. A source is a file, a folder, a glob, an archive, ``sample:NAME`` or ``hub:NAME``.
What was named directly must be readable or is an error; what merely lies in a folder or matches a
glob is skipped with a reason. Every file is looked at whole before its first document
(``inspection``), so a document that was handed on is never taken back; what is not plain UTF-8
text is taken in once, by a child process into the cache (``taking_in``), and read from there.
Costs two passes over the files; holds one document.

What one document is (``documents`` of a source):

* ``auto``: a record of a table, of JSON or of mail, otherwise the whole file. Where that leaves few
  documents, the split "auto" takes the tail of each, so that one big book is trained on from its
  beginning and validated on its end.
* ``file``, ``paragraph`` (blank lines), ``record`` (a line of text, or what the format calls a
  record: a row, a message, a chapter); anything else is a separator of one's own.

No document is longer than 16 MB: a longer file is cut at blank lines, or lines, or words.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from sslstudio.corpora.cutting import Cut
from sslstudio.corpora.document import Document
from sslstudio.corpora.inspection import unreadable
from sslstudio.corpora.kinds import kind_of
from sslstudio.corpora.listing import (
    SAMPLE_PREFIX,
    FileList,
    Progress,
    Skipped,
    _silent,
    list_files,
)
from sslstudio.corpora.reader import ReadOptions
from sslstudio.corpora.sounding import sound_files
from sslstudio.corpora.taking_in.cache import is_taken_in
from sslstudio.errors import Cancelled, CorpusError
from sslstudio.recipe import CorpusSource

__all__ = [
    "FileList",
    "Skipped",
    "documents_of",
    "list_files",
    "read_documents",
    "reader_of",
    "shape_of",
    "sound_files",
]


def read_documents(
    sources: Iterable[CorpusSource],
    *,
    cancelled: Callable[[], bool],
    on_skip: Callable[[Skipped], None],
    on_progress: Progress = _silent,
) -> Iterator[Document]:
    """Yield the documents of ``sources`` in order, one at a time; blank ones are left out.

    Args:
        sources: of a recipe.
        cancelled: asked several times a second.
        on_skip: told what is not read.
        on_progress: (done, total) in bytes while the files of a source are looked at and taken in,
            which comes before its first document.

    Raises:
        CorpusError: a source is missing, holds no text, or was named directly and is broken.
        Cancelled: ``cancelled()`` said so.
    """
    for source in sources:
        listed = list_files(source, cancelled=cancelled)
        sound = sound_files(source, listed, cancelled=cancelled, on_progress=on_progress)
        for skipped in sound.skipped:
            on_skip(skipped)
        for path in sound.files:
            yield from documents_of(source, path, cancelled=cancelled, on_skip=on_skip)


def documents_of(
    source: CorpusSource,
    path: Path,
    *,
    start: int = 0,
    cancelled: Callable[[], bool],
    on_skip: Callable[[Skipped], None],
) -> Iterator[Document]:
    """Yield the documents of one sound file of ``source`` from byte ``start`` on.

    Raises:
        CorpusError: the file went away, or changed while it was read.
        Cancelled: ``cancelled()`` said so.
    """
    cut = Cut.of(source.documents)
    is_sample = source.path.startswith(SAMPLE_PREFIX)
    name = source.path if is_sample else str(path)
    reader = reader_of(path)
    try:
        for document in reader.documents(
            path,
            cut,
            start=start,
            options=ReadOptions(column=source.column),
            report=lambda reason: on_skip(Skipped(name, reason)),
        ):
            if cancelled():
                raise Cancelled
            yield dataclasses.replace(document, source=name) if is_sample else document
    except OSError as error:
        raise CorpusError(unreadable(path, error)) from error


def reader_of(path: Path) -> Any:
    """Return the reader for ``path``, a sound file; plain text where its extension is unknown."""
    if is_taken_in(path):
        from sslstudio.corpora.taking_in.documents import TakenInReader

        return TakenInReader(path)
    return kind_of(path.name).reader.cls()


def shape_of(source: CorpusSource, path: Path) -> str:
    """Return what beside the bytes of a sound file decides its records, for keys of caches.

    The reader with its version, and what was chosen for the source; not how records are cut into
    documents (``source.documents``), nor where the file lies.
    """
    if is_taken_in(path):
        from sslstudio.corpora.taking_in.cache import facts_of

        return facts_of(path).key
    entry = kind_of(path.name).reader
    column = source.column if entry.facts.get("columns") else "auto"
    return json.dumps([entry.name, entry.facts.get("version", 1), column])
