"""The line above every page: the recipe's name, the device, the progress, the one button.

The button always says what it will do: Start training, Pause, Resume. Shows the state of the
live run and tells it what was pressed; decides nothing else.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sslstudio.errors import SSLStudioError
from sslstudio.events import MessageEvent
from sslstudio.studio import sentences, theme
from sslstudio.studio.engine import Engine
from sslstudio.studio.guard import guarded
from sslstudio.studio.live_run import ALL_DEVICES, wall_clock
from sslstudio.studio.widgets.swatch import Swatch
from sslstudio.studio.workspace import Workspace

REFRESH_MS = 500
_PRIMARY = {
    "idle": ("Start training", "Train a model with this recipe (F5)"),
    "preparing": ("Preparing…", "The text is being read; Stop ends it"),
    "training": ("Pause", "Hold after the step under way; everything stays in memory (F5)"),
    "paused": ("Resume", "Go on where it was held (F5)"),
    "stopping": ("Saving…", "The last checkpoint is being written"),
}
_CANNOT_HOLD = "A run on several graphics cards cannot be held; stop it, and resume it later"


class NameEdit(QLineEdit):
    """The recipe's name, edited in place: Enter takes it, Escape leaves it as it was."""

    renamed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._name = ""
        self.setAccessibleName("Name of the recipe")
        self.setToolTip("The recipe's name; runs are called after it")
        self.setMaxLength(80)
        self.textChanged.connect(self._fit)
        self.editingFinished.connect(self._finish)
        theme.mark(self, "title")

    def show_name(self, name: str) -> None:
        """Show ``name`` unless it is being edited."""
        self._name = name
        if not self.hasFocus() or not self.isModified():
            self.setText(name)
            self.setCursorPosition(0)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape takes back what was typed."""
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._name)
            self.setModified(False)
            self.clearFocus()
            return
        super().keyPressEvent(event)

    @Slot()
    def _fit(self) -> None:
        width = self.fontMetrics().horizontalAdvance(self.text() or " ") + 18
        self.setFixedWidth(max(50, min(width, 300)))

    @Slot()
    def _finish(self) -> None:
        if not self.isModified():
            return
        self.setModified(False)
        name = self.text().strip()
        if name and name != self._name:
            self.renamed.emit(name)
        else:
            self.setText(self._name)


class TopBar(QWidget):
    """``failed`` carries an SSLStudioError that starting or steering raised."""

    failed = Signal(object)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self._stage = ""  # of the preparation, in words
        self._share: float | None = None
        self._gives_focus_back = False
        self._build()
        live = workspace.training
        live.state_changed.connect(self._on_state)
        live.events_arrived.connect(self._on_events)
        workspace.recipe_changed.connect(self._on_recipe)
        workspace.saved_changed.connect(self._on_saved)
        workspace.engine_ready.connect(self._on_engine)
        self._timer = QTimer(self, interval=REFRESH_MS)
        self._timer.timeout.connect(self._show_progress)
        self._on_recipe()
        self._on_saved(workspace.is_saved)
        if workspace.engine is not None:
            self._on_engine(workspace.engine)
        self._on_state(live.state)

    def press_primary(self) -> None:
        """Do what the one button says."""
        live = self.workspace.training
        try:
            if live.state == "idle":
                self.workspace.start_training()
            elif live.state == "paused":
                live.go_on()
            elif live.state == "training":
                live.pause()
        except SSLStudioError as error:
            self.failed.emit(error)

    def _build(self) -> None:
        self.name = NameEdit()
        self.name.renamed.connect(self.workspace.rename)
        self.unsaved = Swatch(size=8)
        self.unsaved.setToolTip("Not saved yet (Ctrl+S)")
        self.unsaved.setAccessibleName("The recipe is not saved")
        self.device = QComboBox()
        self.device.setAccessibleName("Device")
        self.device.setToolTip("Where the next run computes")
        self.device.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.device.addItem("Best device", "auto")
        self.device.activated.connect(
            lambda _row: self.workspace.set_device(self.device.currentData())
        )
        theme.mark(self.device, "quiet")
        self.text = QLabel()
        theme.mark(self.text, "caption")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the training")
        self.progress = QWidget()
        self.progress.setFixedWidth(330)
        column = QVBoxLayout(self.progress)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        column.addWidget(self.text)
        column.addWidget(self.bar)
        self.stop = QPushButton("Stop")
        self.stop.setToolTip("Save a checkpoint and end the run (Shift+F5)")
        self.stop.clicked.connect(lambda: self.workspace.training.stop())
        self.primary = QPushButton()
        self.primary.clicked.connect(self.press_primary)
        theme.mark(self.primary, "primary")
        self.primary.setMinimumWidth(76)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        for widget in (self.name, self.unsaved, self.device):
            row.addWidget(widget)
        row.addStretch()
        row.addWidget(self.progress)
        row.addSpacing(theme.GAP)
        row.addWidget(self.stop)
        row.addWidget(self.primary)

    @Slot(object)
    def _on_recipe(self, _recipe: object = None) -> None:
        self.name.show_name(self.workspace.recipe.name)

    @Slot(bool)
    def _on_saved(self, saved: bool) -> None:
        self.unsaved.set_colour("" if saved else "caution")
        self.unsaved.setVisible(not saved)

    @Slot(object)
    def _on_engine(self, engine: Engine) -> None:
        self.device.clear()
        best = engine.devices[0].title if engine.devices else "Processor"
        self.device.addItem(f"Best device ({best})", "auto")
        for device in engine.devices:
            self.device.addItem(f"{device.title} ({device.name})", device.name)
        cards = sum(device.name.startswith("cuda") for device in engine.devices)
        if cards > 1:
            self.device.addItem(f"All {cards} graphics cards", ALL_DEVICES)
        row = self.device.findData(self.workspace.device)
        if row < 0 and self.workspace.device:
            self.device.addItem(f"{self.workspace.device}, not there", self.workspace.device)
            row = self.device.count() - 1
        self.device.setCurrentIndex(max(0, row))

    @Slot(str)
    def _on_state(self, state: str) -> None:
        text, tip = _PRIMARY[state]
        may_press = state in ("idle", "training", "paused")
        if state == "training" and not self.workspace.training.can_hold:
            may_press, tip = False, _CANNOT_HOLD
        self.primary.setText(text)
        self.primary.setToolTip(tip)
        self._enable_primary(may_press)
        active = state != "idle"
        if not active and self.stop.hasFocus():
            self.primary.setFocus()
        self.stop.setVisible(active)
        self.stop.setEnabled(state != "stopping")
        self.progress.setVisible(active)
        self.device.setEnabled(not active)
        if state == "preparing":
            self._stage, self._share = "Preparing…", None
        if active:
            self._timer.start()
        else:
            self._timer.stop()
        self._show_progress()

    def _enable_primary(self, enabled: bool) -> None:
        """Enable or disable it without letting the focus wander off to a neighbour."""
        if not enabled and self.window().focusWidget() is self.primary:
            self._gives_focus_back = True
            self.primary.clearFocus()
        self.primary.setEnabled(enabled)
        if enabled and self._gives_focus_back:
            self._gives_focus_back = False
            if QApplication.focusWidget() is None:
                self.primary.setFocus()

    @Slot(object)
    def _on_events(self, events: Any) -> None:
        for event in events:
            if isinstance(event, MessageEvent) and event.code == "progress":
                self._stage, self._share = sentences.progress(event)

    @Slot()
    def _show_progress(self) -> None:
        live = self.workspace.training
        if live.state == "idle":
            return
        if live.state == "preparing" or not live.steps:
            self._set_bar(self._share)
            self.text.setText("Saving…" if live.state == "stopping" else self._stage)
            return
        share = min(1.0, live.step / live.steps)
        self._set_bar(share)
        parts = [f"Step {live.step:,} of {live.steps:,}", f"{int(100 * share)} %"]
        left = live.seconds_left()
        if live.state == "paused":
            parts.append("paused")
        elif live.state == "stopping":
            parts.append("saving…")
        elif left is not None:
            parts += [f"{sentences.duration(left)} left", f"done at {wall_clock(left)}"]
        self.text.setText(" · ".join(parts))

    def _set_bar(self, share: float | None) -> None:
        """Show a share, or something that moves while it is unknown."""
        if share is None:
            self.bar.setRange(0, 0)
            return
        self.bar.setRange(0, 1000)
        self.bar.setValue(int(1000 * share))
