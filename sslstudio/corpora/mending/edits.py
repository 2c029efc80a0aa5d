"""Edits: what one step of mending changes in a text, as stretches with a rule and a replacement.

Every step that changes a text says so in edits, in order and apart from each other; applying them
gives the mended text, and laying them over the text that was read gives the preview
(``tracing``). So both say the same, by construction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Edit(NamedTuple):
    """Characters ``start`` to ``end`` become ``replacement``, by ``rule``.

    ``counts`` is how many changes it is in a removal table (lines, characters, places); 0 for what
    only tidies up.
    """

    start: int
    end: int
    rule: str
    replacement: str = ""
    counts: int = 1


def apply_edits(text: str, edits: Sequence[Edit]) -> str:
    """Return ``text`` with all ``edits`` made; the very same object where there are none."""
    if not edits:
        return text
    pieces = []
    position = 0
    for edit in edits:
        pieces.append(text[position : edit.start])
        pieces.append(edit.replacement)
        position = edit.end
    pieces.append(text[position:])
    return "".join(pieces)


def count_edits(edits: Iterable[Edit], counts: dict[str, int]) -> None:
    """Add to ``counts`` how often each rule changed something."""
    for edit in edits:
        if edit.counts:
            counts[edit.rule] = counts.get(edit.rule, 0) + edit.counts
