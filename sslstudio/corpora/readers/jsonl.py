"""JSON lines: every line is a record, one of its fields is the text.

The field is guessed once a file, from its first record: the first of ``text``, ``content``,
``body`` and their like that holds a text, otherwise the first text of at least 40 characters,
otherwise the longest; a record without that field is guessed anew. A line that is a bare JSON
text is that text. Lines that are no records are left out and reported with the number of the
first; a torn last line is the usual one. Costs the parsing of every line; a line is held whole,
up to 256 MB.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

from sslstudio.corpora.cutting import Cut, spans
from sslstudio.corpora.document import LIMIT_BYTES, Document, well_formed, with_plain_newlines
from sslstudio.registry import register

FIELDS = ("text", "content", "body", "document", "article", "story", "passage", "sentence")
_TITLES = ("title", "headline", "name", "source", "url", "id")
_LONG_CHARACTERS = 40
_LINE_LIMIT_BYTES = 256 * 2**20


@register("readers", "jsonl", extensions=(".jsonl", ".ndjson", ".jsonlines"))
class JsonLinesReader:
    """Reads JSON lines; see :class:`sslstudio.corpora.readers.text.TextReader`."""

    automatic: ClassVar[str] = "record"

    def documents(
        self, path: Path, cut: Cut, *, start: int = 0, report: Callable[[str], None]
    ) -> Iterator[Document]:
        """Yield the documents of ``path`` from byte ``start`` on.

        "paragraph" and separators cut the text of each record; "file" joins all records by blank
        lines, up to the length that a document may have.
        """
        records = _records(path, start, report)
        if cut.kind == "file":
            yield from _joined(records)
        elif cut.delimiter is None or cut.kind == "record":
            yield from records
        else:
            yield from _cut_again(records, cut)


def text_of(record: Any, field: str) -> tuple[str, str]:
    """Return the text of ``record`` and the name of its field, or two empty strings."""
    if isinstance(record, str):
        return record, ""
    if not isinstance(record, dict):
        return "", ""
    texts = {key: value for key, value in record.items() if isinstance(value, str)}
    for name in (field, *FIELDS):
        if name in texts:
            return texts[name], name
    for name, text in texts.items():
        if len(text) >= _LONG_CHARACTERS:
            return text, name
    longest = max(texts, key=lambda name: len(texts[name]), default="")
    return texts.get(longest, ""), longest


def _records(path: Path, start: int, report: Callable[[str], None]) -> Iterator[Document]:
    """Yield a document for every line that is a record with a text."""
    field = _field_of(path) if start else ""
    bad = first_bad = 0
    with path.open("rb") as file:
        lines = spans(file, _LINE_END, start=start, limit_bytes=_LINE_LIMIT_BYTES)
        for number, (offset, line) in enumerate(lines, start=1):
            if not line or line.isspace():
                continue
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                bad, first_bad = bad + 1, first_bad or number
                continue
            text, field_found = text_of(record, field)
            field = field or field_found
            if text and not text.isspace():
                yield from _limited(path, offset, text, _title(record, field_found))
            elif not field_found and not isinstance(record, str):
                bad, first_bad = bad + 1, first_bad or number
    if bad and start == 0:
        noun = "line is no JSON record" if bad == 1 else "lines are no JSON records"
        report(f"{bad} {noun} with a text (the first is line {first_bad}): mend or remove them")


_LINE_END = Cut.of("record").delimiter


def _field_of(path: Path) -> str:
    """Return the field that a reading from the beginning would have settled on."""
    with path.open("rb") as file:
        for _, line in spans(file, _LINE_END, limit_bytes=_LINE_LIMIT_BYTES):
            try:
                _, field = text_of(json.loads(line), "")
            except (ValueError, RecursionError):
                continue
            if field:
                return field
    return ""


def _title(record: Any, field: str) -> str:
    if not isinstance(record, dict):
        return ""
    named = (record.get(name) for name in _TITLES if name != field)
    return next((well_formed(t)[:80] for t in named if isinstance(t, str) and t), "")


def _limited(path: Path, offset: int, text: str, title: str) -> Iterator[Document]:
    """Yield ``text`` as one document, or as several where it is too long for one."""
    text = with_plain_newlines(well_formed(text))
    for first in range(0, len(text), LIMIT_BYTES):
        yield Document(text[first : first + LIMIT_BYTES], str(path), offset, title)


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
