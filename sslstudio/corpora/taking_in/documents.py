"""Documents out of a taken-in file: its lines, put together or cut as the source asks.

Behind the cache, in the place of a reader. A line is one record: its text of at most 16 MB, its
title, where in the user's file it comes from, and what the records of that place are: parts of
one text, records that stand for themselves, or text whose records are its lines. So a compressed
text gives the documents that it gives when it lies there unpacked. A document's offset is that of
the line of its first record: reading from there gives the same documents. Costs the parsing of
every line, some 5 ms a megabyte, and memory for one document.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from sslstudio.corpora.cutting import Cut
from sslstudio.corpora.document import LIMIT_BYTES, Document
from sslstudio.corpora.reader import ReadOptions
from sslstudio.corpora.taking_in.cache import facts_of
from sslstudio.errors import CorpusError

UNIT_FILE, UNIT_RECORD, UNIT_LINES = "file", "record", "lines"


class Line(NamedTuple):
    """One line of a taken-in file.

    Attributes:
        offset: byte where it begins.
        text: not blank.
        title: may be empty.
        inner: of the place inside the user's file, with a "!" before it; empty for the file itself.
        unit: what the records of that place are.
        goes_on: whether the next line continues the same text without a break.
    """

    offset: int
    text: str
    title: str
    inner: str
    unit: str
    goes_on: bool


class TakenInReader:
    """Reads what was taken in; stands where a reader of direct files would.

    Attributes:
        automatic: what ``documents = "auto"`` means; "auto" where it differs within the file.
    """

    def __init__(self, path: Path) -> None:
        facts = facts_of(path)
        self.automatic = facts.automatic
        self._name = facts.name

    def documents(
        self,
        path: Path,
        cut: Cut,
        *,
        start: int = 0,
        options: ReadOptions,
        report: Callable[[str], None],
    ) -> Iterator[Document]:
        """Yield the documents of ``path`` from byte ``start`` on; see the readers of text.

        ``options`` had their say when the file was taken in, and what was left out was said then.

        Raises:
            CorpusError: the file is not what was written.
        """
        for (inner, unit), lines in itertools.groupby(_lines(path, start), lambda x: x[3:5]):
            source = self._name + inner
            for offset, text, title in _of_place(lines, unit, cut):
                yield Document(text, source, offset, title)


def _lines(path: Path, start: int) -> Iterator[Line]:
    with path.open("rb") as file:
        file.seek(start)
        offset = start
        for line in file:
            try:
                yield _parsed(offset, json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise CorpusError(f"{path} was damaged: remove it, and open the text again") from (
                    error
                )
            offset += len(line)


def _parsed(offset: int, content: dict[str, Any]) -> Line:
    get = content.get
    return Line(
        offset, content["text"], get("title", ""), get("inner", ""), content["unit"],
        get("goes_on", False),
    )  # fmt: skip


def _of_place(lines: Iterator[Line], unit: str, cut: Cut) -> Iterator[tuple[int, str, str]]:
    """Yield offset, text and title of the documents of one place."""
    kind = cut.kind
    if kind == "auto":
        kind = UNIT_RECORD if unit == UNIT_RECORD else UNIT_FILE
    if kind == "file":
        yield from _joined(lines)
    elif kind == "record" and unit != UNIT_LINES:
        yield from ((line.offset, line.text, line.title) for line in lines)
    else:
        yield from _cut_again(lines, cut)


def _joined(lines: Iterator[Line]) -> Iterator[tuple[int, str, str]]:
    """Yield the records put together, a blank line between two, up to the limit of a document."""
    parts: list[str] = []
    size_bytes, first, goes_on = 0, None, False
    for line in lines:
        line_bytes = len(line.text.encode("utf-8"))
        if first and size_bytes + line_bytes > LIMIT_BYTES:
            yield first.offset, "".join(parts), first.title
            parts, size_bytes, first = [], 0, None
        if first and not goes_on:
            parts[-1] = parts[-1].rstrip("\n") + "\n\n"
            parts.append(line.text.lstrip("\n"))
        else:
            parts.append(line.text)
        first = first or line
        size_bytes += line_bytes + 2
        goes_on = line.goes_on
    if first:
        yield first.offset, "".join(parts), first.title


def _cut_again(lines: Iterator[Line], cut: Cut) -> Iterator[tuple[int, str, str]]:
    """Yield what the delimiter leaves of each record."""
    delimiter = cut.delimiter
    assert delimiter is not None
    for line in lines:
        for part in delimiter.split(line.text.encode("utf-8")):
            text = part.decode("utf-8")
            if text and not text.isspace():
                yield line.offset, text, line.title
