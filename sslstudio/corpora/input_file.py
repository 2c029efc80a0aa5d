"""The bytes of one file for a reader, wherever they lie: on disk, compressed, in an archive.

Implements :class:`sslstudio.corpora.reader.InputFile`. A file on disk is read there; of a
compressed one only a buffer is unpacked at a time, unless a reader needs to jump about in it: then
it is held in memory, up to 256 MB. Every byte is paid from the budget of the user's file. Costs
nothing beside the reading. Knows no formats.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from sslstudio.corpora.encodings import utf8_stream
from sslstudio.corpora.kinds import Kind
from sslstudio.corpora.unpacking import Budget, metered, unpacked
from sslstudio.errors import CorpusError

HELD_BYTES = 256 * 2**20


class StreamFile:
    """Bytes that can only be read forward: a member of an archive, or what a decompressor gives.

    Args:
        name: what a person calls it.
        suffix: of what is inside, with its dot.
        open_packed: opens the bytes as they lie, paid from the budget.
        compressions: what to unpack them from, the outermost first.
        budget: pays for what is unpacked.
        encoding: of the source.
    """

    def __init__(
        self,
        name: str,
        suffix: str,
        open_packed: Callable[[], BinaryIO],
        *,
        compressions: tuple[str, ...] = (),
        budget: Budget,
        encoding: str = "auto",
    ) -> None:
        self.name = name
        self.suffix = suffix
        self._open_packed = open_packed
        self._compressions = compressions
        self._budget = budget
        self.encoding = encoding

    def open(self) -> BinaryIO:
        """Return the bytes from the beginning, to be read forward only."""
        stream = self._open_packed()
        for compression in self._compressions:
            stream = unpacked(stream, compression, self._budget)
        return stream

    def open_seekable(self) -> BinaryIO:
        """Return the bytes held in memory.

        Raises:
            CorpusError: they are more than may be held, or damaged.
        """
        return io.BytesIO(self.held())

    def open_utf8(self) -> BinaryIO:
        """Return its text as UTF-8 bytes without a byte-order mark, to be read forward only."""
        return utf8_stream(self.open(), self.encoding)

    def held(self) -> bytes:
        """Return all of its bytes.

        Raises:
            CorpusError: they are more than may be held, or damaged.
        """
        with self.open() as stream:
            data = stream.read(HELD_BYTES + 1)
        if len(data) > HELD_BYTES:
            raise CorpusError(
                f"is packed and larger than {HELD_BYTES // 2**20} MiB, and its format has to be "
                "held whole: unpack it and add what comes out"
            )
        return data


class DiskFile(StreamFile):
    """A file on disk that is not compressed.

    Args:
        path: of the file.
        name: what a person calls it.
        suffix: with its dot, lower case.
        budget: pays for every read.
        encoding: of the source.
    """

    def __init__(
        self, path: Path, name: str, suffix: str, *, budget: Budget, encoding: str = "auto"
    ) -> None:
        super().__init__(
            name, suffix, lambda: metered(path.open("rb"), budget), budget=budget, encoding=encoding
        )
        self._path = path

    def open_seekable(self) -> BinaryIO:
        """Return the file itself."""
        return metered(self._path.open("rb"), self._budget, is_seekable=True)


def file_on_disk(
    path: Path, kind: Kind, name: str, *, budget: Budget, encoding: str = "auto"
) -> StreamFile:
    """Return what lies in ``path``, which may be compressed but is no archive.

    Args:
        path: of the file.
        kind: what its name says.
        name: what a person calls it.
        budget: pays for every read.
        encoding: of the source.
    """
    if not kind.compressions:
        return DiskFile(path, name, kind.suffix, budget=budget, encoding=encoding)
    return StreamFile(
        name,
        kind.suffix,
        lambda: metered(path.open("rb"), budget),
        compressions=kind.compressions,
        budget=budget,
        encoding=encoding,
    )
