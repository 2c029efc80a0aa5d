"""Where a sentence ends: marks of many scripts, and a count of sentences that is good enough.

Used by the rules alone. The marks are those with Unicode's property Sentence_Terminal that stand
in living scripts; a quotation mark that closes speech ends no sentence, but C4 and FineWeb take a
line that ends in one as whole. Counting costs one search for the marks. Abbreviations end a
sentence here: no language is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

SENTENCE_ENDS = tuple(".!?։؟۔।॥။።፧។៕᠃᠉‼⁇⁈⁉。﹒﹖﹗！．？｡")
LINE_ENDS = SENTENCE_ENDS + tuple("\"'”’»」』")
ELLIPSES = ("...", "…")

_WIDE_ENDS = "".join(SENTENCE_ENDS[3:])
# a full stop inside 3.14 or example.org ends nothing; a wide one needs no space behind it
_END = re.compile(rf"[.!?]+(?=[\"'”’»)\]]*(?:\s|\Z))|[{_WIDE_ENDS}]+")


def count_sentences(lines: Iterable[str], enough: int) -> int:
    """Return how many sentences stand in ``lines``, counting no further than ``enough``."""
    found = 0
    for line in lines:
        found += _count_in_line(line, enough - found)
        if found >= enough:
            break
    return found


def _count_in_line(line: str, enough: int) -> int:
    """Count the closing marks, and one more where a rest stands behind the last of them."""
    found = end = 0
    for match in _END.finditer(line):
        found += 1
        end = match.end()
        if found >= enough:
            return found
    return found + bool(line[end:].strip(" \t\"'”’»)]"))
