"""Addresses of machines on the internet, version 4 and 6; those of private networks stay.

Python's ``ipaddress`` says what is an address, and what is global (the IANA registries). Numbers
of versions look the same: what a ``v`` or the word version stands before is left alone.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from sslstudio.corpora.personal.span import Clues, Span, begins_alone

_V4 = re.compile(r"[0-9]{1,3}+(?:\.[0-9]{1,3}+){3,}+(?![\w]|\.[0-9])")
_VERSION = re.compile(r"(?:\b[vV]\.? ?|[vV]ersions? |[rR]elease )\Z")
_PAIR = re.compile(r":[0-9A-Fa-f]{0,4}+:")
# all global ones are in 2000::/3, which tells them from a::b in programs
_UNICAST = re.compile(r"[23][0-9A-Fa-f]{3}:")
_V6_CHARACTERS = "0123456789abcdefABCDEF:."
_LONGEST_V6 = 45


def find(clues: Clues) -> Iterator[Span]:
    """Yield where global addresses stand."""
    text = clues.text
    for match in clues.in_runs(_V4):
        if not begins_alone(text, match.start(), but_not=".") or not _is_global(match.group()):
            continue
        if not _VERSION.search(text[max(0, match.start() - 10) : match.start()]):
            yield match.span()
    if clues.digits or "::" in text:
        yield from _find_v6(text)


def _find_v6(text: str) -> Iterator[Span]:
    """Look around every pair of near colons; no character is looked at more than a few times."""
    free = 0
    position = 0
    while match := _PAIR.search(text, position):
        if match.end() - match.start() > 2 and text.count(":", position, match.end() + 45) < 6:
            position = match.end() - 1
            continue
        start = _reach(text, match.start(), -1, max(free, match.start() - _LONGEST_V6))
        end = _reach(text, match.end() - 1, 1, min(len(text), match.end() + _LONGEST_V6))
        position = max(match.end() - 1, end)
        while end > match.end() and text[end - 1] in ".":
            end -= 1
        if text[end - 1] == ":" and text[end - 2] != ":":
            end -= 1
        if (
            _UNICAST.match(text, start)
            and _is_alone(text, start, end)
            and _is_global(text[start:end])
        ):
            yield start, end
        free = end


def _reach(text: str, position: int, step: int, limit: int) -> int:
    """Return how far characters of an address go on from ``position``, at most to ``limit``."""
    if step > 0:
        while position < limit and text[position] in _V6_CHARACTERS:
            position += 1
    else:
        while position > limit and text[position - 1] in _V6_CHARACTERS:
            position -= 1
    return position


def _is_alone(text: str, start: int, end: int) -> bool:
    after = text[end : end + 1]
    return begins_alone(text, start) and not (after.isalnum() or after == "_")


def _is_global(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_global
    except ValueError:
        return False
