"""Which model to play with: the live one, or any run and checkpoint."""

from __future__ import annotations

import re
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from sslstudio.studio.generation_worker import CheckpointChoice, RunChoice
from sslstudio.studio.widgets.option_form import CalmCombo

LIVE = "live"


_FOLDER = re.compile(r"(\d{8}-\d{6})-(.+)")


def run_title(folder: str) -> str:
    """Return "little tales · 23 Nov 20:57" for a run folder's name."""
    match = _FOLDER.fullmatch(folder)
    if match is None:
        return folder
    begun = datetime.strptime(match[1], "%Y%m%d-%H%M%S")
    return f"{match[2].replace('-', ' ')} · {begun.day} {begun:%b %H:%M}"


class SourceChooser(QWidget):
    """Two combo boxes: the run, and its checkpoint. ``changed`` follows either."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.runs = CalmCombo()
        self.checkpoints = CalmCombo()
        self._choices: dict[str, RunChoice] = {}
        self.runs.setAccessibleName("Model")
        self.runs.setToolTip("Which model writes: the one that is training, or an earlier run")
        self.checkpoints.setAccessibleName("Checkpoint")
        self.checkpoints.setToolTip("From which of its checkpoints")
        self.runs.setMinimumContentsLength(22)
        self.runs.setSizeAdjustPolicy(
            CalmCombo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.runs)
        row.addWidget(self.checkpoints)
        self.runs.activated.connect(self._on_run)
        self.checkpoints.activated.connect(lambda _place: self.changed.emit())

    @property
    def is_live(self) -> bool:
        """Whether the live model is chosen."""
        return bool(self.runs.currentData() == LIVE)

    @property
    def run(self) -> RunChoice | None:
        """The chosen run, or None for the live model."""
        return self._choices.get(str(self.runs.currentData()))

    @property
    def checkpoint(self) -> CheckpointChoice | None:
        """The chosen run and checkpoint, or None for the live model."""
        run = self.run
        if run is None:
            return None
        return CheckpointChoice(run.path, str(self.checkpoints.currentData() or "last"))

    def show_choices(self, runs: tuple[RunChoice, ...], live: bool) -> None:
        """Offer ``runs``, and the live model where there is one; keep what is chosen."""
        chosen, checkpoint = self.runs.currentData(), self.checkpoints.currentData()
        self._choices = {r.path: r for r in runs if r.steps}
        self.runs.clear()
        if live:
            self.runs.addItem("Live model (training now)", LIVE)
        for run in self._choices.values():
            self.runs.addItem(run_title(run.name), run.path)
        self.runs.setCurrentIndex(max(0, self.runs.findData(chosen)))
        self._show_checkpoints()
        current = self.run
        self.runs.setToolTip(current.path if current else "The model that is training now")
        self.checkpoints.setCurrentIndex(max(0, self.checkpoints.findData(checkpoint)))

    def choose(self, data: str) -> bool:
        """Choose ``LIVE`` or a run's path without emitting; say whether it was there."""
        place = self.runs.findData(data)
        if place < 0:
            return False
        if place != self.runs.currentIndex():
            self.runs.setCurrentIndex(place)
            self._show_checkpoints()
        return True

    def is_empty(self) -> bool:
        """Say whether there is nothing to choose."""
        return self.runs.count() == 0

    def _on_run(self) -> None:
        self._show_checkpoints()
        self.changed.emit()

    def _show_checkpoints(self) -> None:
        run = self.run
        self.checkpoints.clear()
        self.checkpoints.setVisible(run is not None)
        if run is None:
            return
        self.checkpoints.addItem(f"Last (step {run.steps[-1]:,})", "last")
        self.checkpoints.addItem("Best", "best")
        for step in reversed(run.steps):
            self.checkpoints.addItem(f"Step {step:,}", str(step))
