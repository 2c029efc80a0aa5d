"""Which files a source has: a file, a folder, a glob, a sample, a dataset folder, or a hub name.

First station of ``reading``. Only names and the first bytes are looked at. What was named directly
must be readable or is an error; what merely lies in a folder or matches a glob is skipped with a
reason; what ``include`` and ``exclude`` leave out is not mentioned. Costs a walk, and one open a
file.
"""

from __future__ import annotations

import dataclasses
import glob
import os
from collections.abc import Callable, Iterator
from pathlib import Path

from sslstudio.corpora.dataset_folder import dataset_files
from sslstudio.corpora.encodings import is_utf8
from sslstudio.corpora.inspection import quick_fault, unreadable
from sslstudio.corpora.kinds import kind_of
from sslstudio.corpora.patterns import fits_any, is_wanted
from sslstudio.errors import Cancelled, CorpusError
from sslstudio.recipe import CorpusSource

SAMPLE_PREFIX = "sample:"
HUB_PREFIX = "hub:"
_SKIPPED_FOLDERS = frozenset({"__pycache__", "node_modules", "site-packages", "__MACOSX"})
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
        files: in the order in which they are read. Sound ones may lie in the cache, where what
            was taken in from a file of the user's is kept.
        skipped: what lay among them and is not read.
        named_directly: whether the user named this one file.
        originals: of sound files, the user's own, one for one.
    """

    files: tuple[Path, ...]
    skipped: tuple[Skipped, ...]
    named_directly: bool = False
    originals: tuple[Path, ...] = ()


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
    """Return the files of ``source``; builds a sample or takes in a hub set that is not there yet.

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
    if source.path.startswith(HUB_PREFIX):
        from sslstudio.corpora.taking_in.hub import hub_file

        return FileList((hub_file(source, cancelled, on_progress),), (), True)
    path = Path(source.path).expanduser()
    try:
        if path.is_dir():
            return _of_folder(source, path, cancelled)
        if path.exists():
            return _of_file(source, path)
    except OSError as error:
        raise CorpusError(unreadable(path, error)) from error
    if glob.has_magic(source.path):
        return _of_glob(source, str(path), cancelled)
    raise CorpusError(f"{path} does not exist: check the path, or choose the file again")


def relative_to(source: CorpusSource, path: Path) -> str:
    """Return the path of a file below its source, with slashes; empty where it is the source."""
    root = Path(source.path).expanduser()
    if root == path:
        return ""
    if not root.is_dir() and glob.has_magic(source.path):
        root = Path(*_until_magic(root.parts))
    try:
        return path.relative_to(root).as_posix()
    except ValueError:
        return path.name


def nothing_readable(path: str, skipped: list[Skipped]) -> CorpusError:
    """Return the error for a source of which everything, ``skipped``, cannot be read."""
    if not skipped:
        return CorpusError(f"{path} holds no files: choose a folder with text files")
    first = skipped[0]
    what = "the only one" if len(skipped) == 1 else f"of {len(skipped)} entries the first,"
    return CorpusError(
        f"{path} holds no text that can be read; {what} {Path(first.path).name}, {first.reason}"
    )


def _of_file(source: CorpusSource, path: Path) -> FileList:
    if not path.is_file():
        raise CorpusError(f"{path} is not a file with text: choose a file or a folder")
    if fault := _quick_fault(source, path):
        raise CorpusError(f"{path} {fault}")
    return FileList((path,), (), True)


def _of_folder(source: CorpusSource, folder: Path, cancelled: Callable[[], bool]) -> FileList:
    files: list[Path] = []
    skipped: list[Skipped] = []
    unwanted = 0
    if found := dataset_files(folder, source):
        skipped.extend(Skipped(str(path), reason) for path, reason in found.left_out)
        paths: Iterator[Path] = iter(found.files)
    else:
        paths = _walk(folder, skipped, cancelled)
    for path in paths:
        relative = path.relative_to(folder).as_posix()
        kind = kind_of(path.name)
        if not is_wanted(source, relative, is_container=bool(kind.archive)):
            unwanted += 1
        elif not kind.is_known and not fits_any(source.include, relative):
            reason = f"is of a kind that is not read ({path.suffix}): name it in include to read it"
            skipped.append(Skipped(str(path), reason))
        else:
            _sort_out(source, path, files, skipped)
    if not files:
        raise _none_left(str(folder), skipped, unwanted)
    return FileList(tuple(files), tuple(skipped))


def _of_glob(source: CorpusSource, pattern: str, cancelled: Callable[[], bool]) -> FileList:
    files: list[Path] = []
    skipped: list[Skipped] = []
    unwanted = 0
    names = glob.iglob(pattern, recursive=True)  # noqa: PTH207 - Path.glob refuses "/a/*.txt"
    for name in sorted(names):
        if cancelled():
            raise Cancelled
        path = Path(name)
        if not path.is_file():
            continue
        is_archive = bool(kind_of(path.name).archive)
        if is_wanted(source, relative_to(source, path), is_container=is_archive):
            _sort_out(source, path, files, skipped)
        else:
            unwanted += 1
    if not files:
        raise _none_left(pattern, skipped, unwanted)
    return FileList(tuple(files), tuple(skipped))


def _none_left(path: str, skipped: list[Skipped], unwanted: int) -> CorpusError:
    if unwanted and not skipped:
        return CorpusError(
            f"{path} holds no file that include and exclude let through: change the patterns"
        )
    return nothing_readable(path, skipped)


def _until_magic(parts: tuple[str, ...]) -> Iterator[str]:
    for part in parts:
        if glob.has_magic(part):
            return
        yield part


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


def _sort_out(source: CorpusSource, path: Path, files: list[Path], skipped: list[Skipped]) -> None:
    """Append ``path`` to ``files``, or to ``skipped`` with what is plainly wrong with it."""
    try:
        if path.name.startswith("."):
            fault = "is a hidden file: name it directly to read it"
        elif not path.is_file():
            fault = "is not a regular file"
        else:
            fault = _quick_fault(source, path)
    except OSError as error:
        fault = f"cannot be read: {error.strerror}"
    if fault:
        skipped.append(Skipped(str(path), fault))
    else:
        files.append(path)


def _quick_fault(source: CorpusSource, path: Path) -> str:
    is_plain = kind_of(path.name).is_direct and is_utf8(source.encoding)
    return quick_fault(path, is_text=is_plain)
