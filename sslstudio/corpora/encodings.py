"""How bytes spell characters: UTF-8 and byte-order marks surely, everything else by name only.

Between the bytes of a file and the readers of text. UTF-8 is checked strictly, a byte-order mark
of UTF-8, UTF-16 or UTF-32 is believed; any other encoding has to be named for the source, and is
then decoded strictly too. What it may be can be guessed (``encoding_guess``), never silently:
guessing takes Latin-1 for Johab (hazards no. 17). Costs 2 to 5 ms a megabyte.
"""

from __future__ import annotations

import codecs
import encodings.aliases
import functools
import io
from typing import TYPE_CHECKING, BinaryIO

from sslstudio.errors import CorpusError, nearest

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# the longer marks first: that of UTF-32 begins like that of UTF-16
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_NO_TEXT = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
# what Python reads and does not list among its aliases
_UNLISTED = {"koi8_u", "koi8_t", "cp720", "cp737", "cp856", "cp874", "cp1006", "utf_8_sig"}
_CHUNK_BYTES = 2**18
SETTING = "corpora.N.encoding"
NOT_UTF8 = "is not UTF-8 "
_UNNAMED = "the encoding that it is in"


def encoding_of_mark(head: bytes) -> tuple[str, int]:
    """Return the encoding that the byte-order mark of ``head`` names, or "", and its length.

    Args:
        head: the first four bytes of a file, or more.
    """
    for mark, name in _MARKS.items():
        if head.startswith(mark):
            return name, len(mark)
    return "", 0


def canonical(encoding: str) -> str:
    """Return how Python calls ``encoding``; "auto" stays.

    Raises:
        CorpusError: there is no such encoding of text.
    """
    name = encoding.strip().lower()
    if name == "auto":
        return name
    known = known_encodings()
    found = _python_name(name)
    if found not in known:
        words = {n.replace("_", "-") for n in known}
        raise CorpusError(
            f"there is no encoding named {encoding!r}{nearest(name, words)}: set {SETTING} to "
            "auto, utf-8, windows-1252 or another one that Python knows"
        )
    return found


def is_utf8(encoding: str) -> bool:
    """Return whether ``encoding`` leaves it to the file, or is UTF-8."""
    return canonical(encoding) in ("auto", "utf_8", "utf_8_sig")


@functools.cache
def known_encodings() -> frozenset[str]:
    """Return Python's names of the encodings of text, such as ``cp1252``."""
    names = set(encodings.aliases.aliases.values()) - _NO_TEXT
    return frozenset(name for name in names | _UNLISTED if _is_of_text(name))


def utf8_stream(source: BinaryIO, encoding: str = "auto") -> BinaryIO:
    """Return the text of ``source`` as UTF-8 bytes without a byte-order mark.

    Args:
        source: read forward only; closed with what is returned.
        encoding: "auto" for UTF-8 or what a byte-order mark says, or a name.

    Raises:
        CorpusError: while reading, where the bytes are not in that encoding or are no text.
    """
    return io.BufferedReader(_Utf8Stream(source, canonical(encoding)), _CHUNK_BYTES)


def not_utf8(line: int, offset: int) -> str:
    """Return the end of a sentence about a file that stops being UTF-8 there."""
    return (
        f"{NOT_UTF8}at line {line}, byte {offset}: set {SETTING} to {_UNNAMED}, or save it as UTF-8"
    )


def naming(fault: str, encoding: str) -> str:
    """Return what :func:`not_utf8` gave with the encoding that it may be, where that is known."""
    return fault.replace(_UNNAMED, f"{_UNNAMED}, perhaps {encoding}") if encoding else fault


def no_text(offset: int) -> str:
    """Return the end of a sentence about a file with a NUL there."""
    return f"is not text (a NUL byte at byte {offset}): choose a text file"


class _Utf8Stream(io.RawIOBase):
    """Decodes strictly and encodes again, piece by piece."""

    def __init__(self, source: BinaryIO, encoding: str) -> None:
        self._source = source
        self._asked = encoding
        self._decoder: codecs.IncrementalDecoder | None = None
        self._ready = memoryview(b"")
        self._offset = self._lines = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        while not self._ready:
            chunk = self._source.read(_CHUNK_BYTES)
            self._ready = memoryview(self._converted(chunk))
            if not chunk:
                break
        count = min(len(view), len(self._ready))
        view[:count], self._ready = self._ready[:count], self._ready[count:]
        return count

    def _converted(self, chunk: bytes) -> bytes:
        """Return ``chunk`` in UTF-8 and count lines and bytes."""
        if self._decoder is None:
            chunk = self._begin(chunk)
        assert self._decoder is not None
        waiting = len(self._decoder.getstate()[0])  # bytes of a character begun before
        try:
            text = self._decoder.decode(chunk, final=not chunk)
            if "\0" in text:
                raise CorpusError(no_text(self._offset + max(0, chunk.find(b"\0"))))
            converted = text.encode("utf-8")
        except UnicodeError as error:
            start = error.start if isinstance(error, UnicodeDecodeError) else 0
            line = 1 + self._lines + chunk.count(b"\n", 0, max(0, start - waiting))
            raise CorpusError(self._fault(line, self._offset - waiting + start)) from error
        self._offset += len(chunk)
        self._lines += text.count("\n")
        return converted

    def _begin(self, chunk: bytes) -> bytes:
        """Choose the decoder by the mark of the first piece; return it without the mark."""
        marked, length = encoding_of_mark(chunk)
        encoding = self._asked
        if encoding == "auto":
            encoding = marked or "utf-8"
        self._asked = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)("strict")
        # a mark is no character of the text, whoever named the encoding
        has_own_mark = _python_name(marked or "none") == _python_name(encoding)
        self._offset = length if has_own_mark else 0
        return chunk[self._offset :]

    def _fault(self, line: int, offset: int) -> str:
        if _python_name(self._asked) in ("utf_8", "utf_8_sig"):
            return not_utf8(line, offset)
        return (
            f"is not {self._asked.replace('_', '-')} at line {line}, byte {offset}: choose another "
            f"encoding for it ({SETTING})"
        )

    def close(self) -> None:
        if not self.closed:
            self._source.close()
        super().close()


def _python_name(encoding: str) -> str:
    """Return the module name of ``encoding``, or an empty string."""
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):  # also what no name can hold, such as a NUL
        return ""
    name = name.replace("-", "_")
    return encodings.aliases.aliases.get(name, name)


def _is_of_text(name: str) -> bool:
    try:
        return bool(codecs.lookup(name)._is_text_encoding)
    except LookupError:
        return False
