"""What was taken in already: files of JSON lines in the cache, each with its facts beside it.

Between the child that writes them and ``reading``. A pair ``KEY-NAME.taken`` and ``.json`` stands
for one file of the user's; KEY is the digest of its content and of everything that shapes what is
read from it, NAME of its path, for documents say where they come from. The facts are written last
and hold size and SHA-256 of the lines, so a pair that is torn counts as absent, and so nothing
here needs to be flushed to the disk. The same file under another name costs a link. Pairs that
nobody has used for a month go, and the oldest ones where all of them take more than 50 GB. Costs
a look at two files and, up to 32 MB, a digest. Knows no formats.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import os
import shutil
import time
from pathlib import Path
from typing import Any

from sslstudio.errors import CorpusError
from sslstudio.storage import UNREADABLE, cache_dir, sha256_of, storage_guard

SUFFIX = ".taken"
_FORMAT = 1
_HASHED_BYTES = 32 * 2**20
_KEPT_DAYS = 30.0
_KEPT_BYTES = 50 * 10**9
_IN_USE_DAYS = 1.0
_DAY_S = 86_400.0


@dataclasses.dataclass(frozen=True)
class Wanted:
    """A file that is to be taken in, with what shapes its documents.

    Attributes:
        path: of the file on disk.
        sha256: of its bytes.
        size_bytes: of the file.
        name: what a person calls it; documents and reasons begin with it.
        readers: names and versions of the readers that may be asked.
        layers: how it is packed, and the extension of what is inside.
        column, encoding: of the source; the encoding as Python calls it.
        include, exclude: of the source, where this is an archive.
        relative: the path of an archive below the source, which those patterns are asked about.
    """

    path: Path
    sha256: str
    size_bytes: int
    name: str
    readers: list[Any]
    layers: list[str]
    column: str = "auto"
    encoding: str = "auto"
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    relative: str = ""

    @property
    def key(self) -> str:
        """The digest of everything that decides what is taken in, save where the file lies."""
        decisive = dataclasses.asdict(self)
        for field in ("path", "name", "size_bytes"):
            del decisive[field]
        return _digest(json.dumps({"format": _FORMAT, **decisive}, sort_keys=True))[:32]

    @property
    def target(self) -> Path:
        """Where its lines lie, or will."""
        return folder() / f"{self.key}-{_digest(self.name)[:8]}{SUFFIX}"


@dataclasses.dataclass(frozen=True)
class TakenIn:
    """What taking a file in gave.

    Attributes:
        name: what a person calls the file.
        key: of :class:`Wanted`.
        sha256: of the lines.
        size_bytes: of the lines.
        records: how many there are.
        automatic: what ``documents = "auto"`` means: "file", "record", or "auto" where files of
            both kinds lie in one archive.
        skipped: names and reasons of what was left out.
        fault: why nothing was taken in, as the end of a sentence; or empty.
    """

    name: str
    key: str
    sha256: str = ""
    size_bytes: int = 0
    records: int = 0
    automatic: str = "file"
    skipped: tuple[tuple[str, str], ...] = ()
    fault: str = ""


def folder() -> Path:
    """Return where taken-in files lie."""
    return cache_dir() / "taken_in"


def is_taken_in(path: Path) -> bool:
    """Return whether ``path`` is a file of lines that was taken in."""
    return path.suffix == SUFFIX and path.parent == folder()


def find(wanted: Wanted) -> TakenIn | None:
    """Return what is known of ``wanted``, or None; notes that it was used."""
    target = wanted.target
    found = _sound(target)
    if found is None:
        found = _linked(wanted)
    if found is not None:
        with contextlib.suppress(OSError):
            os.utime(_facts_path(target))
    return found


def facts_of(path: Path) -> TakenIn:
    """Return the facts of the lines in ``path``.

    Raises:
        CorpusError: they were swept, or cannot be read.
    """
    found = _read_facts(path)
    if found is None:
        raise CorpusError(
            f"{path} is gone, where a text was taken in: open the text again to take it in anew"
        )
    return found


def keep(wanted: Wanted, written: Path, facts: TakenIn) -> TakenIn:
    """Give the lines in ``written`` their name, and note ``facts``, which are returned.

    A fault has no lines: it is noted so that the file is not tried again.

    Raises:
        StorageError: the disk is full or may not be written.
    """
    target = wanted.target
    with storage_guard(target):
        if not facts.fault:
            written.replace(target)
        _write_facts(target, facts)
    return facts


def temporary(wanted: Wanted) -> Path:
    """Return where a child of this process may write the lines of ``wanted``.

    Raises:
        StorageError: the cache cannot be written.
    """
    target = wanted.target
    with storage_guard(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    return target.with_name(f".tmp-{target.name}-{os.getpid()}")


def sweep(kept_days: float = _KEPT_DAYS, kept_bytes: int = _KEPT_BYTES) -> None:
    """Remove what nobody has used for long, or too much of it; never what was used today."""
    now = time.time()
    entries = []
    with contextlib.suppress(OSError):
        for path in folder().iterdir():
            with contextlib.suppress(OSError):
                facts = _facts_path(path) if path.suffix == SUFFIX else path
                last_used = facts.stat().st_mtime if facts.exists() else path.stat().st_mtime
                entries.append(((now - last_used) / _DAY_S, path.stat().st_size, path))
    total_bytes = 0
    for age_days, size_bytes, path in sorted(entries):
        total_bytes += size_bytes
        if age_days > kept_days or (total_bytes > kept_bytes and age_days > _IN_USE_DAYS):
            with contextlib.suppress(OSError):
                path.unlink()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _facts_path(target: Path) -> Path:
    return target.with_suffix(".json")


def _sound(target: Path) -> TakenIn | None:
    """Return the facts of ``target`` where its lines are as they say."""
    facts = _read_facts(target)
    if facts is None or facts.fault:
        return facts
    try:
        if target.stat().st_size != facts.size_bytes:
            return None
        is_small = facts.size_bytes <= _HASHED_BYTES
        return facts if not is_small or sha256_of(target) == facts.sha256 else None
    except OSError:
        return None


def _read_facts(target: Path) -> TakenIn | None:
    try:
        content = json.loads(_facts_path(target).read_bytes())
        content["skipped"] = tuple((str(n), str(r)) for n, r in content["skipped"])
        return TakenIn(**content)
    except (*UNREADABLE, KeyError, TypeError):
        return None


def _write_facts(target: Path, facts: TakenIn) -> None:
    path = _facts_path(target)
    draft = path.with_name(f".tmp-{path.name}-{os.getpid()}")
    draft.write_text(json.dumps(dataclasses.asdict(facts)), encoding="utf-8")
    draft.replace(path)


def _linked(wanted: Wanted) -> TakenIn | None:
    """Return the facts of the same content under another name, after linking to it."""
    target = wanted.target
    for other in sorted(folder().glob(f"{wanted.key}-*.json")):
        found = _sound(other.with_suffix(SUFFIX))
        if found is None:
            continue
        renamed = tuple((_renamed(n, found.name, wanted.name), r) for n, r in found.skipped)
        facts = dataclasses.replace(found, name=wanted.name, skipped=renamed)
        with contextlib.suppress(OSError):
            if not facts.fault:
                target.unlink(missing_ok=True)
                _link_or_copy(other.with_suffix(SUFFIX), target)
            _write_facts(target, facts)
            return facts
    return None


def _renamed(text: str, old: str, new: str) -> str:
    return new + text[len(old) :] if text.startswith(old) else text


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except OSError:  # a disk that knows no links
        shutil.copyfile(source, target)
