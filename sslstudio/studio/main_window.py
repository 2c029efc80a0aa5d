"""The frame: stages on the left, the line above, the page, the log, the line below.

Pages are made when they are first needed, the rest one by one after the window is painted, so
that the first paint waits for one page only. Owns the question that may be asked when the
window is closed while a model trains; knows no page's content.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import ClassVar, cast

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QMessageBox,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sslstudio.errors import SSLStudioError
from sslstudio.studio import settings, theme
from sslstudio.studio.background import Background
from sslstudio.studio.commands import Commands
from sslstudio.studio.guard import guarded
from sslstudio.studio.rail import Rail
from sslstudio.studio.status_bar import StatusBar
from sslstudio.studio.top_bar import TopBar
from sslstudio.studio.widgets.banner import Banner
from sslstudio.studio.widgets.log_view import LogView
from sslstudio.studio.widgets.pane import Pane, PaneStatus
from sslstudio.studio.workspace import Workspace


class MainWindow(QMainWindow):
    """``painted`` is emitted once, after the first paint."""

    # key, title, icon, module, class: told here because the modules are imported late
    STAGES: ClassVar[tuple[tuple[str, str, str, str, str], ...]] = (
        ("corpora", "Corpora", "file-document-multiple-outline", "corpora", "CorporaPane"),
        ("objective", "Objective", "eye-off-outline", "objective", "ObjectivePane"),
        ("model", "Model", "layers-triple-outline", "model", "ModelPane"),
        ("training", "Training", "chart-line", "training", "TrainingPane"),
        ("playground", "Playground", "message-text-outline", "playground", "PlaygroundPane"),
        ("runs", "Runs", "folder-clock-outline", "runs", "RunsPane"),
    )

    painted = Signal()
    closed = Signal()

    def __init__(self, workspace: Workspace, background: Background) -> None:
        super().__init__()
        self.workspace = workspace
        self.background = background
        self.panes: dict[str, Pane] = {}
        self.current = ""
        self._leaving = False
        self._was_painted = False
        self._question: QMessageBox | None = None
        self._preferences: QWidget | None = None
        self.setMinimumSize(QSize(1100, 700))
        self._build()
        self._connect()
        self._restore()
        self._show_title()
        self.show_page(self.STAGES[0][0])

    # Building

    def _build(self) -> None:
        self.rail = Rail(self)
        self.rail.set_stages([stage[:3] for stage in self.STAGES])
        self.top_bar = TopBar(self.workspace)
        self.banner = Banner()
        self.stack = QStackedWidget()
        self.log = LogView()
        self.log.hide()
        self.status = StatusBar(self.workspace)
        self.commands = Commands(self)
        self._add_menu_button()
        self._add_log_button()
        self.middle = QSplitter(Qt.Orientation.Vertical)
        self.middle.setChildrenCollapsible(False)
        self.middle.setHandleWidth(theme.GAP)
        self.middle.addWidget(self.stack)
        self.middle.addWidget(self.log)
        self.middle.setStretchFactor(0, 1)
        self.middle.setSizes([600, 160])
        column = QVBoxLayout()
        column.setContentsMargins(20, 10, 20, 2)
        column.setSpacing(theme.GAP)
        column.addWidget(self.top_bar)
        column.addWidget(self.banner)
        column.addWidget(self.middle, 1)
        column.addWidget(self.status)
        central = QWidget()
        row = QHBoxLayout(central)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(column, 1)
        self.setCentralWidget(central)

    def _add_menu_button(self) -> None:
        button = QToolButton()
        theme.set_icon(button, "menu")
        theme.mark(button, "quiet")
        button.setToolTip("Menu: open, save, preferences")
        button.setAccessibleName("Menu")
        button.setMenu(self.commands.menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button = button
        self.rail.top.addWidget(button)

    def _add_log_button(self) -> None:
        button = QToolButton()
        theme.set_icon(button, "close")
        theme.mark(button, "quiet")
        button.setToolTip("Close the log (Ctrl+L)")
        button.setAccessibleName("Close the log")
        button.clicked.connect(self.log.hide)
        self.log.top.addWidget(button)

    def _connect(self) -> None:
        workspace = self.workspace
        self.rail.chosen.connect(self.show_page)
        self.top_bar.failed.connect(self.show_error)
        self.status.log_wanted.connect(self.toggle_log)
        workspace.page_requested.connect(self.show_page)
        workspace.said.connect(self.log.add)
        workspace.recipe_changed.connect(self._show_title)
        workspace.saved_changed.connect(self._show_title)
        workspace.path_changed.connect(self._show_title)
        workspace.training.state_changed.connect(self._on_training_state)
        workspace.training.events_arrived.connect(self._say_events)

    def _restore(self) -> None:
        if not self.restoreGeometry(settings.state("window.geometry")):
            self.resize(1280, 800)

    # Pages

    @Slot(str)
    def show_page(self, key: str) -> None:
        """Bring a page into sight; it is made now if it was not."""
        pane = self.page(key)
        self.current = key
        self.rail.show_chosen(key)
        self.stack.setCurrentWidget(pane)

    def page(self, key: str) -> Pane:
        """Return a page, made on first use."""
        if key not in self.panes:
            _, title, _, module_name, class_name = next(s for s in self.STAGES if s[0] == key)
            module = importlib.import_module(f"sslstudio.studio.panes.{module_name}")
            pane = cast(Pane, getattr(module, class_name)(self.workspace, self.background))
            pane.setAccessibleName(title)
            self.panes[key] = pane
            self.stack.addWidget(pane)
            pane.status_changed.connect(lambda status, key=key: self._on_status(key, status))
            self._on_status(key, pane.status)
        return self.panes[key]

    def make_next_page(self) -> bool:
        """Make one of the pages that are still missing; False when none is."""
        missing = [stage[0] for stage in self.STAGES if stage[0] not in self.panes]
        if missing:
            self.page(missing[0])
        return len(missing) > 1

    def _on_status(self, key: str, status: PaneStatus) -> None:
        self.rail.buttons[key].show_status(status)

    # Telling

    @Slot(object)
    def show_error(self, error: BaseException) -> None:
        """Show the sentence of an error on the page in sight."""
        self.panes[self.current].show_error(error)

    @Slot(str, str)
    def show_fault(self, text: str, details: str) -> None:
        """Show a fault of ours above every page, its traceback in the log."""
        self.banner.tell(text, "error", "Open the log", self.open_log)
        self.log.add(text, "error")
        for line in details.splitlines():
            self.log.add(line, "error")

    @Slot()
    def toggle_log(self) -> None:
        """Show or hide the log."""
        self.log.setVisible(not self.log.isVisible())

    @Slot()
    def open_log(self) -> None:
        """Show the log."""
        self.log.show()

    @Slot()
    def show_preferences(self) -> None:
        """Open the preferences beside the window."""
        from sslstudio.studio.preferences import Preferences

        if self._preferences is not None:
            self._preferences.deleteLater()
        self._preferences = Preferences(self.workspace, self)
        self._preferences.show()

    def open_path(self, path: Path) -> None:
        """Open a recipe or a run that the command line named."""
        try:
            self.workspace.open(path)
        except SSLStudioError as error:
            self.show_error(error)
            return
        if path.is_dir():
            self.show_page("training")

    def _say_events(self, events: object) -> None:
        from sslstudio.studio.sentences import sentence

        for event in cast("tuple[object, ...]", events):
            told = sentence(event)  # type: ignore[arg-type]
            if told is not None:
                self.workspace.say(*told)

    def _show_title(self, _anything: object = None) -> None:
        workspace = self.workspace
        place = f" – {workspace.path.name}" if workspace.path else ""
        self.setWindowTitle(f"{workspace.recipe.name}[*]{place} – SSL Studio")
        self.setWindowModified(not workspace.is_saved)

    # Leaving

    def leave(self, reason: str) -> None:
        """Close without a question: stop what trains, save it, and close when that is done."""
        self._leaving = True
        if self._question is not None:
            self._question.reject()
        if self.workspace.training.is_active:
            self.workspace.training.stop(reason)
        else:
            self.close()

    @guarded
    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask, where a model trains; otherwise keep what is needed for the next time."""
        if self.workspace.training.is_active:
            event.ignore()
            if not self._leaving:
                self._ask()
            return
        settings.remember_state("window.geometry", self.saveGeometry())
        try:
            self.workspace.keep_draft()
        except SSLStudioError as error:
            self.workspace.say(str(error), "error")
        event.accept()
        self.closed.emit()

    @guarded(fallback=False)
    def event(self, event: QEvent) -> bool:
        """Notice the first paint."""
        handled = super().event(event)
        if event.type() == QEvent.Type.Paint and not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)
        return handled

    def _ask(self) -> None:
        if self._question is not None:
            self._question.raise_()
            return
        question = QMessageBox(self)
        question.setIcon(QMessageBox.Icon.NoIcon)
        question.setWindowTitle("A model is training")
        question.setText("A model is training. Stop it and close the window?")
        question.setInformativeText("Its last step is saved, and the run can be resumed later.")
        stop = question.addButton("Stop and save", QMessageBox.ButtonRole.AcceptRole)
        keep = question.addButton("Keep training", QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(keep)
        question.setEscapeButton(keep)
        stop.clicked.connect(self._stop_and_leave)
        question.finished.connect(self._forget_question)
        self._question = question
        question.open()

    @Slot()
    def _stop_and_leave(self) -> None:
        self.leave("the window was closed")

    @Slot()
    def _forget_question(self, *_anything: object) -> None:
        question, self._question = self._question, None
        if question is not None:
            QObject.deleteLater(question)

    @Slot(str)
    def _on_training_state(self, state: str) -> None:
        if state == "idle" and self._leaving:
            QTimer.singleShot(0, self.close)
