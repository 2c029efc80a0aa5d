"""Take out lines: those that C4's rules name, and those that stand in very many documents.

Second among the steps of mending, behind normalising and before the rules for whole documents.
Which lines are repeated (menus, footers, notices) is found over the whole corpus
(``duplicates/repeated_lines.py``); here they are only recognised, by a key of 64 bits of the line
without the white space around it and without case, so that a container of a million of them stays
small. Blank lines stay, but for those that a line left behind. Costs one or two microseconds a
line.
"""

from __future__ import annotations

from collections.abc import Container, Iterator

import xxhash

from sslstudio.corpora.mending.edits import Edit
from sslstudio.corpora.rules import c4_lines
from sslstudio.corpora.rules.scripts import has_spaces

REPEATED_LINE = "repeated_line"


def line_key(line: str) -> int:
    """Return the key of ``line``, a number below 2^64; equal for lines alike but for case."""
    return xxhash.xxh3_64_intdigest(line.strip().casefold().encode("utf-8", "surrogatepass"))


def line_edits(text: str, active: frozenset[str], repeated: Container[int] = ()) -> list[Edit]:
    """Return what goes of the lines of ``text``.

    Args:
        text: with lines that end in ``\\n``.
        active: some of :data:`sslstudio.corpora.rules.c4_lines.ALL`.
        repeated: keys of lines that go wherever they stand.
    """
    at_work = c4_lines.at_work(active, text.lower()) if active else active
    spaced = has_spaces(text)
    edits: list[Edit] = []
    start = 0
    last_rule, is_after_blank = "", True
    for line in text.split("\n"):
        end = min(len(text), start + len(line) + 1)
        bare = line.strip()
        if not bare:
            if last_rule and is_after_blank and end > start:
                _take_out(edits, Edit(start, end, last_rule, counts=0))
            else:
                last_rule, is_after_blank = "", True
        elif rule := c4_lines.line_rule(bare, at_work, spaced) or _repeated(bare, repeated):
            _take_out(edits, Edit(start, end, rule))
            last_rule = rule
        else:
            last_rule, is_after_blank = "", False
            if c4_lines.CITATION in active:
                edits.extend(_citation_edits(line, start))
        start = end
    return edits


def _take_out(edits: list[Edit], edit: Edit) -> None:
    """Add ``edit``; one that goes on where the last by the same rule ended makes it longer."""
    last = edits[-1] if edits else None
    if last and last.end == edit.start and last.rule == edit.rule:
        edits[-1] = last._replace(end=edit.end, counts=last.counts + edit.counts)
    else:
        edits.append(edit)


def _repeated(line: str, repeated: Container[int]) -> str:
    return REPEATED_LINE if repeated != () and line_key(line) in repeated else ""


def _citation_edits(line: str, offset: int) -> Iterator[Edit]:
    for start, end in c4_lines.citations(line):
        yield Edit(offset + start, offset + end, c4_lines.CITATION)
