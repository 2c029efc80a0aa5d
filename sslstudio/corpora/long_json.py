"""The texts of one long JSON record, without making what else is in it.

For lines of many megabytes, which may be a whole book in one field, or hostile: 256 MB of
``[],[],`` would become 5 GB of lists. Only an object's own texts are made; what lies deeper is
stepped over, up to a million brackets and texts, so time and memory stay in proportion to what
a book needs. Costs about 5 ms a megabyte.
"""

from __future__ import annotations

import json.decoder
import re
from collections.abc import Iterator

_MOST_STEPS = 1_000_000
_SPACE = re.compile(r"[ \t\n\r]*")
_SCALAR = re.compile(r"[-+.\w]+")
_NEXT = re.compile(r'["\[\]{}]')
_scan = json.decoder.scanstring  # type: ignore[attr-defined]


def top_level_texts(line: str) -> dict[str, str] | str:
    """Return the fields of the JSON object ``line`` that are texts, or the bare text it is.

    Raises:
        ValueError: it is no JSON object or text, or has too much in it that is no text.
    """
    place = _after_space(line, 0)
    if line.startswith('"', place):
        text, place = _scan(line, place + 1, True)
        _require_end(line, place)
        return str(text)
    if not line.startswith("{", place):
        raise ValueError("is no record")
    texts, place = _fields(line, place + 1, iter(range(_MOST_STEPS)))
    _require_end(line, place)
    return texts


def _fields(line: str, place: int, steps: Iterator[int]) -> tuple[dict[str, str], int]:
    """Return the texts of an object whose first field begins at ``place``, and where it ends."""
    texts: dict[str, str] = {}
    place = _after_space(line, place)
    if line.startswith("}", place):
        return texts, place + 1
    for _ in steps:
        name, place = _scan(line, _behind(line, place, '"'), True)
        place = _after_space(line, _behind(line, place, ":"))
        if line.startswith('"', place):
            texts[name], place = _scan(line, place + 1, True)
        else:
            place = _step_over(line, place, steps)
        place = _after_space(line, place)
        if line.startswith("}", place):
            return texts, place + 1
        place = _behind(line, place, ",")
    raise ValueError("has too many fields")


def _step_over(line: str, place: int, steps: Iterator[int]) -> int:
    """Return where the number, word, list or object at ``place`` ends."""
    if not line.startswith(("[", "{"), place):
        scalar = _SCALAR.match(line, place)
        if not scalar:
            raise ValueError("is no JSON")
        return scalar.end()
    depth = 0
    for _ in steps:
        mark = _NEXT.search(line, place)
        if not mark:
            raise ValueError("has a bracket without end")
        place = mark.end()
        if mark.group() == '"':
            _, place = _scan(line, place, True)
        else:
            depth += 1 if mark.group() in "[{" else -1
            if depth == 0:
                return place
    raise ValueError("has too much that is no text")


def _behind(line: str, place: int, mark: str) -> int:
    """Return the place behind ``mark``, which must be what comes next."""
    place = _after_space(line, place)
    if not line.startswith(mark, place):
        raise ValueError(f"lacks a {mark}")
    return place + 1


def _after_space(line: str, place: int) -> int:
    match = _SPACE.match(line, place)
    assert match is not None
    return match.end()


def _require_end(line: str, place: int) -> None:
    if _after_space(line, place) != len(line):
        raise ValueError("goes on behind its end")
