"""Is this file text? Its size, its SHA-256, and what is wrong with it, in one streaming pass.

Stands before the readers: a file is looked at whole before its first document is handed on, so
that a fault at its end cannot spoil what was already read. Of a file in another format, or in an
encoding that was named, only size and SHA-256 are taken. Costs about 5 ms a megabyte the first
time; of files from 1 MB on the answer is remembered by (path, size, time of change), in the
cache. Knows nothing of formats beyond UTF-8.
"""

from __future__ import annotations

import codecs
import dataclasses
import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path

from sslstudio.corpora.encodings import encoding_of_mark, no_text, not_utf8
from sslstudio.errors import Cancelled, CorpusError
from sslstudio.storage import UNREADABLE, cache_dir, write_atomically

_CHUNK_BYTES = 2**20
_REMEMBERED_BYTES = 2**20
_FRESH_SECONDS = 2.0


@dataclasses.dataclass(frozen=True)
class FileFacts:
    """What one pass over a file tells.

    Attributes:
        sha256: of its bytes, hexadecimal; empty when a fault ended the pass.
        size_bytes: of the file.
        fault: empty, or cause and remedy as the end of a sentence that begins with the path.
    """

    sha256: str
    size_bytes: int
    fault: str = ""


def _ignore(_read_bytes: int) -> None:
    """Nobody wants to know."""


def inspect_file(
    path: Path,
    cancelled: Callable[[], bool],
    *,
    is_text: bool = True,
    on_read: Callable[[int], None] = _ignore,
) -> FileFacts:
    """Return the facts of ``path``.

    Args:
        path: of a file.
        cancelled: asked once a megabyte.
        is_text: whether it has to be UTF-8.
        on_read: told once a megabyte how many bytes were read so far.

    Raises:
        CorpusError: it cannot be opened or read.
        Cancelled: ``cancelled()`` said so.
    """
    try:
        stat = path.stat()
        if stat.st_size < _REMEMBERED_BYTES:
            return _inspect(path, cancelled, is_text, on_read)
        memory = _remembered()
        key = f"{'' if is_text else 'raw:'}{path.resolve()}"
        stamp = [stat.st_size, stat.st_mtime_ns]
        known = memory.get(key)
        if known and known[:2] == stamp:
            return FileFacts(str(known[2]), stat.st_size, str(known[3]))
        facts = _inspect(path, cancelled, is_text, on_read)
    except OSError as error:
        raise CorpusError(unreadable(path, error)) from error
    # a file changed within the clock's grain could change again and keep its stamp
    if time.time() - stat.st_mtime > _FRESH_SECONDS:
        _remember(key, [*stamp, facts.sha256, facts.fault])
    return facts


def unreadable(path: Path, error: OSError) -> str:
    """Return the sentence for a file that the system does not let us read."""
    return f"{path} cannot be read: {error.strerror or error}; check the file and its permissions"


def quick_fault(path: Path, *, is_text: bool = True) -> str:
    """Return what the first 8 KB already tell, or an empty string; reads no further.

    Args:
        path: of a file.
        is_text: whether it has to be UTF-8, or what a byte-order mark says.
    """
    with path.open("rb") as file:
        head = file.read(8192)
    if not head:
        return "is empty: choose another file"
    place = head.find(b"\0") if is_text and _is_utf8_so_far(head) else -1
    return no_text(place) if place >= 0 else ""


def _is_utf8_so_far(head: bytes) -> bool:
    return encoding_of_mark(head)[0] in ("", "utf-8")


class _TextCheck:
    """Looks for what is no UTF-8 text, piece by piece."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._size_bytes = self._lines = 0

    def fault(self, chunk: bytes) -> str:
        """Return what is wrong with the next piece, or an empty string; b"" is the end."""
        if (place := chunk.find(b"\0")) >= 0:
            return no_text(self._size_bytes + place)
        waiting = len(self._decoder.getstate()[0])  # bytes of a character begun in the last piece
        try:
            self._decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            line = 1 + self._lines + chunk.count(b"\n", 0, max(0, error.start - waiting))
            return not_utf8(line, self._size_bytes - waiting + error.start)
        self._lines += chunk.count(b"\n")
        self._size_bytes += len(chunk)
        return ""


def _inspect(
    path: Path, cancelled: Callable[[], bool], is_text: bool, on_read: Callable[[int], None]
) -> FileFacts:
    digest, check = hashlib.sha256(), _TextCheck()
    size_bytes = 0
    with path.open("rb") as file:
        while True:
            if cancelled():
                raise Cancelled
            chunk = file.read(_CHUNK_BYTES)
            if is_text and (fault := check.fault(chunk)):
                return FileFacts("", path.stat().st_size, fault)
            if not chunk:
                return FileFacts(digest.hexdigest(), size_bytes)
            digest.update(chunk)
            size_bytes += len(chunk)
            on_read(size_bytes)


def _memory_path() -> Path:
    return cache_dir() / "prepared" / "files.json"


def _remembered() -> dict[str, list[int | str]]:
    try:
        content = json.loads(_memory_path().read_bytes())
    except UNREADABLE:
        return {}
    good = content if isinstance(content, dict) else {}
    return {k: v for k, v in good.items() if isinstance(v, list) and len(v) == 4}


def _remember(key: str, entry: list[int | str]) -> None:
    """Add one entry; of two processes that do so at once, the last wins and nothing is lost."""
    write_atomically(_memory_path(), json.dumps({**_remembered(), key: entry}))
