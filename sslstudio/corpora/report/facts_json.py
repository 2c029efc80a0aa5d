"""A report as JSON and back, exactly: between processes, and in the cache.

Beside ``facts``. Values are checked against the types that the dataclasses declare, so that a
damaged file in the cache is an error and never half a report. Costs milliseconds. What people
read with ``--json`` is ``CorpusReport.to_json``, which has other names.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import types
import typing
from collections.abc import Mapping
from typing import Any

from sslstudio.corpora.report.facts import CorpusReport


def dump_report(report: CorpusReport) -> str:
    """Return ``report`` as one line of JSON."""
    return json.dumps(dataclasses.asdict(report), ensure_ascii=False, allow_nan=False)


def load_report(text: str | bytes) -> CorpusReport:
    """Return the report that :func:`dump_report` wrote down.

    Raises:
        ValueError: it is something else.
    """
    try:
        report = _read(CorpusReport, json.loads(text))
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"is no report: {error}") from error
    assert isinstance(report, CorpusReport)
    return report


@functools.cache
def _fields(cls: type) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    return {field.name: hints[field.name] for field in dataclasses.fields(cls)}


def _read(kind: Any, value: Any) -> Any:
    """Return ``value`` as an instance of the type ``kind``."""
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        fields = _fields(kind)
        return kind(**{name: _read(fields[name], part) for name, part in value.items()})
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        return _read_tuple(parts, value)
    if origin is Mapping:
        of_key, of_value = parts
        return {of_key(key): _read(of_value, part) for key, part in value.items()}
    if origin in (typing.Union, types.UnionType):
        (inner,) = (part for part in parts if part is not type(None))
        return None if value is None else _read(inner, value)
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:
        raise ValueError(f"is no report: {value!r} is no {kind.__name__}")
    return value


def _read_tuple(parts: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise ValueError(f"is no report: {value!r} is no list")
    if parts[-1] is Ellipsis:
        return tuple(_read(parts[0], part) for part in value)
    return tuple(_read(kind, part) for kind, part in zip(parts, value, strict=True))
