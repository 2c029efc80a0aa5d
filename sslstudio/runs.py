"""The run folder: write it, read it, follow it, list them.

Every run ends here, whether a window, the command line or a cluster started it, and everything
that looks at a run looks here. Reading never takes the lock and never trusts a line to be
whole; only the process that holds the lock writes. Costs: an event is one flushed line, a
status one small atomic file. Knows nothing of tensors; checkpoints are folders with a manifest.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import math
import os
import re
import shutil
import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import filelock

from sslstudio import events
from sslstudio.errors import RunError, SSLStudioError, StorageError
from sslstudio.events import Event
from sslstudio.recipe import Recipe
from sslstudio.storage import MANIFEST, UNREADABLE, data_dir, storage_guard, write_atomically

SCHEMA = 1
_CHECKPOINT = re.compile(r"step-(\d{6,})")
_LIVE = ("preparing", "training", "paused")
_LATEST_TIME = 32_503_680_000.0  # the year 3000: what lies beyond is damage
# what every run writes into its recipe; a truncated one would silently become the default
_RECIPE_TABLES = frozenset(
    ("corpora", "data", "tokenizer", "objective", "model", "training", "evaluation", "checkpoints")
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunStatus:
    """The content of ``status.json``."""

    state: str = "preparing"
    step: int = 0
    steps: int = 0
    pid: int = 0
    heartbeat: float = 0.0  # seconds since the epoch
    error: str = ""


@dataclasses.dataclass(frozen=True)
class CheckpointPath:
    """A checkpoint on disk; whether its files match its manifest is checked when it is loaded."""

    step: int
    path: Path


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunSummary:
    """One row of the list of runs."""

    name: str
    path: str
    objective: str
    parameters: int
    step: int
    steps: int
    state: str  # as in the status; "interrupted" where its process is gone
    bits_per_byte: float | None
    started: float
    seconds: float
    parent: str
    tokens: int = 0
    loss: float | None = None
    history: tuple[str, ...] = ()  # one line for each time it went on


def default_runs_dir() -> Path:
    """Return where runs go: ``SSLSTUDIO_RUNS``, or a folder in the user's data."""
    given = os.environ.get("SSLSTUDIO_RUNS")
    return Path(given) if given else data_dir() / "runs"


class RunFolder:
    """One run on disk. Cheap to make; reads on demand."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, runs_dir: Path, recipe: Recipe, name: str | None = None) -> RunFolder:
        """Make a new folder ``<date>-<time>-<name>`` with the recipe as it was asked for."""
        slug = re.sub(r"[^a-z0-9]+", "-", (name or recipe.name).lower()).strip("-") or "run"
        stem = f"{datetime.now():%Y%m%d-%H%M%S}-{slug[:60]}"
        with storage_guard(runs_dir):
            runs_dir.mkdir(parents=True, exist_ok=True)
            for suffix in range(1, 1000):
                path = runs_dir / (stem if suffix == 1 else f"{stem}-{suffix}")
                with contextlib.suppress(FileExistsError):
                    path.mkdir()
                    break
        try:
            with storage_guard(path):
                (path / "checkpoints").mkdir()
                (path / "exports").mkdir()
            recipe.save(path / "recipe.toml")
        except StorageError:
            shutil.rmtree(path, ignore_errors=True)
            raise
        return cls(path)

    @classmethod
    def open(cls, path: Path | str) -> RunFolder:
        """Open an existing run by its path, or by its name in the default folder of runs.

        Raises:
            RunError: there is no such folder, it is no run, or a newer release wrote it.
        """
        found = Path(path)
        try:
            if not found.exists() and not found.is_absolute():
                found = default_runs_dir() / found
            if not found.is_dir():
                raise RunError(f"there is no run {path}; 'sslstudio runs' lists them")
            if not (found / "recipe.toml").is_file():
                raise RunError(
                    f"{found} is not a run folder: it has no recipe.toml; "
                    "'sslstudio runs' lists those that are"
                )
        except OSError as error:  # a name that is too long, a folder that may not be entered
            raise RunError(
                f"the run {path} cannot be read: {error.strerror}; 'sslstudio runs' lists the runs"
            ) from error
        run = cls(found)
        schema = run.facts().get("schema", SCHEMA)
        if not isinstance(schema, int) or schema > SCHEMA:
            raise RunError(
                f"{found} was written by a newer SSL Studio (schema {schema}, this one reads "
                f"up to {SCHEMA}): update SSL Studio"
            )
        return run

    @property
    def name(self) -> str:
        """The folder's name, which is unique among runs."""
        return self.path.name

    @property
    def tokenizer_path(self) -> Path:
        """Where the run keeps its own copy of the tokenizer."""
        return self.path / "tokenizer.json"

    @property
    def events_path(self) -> Path:
        """Where the run's events are, one a line."""
        return self.path / "events.jsonl"

    @property
    def checkpoints_dir(self) -> Path:
        """Where the run's checkpoints are."""
        return self.path / "checkpoints"

    def recipe(self) -> Recipe:
        """Read the run's recipe.

        Raises:
            RecipeError: it cannot be read as one.
            RunError: whole tables are missing, so that defaults would stand in for them.
        """
        path = self.path / "recipe.toml"
        recipe = Recipe.load(path)
        missing = _RECIPE_TABLES - tomllib.loads(path.read_text(encoding="utf-8-sig")).keys()
        if missing:
            raise RunError(
                f"{path} is damaged: {', '.join(sorted(missing))} is missing; "
                "put it back from a copy, or begin a new run"
            )
        return recipe

    def facts(self) -> dict[str, Any]:
        """Return ``run.json``, or an empty dict while the run is being prepared.

        Raises:
            RunError: the file is damaged.
        """
        return self._read_json("run.json")

    def write_facts(self, facts: dict[str, Any]) -> None:
        """Replace ``run.json``."""
        # a file name that is no UTF-8 is kept as JSON writes it, "\\udcff"
        text = json.dumps({"schema": SCHEMA, **facts}, indent=1, ensure_ascii=False)
        content = text.encode("utf-8", "backslashreplace")
        write_atomically(self.path / "run.json", content)

    def status(self) -> RunStatus:
        """Return the last written status; a damaged one reads as an empty one."""
        try:
            fields = self._read_json("status.json")
            known = dataclasses.asdict(RunStatus())
            given = {k: v for k, v in fields.items() if k in known}
            if all(_is_like(value, known[name]) for name, value in given.items()):
                return RunStatus(**given)
        except RunError:
            pass
        return RunStatus(state="failed", error="status.json is damaged")

    def write_status(self, status: RunStatus) -> None:
        """Replace ``status.json``."""
        write_atomically(self.path / "status.json", json.dumps(dataclasses.asdict(status)))

    def events(self, offset: int = 0) -> tuple[list[Event], int]:
        """Return the events that begin at byte ``offset``, and the offset to go on from.

        A last line without its end is left for the next call; what cannot be read is skipped.
        """
        try:
            with self.events_path.open("rb") as file:
                file.seek(offset)
                whole, newline, _ = file.read().rpartition(b"\n")
        except FileNotFoundError:
            return [], offset
        if not newline:
            return [], offset
        found = [event for line in whole.split(b"\n") if (event := events.from_json(line))]
        return found, offset + len(whole) + 1

    def checkpoints(self) -> list[CheckpointPath]:
        """Return the checkpoints that have a manifest, oldest first."""
        return [c for c in self.checkpoint_folders() if (c.path / MANIFEST).is_file()]

    def checkpoint_folders(self) -> list[CheckpointPath]:
        """Return everything under a checkpoint's name, oldest first; damage may lack a manifest."""
        found = []
        if self.checkpoints_dir.is_dir():
            for path in self.checkpoints_dir.iterdir():
                if match := _CHECKPOINT.fullmatch(path.name):
                    found.append(CheckpointPath(int(match[1]), path))
        return sorted(found, key=lambda c: c.step)

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the right to write this run; it ends with the process that holds it.

        Raises:
            RunError: another process writes this run.
        """
        held = filelock.FileLock(self.path / ".lock")
        with storage_guard(self.path):
            try:
                # not 0: whoever lists the runs holds the lock for an instant
                held.acquire(timeout=0.5, poll_interval=0.05)
            except filelock.Timeout as error:
                raise RunError(
                    f"{self.path} is being written by another process "
                    f"(number {self.status().pid}): stop that one first"
                ) from error
        try:
            yield
        finally:
            held.release()

    def is_locked(self) -> bool:
        """Say whether a process writes this run now."""
        if not (self.path / ".lock").exists():
            return False
        probe = filelock.FileLock(self.path / ".lock")
        try:
            with probe.acquire(timeout=0):
                return False
        except filelock.Timeout:
            return True
        except OSError:  # nobody can hold it, as on a disk that is read-only
            return False

    def summary(self) -> RunSummary:
        """Return the run's row in the list, from its small files only."""
        status, facts = self.status(), self.facts()
        started = _number(facts.get("started"), 0.0)
        if not 0 < started < _LATEST_TIME:
            started = self.path.stat().st_mtime
        state = status.state
        if state in _LIVE and not self.is_locked():
            state = "interrupted"
        last, parameters = _table(facts, "last"), _table(facts, "parameters")
        elapsed = max(0.0, status.heartbeat - started)
        return RunSummary(
            name=self.name,
            path=str(self.path),
            objective=self.recipe().objective.name,
            parameters=int(_number(parameters.get("total"), 0.0)),
            step=status.step,
            steps=status.steps,
            state=state,
            bits_per_byte=_number(last.get("bits_per_byte"), None),
            loss=_number(last.get("loss"), None),
            started=started,
            seconds=_number(last.get("seconds"), elapsed),
            parent=str(facts.get("parent", "")),
            tokens=int(_number(last.get("tokens"), 0.0)),
            history=history_lines(facts),
        )

    def _read_json(self, name: str) -> dict[str, Any]:
        try:
            content = json.loads((self.path / name).read_bytes())
            if not isinstance(content, dict):
                raise ValueError("it holds no object")
        except FileNotFoundError:
            return {}
        except UNREADABLE as error:
            raise RunError(
                f"{self.path / name} is damaged: {error}; put it back from a copy"
            ) from error
        return content


def _is_like(value: Any, example: Any) -> bool:
    """Say whether ``value``, read from a file, is of the kind of ``example``, and finite."""
    if isinstance(example, float):
        return _number(value, None) is not None
    return type(value) is type(example)


Otherwise = TypeVar("Otherwise", float, None)


def _number(value: Any, otherwise: Otherwise) -> float | Otherwise:
    """Return ``value`` where it is a finite number, else ``otherwise``."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number and abs(value) < math.inf else otherwise


def _table(facts: dict[str, Any], name: str) -> dict[str, Any]:
    table = facts.get(name)
    return table if isinstance(table, dict) else {}


def history_lines(facts: dict[str, Any]) -> tuple[str, ...]:
    """Return a line for each time that a run went on: from which step, and what changed."""
    entries = facts.get("history")
    lines = []
    for entry in entries if isinstance(entries, list) else []:
        step = _number(entry.get("step"), None) if isinstance(entry, dict) else None
        if step is None:
            continue
        changes = entry.get("changes")
        told = [
            f"{change.get('key')} {change.get('before')} → {change.get('after')}"
            for change in (changes if isinstance(changes, list) else [])
            if isinstance(change, dict)
        ]
        lines.append(f"went on from step {int(step):,}" + (": " if told else "") + ", ".join(told))
    return tuple(lines)


def list_runs(runs_dir: Path) -> list[RunSummary]:
    """Return every readable run in ``runs_dir``, newest first; others are passed over.

    Raises:
        RunError: ``runs_dir`` is a file.
    """
    if runs_dir.is_file():
        raise RunError(f"{runs_dir} is a file: name the folder that holds the runs")
    rows = []
    try:
        paths = sorted(runs_dir.iterdir()) if runs_dir.is_dir() else []
    except OSError as error:
        raise RunError(
            f"{runs_dir} cannot be read: {error.strerror}; check its permissions"
        ) from error
    for path in paths:
        with contextlib.suppress(SSLStudioError, OSError):
            rows.append(RunFolder.open(path).summary())
    return sorted(rows, key=lambda row: (row.started, row.name), reverse=True)
