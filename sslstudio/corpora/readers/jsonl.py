"""JSON lines: every line is a record, one of its fields is the text.

Which field is asked of the source, or else guessed once a file, from its first record with a text
(``columns``); a record without that field is then guessed anew. A line that is a bare JSON text
is that text. Lines that are no records are left out and reported with the number of the first; a
torn last line is the usual one. Costs the parsing of every line; a line is held whole, up to
256 MB, and of a long one no more than its texts is made (``long_json``).
"""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, NamedTuple

from sslstudio.corpora.columns import TITLES, guess_column, named_column
from sslstudio.corpora.cutting import Cut, spans, spans_ahead
from sslstudio.corpora.document import LIMIT_BYTES, Document, well_formed, with_plain_newlines
from sslstudio.corpora.long_json import top_level_texts
from sslstudio.corpora.reader import AS_IT_COMES, InputFile, ReadOptions, Record
from sslstudio.registry import register

_LINE_LIMIT_BYTES = 256 * 2**20
_LONG_BYTES = 4 * 2**20
_SHOWN_FIELDS = 8
_TITLE_FIELDS = frozenset(TITLES)
_SAMPLE_LINES = 100


@register(
    "readers",
    "jsonl",
    extensions=(".jsonl", ".ndjson", ".jsonlines"),
    version=2,
    direct=True,
    columns=True,
)
class JsonLinesReader:
    """Reads JSON lines; see :class:`sslstudio.corpora.readers.text.TextReader`."""

    automatic: ClassVar[str] = "record"

    def documents(
        self,
        path: Path,
        cut: Cut,
        *,
        start: int = 0,
        options: ReadOptions = AS_IT_COMES,
        report: Callable[[str], None],
    ) -> Iterator[Document]:
        """Yield the documents of ``path`` from byte ``start`` on.

        "paragraph" and separators cut the text of each record; "file" joins all records by blank
        lines, up to the length that a document may have.
        """
        records = _documents(path, start, options, report)
        if cut.kind == "file":
            yield from _joined(records)
        elif cut.delimiter is None or cut.kind == "record":
            yield from records
        else:
            yield from _cut_again(records, cut)

    def records(
        self, file: InputFile, options: ReadOptions, report: Callable[[str], None]
    ) -> Iterator[Record]:
        """Yield the text of every line of ``file``, which is packed or in an encoding of its own.

        Raises:
            CorpusError: it is damaged, no text, or in another encoding.
        """
        with file.open_utf8() as stream:
            yield from self.of_stream(stream, options, report)

    @staticmethod
    def of_stream(
        stream: BinaryIO, options: ReadOptions, report: Callable[[str], None]
    ) -> Iterator[Record]:
        """Yield the text of every line of ``stream``, which is in UTF-8."""
        lines = spans_ahead(stream, _LINE_END, limit_bytes=_LINE_LIMIT_BYTES)
        for found in _Lines(options.column, report=report).read(lines):
            yield Record(found.text, found.title)

    def columns(self, file: InputFile) -> dict[str, list[str]]:
        """Return the texts of each field in the first records."""
        with file.open_utf8() as stream:
            return self.columns_of_stream(stream)

    @staticmethod
    def columns_of_stream(stream: BinaryIO) -> dict[str, list[str]]:
        """Return the texts of each field in the first records of ``stream``, which is in UTF-8."""
        samples: dict[str, list[str]] = {}
        lines = spans_ahead(stream, _LINE_END, limit_bytes=_LINE_LIMIT_BYTES)
        for _offset, line in itertools.islice(lines, _SAMPLE_LINES):
            record = _record(line)
            for name, value in record.items() if isinstance(record, dict) else ():
                if isinstance(value, str):
                    samples.setdefault(name, []).append(value)
        return samples


class _Found(NamedTuple):
    """The text of a record, and the offset of its line."""

    offset: int
    text: str
    title: str


class _Lines:
    """Goes through the lines of one file.

    Args:
        column: of the source.
        field: what was settled on already, or empty.
        report: told in the end what was left out.
    """

    def __init__(
        self, column: str, field: str = "", report: Callable[[str], None] | None = None
    ) -> None:
        self._asked = "" if column == "auto" else column
        self.field = self._asked or field
        self._report = report
        self._bad = self._first_bad = 0
        self._fields_met: list[str] = []

    def read(self, lines: Iterable[tuple[int, bytes]]) -> Iterator[_Found]:
        """Yield the records that have a text."""
        for number, (offset, line) in enumerate(lines, start=1):
            if not line or line.isspace():
                continue
            record = _record(line)
            text, field = self._text_of(record)
            self.field = self.field or field
            if text and not text.isspace():
                yield _Found(offset, text, _title(record, field))
            elif not field and not isinstance(record, str):
                self._bad, self._first_bad = self._bad + 1, self._first_bad or number
        if self._bad and self._report:
            self._report(self._complaint())

    def _text_of(self, record: Any) -> tuple[str, str]:
        """Return the text of ``record`` and the name of its field, or two empty strings."""
        if self._asked and isinstance(record, dict):
            text = record.get(self._asked)
            self._fields_met = self._fields_met or [str(name) for name in record]
            return (text, self._asked) if isinstance(text, str) else ("", "")
        return text_of(record, self.field)

    def _complaint(self) -> str:
        what = f"with a text in the field {self._asked!r}" if self._asked else "with a text"
        noun = "line is no JSON record" if self._bad == 1 else "lines are no JSON records"
        met = ", ".join(name[:40] for name in self._fields_met[:_SHOWN_FIELDS])
        fields = f"; the fields of a record are {met}" if met else ""
        return (
            f"{self._bad} {noun} {what} (the first is line {self._first_bad}{fields}): mend or "
            "remove them" + (", or choose another field" if self._asked else "")
        )


def text_of(record: Any, field: str) -> tuple[str, str]:
    """Return the text of ``record`` and the name of its field, or two empty strings."""
    if isinstance(record, str):
        return record, ""
    if not isinstance(record, dict):
        return "", ""
    if isinstance(text := record.get(field), str):
        return text, field
    texts = {key: value for key, value in record.items() if isinstance(value, str)}
    one_each = {key: [text] for key, text in texts.items()}
    field = named_column(list(texts)) or guess_column(one_each) or next(iter(texts), "")
    return texts.get(field, ""), field


def _record(line: bytes) -> Any:
    """Return what ``line`` says, or None where it is no JSON; of a long one only its texts."""
    try:
        if len(line) > _LONG_BYTES:
            return top_level_texts(line.decode("utf-8"))
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


_LINE_END = Cut.of("record").delimiter


def _documents(
    path: Path, start: int, options: ReadOptions, report: Callable[[str], None]
) -> Iterator[Document]:
    """Yield a document for every line that is a record with a text."""
    field = _field_of(path) if start and options.column == "auto" else ""
    lines_read = _Lines(options.column, field, report=None if start else report)
    with path.open("rb") as file:
        lines = spans(file, _LINE_END, start=start, limit_bytes=_LINE_LIMIT_BYTES)
        for found in lines_read.read(lines):
            yield from _limited(path, found)


def _field_of(path: Path) -> str:
    """Return the field that a reading from the beginning would have settled on."""
    stat = path.stat()
    return _field_of_content(path, stat.st_size, stat.st_mtime_ns)


@functools.lru_cache(maxsize=64)
def _field_of_content(path: Path, _size_bytes: int, _changed_ns: int) -> str:
    lines_read = _Lines("auto")
    with path.open("rb") as file:
        for _ in lines_read.read(spans(file, _LINE_END, limit_bytes=_LINE_LIMIT_BYTES)):
            if lines_read.field:
                break
    return lines_read.field


def _title(record: Any, field: str) -> str:
    if not isinstance(record, dict) or _TITLE_FIELDS.isdisjoint(record):
        return ""
    named = (record.get(name) for name in TITLES if name != field)
    return next((well_formed(t)[:80] for t in named if isinstance(t, str) and t), "")


def _limited(path: Path, found: _Found) -> Iterator[Document]:
    """Yield a text as one document, or as several where it is too long for one."""
    text = with_plain_newlines(well_formed(found.text))
    for first in range(0, len(text), LIMIT_BYTES):
        yield Document(text[first : first + LIMIT_BYTES], str(path), found.offset, found.title)


def _joined(records: Iterator[Document]) -> Iterator[Document]:
    """Yield the records put together, a blank line between two."""
    parts: list[Document] = []
    characters = 0
    for record in records:
        if parts and characters + len(record.text) > LIMIT_BYTES:
            yield _together(parts)
            parts, characters = [], 0
        parts.append(record)
        characters += len(record.text) + 2
    if parts:
        yield _together(parts)


def _together(parts: list[Document]) -> Document:
    text = "\n\n".join(part.text.strip("\n") for part in parts)
    return Document(text, parts[0].source, parts[0].offset, parts[0].title)


def _cut_again(records: Iterator[Document], cut: Cut) -> Iterator[Document]:
    """Yield what the delimiter leaves of each record."""
    assert cut.delimiter is not None
    for record in records:
        for part in cut.delimiter.split(record.text.encode("utf-8")):
            text = part.decode("utf-8")
            if text and not text.isspace():
                yield Document(text, record.source, record.offset, record.title)
