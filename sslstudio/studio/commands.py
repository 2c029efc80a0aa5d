"""Everything the menu and the keyboard can ask of the window, as actions with their keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMenu

from sslstudio.errors import SSLStudioError

if TYPE_CHECKING:
    from sslstudio.studio.main_window import MainWindow

Keys = QKeySequence.StandardKey
_RECIPES = "Recipes (*.toml)"


class Commands(QObject):
    """Builds the menu of ``window`` and answers it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self.window = window
        self.workspace = window.workspace
        self.menu = QMenu(window)
        self.recent = QMenu("Open recent", window)
        self.recent.aboutToShow.connect(self._fill_recent)
        self._add("New recipe", self.workspace.new, Keys.New)
        self._add("Open…", self.open, Keys.Open)
        self.menu.addMenu(self.recent)
        self._add("Open a run…", self.open_run, "Ctrl+Shift+O")
        self.menu.addSeparator()
        self._add("Save", self.save, Keys.Save)
        self._add("Save as…", self.save_as, "Ctrl+Shift+S")
        self.menu.addSeparator()
        self._add_history()
        self.menu.addSeparator()
        self.start = self._add("Start, pause or resume", window.top_bar.press_primary, "F5")
        self.stop = self._add("Stop", lambda: self.workspace.training.stop(), "Shift+F5")
        self.checkpoint = self._add(
            "Save a checkpoint now", self.workspace.training.save_now, "Ctrl+Shift+K"
        )
        self.menu.addSeparator()
        self._add("Log", window.toggle_log, "Ctrl+L")
        self._add("Preferences…", window.show_preferences, "Ctrl+,")
        self.menu.addSeparator()
        self._add("Quit", window.close, "Ctrl+Q")
        self.menu.aboutToShow.connect(self._enable)

    def open(self) -> None:
        """Ask for a recipe file."""
        chosen, _ = QFileDialog.getOpenFileName(self.window, "Open a recipe", "", _RECIPES)
        if chosen:
            self.open_path(Path(chosen))

    def open_run(self) -> None:
        """Ask for a run folder."""
        start = str(self.workspace.runs_dir)
        chosen = QFileDialog.getExistingDirectory(self.window, "Open a run", start)
        if chosen:
            self.open_path(Path(chosen))

    def open_path(self, path: Path) -> None:
        """Open a recipe or a run, or say why not."""
        try:
            self.workspace.open(path)
        except SSLStudioError as error:
            self.window.show_error(error)

    def save(self) -> None:
        """Save where the recipe came from, or ask."""
        if self.workspace.path is None:
            self.save_as()
        else:
            self._save(None)

    def save_as(self) -> None:
        """Ask for a place and save there."""
        start = self.workspace.path or Path(f"{_file_name(self.workspace.recipe.name)}.toml")
        chosen, _ = QFileDialog.getSaveFileName(
            self.window, "Save the recipe", str(start), _RECIPES
        )
        if chosen:
            path = Path(chosen)
            self._save(path if path.suffix else path.with_suffix(".toml"))

    def _save(self, path: Path | None) -> None:
        try:
            self.workspace.save(path)
        except SSLStudioError as error:
            self.window.show_error(error)

    def _add(
        self, text: str, slot: Callable[[], object], keys: QKeySequence.StandardKey | str
    ) -> QAction:
        action = QAction(text, self.window)
        action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _checked=False: slot())
        self.menu.addAction(action)
        self.window.addAction(action)
        return action

    def _add_history(self) -> None:
        stack = self.workspace.undo_stack
        for action, keys in (
            (stack.createUndoAction(self.window, "Undo:"), Keys.Undo),
            (stack.createRedoAction(self.window, "Redo:"), Keys.Redo),
        ):
            action.setShortcut(QKeySequence(keys))
            self.menu.addAction(action)
            self.window.addAction(action)

    def _enable(self) -> None:
        live = self.workspace.training
        self.stop.setEnabled(live.is_active)
        self.checkpoint.setEnabled(live.can_hold and live.state in ("training", "paused"))
        self.start.setEnabled(live.state in ("idle", "training", "paused"))
        self.recent.menuAction().setEnabled(bool(self.workspace.recent_files))

    def _fill_recent(self) -> None:
        self.recent.clear()
        for path in self.workspace.recent_files:
            action = self.recent.addAction(f"{path.name} – {path.parent}")
            action.triggered.connect(lambda _checked=False, path=path: self.open_path(path))
        self.recent.addSeparator()
        self.recent.addAction("Empty this list").triggered.connect(self.workspace.forget_recent)


def _file_name(name: str) -> str:
    kept = "".join(c if c.isalnum() or c in " -_" else "-" for c in name).strip()
    return "-".join(kept.split()) or "recipe"
