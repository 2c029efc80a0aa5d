"""Writing to disk so that a kill or a full disk never leaves a torn file under a final name.

Stands beside ``errors`` at the bottom: run folders, shards and samples are all written through
here. A file appears under its name only when it is complete and on the disk (temporary name,
fsync, rename, fsync of the folder: hazards no. 12); a folder counts only once its manifest does
(no. 13). Costs one fsync a file. Knows nothing of what the bytes mean.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import platformdirs

from sslstudio.errors import RunError, StorageError

MANIFEST = "manifest.json"
# what reading a damaged JSON file can raise; brackets without end are a RecursionError
UNREADABLE = (OSError, ValueError, RecursionError)
_TEMPORARY = ".tmp-"
_ASIDE = f"{_TEMPORARY}old-"
_STORAGE_ERRNOS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EFBIG: "the file would be larger than this system allows",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "permission is denied",
    errno.EPERM: "permission is denied",
}


def cache_dir() -> Path:
    """Return the folder for what can be rebuilt (``SSLSTUDIO_CACHE`` overrides it)."""
    return Path(os.environ.get("SSLSTUDIO_CACHE") or platformdirs.user_cache_dir("sslstudio"))


def data_dir() -> Path:
    """Return the folder for what the user made (``SSLSTUDIO_DATA`` overrides it)."""
    return Path(os.environ.get("SSLSTUDIO_DATA") or platformdirs.user_data_dir("sslstudio"))


@contextlib.contextmanager
def storage_guard(path: Path) -> Iterator[None]:
    """Turn what the system refuses into a :class:`StorageError` that names ``path``."""
    try:
        yield
    except OSError as error:
        reason = _STORAGE_ERRNOS.get(error.errno or 0)
        remedy = "choose a place elsewhere"
        if reason is None:  # a file where a folder should be, a name that is too long ...
            reason = error.strerror or str(error)
        else:
            remedy = f"free some space, or {remedy}"
        raise StorageError(f"cannot write {path}: {reason}; {remedy}") from error


def write_atomically(path: Path, data: bytes | str) -> None:
    """Write ``data`` to ``path`` so that readers see the old content or the new, never a part.

    Raises:
        StorageError: the disk is full, read-only, or not ours to write.
    """
    content = data.encode("utf-8") if isinstance(data, str) else data
    temporary = path.with_name(f"{_TEMPORARY}{path.name}-{os.getpid()}")
    with storage_guard(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def temporary_folder(final: Path) -> Path:
    """Create and return an empty folder beside ``final``, to be filled and then committed."""
    temporary = final.with_name(f"{_TEMPORARY}{final.name}-{os.getpid()}")
    with storage_guard(final):
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(parents=True)
    return temporary


def commit_folder(temporary: Path, final: Path) -> None:
    """Flush every file of ``temporary``, write its manifest last, and give it its final name.

    An existing ``final`` is replaced: it is moved aside first, and :func:`sweep_temporaries`
    moves it back where a kill fell between the two, so that one of them always stands whole.
    """
    with storage_guard(final):
        for file in temporary.iterdir():
            with file.open("r+b") as stream:  # Windows flushes only what may be written
                os.fsync(stream.fileno())
        write_manifest(temporary)
        aside = final.with_name(f"{_ASIDE}{final.name}-{os.getpid()}")
        if final.exists():
            final.rename(aside)
        temporary.rename(final)
        _sync_folder(final.parent)
        shutil.rmtree(aside, ignore_errors=True)


def write_manifest(folder: Path) -> None:
    """Record size and SHA-256 of every other file of ``folder`` in its ``manifest.json``."""
    files = {
        file.name: (file.stat().st_size, sha256_of(file))
        for file in sorted(folder.iterdir())
        if file.name != MANIFEST
    }
    write_atomically(folder / MANIFEST, _manifest_bytes(files))


def verify_manifest(folder: Path, required: Iterable[str] = ()) -> None:
    """Check every file of ``folder`` against its manifest, which must name those ``required``.

    The manifest itself is written in one way only, so that a changed byte shows even where it
    would mean the same.

    Raises:
        RunError: no manifest, or a file is missing, of another size, or has other content.
    """
    try:
        content = (folder / MANIFEST).read_bytes()
        files = json.loads(content)["files"]
        expected = {name: (int(f["size"]), str(f["sha256"])) for name, f in files.items()}
        is_sound = _manifest_bytes(expected) == content and expected.keys() >= set(required)
    except (*UNREADABLE, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise RunError(f"{folder} has no valid manifest; use an older checkpoint") from error
    if not is_sound:
        raise RunError(f"{folder} has no valid manifest; use an older checkpoint")
    for name, (size, digest) in expected.items():
        file = folder / name
        try:
            intact = file.is_file() and file.stat().st_size == size and sha256_of(file) == digest
        except (OSError, ValueError):  # a bad sector, a name that no system takes
            intact = False
        if not intact:
            raise RunError(f"{file} is damaged or incomplete; use an older checkpoint")


def remove_folder(folder: Path) -> None:
    """Remove ``folder`` so that a kill in the middle leaves no half of it under its name."""
    doomed = folder.with_name(f"{_TEMPORARY}gone-{folder.name}-{os.getpid()}")
    with contextlib.suppress(OSError):  # what cannot be removed is not worth ending a run for
        folder.rename(doomed)
    shutil.rmtree(doomed, ignore_errors=True)


def require_room(path: Path, size_bytes: int) -> None:
    """Raise a :class:`StorageError` where the disk of ``path`` has less than ``size_bytes`` left.

    A look beforehand, not a promise: others write too, and some quotas do not show.
    """
    with storage_guard(path):
        free = shutil.disk_usage(path).free
    if free < size_bytes:
        raise StorageError(
            f"cannot write {path}: a checkpoint takes {size_bytes / 1e6:,.1f} MB and the disk has "
            f"{free / 1e6:,.1f} MB left; free some space, or choose a place elsewhere"
        )


def _manifest_bytes(files: dict[str, tuple[int, str]]) -> bytes:
    """Return the one way to write down the sizes and sums of ``files``."""
    entries = {name: {"size": size, "sha256": digest} for name, (size, digest) in files.items()}
    return json.dumps({"schema": 1, "files": entries}, indent=1).encode("utf-8")


def sweep_temporaries(folder: Path) -> None:
    """Remove what a killed process left half written in ``folder`` (only its owner may call).

    What had been moved aside to be replaced, and was not, is moved back.
    """
    with storage_guard(folder):
        for leftover in sorted(folder.glob(f"{_TEMPORARY}*")):
            name = leftover.name.removeprefix(_ASIDE).rpartition("-")[0]
            if leftover.name.startswith(_ASIDE) and not (folder / name).exists():
                leftover.rename(folder / name)
            elif leftover.is_dir() and not leftover.is_symlink():
                shutil.rmtree(leftover, ignore_errors=True)
            else:
                leftover.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Flush the folder's own entry, where the system and its disk know how to."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # as some disks of a network say
            raise
    finally:
        os.close(descriptor)
