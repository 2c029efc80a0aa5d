"""JSON: a list of records, a record with one list of records inside, or a single record.

Which field holds the text is asked of the source or guessed, as for JSON lines. The file is held
whole, up to 256 MiB, and parsed at once: about 10 ms a megabyte and several times its size in
memory. JSON lines have no such limit, also where their file is called ``.json``, as it often is.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, ClassVar, cast

from sslstudio.corpora.columns import TITLES, guess_column, named_column
from sslstudio.corpora.extraction.tidy import one_line
from sslstudio.corpora.reader import InputFile, ReadOptions, Record
from sslstudio.corpora.readers.jsonl import JsonLinesReader
from sslstudio.corpora.readers.table import wanted_column
from sslstudio.errors import CorpusError
from sslstudio.registry import register

_LARGEST_BYTES = 256 * 2**20
_PEEKED_BYTES = 2**20
_SAMPLES = 100
_LONG_CHARACTERS = 40  # of a text that is no mere label


@register("readers", "json", extensions=(".json",), version=2, columns=True)
class JsonReader:
    """Reads one JSON document."""

    automatic: ClassVar[str] = "record"

    def records(
        self, file: InputFile, options: ReadOptions, report: Callable[[str], None]
    ) -> Iterator[Record]:
        """Yield the text of every record; see :class:`sslstudio.corpora.reader.Reader`."""
        with _peekable(file) as stream:
            if _is_lines(stream):
                yield from JsonLinesReader.of_stream(stream, options, report)
                return
            records = _records_in(_parsed(stream))
        texts = [record for record in records if isinstance(record, str)]
        tables = [record for record in records if isinstance(record, dict)]
        for text in texts:
            yield Record(text)
        if tables:
            yield from _of_tables(tables, options.column, report)
        elif not texts:
            raise CorpusError("holds no texts: JSON of records or of texts is read")

    def columns(self, file: InputFile) -> dict[str, list[str]]:
        """Return the texts of each field in the first records."""
        with _peekable(file) as stream:
            if _is_lines(stream):
                return JsonLinesReader.columns_of_stream(stream)
            return _samples([r for r in _records_in(_parsed(stream)) if isinstance(r, dict)])


def _peekable(file: InputFile) -> io.BufferedReader:
    """Return the text of ``file`` in UTF-8, its beginning to be looked at before it is read."""
    return io.BufferedReader(cast(io.RawIOBase, file.open_utf8()), _PEEKED_BYTES)


def _is_lines(stream: io.BufferedReader) -> bool:
    """Whether it holds JSON lines under another name: its first line is a record of its own."""
    first, _, rest = stream.peek(_PEEKED_BYTES).lstrip().partition(b"\n")
    if not (first.startswith(b"{") and rest.lstrip().startswith(b"{")):
        return False
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return False
    return True


def _parsed(stream: BinaryIO) -> Any:
    data = stream.read(_LARGEST_BYTES + 1)
    if len(data) > _LARGEST_BYTES:
        raise CorpusError("is larger than 256 MiB: save it as JSON lines, which are streamed")
    try:
        return json.loads(data)
    except RecursionError as error:
        raise CorpusError("is nested too deeply to be read: flatten it") from error
    except ValueError as error:
        raise CorpusError(f"is no JSON ({error}): mend it, or choose another file") from error


def _records_in(document: Any) -> list[Any]:
    """Return the records: of a list itself, of the longest list inside, or the one document."""
    if isinstance(document, list):
        return document
    if not isinstance(document, dict):
        return [document]
    if named_column([name for name, value in document.items() if isinstance(value, str)]):
        return [document]
    lists = [value for value in document.values() if isinstance(value, list)]
    tables = [values for values in lists if _all_are(dict, values)]
    is_record = any(_is_long(value) for value in document.values())
    texts = [] if is_record else [values for values in lists if _all_are(str, values)]
    if tables or texts:
        return max(tables or texts, key=len)
    values = list(document.values())
    if values and all(isinstance(value, dict) for value in values):
        return values
    return [document]


def _all_are(kind: type, values: list[Any]) -> bool:
    return bool(values) and all(isinstance(value, kind) for value in values)


def _is_long(value: Any) -> bool:
    return isinstance(value, str) and len(value) >= _LONG_CHARACTERS


def _samples(tables: list[dict[str, Any]]) -> dict[str, list[str]]:
    samples: dict[str, list[str]] = {}
    for record in tables[:_SAMPLES]:
        for name, value in record.items():
            if isinstance(value, str):
                samples.setdefault(name, []).append(value)
    return samples


def _of_tables(
    tables: list[dict[str, Any]], asked: str, report: Callable[[str], None]
) -> Iterator[Record]:
    samples = _samples(tables)
    column = guess_column(samples) if asked == "auto" else wanted_column(asked, list(samples))
    without = 0
    for record in tables:
        text = record.get(column)
        if isinstance(text, str) and text and not text.isspace():
            named = (record.get(name) for name in TITLES if name != column)
            title = next((t for t in named if isinstance(t, str) and t), "")
            yield Record(text, one_line(title))
        else:
            without += 1
    if without:
        noun = "record has" if without == 1 else "records have"
        report(f"{without} {noun} no text in {column or 'any field'}: choose another column")
