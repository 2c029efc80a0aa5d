"""Declare options once; register objectives, suites, readers, commands … in one call each.

Everything that can be chosen is a class in a file of its own: the file registers it, and the
form, the command line and the documentation follow from what it declares. Nothing here imports
a room: ``catalogue`` imports the files of a room by name when somebody first asks for them, so
looking at objectives costs the import of torch and looking at readers does not.
"""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar

from sslstudio.errors import RecipeError, nearest

Scalar = str | int | float | bool
T = TypeVar("T")
_ROOMS = {
    "objectives": "sslstudio.objectives",
    "suites": "sslstudio.evaluation",
    "exporters": "sslstudio.exporters",
    "readers": "sslstudio.corpora.readers",
    "vocabularies": "sslstudio.corpora.vocabularies",
    "commands": "sslstudio.commands",
    "architectures": "sslstudio.models.architectures",
    "extras": "sslstudio.models.extras",
}
_entries: dict[str, dict[str, Entry]] = {}
_imported: set[str] = set()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Option:
    """One declared option: what a form, the command line and the docs need to know of it."""

    name: str
    type: str  # "int" "float" "bool" "str" "list"
    default: Any
    help: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    auto: bool = False  # the word "auto" is also allowed
    source: str = ""


@dataclasses.dataclass(frozen=True)
class Entry:
    """A registered class with the facts it was registered with."""

    name: str
    cls: type
    facts: Mapping[str, Any]


def option(
    default: Any,
    *,
    help: str,
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] = (),
    kinds: str = "",
    source: str = "",
) -> Any:
    """Declare one field of an options dataclass; bounds are inclusive.

    ``kinds`` names a catalogue: "auto" and what is registered there are then the choices.
    """
    facts = {
        "help": help,
        "minimum": minimum,
        "maximum": maximum,
        "choices": choices,
        "kinds": kinds,
        "source": source,
    }
    return dataclasses.field(default=default, metadata=facts)


def options_of(cls: type) -> tuple[Option, ...]:
    """Return the options that ``cls`` (a dataclass) declares, in their order."""
    hints = typing.get_type_hints(cls)
    found = []
    for field in dataclasses.fields(cls):
        if "help" not in field.metadata:
            continue
        kind, auto = _kind_of(hints[field.name])
        facts = dict(field.metadata)
        if kinds := facts.pop("kinds"):
            facts["choices"] = ("auto", *sorted(catalogue(kinds)))
        found.append(Option(name=field.name, type=kind, auto=auto, default=field.default, **facts))
    return tuple(found)


def build_options(cls: type[T], values: Mapping[str, Any], where: str) -> T:
    """Build the dataclass ``cls`` from plain ``values``; ``where`` names the table in errors.

    Raises:
        RecipeError: an unknown key, a wrong type, or a value out of bounds.
    """
    declared = {o.name: o for o in options_of(cls)}
    checked = {}
    for key, value in values.items():
        if key not in declared:
            raise RecipeError(
                f"{where}.{key} is not a setting{nearest(key, declared)} "
                f"(known: {', '.join(declared) or 'none'})"
            )
        checked[key] = _converted(declared[key], value, f"{where}.{key}")
    return cls(**checked)


def check_options(instance: Any, where: str) -> None:
    """Check every declared option of a dataclass instance; call it in ``__post_init__``."""
    for declared in options_of(type(instance)):
        value = getattr(instance, declared.name)
        _converted(declared, value, f"{where}.{declared.name}")


def register(kind: str, name: str, **facts: Any) -> Callable[[type[T]], type[T]]:
    """Register the decorated class under ``kind`` and ``name`` with free ``facts``."""
    assert kind in _ROOMS, kind

    def remember(cls: type[T]) -> type[T]:
        known = _entries.setdefault(kind, {})
        assert name not in known or known[name].cls.__qualname__ == cls.__qualname__, name
        known[name] = Entry(name, cls, facts)
        return cls

    return remember


def catalogue(kind: str, beginning: str = "") -> dict[str, Entry]:
    """Return everything registered under ``kind``, importing the files of its room first.

    Args:
        beginning: import those files alone whose names begin so; what stands in the others may
            be missing.
    """
    if kind not in _imported:
        room = importlib.import_module(_ROOMS[kind])
        for module in pkgutil.iter_modules(room.__path__):
            if module.name.startswith(beginning):
                importlib.import_module(f"{room.__name__}.{module.name}")
        if not beginning:
            _imported.add(kind)
    return dict(_entries.get(kind, {}))


def find(kind: str, name: str) -> Entry:
    """Return the entry ``name`` of ``kind``.

    Raises:
        RecipeError: there is none; the message names the nearest and all that are known.
    """
    known = catalogue(kind)
    if name not in known:
        singular = {"vocabularies": "vocabulary"}.get(kind, kind.removesuffix("s"))
        raise RecipeError(
            f"there is no {singular} named {name!r}{nearest(name, known)} "
            f"(known: {', '.join(sorted(known))})"
        )
    return known[name]


def _kind_of(hint: Any) -> tuple[str, bool]:
    """Reduce a type hint to one of the kinds of :class:`Option`, and whether "auto" may stand."""
    auto = False
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        parts = typing.get_args(hint)
        auto = any(p == Literal["auto"] for p in parts)
        (hint,) = [p for p in parts if p != Literal["auto"]]
    if hint in (bool, int, float, str):
        return str(hint.__name__), auto
    assert typing.get_origin(hint) is tuple, hint
    return "list", auto


def shown(value: Any) -> str:
    """Return ``value`` as a sentence may name it: on one line, not endless."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a whole number of more than 4,300 digits
        return "too large a value"
    return text if len(text) <= 80 else text[:79] + "…"


def check_text(value: str, where: str) -> None:
    """Raise a :class:`RecipeError` where ``value`` could not be written to a file.

    Arguments and file names that are no UTF-8 reach Python as lone surrogates.
    """
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise RecipeError(f"{where} is {shown(value)}, which is not UTF-8: name it so") from None
    if "\0" in value:
        raise RecipeError(f"{where} is {shown(value)}: take the NUL character out")


def _converted(declared: Option, value: Any, where: str) -> Any:
    """Return ``value`` in the declared type, or raise a :class:`RecipeError` naming ``where``."""
    if declared.auto and value == "auto":
        return value
    if declared.type == "list":
        if not (isinstance(value, (list, tuple)) and all(isinstance(v, str) for v in value)):
            raise RecipeError(f"{where} is {shown(value)}: write a list of texts")
        for text in value:
            check_text(text, where)
        return tuple(value)
    expected: dict[str, tuple[type, ...]] = {
        "bool": (bool,),
        "int": (int,),
        "float": (int, float),
        "str": (str,),
    }
    is_stray_bool = isinstance(value, bool) and declared.type != "bool"
    if not isinstance(value, expected[declared.type]) or is_stray_bool:
        also = " or 'auto'" if declared.auto else ""
        raise RecipeError(f"{where} is {shown(value)}: write {_NOUNS[declared.type]}{also}")
    if isinstance(value, str):
        check_text(value, where)
    _check_bounds(declared, value, where)
    converted: Any = value
    return float(converted) if declared.type == "float" else converted


_NOUNS = {"bool": "true or false", "int": "a whole number", "float": "a number", "str": "a text"}


def _check_bounds(declared: Option, value: Any, where: str) -> None:
    if declared.choices and value not in declared.choices:
        raise RecipeError(
            f"{where} is {shown(value)}{nearest(str(value), declared.choices)}: "
            f"choose one of {', '.join(declared.choices)}"
        )
    if declared.type in ("int", "float"):
        # "not >=" also refuses NaN
        if declared.minimum is not None and not value >= declared.minimum:
            raise RecipeError(
                f"{where} is {shown(value)}: it must be at least {declared.minimum:g}"
            )
        if declared.maximum is not None and not value <= declared.maximum:
            raise RecipeError(f"{where} is {shown(value)}: it must be at most {declared.maximum:g}")
