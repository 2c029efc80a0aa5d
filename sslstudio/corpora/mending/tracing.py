"""Follow a text through several rounds of edits, and say of every stretch what became of it.

For previews alone. The text is held as pieces, each with how it was read and how it stands now;
their originals always make up the text as it was read, their present forms the text as it stands.
A round of edits splits and changes pieces. An edit that begins or ends inside a piece that an
earlier step replaced leaves the original with its first part. Costs a few microseconds a piece.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

from sslstudio.corpora.mending.edits import Edit
from sslstudio.corpora.mending.outcome import Stretch


class Piece(NamedTuple):
    """A stretch as it was read, what it is now, and the rule that made it so, if any did."""

    original: str
    present: str
    rule: str = ""


class Trace:
    """A text on its way through the steps."""

    def __init__(self, text: str) -> None:
        self._pieces = [Piece(text, text)]

    @property
    def text(self) -> str:
        """The text as it stands."""
        return "".join(piece.present for piece in self._pieces)

    def edit(self, edits: Sequence[Edit]) -> None:
        """Make ``edits``, which count in characters of the text as it stands."""
        if not edits:
            return
        cuts = sorted({cut for edit in edits for cut in (edit.start, edit.end)})
        parts = _split(self._pieces, cuts)
        edited: list[Piece] = []
        position = index = 0
        for edit in edits:
            while index < len(parts) and _is_before(parts[index], position, edit.start):
                edited.append(parts[index])
                position += len(parts[index].present)
                index += 1
            original = ""
            while index < len(parts) and position < edit.end:
                original += parts[index].original
                position += len(parts[index].present)
                index += 1
            edited.append(Piece(original, edit.replacement, edit.rule))
        self._pieces = edited + parts[index:]

    def take_out(self, rule: str) -> None:
        """Take out all that is left, by ``rule``; what is gone already keeps its own."""
        self._pieces = [
            Piece(piece.original, "", piece.rule if piece.rule and not piece.present else rule)
            for piece in self._pieces
        ]

    def stretches(self) -> tuple[Stretch, ...]:
        """Return the stretches of the text as it was read, neighbours with one fate as one."""
        stretches: list[Stretch] = []
        for (rule, number), group in itertools.groupby(enumerate(self._pieces), key=_fate):
            pieces = [piece for _, piece in group]
            original = "".join(piece.original for piece in pieces)
            replacement = pieces[0].present if number else ""
            if original or replacement:
                stretches.append(Stretch(original, rule, replacement))
        return tuple(stretches)


def _fate(numbered: tuple[int, Piece]) -> tuple[str, int]:
    """Return what neighbours must share to be shown as one; replacements stand alone."""
    number, piece = numbered
    return piece.rule, number + 1 if piece.rule and piece.present else 0


def _is_before(part: Piece, position: int, start: int) -> bool:
    return position < start or (position == start and not part.present)


def _split(pieces: list[Piece], cuts: list[int]) -> list[Piece]:
    """Return ``pieces`` so that every one of ``cuts`` lies between two of them."""
    parts: list[Piece] = []
    position = index = 0
    for piece in pieces:
        end = position + len(piece.present)
        start = position
        while index < len(cuts) and cuts[index] < end:
            if cuts[index] > start:
                parts.append(_part(piece, start - position, cuts[index] - position))
                start = cuts[index]
            index += 1
        parts.append(_part(piece, start - position, len(piece.present)))
        position = end
    return parts


def _part(piece: Piece, start: int, end: int) -> Piece:
    present = piece.present[start:end]
    if not piece.rule:
        return Piece(present, present)
    return Piece(piece.original if start == 0 else "", present, piece.rule)
