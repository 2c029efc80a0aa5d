"""The lines of a stream of UTF-8, whole, and only where there is a line end.

Below the reader of tables. A line ends at ``\\n``, ``\\r\\n`` or ``\\r``, as old programs write
it; not at U+2028, as ``str.splitlines`` has it (hazards no. 17), which is a character like any
other in a table.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

from sslstudio.errors import CorpusError

_LONGEST_CHARACTERS = 256 * 2**20


def text_lines(stream: BinaryIO) -> Iterator[str]:
    """Yield the lines of ``stream`` with their ends as they are.

    Raises:
        CorpusError: a line of more than 256 million characters.
    """
    text = io.TextIOWrapper(stream, "utf-8", "replace", newline="")
    while line := text.readline(_LONGEST_CHARACTERS + 1):
        if len(line) > _LONGEST_CHARACTERS:
            raise CorpusError("has a line of more than 256 million characters: it is not read")
        yield line
