"""CSV and TSV: every row is a record, one of its columns is the text.

How it is written is found from its beginning (``table_shape``); without names, columns are called
1, 2, 3. The column is asked of the source or guessed (``columns``) from the first rows. Rows that
are too short are left out, and ragged ones reported with the number of the first line. Costs about
25 ms a megabyte; holds one row.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, ClassVar

from sslstudio.corpora.columns import TITLES, guess_column
from sslstudio.corpora.extraction.lines import text_lines
from sslstudio.corpora.extraction.table_shape import names_of, shape_of
from sslstudio.corpora.extraction.tidy import one_line
from sslstudio.corpora.reader import InputFile, ReadOptions, Record
from sslstudio.errors import CorpusError
from sslstudio.registry import register

_SAMPLE_ROWS = 100
_SAMPLE_CHARACTERS = 65_536
_MOST_COLUMNS = 4096
_LARGEST_FIELD = 256 * 2**20


@register("readers", "table", extensions=(".csv", ".tsv", ".tab"), version=2, columns=True)
class TableReader:
    """Reads tables in text."""

    automatic: ClassVar[str] = "record"

    def records(
        self, file: InputFile, options: ReadOptions, report: Callable[[str], None]
    ) -> Iterator[Record]:
        """Yield the text of every row; see :class:`sslstudio.corpora.reader.Reader`."""
        with file.open_utf8() as stream:
            table = _Table(stream, file.suffix)
            try:
                yield from _Rows(table, options.column, report).read()
            except csv.Error as error:
                raise CorpusError(
                    f"is no table that can be read (line {table.line}: {error}): save it again"
                ) from error

    def columns(self, file: InputFile) -> dict[str, list[str]]:
        """Return the texts of each column in the first rows."""
        with file.open_utf8() as stream:
            try:
                return _samples(*_head(_Table(stream, file.suffix).rows()))
            except csv.Error as error:
                raise CorpusError(
                    f"is no table that can be read ({error}): save it again"
                ) from error


class _Table:
    """The rows of ``stream``, and how they are written."""

    def __init__(self, stream: BinaryIO, suffix: str) -> None:
        csv.field_size_limit(_LARGEST_FIELD)
        lines = text_lines(stream)
        first_lines = list(_beginning(lines))
        following = next(lines, None)
        # a line may be of any length: of the last only the beginning is looked at
        looked_at = [*first_lines[:-1], *(line[:_SAMPLE_CHARACTERS] for line in first_lines[-1:])]
        is_whole = following is None and looked_at[-1:] == first_lines[-1:]
        self.shape = shape_of(looked_at, suffix, is_whole)
        rest = lines if following is None else itertools.chain((following,), lines)
        self._reader = self.shape.reader(
            itertools.chain(first_lines[self.shape.skipped_lines :], rest)
        )

    @property
    def line(self) -> int:
        """The number of the last line that was read."""
        return int(self._reader.line_num) + self.shape.skipped_lines

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows that are not blank, each with the number of the line that it ends in."""
        for row in self._reader:
            if len(row) > _MOST_COLUMNS:
                raise CorpusError(
                    f"has a row of more than {_MOST_COLUMNS:,} cells (line {self.line}): "
                    "choose another file"
                )
            if row:
                yield self.line, row


def _head(rows: Iterator[tuple[int, list[str]]]) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return the names of the columns and the first rows; no names where there is no row."""
    first = list(itertools.islice(rows, _SAMPLE_ROWS))
    if not first:
        return [], []
    cells = [row for _, row in first]
    if names := names_of(cells):
        return names, first[1:]
    return [str(number + 1) for number in range(max(map(len, cells)))], first


def _samples(names: list[str], rows: list[tuple[int, list[str]]]) -> dict[str, list[str]]:
    return {
        name: [row[place] for _, row in rows if len(row) > place]
        for place, name in enumerate(names)
    }


class _Ragged:
    """Counts rows of another length than the others."""

    def __init__(self) -> None:
        self._count = self._first_line = 0

    def note(self, line: int) -> None:
        self._count, self._first_line = self._count + 1, self._first_line or line

    def tell(self, report: Callable[[str], None], what: str, remedy: str) -> None:
        if self._count:
            noun = "row has" if self._count == 1 else "rows have"
            first = f"the first is in line {self._first_line}"
            report(f"{self._count} {noun} {what} ({first}): {remedy} them")


class _Rows:
    def __init__(self, table: _Table, column: str, report: Callable[[str], None]) -> None:
        self._rows, self._shape = table.rows(), table.shape
        self._asked, self._report = column, report

    def read(self) -> Iterator[Record]:
        names, body = _head(self._rows)
        if not names:
            return
        place = names.index(self._column(names, body))
        titles = [names.index(n) for n in _titles(names) if names.index(n) != place]
        short, long = _Ragged(), _Ragged()
        for line, row in itertools.chain(body, self._rows):
            if len(row) <= place:
                short.note(line)
                continue
            if len(row) > len(names):
                long.note(line)
            is_last = place == len(names) - 1
            text = self._shape.delimiter.join(row[place:]) if is_last else row[place]
            if text and not text.isspace():
                yield Record(text, _title(row, titles))
        short.tell(self._report, f"no column {names[place]}", "mend or remove")
        long.tell(
            self._report, "more cells than there are columns", "put quotes around the texts of"
        )

    def _column(self, names: list[str], rows: list[tuple[int, list[str]]]) -> str:
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


def _titles(names: list[str]) -> list[str]:
    by_name = {name.casefold(): name for name in reversed(names)}
    return [by_name[wanted] for wanted in TITLES if wanted in by_name]


def _title(row: list[str], places: list[int]) -> str:
    return next((one_line(row[p]) for p in places if len(row) > p and row[p].strip()), "")
