"""The lines of a stream of UTF-8, whole, and only where there is a line end.

``str.splitlines`` and text files of Python also end a line at U+2028 (hazards no. 17), which is a
character like any other in a table.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from sslstudio.errors import CorpusError

_CHUNK_BYTES = 2**20
_LONGEST_BYTES = 256 * 2**20


def text_lines(stream: BinaryIO) -> Iterator[str]:
    r"""Yield the lines of ``stream`` with their ``\n``.

    Raises:
        CorpusError: a line of more than 256 MiB.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    waiting: list[str] = []
    size = 0
    while True:
        chunk = stream.read(_CHUNK_BYTES)
        *lines, rest = decoder.decode(chunk, final=not chunk).split("\n")
        for line in lines:
            yield "".join((*waiting, line, "\n"))
            waiting, size = [], 0
        if rest:
            waiting.append(rest)
            size += len(rest)
        if size > _LONGEST_BYTES:
            raise CorpusError("has a line of more than 256 MiB: it is not read")
        if not chunk:
            break
    if waiting:
        yield "".join(waiting)
