"""Recipe: what to train, as frozen dataclasses and as TOML.

One declaration of every setting: the studio's forms, the command line's ``--set`` and the
documentation are made from it. A recipe knows nothing of torch, of files' contents, or of what
"auto" will become; the engine resolves that when a run begins and stores the resolved recipe.
An objective's own options stand beside its name as plain values and are checked by the
objective itself.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Iterable
from pathlib import Path
from types import MappingProxyType
from typing import Any

import tomli_w

from sslstudio.errors import RecipeError, nearest
from sslstudio.recipe.options import (
    CheckpointOptions,
    EvaluationOptions,
    ModelOptions,
    ObjectiveChoice,
    SampleOptions,
    TrainingOptions,
)
from sslstudio.recipe.text_options import CorpusSource, DataOptions, TokenizerOptions
from sslstudio.registry import Scalar, build_options, check_text, shown
from sslstudio.storage import write_atomically

SCHEMA = 1
_NO_PATHS = ("sample:", "hub:")

_TABLES: dict[str, type] = {
    "data": DataOptions,
    "tokenizer": TokenizerOptions,
    "model": ModelOptions,
    "training": TrainingOptions,
    "evaluation": EvaluationOptions,
    "samples": SampleOptions,
    "checkpoints": CheckpointOptions,
}
_TOP_LEVEL = ("schema", "name", "seed", "corpora", "objective", *_TABLES)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Recipe:
    """Everything that decides a training run."""

    name: str = "first run"
    seed: int = 1337
    corpora: tuple[CorpusSource, ...] = (CorpusSource(),)
    data: DataOptions = DataOptions()
    tokenizer: TokenizerOptions = TokenizerOptions()
    objective: ObjectiveChoice = ObjectiveChoice()
    model: ModelOptions = ModelOptions()
    training: TrainingOptions = TrainingOptions()
    evaluation: EvaluationOptions = EvaluationOptions()
    samples: SampleOptions = SampleOptions()
    checkpoints: CheckpointOptions = CheckpointOptions()

    @classmethod
    def default(cls) -> Recipe:
        """Return the recipe that a new window shows."""
        return cls()

    @classmethod
    def load(cls, path: Path) -> Recipe:
        """Read a recipe file; relative corpus paths are taken from its folder.

        Raises:
            RecipeError: no such file, not TOML, an unknown key, or a value out of bounds.
        """
        try:
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError as error:
            raise RecipeError(f"there is no recipe {path}; check the path") from error
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
            raise RecipeError(f"cannot read the recipe {path}: {reason}; choose another") from error
        return cls.from_toml(text, where=str(path), folder=path.resolve().parent)

    @classmethod
    def from_toml(cls, text: str, where: str = "the recipe", folder: Path | None = None) -> Recipe:
        """Read a recipe from TOML ``text``; ``where`` names it in errors."""
        try:
            tables = tomllib.loads(text)
        except (ValueError, RecursionError) as error:  # a number of 5,000 digits is a ValueError
            raise RecipeError(f"{where} is not valid TOML: {error}; mend that line") from error
        try:
            return cls._from_tables(tables, folder)
        except RecipeError as error:
            raise RecipeError(f"{where}: {error}") from error

    @classmethod
    def _from_tables(cls, tables: dict[str, Any], folder: Path | None) -> Recipe:
        for key in tables:
            if key not in _TOP_LEVEL:
                raise RecipeError(f"{key} is not a setting{nearest(key, _TOP_LEVEL)}")
        _check_schema(tables.get("schema", SCHEMA))
        parts: dict[str, Any] = {}
        for key, kind in (("name", str), ("seed", int)):
            if key in tables:
                if not isinstance(tables[key], kind) or isinstance(tables[key], bool):
                    raise RecipeError(f"{key} is {shown(tables[key])}: write a {_WORDS[kind]}")
                parts[key] = tables[key]
        if "corpora" in tables:
            parts["corpora"] = _corpora(tables["corpora"], folder)
        if "objective" in tables:
            parts["objective"] = _objective(_table(tables, "objective"))
        for key, cls_ in _TABLES.items():
            if key in tables:
                parts[key] = build_options(cls_, _with_one_length(key, _table(tables, key)), key)
        if folder is not None and "tokenizer" in parts and parts["tokenizer"].file:
            file = _absolute(folder, parts["tokenizer"].file)
            parts["tokenizer"] = dataclasses.replace(parts["tokenizer"], file=file)
        return cls(**parts)

    def __post_init__(self) -> None:
        if not self.corpora:
            raise RecipeError("the recipe names no corpus: add a [[corpora]] table with a path")
        check_text(self.name, "name")
        if not 0 <= self.seed < 2**63:
            raise RecipeError(f"seed is {shown(self.seed)}: it must be from 0 to 2^63 - 1")

    def to_tables(self) -> dict[str, Any]:
        """Return the recipe as the nested plain values of its TOML form."""
        return {
            "schema": SCHEMA,
            "name": self.name,
            "seed": self.seed,
            "corpora": [_plain(source) for source in self.corpora],
            "objective": {"name": self.objective.name, **self.objective.options},
            **{key: _plain(getattr(self, key)) for key in _TABLES},
        }

    def to_toml(self) -> str:
        """Return the recipe as TOML; :meth:`from_toml` reads back an equal recipe."""
        return tomli_w.dumps(self.to_tables())

    def save(self, path: Path) -> None:
        """Write the recipe to ``path`` atomically."""
        write_atomically(path, self.to_toml())

    def with_settings(self, settings: Iterable[str]) -> Recipe:
        """Apply ``KEY=VALUE`` texts such as ``training.steps=100`` or ``corpora.0.path=a.txt``.

        A value is read as TOML where it can be, otherwise as a text.

        Raises:
            RecipeError: not of the form KEY=VALUE, or no such key, or a value out of bounds.
        """
        tables = self.to_tables()
        for setting in settings:
            key, equals, text = setting.partition("=")
            if not equals:
                raise RecipeError(f"--set {setting!r} has no '=': write KEY=VALUE")
            _assign(tables, key.strip(), _parsed(text.strip()))
        return Recipe._from_tables(tables, Path.cwd())


_WORDS = {str: "text", int: "whole number"}


def _plain(options: Any) -> dict[str, Any]:
    values = dataclasses.asdict(options)
    return {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}


def _check_schema(schema: Any) -> None:
    if not isinstance(schema, int) or isinstance(schema, bool) or schema < 1:
        raise RecipeError(f"schema is {shown(schema)}: write schema = {SCHEMA}")
    if schema > SCHEMA:
        raise RecipeError(
            f"it was written by a newer SSL Studio (schema {shown(schema)}, this one reads up to "
            f"{SCHEMA}): update SSL Studio"
        )


def _table(tables: dict[str, Any], key: str) -> dict[str, Any]:
    if not isinstance(tables[key], dict):
        raise RecipeError(f"{key} is {shown(tables[key])}: write a [{key}] table")
    return dict(tables[key])


def _corpora(entries: Any, folder: Path | None) -> tuple[CorpusSource, ...]:
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise RecipeError("corpora must be [[corpora]] tables, each with a path")
    sources = []
    for entry in entries:
        source = build_options(CorpusSource, entry, "corpora")
        if not source.path or "path" not in entry:
            raise RecipeError("a [[corpora]] table has no path: name a file, a folder or a sample")
        if folder is not None and not source.path.startswith(_NO_PATHS):
            source = dataclasses.replace(source, path=_absolute(folder, source.path))
        sources.append(source)
    return tuple(sources)


def _absolute(folder: Path, path: str) -> str:
    """Return ``path`` as seen from ``folder``, the home of whoever is named by ``~`` filled in."""
    try:
        return str(folder / Path(path).expanduser())
    except RuntimeError:
        raise RecipeError(f"{path} names the home of nobody: write the whole path") from None


def _objective(table: dict[str, Any]) -> ObjectiveChoice:
    name = table.pop("name", "causal_lm")
    if not isinstance(name, str):
        raise RecipeError(f"objective.name is {shown(name)}: write the name of an objective")
    for key, value in table.items():
        if not isinstance(value, Scalar):
            raise RecipeError(f"objective.{key} is {shown(value)}: write a single value")
    return ObjectiveChoice(name=name, options=MappingProxyType(table))


def _with_one_length(key: str, table: dict[str, Any]) -> dict[str, Any]:
    """Let ``tokens = …`` or ``epochs = …`` alone replace the default number of steps."""
    if key == "training" and "steps" not in table and (table.get("tokens") or table.get("epochs")):
        return {**table, "steps": 0}
    return table


def _parsed(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):
        return text


def _assign(tables: dict[str, Any], key: str, value: Any) -> None:
    *parents, last = key.split(".")
    place: Any = tables
    for parent in parents:
        try:
            place = place[int(parent)] if isinstance(place, list) else place[parent]
        except (KeyError, IndexError, ValueError, TypeError):
            raise RecipeError(f"{key} is not a setting{nearest(parent, _TOP_LEVEL)}") from None
    if not isinstance(place, dict):
        raise RecipeError(f"{key} is not a setting: write corpora.0.path for the first corpus")
    place[last] = value
    if key in ("training.steps", "training.tokens", "training.epochs") and value:
        for other in {"steps", "tokens", "epochs"} - {last}:
            place[other] = 0
