"""Bytes come out of gzip, zstandard, bzip2 and xz one after the other, under one budget a file.

Below ``input_file`` and ``archives``. Nothing is extracted to disk, and nothing is held but a
buffer. A hostile file of some kilobytes can unpack to gigabytes (1,028 times its size in gzip,
32,700 in zstandard: hazards no. 16), also one inside another. So all that is read of one file of
the user's, at every depth and through every reader, is paid from one :class:`Budget`; text of
people seldom unpacks to more than ten times its size, 250 is allowed from 64 MB on. Costs what
the decompressors cost: 100 to 500 MB/s. Knows nothing of text.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING, BinaryIO, cast

from sslstudio.errors import CorpusError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

FREE_BYTES = 64 * 2**20
MOST_TIMES = 250
MOST_BYTES = 2**38  # 256 GiB: the English Wikipedia is a third of it
# what the libraries of packed files raise for one that is broken; ValueError also for bad names
BROKEN = (
    OSError,
    EOFError,
    ValueError,
    OverflowError,
    NotImplementedError,
    RuntimeError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    tarfile.TarError,
)
_BUFFER_BYTES = 2**16
_ZSTD_STEP_BYTES = 2**11  # holds at most 512 blocks that repeat one byte: 64 MB
_WINDOW_BYTES = 2**27  # what zstandard may hold; "--ultra --long=31" would be 2 GiB


class TooLarge(CorpusError):  # noqa: N818 - what the user is told is a CorpusError
    """A file unpacks to more than it may; whatever else is in it is not looked at."""


class Budget:
    """How many bytes may come of one file; it also tells that there is progress.

    Args:
        size_bytes: of the file on disk.
        on_read: told the number of bytes of every read, at any depth.
    """

    def __init__(self, size_bytes: int, on_read: Callable[[int], None] = lambda _count: None):
        self._on_read = on_read
        self.limit_bytes = min(MOST_BYTES, FREE_BYTES + MOST_TIMES * size_bytes)
        self._spent_bytes = 0

    def spend(self, count: int) -> None:
        """Note that ``count`` bytes were read.

        Raises:
            TooLarge: that was more than is allowed.
        """
        self._spent_bytes += count
        if self._spent_bytes > self.limit_bytes:
            raise TooLarge(
                f"unpacks to more than {self.limit_bytes / 1e6:,.0f} MB, which is {MOST_TIMES} "
                "times its size or more: unpack it yourself if you trust it, and add what comes out"
            )
        self._on_read(count)


class MeteredStream(io.RawIOBase):
    """A stream whose every byte is paid from a budget, and whose faults are sentences.

    Args:
        source: is read forward only, unless ``is_seekable``.
        budget: pays.
        what: "a gzip file", for the sentence about a damaged one.
        below: where the source has its own bytes from; closed with it.
    """

    def __init__(
        self,
        source: BinaryIO,
        budget: Budget,
        what: str,
        *,
        is_seekable: bool = False,
        below: BinaryIO | None = None,
    ) -> None:
        self._source = source
        self._budget = budget
        self._what = what
        self._is_seekable = is_seekable
        self._below = below

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return whether one may go back."""
        return self._is_seekable

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Move to ``offset``; costs nothing of the budget."""
        if not self._is_seekable:
            raise io.UnsupportedOperation("seek")
        return self._source.seek(offset, whence)

    def tell(self) -> int:
        """Return where the next byte is read."""
        return self._source.tell()

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill ``buffer`` as far as the source gives.

        Raises:
            CorpusError: the source is damaged or cut short, or the budget is spent.
        """
        view = memoryview(buffer).cast("B")
        try:
            data = self._source.read(len(view))
        except BROKEN as error:
            raise CorpusError(damaged(self._what, error)) from error
        except MemoryError as error:
            raise CorpusError(
                f"is {self._what} that takes too much memory: pack it anew"
            ) from error
        view[: len(data)] = data
        self._budget.spend(len(data))
        return len(data)

    def close(self) -> None:
        """Close the source too."""
        if not self.closed:
            self._source.close()
            if self._below:
                self._below.close()
        super().close()


def damaged(what: str, error: BaseException) -> str:
    """Return the end of a sentence about a file that is not ``what`` it should be."""
    if isinstance(error, EOFError):
        return f"is {what} that ends too early: it was cut short, so get it again"
    return f"is not {what}, or is damaged ({brief(error)}): get it again, or remove it"


def brief(error: BaseException) -> str:
    """Return what an error of a library says, on one line and not endless."""
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 120 else text[:119] + "…"


def metered(
    source: BinaryIO, budget: Budget, what: str = "a file", *, is_seekable: bool = False
) -> BinaryIO:
    """Return ``source`` buffered, with every byte paid from ``budget``."""
    raw = MeteredStream(source, budget, what, is_seekable=is_seekable)
    return io.BufferedReader(raw, 8192 if is_seekable else _BUFFER_BYTES)


def unpacked(source: BinaryIO, compression: str, budget: Budget) -> BinaryIO:
    """Return the bytes that ``source`` holds in ``compression``.

    Several streams one after the other, as ``cat a.gz b.gz`` makes them, are one.

    Args:
        source: read forward only.
        compression: "gzip", "zstd", "bzip2" or "xz".
        budget: pays for what comes out.
    """
    stream = _OPENERS[compression](source)
    raw = MeteredStream(stream, budget, f"a {compression} file", below=source)
    return io.BufferedReader(raw, _BUFFER_BYTES)


class _ZstdStream(io.RawIOBase):
    """The frames of ``source``, one after the other; says where the last is cut short.

    The library's own reader takes a frame that stops in the middle for a whole one.
    """

    def __init__(self, source: BinaryIO) -> None:
        import zstandard

        self._error = zstandard.ZstdError
        self._source = source
        self._frames = zstandard.ZstdDecompressor(max_window_size=_WINDOW_BYTES)
        self._frame = self._frames.decompressobj()
        self._has_begun = False
        self._packed = b""
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Return at most ``size`` bytes, and at least one before the end."""
        assert size >= 0
        while not self._ready and self._feed():
            pass
        data, self._ready = bytes(self._ready[:size]), self._ready[size:]
        return data

    def _feed(self) -> bool:
        """Decompress a little more; return False at the end."""
        packed = self._packed or self._source.read(_ZSTD_STEP_BYTES)
        self._packed = b""
        if not packed:
            if self._has_begun:
                raise EOFError
            return False
        self._has_begun = True
        try:
            self._ready = memoryview(self._frame.decompress(packed))
        except self._error as error:
            raise ValueError(str(error)) from error
        if self._frame.eof:
            self._packed = self._frame.unused_data
            self._frame, self._has_begun = self._frames.decompressobj(), False
        return True

    def close(self) -> None:
        if not self.closed:
            self._source.close()
        super().close()


def _open_gzip(source: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, gzip.GzipFile(fileobj=source, mode="rb"))


def _open_zstd(source: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, _ZstdStream(source))


def _open_bzip2(source: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, bz2.BZ2File(source))


def _open_xz(source: BinaryIO) -> BinaryIO:
    return cast(BinaryIO, lzma.LZMAFile(source))


_OPENERS = {"gzip": _open_gzip, "zstd": _open_zstd, "bzip2": _open_bzip2, "xz": _open_xz}
