"""Is this file text? Its size, its SHA-256, and what is wrong with it, in one streaming pass.

Stands before the readers: a file is looked at whole before its first document is handed on, so
that a fault at its end cannot spoil what was already read. Costs about 5 ms a megabyte the first
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

from sslstudio.errors import Cancelled, CorpusError
from sslstudio.storage import UNREADABLE, cache_dir, write_atomically

_CHUNK_BYTES = 2**20
_REMEMBERED_BYTES = 2**20
_FRESH_SECONDS = 2.0
_OTHER_UNICODE = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}


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


def inspect_file(path: Path, cancelled: Callable[[], bool]) -> FileFacts:
    """Return the facts of ``path``.

    Raises:
        CorpusError: it cannot be opened or read.
        Cancelled: ``cancelled()`` said so.
    """
    try:
        stat = path.stat()
        if stat.st_size < _REMEMBERED_BYTES:
            return _inspect(path, cancelled)
        memory = _remembered()
        key, stamp = str(path.resolve()), [stat.st_size, stat.st_mtime_ns]
        known = memory.get(key)
        if known and known[:2] == stamp:
            return FileFacts(str(known[2]), stat.st_size, str(known[3]))
        facts = _inspect(path, cancelled)
    except OSError as error:
        raise CorpusError(unreadable(path, error)) from error
    # a file changed within the clock's grain could change again and keep its stamp
    if time.time() - stat.st_mtime > _FRESH_SECONDS:
        _remember(key, [*stamp, facts.sha256, facts.fault])
    return facts


def unreadable(path: Path, error: OSError) -> str:
    """Return the sentence for a file that the system does not let us read."""
    return f"{path} cannot be read: {error.strerror or error}; check the file and its permissions"


def quick_fault(path: Path) -> str:
    """Return what the first 8 KB already tell, or an empty string; reads no further."""
    with path.open("rb") as file:
        head = file.read(8192)
    if not head:
        return "is empty: choose another file"
    return _fault_of_head(head)


def _fault_of_head(head: bytes) -> str:
    for mark, name in _OTHER_UNICODE.items():
        if head.startswith(mark):
            return f"is {name}: save it as UTF-8 and add it again"
    place = head.find(b"\0")
    return _binary(place) if place >= 0 else ""


def _binary(place: int) -> str:
    return f"is not text (a NUL byte at byte {place}): choose a text file"


def _inspect(path: Path, cancelled: Callable[[], bool]) -> FileFacts:
    digest, decoder = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    size_bytes = lines = 0
    with path.open("rb") as file:
        while True:
            if cancelled():
                raise Cancelled
            chunk = file.read(_CHUNK_BYTES)
            fault = _fault_of_head(chunk) if size_bytes == 0 else ""
            if not fault and (place := chunk.find(b"\0")) >= 0:
                fault = _binary(size_bytes + place)
            waiting = len(decoder.getstate()[0])  # bytes of a character begun in the last chunk
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                offset = size_bytes - waiting + error.start
                line = 1 + lines + chunk.count(b"\n", 0, max(0, error.start - waiting))
                fault = fault or (
                    f"is not UTF-8 at line {line}, byte {offset}: save it as UTF-8 and add it again"
                )
            if fault:
                return FileFacts("", path.stat().st_size, fault)
            if not chunk:
                return FileFacts(digest.hexdigest(), size_bytes)
            digest.update(chunk)
            lines += chunk.count(b"\n")
            size_bytes += len(chunk)


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
