"""The files inside a zip or tar archive, one after the other, also of archives in archives.

Between ``input_file`` and the readers; runs in the child that takes files in. Nothing is ever
extracted to disk: members are unpacked in memory while they are read, small ones whole, others
forward only. Links, devices, encrypted members, names that lead out of the archive and names that
come twice are left out, each with its reason. Costs what unpacking costs; a zip file inside
another archive is held in memory. Knows no formats.
"""

from __future__ import annotations

import dataclasses
import io
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import BinaryIO

from sslstudio.corpora.document import well_formed
from sslstudio.corpora.input_file import StreamFile
from sslstudio.corpora.kinds import Kind, kind_of
from sslstudio.corpora.unpacking import BROKEN, Budget, TooLarge, damaged, metered
from sslstudio.errors import CorpusError

MOST_DEPTH = 3
MOST_MEMBERS = 1_000_000
_KEPT_BYTES = 32 * 2**20
_NAME_CHARACTERS = 200
HIDDEN = frozenset({"__pycache__", "node_modules", "site-packages", "__MACOSX"})


@dataclasses.dataclass(frozen=True, slots=True)
class LeftOut:
    """Something in an archive that is not read.

    Attributes:
        name: what a person calls it: ``a.zip!letters/b.docx``.
        reason: the end of a sentence that begins with the name.
    """

    name: str
    reason: str


@dataclasses.dataclass(frozen=True)
class Walk:
    """How an archive is gone through.

    Attributes:
        budget: pays for everything that is unpacked.
        encoding: of the source.
        is_wanted: asked of every member: its path from the top of the source, and whether it is an
            archive itself.
        is_named: whether a path is asked for by name, so that it is read whatever its extension.
    """

    budget: Budget
    encoding: str = "auto"
    is_wanted: Callable[[str, bool], bool] = lambda _relative, _is_archive: True
    is_named: Callable[[str], bool] = lambda _relative: False


def members(
    archive: StreamFile, kind: Kind, walk: Walk, *, relative: str = "", depth: int = 1
) -> Iterator[StreamFile | LeftOut]:
    """Yield what is in ``archive``; every file must be read before the next is asked for.

    Args:
        archive: the archive as a file; its compressions are undone by itself.
        kind: says whether it is zip or tar.
        walk: how.
        relative: its path from the top of the source; empty where it is the source.
        depth: 1 for an archive on disk, 2 for one inside that, and so on.

    Raises:
        CorpusError: it is no such archive, or is damaged from some place on.
        TooLarge: it unpacks to more than it may.
    """
    seen: set[str] = set()
    entries = _zip_entries if kind.archive == "zip" else _tar_entries
    for number, entry in enumerate(entries(archive, walk)):
        if number >= MOST_MEMBERS:
            yield LeftOut(archive.name, f"has more than {MOST_MEMBERS:,} members: split it")
            return
        path = _plain(entry.name)
        name = f"{archive.name}!{shown_name(path)}"
        below = f"{relative}/{path}" if relative else path
        fault = entry.fault or _fault_of_name(path) or _fault_of_repetition(path, seen)
        member_kind = kind_of(PurePosixPath(path).name)
        if not walk.is_wanted(below, bool(member_kind.archive)):
            continue
        if not fault and not member_kind.is_known and not walk.is_named(below):
            fault = f"is of a kind that is not read ({shown_name(member_kind.suffix)})"
        if fault:
            yield LeftOut(name, fault)
        else:
            yield from _opened(entry, name, member_kind, walk, below, depth)


@dataclasses.dataclass(frozen=True)
class _Entry:
    """One file of an archive, before its name was looked at.

    Attributes:
        name: as the archive has it.
        fault: why it cannot be read, or empty.
        open: opens its bytes.
    """

    name: str
    fault: str
    open: Callable[[], BinaryIO]


def _opened(
    entry: _Entry, name: str, kind: Kind, walk: Walk, relative: str, depth: int
) -> Iterator[StreamFile | LeftOut]:
    file = StreamFile(
        name,
        kind.suffix,
        entry.open,
        compressions=kind.compressions,
        budget=walk.budget,
        encoding=walk.encoding,
    )
    if not kind.archive:
        yield file
    elif depth >= MOST_DEPTH:
        yield LeftOut(name, f"is an archive inside {MOST_DEPTH} others: unpack the outer ones")
    else:
        try:
            yield from members(file, kind, walk, relative=relative, depth=depth + 1)
        except TooLarge:
            raise
        except CorpusError as error:
            yield LeftOut(name, str(error))


def _plain(name: str) -> str:
    name = well_formed(name).replace("\\", "/")
    while name.startswith("./"):
        name = name[2:]
    return name


def shown_name(name: str) -> str:
    """Return ``name`` on one line, not endless, and without what a screen would obey."""
    clean = "".join(c if c.isprintable() else "�" for c in name)
    return clean if len(clean) <= _NAME_CHARACTERS else "…" + clean[1 - _NAME_CHARACTERS :]


def _fault_of_name(path: str) -> str:
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or ":" in parts[0]:
        return "has a name that leads out of the archive: it may be hostile, and is not read"
    if any(part.startswith(".") or part in HIDDEN for part in parts):
        return "is hidden, or made by programs for themselves"
    return ""


def _fault_of_repetition(path: str, seen: set[str]) -> str:
    if path in seen:
        return "comes more than once in the archive: the first is read"
    seen.add(path)
    return ""


# -- zip ------------------------------------------------------------------------------------


def _zip_entries(archive: StreamFile, walk: Walk) -> Iterator[_Entry]:
    with archive.open_seekable() as file:
        try:
            zipped = zipfile.ZipFile(file)
        except BROKEN as error:
            raise CorpusError(damaged("a zip archive", error)) from error
        with zipped:
            for info in zipped.infolist():
                if not info.is_dir():
                    yield _zip_entry(zipped, info, walk.budget)


def _zip_entry(zipped: zipfile.ZipFile, info: zipfile.ZipInfo, budget: Budget) -> _Entry:
    mode = info.external_attr >> 16 if info.create_system == 3 else 0
    fault = ""
    if info.flag_bits & 0x1:
        fault = "is encrypted: unpack the archive with its password and add what comes out"
    elif stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        fault = "is a link or a device, which is not followed"

    def open_member() -> BinaryIO:
        try:
            return metered(zipped.open(info), budget, "a member of a zip archive")  # type: ignore[arg-type]
        except BROKEN as error:
            raise CorpusError(damaged("a member of a zip archive", error)) from error

    return _Entry(info.filename, fault, open_member)


# -- tar ------------------------------------------------------------------------------------


def _tar_entries(archive: StreamFile, walk: Walk) -> Iterator[_Entry]:
    with archive.open() as file:
        try:
            with tarfile.open(fileobj=file, mode="r|", errors="surrogateescape") as tar:
                for info in tar:
                    tar.members = []  # type: ignore[attr-defined]  # it would keep them all
                    if not info.isdir():
                        yield _tar_entry(tar, info, walk.budget)
        except BROKEN as error:
            raise CorpusError(damaged("a tar archive", error)) from error


def _tar_entry(tar: tarfile.TarFile, info: tarfile.TarInfo, budget: Budget) -> _Entry:
    if not info.isreg() or info.issparse():
        return _Entry(info.name, "is a link or a device, which is not followed", io.BytesIO)
    opened = False
    kept: bytes | None = None

    def open_member() -> BinaryIO:
        nonlocal opened, kept
        if kept is not None:
            return io.BytesIO(kept)
        if opened:
            raise CorpusError("is too large to be read twice inside a tar archive: unpack it")
        opened = True
        source = tar.extractfile(info)
        assert source is not None
        stream = metered(source, budget, "a member of a tar archive")  # type: ignore[arg-type]
        if info.size > _KEPT_BYTES:
            return stream
        with stream:
            kept = stream.read()
        return io.BytesIO(kept)

    return _Entry(info.name, "", open_member)
