"""Texts inside the columns of Arrow tables: plain, by dictionary, in lists, in records, in bytes.

Below the readers of Parquet and Arrow. A field of a record is called ``translation.de``, as SQL
calls it; the texts of a list, also of a list of records, are lines of one text. Bytes count as text
where a table has no texts proper, for older programs write them so. Costs what pyarrow needs to
make values of Python. Knows no files.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

_DEEPEST = 8


@dataclasses.dataclass(frozen=True)
class Leaf:
    """Where texts stand in a table.

    Attributes:
        column: its top-level column.
        path: the fields of records that lead to the texts; empty where the column holds them.
    """

    column: str
    path: tuple[str, ...] = ()

    def texts_of(self, batch: Any) -> list[str | None]:
        """Return the text of every row of ``batch``, or None where there is none."""
        # names may come more than once: the first counts
        place = batch.schema.get_all_field_indices(self.column)[0]
        return [_text(value, self.path) for value in batch.column(place).to_pylist()]


def leaves(schema: Any) -> dict[str, Leaf]:
    """Return by name where texts stand in tables with ``schema``, in its order."""
    import pyarrow as pa

    found: dict[str, Leaf] = {}
    for is_wanted in (_is_text, _is_binary):
        for field in schema:
            for path in _paths(pa, field.type, is_wanted, ()):
                found.setdefault(".".join((field.name, *path)), Leaf(field.name, path))
        if found:
            break
    return found


def _paths(pa: Any, kind: Any, is_wanted: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for _ in range(_DEEPEST):
        if not (pa.types.is_dictionary(kind) or _is_list(pa, kind)):
            break
        kind = kind.value_type
    if is_wanted(pa, kind):
        yield path
    elif pa.types.is_struct(kind) and len(path) < _DEEPEST:
        for field in kind:
            yield from _paths(pa, field.type, is_wanted, (*path, field.name))


def _is_text(pa: Any, kind: Any) -> bool:
    tests = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    return any(test(kind) for test in tests)


def _is_binary(pa: Any, kind: Any) -> bool:
    tests = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_binary_view)
    return any(test(kind) for test in tests)


def _is_list(pa: Any, kind: Any) -> bool:
    tests = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    return any(test(kind) for test in tests)


def _text(value: Any, path: tuple[str, ...]) -> str | None:
    if isinstance(value, list):
        return "\n".join(text for part in value if (text := _text(part, path)))
    if isinstance(value, dict):
        return _text(value.get(path[0]), path[1:]) if path else None
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            return None
    return value if isinstance(value, str) else None
