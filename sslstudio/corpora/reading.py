"""From the sources of a recipe to documents, streamed: which files, which reader, what was skipped.

Stands before everything that wants text: the overview, the preparation and the previews read
through here. A source is a file, a folder, a glob or ``sample:NAME``. What was named directly must
be readable or is an error; what merely lies in a folder or matches a glob is skipped with a
reason. Every file is looked at whole before its first document (``inspection``), so a document
that was handed on is never taken back. Costs two passes over the files; holds one document.

What one document is (``documents`` of a source):

* ``auto``: a record of JSON lines, otherwise the whole file. Where that leaves few documents, the
  split "auto" takes the tail of each, so that one big book is trained on from its beginning and
  validated on its end.
* ``file``, ``paragraph`` (blank lines), ``record`` (a line, or a JSON record); anything else is a
  separator of one's own.

No document is longer than 16 MB: a longer file is cut at blank lines, or lines, or words.
"""

from __future__ import annotations

import dataclasses
import functools
import glob
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from sslstudio.corpora.cutting import Cut
from sslstudio.corpora.document import Document
from sslstudio.corpora.inspection import inspect_file, quick_fault, unreadable
from sslstudio.errors import Cancelled, CorpusError
from sslstudio.recipe import CorpusSource
from sslstudio.registry import catalogue

SAMPLE_PREFIX = "sample:"
_SKIPPED_FOLDERS = frozenset({"__pycache__", "node_modules", "site-packages"})
Progress = Callable[[int, int], None]


@dataclasses.dataclass(frozen=True)
class Skipped:
    """A file, a folder or lines that are not read, with the reason."""

    path: str
    reason: str


@dataclasses.dataclass(frozen=True)
class FileList:
    """The files of one source.

    Attributes:
        files: in the order in which they are read.
        skipped: what lay among them and is not read.
        named_directly: whether the user named this one file.
    """

    files: tuple[Path, ...]
    skipped: tuple[Skipped, ...]
    named_directly: bool = False


def _never() -> bool:
    return False


def _silent(_done_bytes: int, _total_bytes: int) -> None:
    """Report to nobody."""


def list_files(
    source: CorpusSource,
    *,
    cancelled: Callable[[], bool] = _never,
    on_progress: Progress = _silent,
) -> FileList:
    """Return the files of ``source``; builds a sample that is not there yet.

    Args:
        source: of a recipe.
        cancelled: asked while a sample is built and while a folder is walked.
        on_progress: (done, total) in bytes while a sample is built.

    Raises:
        CorpusError: nothing is there, or nothing that can be read.
        Cancelled: ``cancelled()`` said so.
    """
    if source.path.startswith(SAMPLE_PREFIX):
        from sslstudio.corpora.samples.catalogue import sample_path

        return FileList((sample_path(source.path, cancelled, on_progress),), (), True)
    path = Path(source.path).expanduser()
    try:
        if path.is_dir():
            return _of_folder(path, cancelled)
        if path.exists():
            return _of_file(path)
    except OSError as error:
        raise CorpusError(unreadable(path, error)) from error
    if glob.has_magic(source.path):
        return _of_glob(str(path), cancelled)
    raise CorpusError(f"{path} does not exist: check the path, or choose the file again")


def read_documents(
    sources: Iterable[CorpusSource],
    *,
    cancelled: Callable[[], bool],
    on_skip: Callable[[Skipped], None],
) -> Iterator[Document]:
    """Yield the documents of ``sources`` in order, one at a time; blank ones are left out.

    Raises:
        CorpusError: a source is missing, holds no text, or was named directly and is broken.
        Cancelled: ``cancelled()`` said so.
    """
    for source in sources:
        listed = list_files(source, cancelled=cancelled)
        sound = sound_files(source, listed, cancelled=cancelled)
        for skipped in sound.skipped:
            on_skip(skipped)
        for path in sound.files:
            yield from documents_of(source, path, cancelled=cancelled, on_skip=on_skip)


def sound_files(
    source: CorpusSource,
    listed: FileList,
    *,
    cancelled: Callable[[], bool],
    on_file: Callable[[Path, str, int], None] = lambda _path, _sha256, _size: None,
) -> FileList:
    """Return ``listed`` without the files that are no UTF-8 text, after a pass over all of them.

    Args:
        source: names itself in errors.
        listed: what :func:`list_files` returned.
        cancelled: asked once a megabyte.
        on_file: told path, SHA-256 and size in bytes of each sound file, in order.

    Raises:
        CorpusError: the file that was named directly is broken, or none is sound.
        Cancelled: ``cancelled()`` said so.
    """
    files: list[Path] = []
    skipped = list(listed.skipped)
    for path in listed.files:
        facts = inspect_file(path, cancelled)
        if not facts.fault:
            files.append(path)
            on_file(path, facts.sha256, facts.size_bytes)
        elif listed.named_directly:
            raise CorpusError(f"{path} {facts.fault}")
        else:
            skipped.append(Skipped(str(path), facts.fault))
    if not files:
        raise _nothing_readable(source.path, skipped)
    return FileList(tuple(files), tuple(skipped), listed.named_directly)


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
    name = source.path if source.path.startswith(SAMPLE_PREFIX) else str(path)
    reader = reader_of(path)
    try:
        for document in reader.documents(
            path, cut, start=start, report=lambda reason: on_skip(Skipped(name, reason))
        ):
            if cancelled():
                raise Cancelled
            yield (
                document if name == document.source else dataclasses.replace(document, source=name)
            )
    except OSError as error:
        raise CorpusError(unreadable(path, error)) from error


def reader_of(path: Path) -> Any:
    """Return the reader for ``path``; plain text where its extension is unknown."""
    readers = catalogue("readers")
    kind = _kinds().get(path.suffix.lower(), "text")
    return readers[kind].cls()


@functools.cache
def _kinds() -> dict[str, str]:
    """Return which reader takes which extension."""
    entries = catalogue("readers").values()
    return {ext: entry.name for entry in entries for ext in entry.facts["extensions"]}


def _of_file(path: Path) -> FileList:
    if not path.is_file():
        raise CorpusError(f"{path} is not a file with text: choose a file or a folder")
    if fault := quick_fault(path):
        raise CorpusError(f"{path} {fault}")
    return FileList((path,), (), True)


def _of_folder(folder: Path, cancelled: Callable[[], bool]) -> FileList:
    files: list[Path] = []
    skipped: list[Skipped] = []
    for path in _walk(folder, skipped, cancelled):
        if path.suffix and path.suffix.lower() not in _kinds():
            reason = f"is of a kind that is not read ({path.suffix}): a glob reads it as plain text"
            skipped.append(Skipped(str(path), reason))
        else:
            _sort_out(path, files, skipped)
    if not files:
        raise _nothing_readable(str(folder), skipped)
    return FileList(tuple(files), tuple(skipped))


def _of_glob(pattern: str, cancelled: Callable[[], bool]) -> FileList:
    files: list[Path] = []
    skipped: list[Skipped] = []
    names = glob.iglob(pattern, recursive=True)  # noqa: PTH207 - Path.glob refuses "/a/*.txt"
    for name in sorted(names):
        if cancelled():
            raise Cancelled
        if Path(name).is_file():
            _sort_out(Path(name), files, skipped)
    if not files:
        raise _nothing_readable(pattern, skipped)
    return FileList(tuple(files), tuple(skipped))


def _walk(folder: Path, skipped: list[Skipped], cancelled: Callable[[], bool]) -> Iterator[Path]:
    """Yield the files below ``folder`` in the order of their paths; links are not followed."""

    def note(error: OSError) -> None:
        skipped.append(Skipped(str(error.filename), f"cannot be read: {error.strerror}"))

    for place, folders, names in os.walk(folder, onerror=note):
        if cancelled():
            raise Cancelled
        hidden = sorted(n for n in folders if n.startswith(".") or n in _SKIPPED_FOLDERS)
        reason = "is a hidden folder, or one for programs: name it directly to read it"
        skipped.extend(Skipped(str(Path(place, name)), reason) for name in hidden)
        folders[:] = sorted(set(folders) - set(hidden))
        yield from (Path(place, name) for name in sorted(names))


def _sort_out(path: Path, files: list[Path], skipped: list[Skipped]) -> None:
    """Append ``path`` to ``files``, or to ``skipped`` with what is plainly wrong with it."""
    try:
        if path.name.startswith("."):
            fault = "is a hidden file: name it directly to read it"
        elif not path.is_file():
            fault = "is not a regular file"
        else:
            fault = quick_fault(path)
    except OSError as error:
        fault = f"cannot be read: {error.strerror}"
    if fault:
        skipped.append(Skipped(str(path), fault))
    else:
        files.append(path)


def _nothing_readable(path: str, skipped: list[Skipped]) -> CorpusError:
    if not skipped:
        return CorpusError(f"{path} holds no files: choose a folder with text files")
    first = skipped[0]
    what = "the only one" if len(skipped) == 1 else f"of {len(skipped)} entries the first,"
    return CorpusError(
        f"{path} holds no text that can be read; {what} {Path(first.path).name}, {first.reason}"
    )
