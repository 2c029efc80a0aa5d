"""Find personal data of all kinds in one text, and replace it by typed placeholders.

Between the files of single kinds and whoever counts or replaces. Stretches do not overlap: where
two kinds claim the same place, the kind that stands first in ``FINDERS`` has it. What stands behind
a stretch that was replaced may only then begin a number of its own, so the search is repeated on
the replaced text until it finds nothing: replacing twice is replacing once. Costs about 13 ns
a byte where there is nothing to find.
"""

from __future__ import annotations

import bisect
import dataclasses
from collections.abc import Callable, Collection, Iterator, Mapping

from sslstudio.corpora.personal import (
    cards,
    email_addresses,
    ibans,
    ip_addresses,
    keys,
    phones,
    url_credentials,
)
from sslstudio.corpora.personal.span import Clues, Span

FINDERS: Mapping[str, Callable[[Clues], Iterator[Span]]] = {
    "key": keys.find,
    "url_credentials": url_credentials.find,
    "email": email_addresses.find,
    "iban": ibans.find,
    "card": cards.find,
    "ip": ip_addresses.find,
    "phone": phones.find,
}
KINDS = tuple(FINDERS)
LABELS: Mapping[str, str] = {
    "email": "E-mail address",
    "phone": "Telephone number",
    "card": "Payment card number",
    "iban": "Bank account (IBAN)",
    "ip": "Address of a machine (IP)",
    "key": "Key or token",
    "url_credentials": "Name and password in an address",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Found:
    """A stretch of personal data; ``start`` and ``end`` count characters."""

    kind: str
    start: int
    end: int


def placeholder(kind: str) -> str:
    """Return what stands for a stretch of ``kind``, such as ``<EMAIL>``."""
    return f"<{kind.upper()}>"


def find(text: str, kinds: Collection[str] = KINDS) -> list[Found]:
    """Return the stretches of personal data in ``text``, in order and apart from each other."""
    found = _find_once(text, kinds)
    while found:
        replaced, starts = _replaced(text, found)
        more = _find_once(replaced, kinds)
        if not more:
            break
        found = sorted(
            found + [_moved_back(stretch, found, starts) for stretch in more],
            key=lambda stretch: stretch.start,
        )
    return found


def replace(text: str, kinds: Collection[str] = KINDS) -> tuple[str, dict[str, int]]:
    """Return ``text`` with placeholders, and how many of each kind; the rest is as it was."""
    found = find(text, kinds)
    if not found:
        return text, {}
    counts: dict[str, int] = {}
    for stretch in found:
        counts[stretch.kind] = counts.get(stretch.kind, 0) + 1
    return _replaced(text, found)[0], counts


def _find_once(text: str, kinds: Collection[str]) -> list[Found]:
    """Search once for each kind; earlier kinds take their place first."""
    clues = Clues(text)
    kept: list[Found] = []
    for kind, finder in FINDERS.items():
        if kind in kinds:
            spans = sorted(set(finder(clues)))
            if spans:
                kept = _merged(kept, kind, spans)
    return kept


def _merged(kept: list[Found], kind: str, spans: list[Span]) -> list[Found]:
    """Add the ``spans``, ascending, that meet neither ``kept`` nor each other."""
    merged: list[Found] = []
    waiting = iter([*kept, None])
    taken = next(waiting)
    free = 0
    for start, end in spans:
        while taken is not None and taken.end <= start:
            merged.append(taken)
            taken = next(waiting)
        if start >= free and (taken is None or end <= taken.start):
            merged.append(Found(kind, start, end))
            free = end
    if taken is not None:
        merged.extend([taken, *(stretch for stretch in waiting if stretch is not None)])
    return merged


def _replaced(text: str, found: list[Found]) -> tuple[str, list[int]]:
    """Return the text with placeholders, and where each of them begins in it."""
    pieces, starts = [], []
    position = length = 0
    for stretch in found:
        before, mark = text[position : stretch.start], placeholder(stretch.kind)
        pieces += [before, mark]
        starts.append(length + len(before))
        length += len(before) + len(mark)
        position = stretch.end
    pieces.append(text[position:])
    return "".join(pieces), starts


def _moved_back(stretch: Found, found: list[Found], starts: list[int]) -> Found:
    """Return where ``stretch``, found between placeholders, stands in the text before."""
    before = bisect.bisect_right(starts, stretch.start)
    if not before:
        return stretch
    last = found[before - 1]
    shift = last.end - (starts[before - 1] + len(placeholder(last.kind)))
    return Found(stretch.kind, stretch.start + shift, stretch.end + shift)
