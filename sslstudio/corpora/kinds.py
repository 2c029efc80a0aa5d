"""What a file is, by its name: packed or not, an archive or not, and which reader takes it.

Beside ``reading``. ``letters.csv.gz`` is a table in gzip, ``letters.tgz`` a tar archive in gzip.
Only names are looked at: whether a file is what its name says shows when it is read. Costs
nothing.
"""

from __future__ import annotations

import dataclasses
import functools
from pathlib import PurePath
from typing import Any

from sslstudio.registry import Entry, catalogue

_COMPRESSIONS = {
    ".gz": "gzip",
    ".gzip": "gzip",
    ".zst": "zstd",
    ".zstd": "zstd",
    ".bz2": "bzip2",
    ".xz": "xz",
    ".lzma": "xz",
}
_TARBALLS = {".tgz": "gzip", ".tzst": "zstd", ".tbz": "bzip2", ".tbz2": "bzip2", ".txz": "xz"}
_ARCHIVES = {".zip": "zip", ".tar": "tar"}
_MOST_COMPRESSIONS = 3


@dataclasses.dataclass(frozen=True, slots=True)
class Kind:
    """What a name says about a file.

    Attributes:
        compressions: "gzip", "zstd", "bzip2" or "xz", the outermost first.
        archive: "zip", "tar", or empty.
        suffix: of what is inside, lower case, with its dot; of an archive its own.
    """

    compressions: tuple[str, ...]
    archive: str
    suffix: str

    @property
    def is_packed(self) -> bool:
        """Whether the bytes of the file are not those of one text or document."""
        return bool(self.compressions or self.archive)

    @property
    def reader(self) -> Entry:
        """The reader for what is inside; plain text where the extension is unknown."""
        return catalogue("readers")[_reader_names().get(self.suffix, "text")]

    @property
    def is_known(self) -> bool:
        """Whether a folder's file of this kind is read; a name without extension is text."""
        return bool(self.archive) or not self.suffix or self.suffix in _reader_names()

    @property
    def is_direct(self) -> bool:
        """Whether the file is read where it lies, as long as it is UTF-8."""
        return not self.is_packed and bool(self.reader.facts.get("direct"))


def kind_of(name: str | PurePath) -> Kind:
    """Return what ``name``, a file name or a path, says about its file."""
    path = PurePath(name)
    compressions: list[str] = []
    while path.suffix.lower() in _COMPRESSIONS and len(compressions) < _MOST_COMPRESSIONS:
        compressions.append(_COMPRESSIONS[path.suffix.lower()])
        path = path.with_suffix("")
    suffix = path.suffix.lower()
    if suffix in _TARBALLS:
        return Kind((*compressions, _TARBALLS[suffix]), "tar", suffix)
    return Kind(tuple(compressions), _ARCHIVES.get(suffix, ""), suffix)


def readers_stamp(kind: Kind) -> list[Any]:
    """Return which readers, in which versions, decide what a file of ``kind`` gives."""
    readers = catalogue("readers").values() if kind.archive else [kind.reader]
    return sorted([entry.name, entry.facts.get("version", 1)] for entry in readers)


@functools.cache
def _reader_names() -> dict[str, str]:
    """Return which reader takes which extension."""
    entries = catalogue("readers").values()
    return {ext: entry.name for entry in entries for ext in entry.facts["extensions"]}
