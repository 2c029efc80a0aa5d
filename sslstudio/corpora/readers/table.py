"""CSV and TSV: every row is a record, one of its columns is the text.

The delimiter is found from the beginning of the file, and whether the first row names the columns:
it does where every cell is a short, different text that is no number. Without names, columns are
called 1, 2, 3. The column is asked of the source or guessed (``columns``) from the first rows. Rows
that are too short are left out and reported with the number of the first. Costs about 25 ms a
megabyte; holds one row.
"""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, BinaryIO, ClassVar

from sslstudio.corpora.columns import NAMES, TITLES, guess_column
from sslstudio.corpora.extraction.lines import text_lines
from sslstudio.corpora.extraction.tidy import one_line
from sslstudio.corpora.reader import InputFile, ReadOptions, Record
from sslstudio.errors import CorpusError
from sslstudio.registry import register

_DELIMITERS = ",;\t|"
_SAMPLE_ROWS = 100
_SAMPLE_CHARACTERS = 65_536
_LARGEST_FIELD = 256 * 2**20
_LONGEST_NAME = 80
_NUMBER = re.compile(r"[-+]?[\d.,:/ ]+%?")


@register("readers", "table", extensions=(".csv", ".tsv", ".tab"), version=1, columns=True)
class TableReader:
    """Reads tables in text."""

    automatic: ClassVar[str] = "record"

    def records(
        self, file: InputFile, options: ReadOptions, report: Callable[[str], None]
    ) -> Iterator[Record]:
        """Yield the text of every row; see :class:`sslstudio.corpora.reader.Reader`."""
        with file.open_utf8() as stream:
            reader = _rows(stream, file.suffix)
            try:
                yield from _Rows(reader, options.column, report).read()
            except csv.Error as error:
                raise CorpusError(
                    f"is no table that can be read (line {reader.line_num}: {error}): save it again"
                ) from error

    def columns(self, file: InputFile) -> dict[str, list[str]]:
        """Return the texts of each column in the first rows."""
        with file.open_utf8() as stream:
            try:
                return _samples(*_head(_rows(stream, file.suffix)))
            except csv.Error as error:
                raise CorpusError(
                    f"is no table that can be read ({error}): save it again"
                ) from error


def _rows(stream: BinaryIO, suffix: str) -> Any:
    """Return a ``csv.reader`` over the lines of ``stream``."""
    csv.field_size_limit(_LARGEST_FIELD)
    lines = text_lines(stream)
    first_lines = list(_beginning(lines))
    delimiter = _delimiter(first_lines, suffix)
    return csv.reader(itertools.chain(first_lines, lines), delimiter=delimiter)


def _head(reader: Iterator[list[str]]) -> tuple[list[str], list[list[str]]]:
    """Return the names of the columns and the first rows; no names where there is no row."""
    first = [row for row in itertools.islice(reader, _SAMPLE_ROWS) if row]
    if not first:
        return [], []
    names = _names(first)
    body = first[1:] if names else first
    return names or [str(number + 1) for number in range(max(map(len, first)))], body


def _samples(names: list[str], rows: list[list[str]]) -> dict[str, list[str]]:
    return {
        name: [row[place] for row in rows if len(row) > place] for place, name in enumerate(names)
    }


class _Rows:
    def __init__(
        self, reader: Iterator[list[str]], column: str, report: Callable[[str], None]
    ) -> None:
        self._reader, self._asked, self._report = reader, column, report

    def read(self) -> Iterator[Record]:
        names, body = _head(self._reader)
        if not names:
            return
        place = names.index(self._column(names, body))
        titles = [names.index(n) for n in _titles(names) if names.index(n) != place]
        short = first_short = 0
        for number, row in enumerate(itertools.chain(body, self._reader), start=1):
            if len(row) > place:
                if row[place] and not row[place].isspace():
                    yield Record(row[place], _title(row, titles))
            elif row:
                short, first_short = short + 1, first_short or number
        if short:
            noun = "row has" if short == 1 else "rows have"
            self._report(
                f"{short} {noun} no column {names[place]} (the first is row {first_short}): "
                "mend or remove them"
            )

    def _column(self, names: list[str], rows: list[list[str]]) -> str:
        if self._asked != "auto":
            return wanted_column(self._asked, names)
        return guess_column(_samples(names, rows)) or names[0]


def wanted_column(asked: str, names: Sequence[str]) -> str:
    """Return ``asked`` as it is spelt among ``names``.

    Raises:
        CorpusError: there is none.
    """
    by_name = {name.strip().casefold(): name for name in reversed(names)}
    if asked in names:
        return asked
    if asked.strip().casefold() in by_name:
        return by_name[asked.strip().casefold()]
    known = ", ".join(one_line(name, 40) for name in names[:12])
    raise CorpusError(f"has no column {asked!r}: choose one of {known}")


def _beginning(lines: Iterator[str]) -> Iterator[str]:
    size = 0
    for line in lines:
        yield line
        size += len(line)
        if size > _SAMPLE_CHARACTERS:
            return


def _delimiter(lines: list[str], suffix: str) -> str:
    if suffix in (".tsv", ".tab"):
        return "\t"
    sample = "".join(lines)[:_SAMPLE_CHARACTERS]
    try:
        return csv.Sniffer().sniff(sample, delimiters=_DELIMITERS).delimiter
    except csv.Error:
        # one column, or very uneven text: what stands in the first line decides
        first = lines[0] if lines else ""
        return max(_DELIMITERS, key=first.count) if first else ","


def _names(rows: list[list[str]]) -> list[str]:
    """Return the names of the columns, or an empty list where the first row is data."""
    cells = [cell.strip() for cell in rows[0]]
    if not all(cells) or len(set(cells)) < len(cells) or len(rows) < 2:
        return []
    if any(len(cell) > _LONGEST_NAME or _NUMBER.fullmatch(cell) for cell in cells):
        return []
    is_named = any(cell.casefold() in (*NAMES, *TITLES) for cell in cells)
    if is_named or len(cells) > 1:
        return cells
    return cells if not re.search(r"[.!?…]\W*$|\s\S+\s", cells[0]) else []


def _titles(names: list[str]) -> list[str]:
    by_name = {name.casefold(): name for name in reversed(names)}
    return [by_name[wanted] for wanted in TITLES if wanted in by_name]


def _title(row: list[str], places: list[int]) -> str:
    return next((one_line(row[p]) for p in places if len(row) > p and row[p].strip()), "")
