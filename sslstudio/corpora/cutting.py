"""Cut a file into the byte spans of its documents, without ever holding more than one of them.

Stands below the readers. Works on bytes: every delimiter is ASCII or whole UTF-8, and UTF-8 never
hides one inside another character, so cutting needs no decoding, offsets are exact, and U+2028
is a character like any other. Costs one pass over the file and a buffer of at most
``LIMIT_BYTES``; a longer span is cut at the best place before the limit. Knows no format.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import BinaryIO

from sslstudio.corpora.document import LIMIT_BYTES

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_CHUNK_BYTES = 2**20
_SLACK_BYTES = 2**16
# atomic, or "\r\n" would be taken for two line ends, that is, for a blank line
_NEWLINE = rb"(?>\r\n|\n|\r)"
_DELIMITERS: dict[str, re.Pattern[bytes] | None] = {
    "file": None,
    "paragraph": re.compile(_NEWLINE + rb"(?:[ \t\f\v]*" + _NEWLINE + rb")+"),
    "record": re.compile(_NEWLINE),
}


@dataclasses.dataclass(frozen=True)
class Cut:
    """How one document ends and the next begins.

    Attributes:
        kind: "auto", "file", "paragraph", "record" or "separator".
        delimiter: what stands between two documents; None where nothing does.
    """

    kind: str
    delimiter: re.Pattern[bytes] | None = None

    @classmethod
    def of(cls, documents: str) -> Cut:
        """Return the cut that the setting ``corpora.documents`` asks for.

        Any text but the four words is a separator of one's own; a line end in it fits every
        kind of line end.
        """
        if documents in ("auto", ""):
            return cls("auto")
        if documents in _DELIMITERS:
            return cls(documents, _DELIMITERS[documents])
        lines = documents.replace("\r\n", "\n").encode("utf-8", "replace").split(b"\n")
        return cls("separator", re.compile(_NEWLINE.join(re.escape(line) for line in lines)))

    def resolved(self, automatic: str) -> Cut:
        """Return this cut, or the one named ``automatic`` where the choice was left open."""
        return Cut(automatic, _DELIMITERS[automatic]) if self.kind == "auto" else self


def spans(
    file: BinaryIO,
    delimiter: re.Pattern[bytes] | None,
    *,
    start: int = 0,
    limit_bytes: int = LIMIT_BYTES,
) -> Iterator[tuple[int, bytes]]:
    """Yield ``(offset, bytes)`` of every span of ``file`` from byte ``start`` on.

    Args:
        file: seekable.
        delimiter: is part of no span; None makes one span of the whole file.
        start: 0, or the offset of an earlier span: the same spans follow from there.
        limit_bytes: no span is longer.
    """
    file.seek(start)
    if start == 0 and file.read(len(BYTE_ORDER_MARK)) == BYTE_ORDER_MARK:
        start = len(BYTE_ORDER_MARK)
    file.seek(start)
    yield from spans_ahead(file, delimiter, start=start, limit_bytes=limit_bytes)


def spans_ahead(
    file: BinaryIO,
    delimiter: re.Pattern[bytes] | None,
    *,
    start: int = 0,
    limit_bytes: int = LIMIT_BYTES,
) -> Iterator[tuple[int, bytes]]:
    """Yield the spans of what is left of ``file``, which is read forward only.

    Args:
        file: stands at byte ``start``, behind any byte-order mark.
        delimiter, start, limit_bytes: see :func:`spans`.
    """
    pending = b""
    while True:
        # doubling keeps the repeated search through one long span linear in its length
        chunk = file.read(max(_CHUNK_BYTES, len(pending)))
        pending += chunk
        done = 0
        for first, end, following in _complete(pending, delimiter, is_last=not chunk):
            yield from _limited(start + first, pending[first:end], limit_bytes)
            done = following
        start, pending = start + done, pending[done:]
        if not chunk:
            return
        # the slack lets a delimiter that begins just before the limit be seen whole
        while len(pending) > limit_bytes + _SLACK_BYTES and not _begins_within(
            pending, delimiter, limit_bytes
        ):
            cut = _best_cut(pending, limit_bytes)
            yield start, pending[:cut]
            start, pending = start + cut, pending[cut:]


def _complete(
    buffer: bytes, delimiter: re.Pattern[bytes] | None, *, is_last: bool
) -> Iterator[tuple[int, int, int]]:
    """Yield ``(first, end, where the next begins)`` of the spans that surely end in ``buffer``."""
    first = 0
    for end, following in _breaks(buffer, delimiter) if delimiter else ():
        if following == len(buffer) and not is_last:
            break  # it may go on in the next chunk
        yield first, end, following
        first = following
    if is_last and first < len(buffer):
        yield first, len(buffer), len(buffer)


def _breaks(buffer: bytes, delimiter: re.Pattern[bytes]) -> Iterator[tuple[int, int]]:
    """Yield where each delimiter begins and ends."""
    if delimiter is not _DELIMITERS["record"] or b"\r" in buffer:
        yield from (match.span() for match in delimiter.finditer(buffer))
        return
    place = buffer.find(b"\n")  # eight times as fast as the pattern
    while place >= 0:
        yield place, place + 1
        place = buffer.find(b"\n", place + 1)


def _begins_within(buffer: bytes, delimiter: re.Pattern[bytes] | None, limit_bytes: int) -> bool:
    match = delimiter.search(buffer) if delimiter else None
    return match is not None and match.start() <= limit_bytes


def _limited(offset: int, span: bytes, limit_bytes: int) -> Iterator[tuple[int, bytes]]:
    """Yield ``span`` in pieces that keep the limit."""
    while len(span) > limit_bytes:
        cut = _best_cut(span, limit_bytes)
        yield offset, span[:cut]
        offset, span = offset + cut, span[cut:]
    yield offset, span


def _best_cut(span: bytes, limit_bytes: int) -> int:
    """Return where to cut: after a blank line, a line, a word, at worst between characters."""
    for mark in (b"\n\n", b"\n", b" "):
        place = span.rfind(mark, limit_bytes // 2, limit_bytes)
        if place > 0:
            return place + len(mark)
    cut = limit_bytes
    while cut > limit_bytes - 4 and span[cut] & 0xC0 == 0x80:
        cut -= 1
    return cut
