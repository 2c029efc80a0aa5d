"""How a table in text is written: what parts its cells, whether quotes do, which row names columns.

Below the reader of CSV and TSV, which has no standard that programs keep. Every delimiter is tried
on the beginning of the file, with and without quotes, and the one counts that gives most rows the
same number of cells. Costs some milliseconds a file. Knows nothing of what is in the columns.
"""

from __future__ import annotations

import csv
import dataclasses
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sslstudio.corpora.columns import NAMES, TITLES

_DELIMITERS = ",;\t|"
_ONE_COLUMN = "\x1f"  # the unit separator of ASCII, which no text has
_LEAST_AGREEMENT = 0.5
_LONGEST_NAME = 80
_NUMBER = re.compile(r"[-+]?[\d.,:/ ]+%?")
_DECLARATION = re.compile(r"sep=(.)\s*", re.I)
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")


@dataclasses.dataclass(frozen=True)
class Shape:
    """How a table is written.

    Attributes:
        delimiter: one character.
        has_quotes: whether quotation marks around a cell belong to the table, not to the text.
        skipped_lines: at the top, which only say what the delimiter is.
    """

    delimiter: str
    has_quotes: bool = True
    skipped_lines: int = 0

    def reader(self, lines: Iterable[str], is_strict: bool = False) -> Any:
        """Return a ``csv.reader`` over ``lines``; a strict one refuses quotes within a cell."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quoting=csv.QUOTE_MINIMAL if self.has_quotes else csv.QUOTE_NONE,
            strict=is_strict,
        )


def shape_of(lines: Sequence[str], suffix: str, is_whole: bool) -> Shape:
    """Return how the table that begins with ``lines`` is written.

    Args:
        lines: of its beginning, with their ends.
        suffix: ".tsv" and ".tab" have tabs, whatever else is in them.
        is_whole: whether that is all of it.
    """
    delimiters, skipped = _DELIMITERS, 0
    if suffix in (".tsv", ".tab"):
        delimiters = "\t"
    elif lines and (declared := _DECLARATION.fullmatch(lines[0])):
        delimiters, skipped = declared[1], 1
    shapes = [Shape(mark, quotes, skipped) for mark in delimiters for quotes in (True, False)]
    best = max(shapes, key=lambda shape: _fitness(shape, lines[skipped:], is_whole))
    if delimiters == _DELIMITERS and not _fitness(best, lines, is_whole)[0]:
        return Shape(_ONE_COLUMN, has_quotes=False)
    return best


def _fitness(shape: Shape, lines: Sequence[str], is_whole: bool) -> tuple[bool, float, bool, int]:
    """Return what is better the larger: is a table, agreement of the rows, sound quotes, cells."""
    rows, is_sound = _rows(shape, lines, is_whole)
    counts = Counter(len(row) for row in rows if row)
    if not counts:
        return False, 0.0, is_sound, 0
    cells, most = max(counts.items(), key=lambda item: (item[1], item[0]))
    agreement = most / sum(counts.values())
    # one cell in every row is a table only where quotes make it so, or nothing could part it
    is_table = agreement >= _LEAST_AGREEMENT and (cells > 1 or agreement == 1.0)
    return is_table, round(agreement, 1) if cells > 1 else 0.0, is_sound, cells


def _rows(shape: Shape, lines: Sequence[str], is_whole: bool) -> tuple[list[list[str]], bool]:
    """Return the rows, and whether all quotes stand where quotes of a table stand."""
    rows: list[list[str]] = []
    reader = shape.reader(lines, is_strict=True)
    try:
        rows.extend(reader)
    except csv.Error:
        # the beginning of a file may well end inside a cell
        is_cut = not is_whole and reader.line_num >= len(lines) and len(rows) > len(lines) / 2
        return (rows, True) if is_cut else (list(shape.reader(lines)), False)
    return rows if is_whole else rows[:-1] or rows, True


def names_of(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the names of the columns, each once; an empty list where the first row is data.

    Args:
        rows: the first of a table.
    """
    cells = [cell.strip() for cell in rows[0]] if len(rows) > 1 else []
    is_named = any(cell.casefold() in (*NAMES, *TITLES) for cell in cells)
    if not cells or not (is_named or _may_be_names(cells, rows[1:])):
        return []
    names: list[str] = []
    for number, cell in enumerate(cells, start=1):
        # an index has no name; of two columns with one name each must be found
        names.append(f"{cell} {number}".strip() if not cell or cell in names else cell)
    return names


def _may_be_names(cells: list[str], body: Sequence[Sequence[str]]) -> bool:
    if not all(cells[1:]) or len(set(cells)) < len(cells):
        return False
    if any(len(cell) > _LONGEST_NAME or _NUMBER.fullmatch(cell) for cell in cells):
        return False
    if len(cells) == 1:
        return not re.search(r"[.!?…]\W*$|\s\S+\s", cells[0])
    return not any(_reads_on(cell, place, body) for place, cell in enumerate(cells))


def _reads_on(cell: str, place: int, body: Sequence[Sequence[str]]) -> bool:
    """Return whether ``cell`` is a sentence, as most below it are."""
    below = [row[place].strip() for row in body if len(row) > place]
    sentences = sum(bool(_SENTENCE_END.search(text)) for text in below)
    return bool(_SENTENCE_END.search(cell)) and sentences > len(below) / 2
