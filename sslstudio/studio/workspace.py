"""What the window works on: the recipe with its history, the runs, the engine, the live run.

Pages get it in their constructor, read from it, and change the recipe only through
:meth:`Workspace.change`, which makes every change undoable; they hear of changes by its signals
and never talk to each other. Reads and writes recipe files; touches no tensor and no widget.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import time
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from sslstudio.errors import SSLStudioError
from sslstudio.recipe import Recipe
from sslstudio.runs import RunFolder, default_runs_dir
from sslstudio.studio import settings
from sslstudio.studio.engine import Engine
from sslstudio.studio.guard import guarded
from sslstudio.studio.live_run import LiveRun

RECENT = 8
MERGE_S = 1.0  # changes with the same key that follow each other faster are one


class _Change(QUndoCommand):
    """From one recipe to another."""

    def __init__(
        self, workspace: Workspace, before: Recipe, after: Recipe, text: str, key: str
    ) -> None:
        super().__init__(text)
        self.workspace, self.before, self.after, self.key = workspace, before, after, key
        self.made_at = time.monotonic()

    @guarded(fallback=-1)
    def id(self) -> int:
        """Return the same number for changes that may become one."""
        return hash(self.key) & 0x3FFFFFFF if self.key else -1

    @guarded(fallback=False)
    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take the newer change in, when a slider was moved on."""
        if not isinstance(other, _Change) or other.made_at - self.made_at > MERGE_S:
            return False
        self.after, self.made_at = other.after, other.made_at
        return True

    @guarded
    def redo(self) -> None:
        """Make the change."""
        self.workspace._take(self.after)

    @guarded
    def undo(self) -> None:
        """Take it back."""
        self.workspace._take(self.before)


class Workspace(QObject):
    """One window's document and everything around it."""

    recipe_changed = Signal(object)  # Recipe
    saved_changed = Signal(bool)  # True: everything is on the disk
    path_changed = Signal(object)  # Path | None
    recent_changed = Signal()
    engine_ready = Signal(object)  # Engine
    device_changed = Signal(str)
    runs_changed = Signal()  # a run was begun, ended, deleted, or the folder of runs changed
    run_selected = Signal(object)  # Path | None of the run whose curves and checkpoints to show
    page_requested = Signal(str)  # key of a page, such as "training"
    said = Signal(str, str)  # sentence for the log, level: info, caution, error

    def __init__(self, parent: QObject | None = None, *, training: LiveRun | None = None) -> None:
        super().__init__(parent)
        self._recipe = Recipe.default()
        self._saved = self._recipe
        self._was_saved = True
        self.path: Path | None = None
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(200)
        self.engine: Engine | None = None
        self.device = settings.text("device", "auto")
        self.selected_run: Path | None = None
        self.training = training or LiveRun(self)
        self.training.setParent(self)
        self.training.run_started.connect(self._on_run_started)
        self.training.ended.connect(lambda _result: self.runs_changed.emit())
        self.training.failed.connect(lambda _error: self.runs_changed.emit())

    # The recipe

    @property
    def recipe(self) -> Recipe:
        """What will be trained when the button is pressed."""
        return self._recipe

    @property
    def is_saved(self) -> bool:
        """Whether the recipe is as it was opened or last saved."""
        return self._recipe == self._saved

    def change(self, recipe: Recipe, text: str, key: str = "") -> None:
        """Replace the recipe, undoably; ``text`` names the change ("Change the mask rate").

        Changes that follow each other quickly and share a ``key`` become one, so that the
        movement of a slider is undone at once. An equal recipe is no change.
        """
        if recipe != self._recipe:
            self.undo_stack.push(_Change(self, self._recipe, recipe, text, key))

    def rename(self, name: str) -> None:
        """Give the recipe another name."""
        if name.strip():
            self.change(dataclasses.replace(self._recipe, name=name.strip()), "Rename")

    def new(self) -> None:
        """Begin with the default recipe."""
        self.adopt(Recipe.default(), None, "New recipe")

    def open(self, path: Path) -> None:
        """Open a recipe file, or the recipe of a run folder.

        Raises:
            SSLStudioError: it cannot be read, or is no recipe.
        """
        path = path.resolve()
        if path.is_dir():
            run = RunFolder.open(path)
            self.adopt(run.recipe(), None, "Open the recipe of a run")
            self.select_run(run.path)
            return
        self.adopt(Recipe.load(path), path, "Open a recipe")
        self._remember_recent(path)

    def adopt(self, recipe: Recipe, path: Path | None, text: str, *, saved: bool = True) -> None:
        """Take ``recipe`` as the document; what was there before comes back with undo."""
        if saved:
            self._saved = recipe
        self._set_path(path)
        self.change(recipe, text)
        self._tell_saved()

    def keep_draft(self) -> None:
        """Keep an unsaved recipe for the next start, so that closing asks nothing."""
        draft = _draft_file()
        if self.is_saved:
            draft.unlink(missing_ok=True)
        else:
            self._recipe.save(draft)

    def restore_draft(self) -> None:
        """Take up the recipe that was unsaved when the window was last closed."""
        with contextlib.suppress(SSLStudioError):
            if _draft_file().is_file():
                self.adopt(Recipe.load(_draft_file()), None, "Restore", saved=False)
                self.undo_stack.clear()

    def save(self, path: Path | None = None) -> None:
        """Write the recipe to ``path``, or to where it came from.

        Raises:
            StorageError: the disk is full or may not be written.
        """
        target = path or self.path
        assert target is not None, "the caller asks for a path first"
        self._recipe.save(target)
        self._saved = self._recipe
        self._set_path(target.resolve())
        self._remember_recent(target.resolve())
        self._tell_saved()
        self.say(f"Recipe saved as {target.name}.")

    @property
    def recent_files(self) -> list[Path]:
        """Recipe files opened or saved of late that still exist, newest first."""
        return [Path(p) for p in settings.texts("recent") if Path(p).is_file()]

    def forget_recent(self) -> None:
        """Empty the list of recent files."""
        settings.remember("recent", [])
        self.recent_changed.emit()

    # Runs and devices

    @property
    def runs_dir(self) -> Path:
        """Where runs are kept: the user's choice, or what the engine says."""
        chosen = "" if os.environ.get("SSLSTUDIO_RUNS") else settings.text("runs_dir")
        return Path(chosen) if chosen else default_runs_dir()

    def set_runs_dir(self, folder: Path | None) -> None:
        """Remember another folder for runs; None goes back to the usual one."""
        settings.remember("runs_dir", str(folder) if folder else "")
        self.runs_changed.emit()

    def set_device(self, name: str) -> None:
        """Choose and remember the device that the next run uses; "auto" takes the best."""
        if name != self.device:
            self.device = name
            settings.remember("device", name)
            self.device_changed.emit(name)

    def set_engine(self, engine: Engine) -> None:
        """Called once torch is imported: pages can ask the engine from now on."""
        self.engine = engine
        self.engine_ready.emit(engine)

    def select_run(self, path: Path | None) -> None:
        """Show this run's curves on the training page and offer it in the playground."""
        if path != self.selected_run:
            self.selected_run = path
            self.run_selected.emit(path)

    # Training

    def start_training(self) -> None:
        """Begin a new run of the recipe.

        Raises:
            RunError: a run is under way already.
        """
        self.training.start(self._recipe, runs_dir=self.runs_dir, device=self.device)
        self.page_requested.emit("training")

    def resume_run(self, path: Path, settings: tuple[str, ...] = ()) -> None:
        """Go on with an earlier run from its last checkpoint.

        Raises:
            RunError: a run is under way already.
        """
        self.training.resume_run(path, settings=settings, device=self.device)
        self.page_requested.emit("training")

    def say(self, text: str, level: str = "info") -> None:
        """Put a sentence into the log and the bar at the bottom."""
        self.said.emit(text, level)

    def close(self) -> None:
        """Stop the live run and wait for its thread."""
        self.training.close()
        settings.flush()

    def _on_run_started(self, path: Path) -> None:
        self.select_run(path)
        self.runs_changed.emit()

    def _take(self, recipe: Recipe) -> None:
        if recipe != self._recipe:
            self._recipe = recipe
            self.recipe_changed.emit(recipe)
        self._tell_saved()

    def _tell_saved(self) -> None:
        if self.is_saved != self._was_saved:
            self._was_saved = self.is_saved
            self.saved_changed.emit(self.is_saved)

    def _set_path(self, path: Path | None) -> None:
        if path != self.path:
            self.path = path
            self.path_changed.emit(path)

    def _remember_recent(self, path: Path) -> None:
        others = [p for p in settings.texts("recent") if p != str(path)]
        settings.remember("recent", [str(path), *others][:RECENT])
        self.recent_changed.emit()


def _draft_file() -> Path:
    return settings.settings_file().with_name("draft.toml")
