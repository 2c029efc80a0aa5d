"""The training page: curves, samples and the log of one run, live or past, ours or another's.

Gathers events through a :class:`RunFollower` into :class:`RunCurves` and lets the plots draw
them at their own pace. Starts nothing by itself: the button of the empty page asks the
workspace, all other steering is in the line above.
"""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSplitter, QStackedWidget, QWidget

from sslstudio.errors import SSLStudioError
from sslstudio.events import MessageEvent, StateEvent
from sslstudio.recipe import Recipe
from sslstudio.runs import RunFolder
from sslstudio.storage import write_atomically
from sslstudio.studio import sentences, settings
from sslstudio.studio.background import Background
from sslstudio.studio.run_curves import RunCurves
from sslstudio.studio.run_follower import RunFollower
from sslstudio.studio.widgets.empty_state import EmptyState
from sslstudio.studio.widgets.log_view import LogView
from sslstudio.studio.widgets.pane import Pane
from sslstudio.studio.widgets.plot_curve import CurveCard
from sslstudio.studio.widgets.plot_loss_card import LossCard
from sslstudio.studio.widgets.samples_view import SamplesView
from sslstudio.studio.workspace import Workspace

_SMALL = (
    (
        "learning_rate",
        "Learning rate",
        "",
        "How far each step moves the weights; it warms up, holds and cools down.",
        True,
    ),
    (
        "gradient_norm",
        "Gradient norm",
        "",
        "How strongly the text pulls at the weights, before clipping. Spikes are steps that went "
        "astray.",
        True,
    ),
    (
        "tokens_per_second",
        "Speed",
        "tokens/s",
        "How many tokens are read in a second, between two points of the curve.",
        True,
    ),
)


class TrainingPane(Pane):
    """Watch a model learn."""

    key = "training"
    title = "Training"
    icon = "chart-line"

    def __init__(
        self, workspace: Workspace, background: Background, parent: QWidget | None = None
    ) -> None:
        super().__init__(workspace, background, parent)
        self.curves = RunCurves()
        self.recipe_of_run: Recipe | None = None
        self.follower = RunFollower(workspace.training, background, self)
        self.follower.begun.connect(self._on_begun)
        self.follower.events.connect(self._on_events)
        self.follower.failed.connect(self._on_lost)
        self._build()
        workspace.run_selected.connect(self.follower.follow)
        workspace.training.events_arrived.connect(self._on_live_events)
        workspace.training.state_changed.connect(self._on_state)
        workspace.training.failed.connect(self._on_failed)
        if workspace.selected_run is not None:
            self.follower.follow(workspace.selected_run)
        self._on_state(workspace.training.state)

    def shown(self) -> None:
        """Look at the run's folder from now on."""
        self.follower.set_polling(True)
        self._refresh()

    def hidden(self) -> None:
        """Leave the folder alone."""
        self.follower.set_polling(False)

    # Building

    def _build(self) -> None:
        self.empty = EmptyState(
            "The curves of a model that learns appear here, and the texts it writes meanwhile.",
            "Start training",
        )
        self.empty.clicked.connect(self._start)
        self.loss_card = LossCard()
        self.loss_card.axis_changed.connect(self._on_axis)
        self.loss_card.picture_wanted.connect(self._save_picture)
        self.loss_card.numbers_wanted.connect(self._save_numbers)
        self.small_cards = [
            CurveCard(name, title, unit, explanation, from_zero=from_zero)
            for name, title, unit, explanation, from_zero in _SMALL
        ]
        self.samples = SamplesView()
        self.log = LogView("Log of this run")
        self.stack = QStackedWidget()
        self.stack.addWidget(self.empty)
        self.stack.addWidget(self._build_grid())
        self.body.addWidget(self.stack)
        self._show_curves()

    def _build_grid(self) -> QWidget:
        row = QWidget()
        small = QHBoxLayout(row)
        small.setContentsMargins(0, 0, 0, 0)
        small.setSpacing(12)
        for card in self.small_cards:
            small.addWidget(card, 1)
        curves = _splitter(Qt.Orientation.Vertical, (self.loss_card, row), (3, 1))
        words = _splitter(Qt.Orientation.Vertical, (self.samples, self.log), (2, 1))
        self.grid = _splitter(Qt.Orientation.Horizontal, (curves, words), (9, 4))
        for name, splitter in (("curves", curves), ("words", words), ("grid", self.grid)):
            key = f"training.{name}"
            splitter.restoreState(settings.state(key))
            splitter.splitterMoved.connect(
                lambda _at, _which, key=key, splitter=splitter: settings.remember_state(
                    key, splitter.saveState()
                )
            )
        return self.grid

    # Events

    def _on_begun(self, path: Path | None) -> None:
        self.curves = RunCurves()
        self.recipe_of_run = None
        self.log.clear()
        self._show_curves()
        self.samples.show_samples([])
        self.stack.setCurrentIndex(0 if path is None else 1)
        if path is not None:
            self.loss_card.say("Waiting for the first steps…")
            self.background.run(
                lambda: RunFolder.open(path).recipe(),
                on_done=self._on_recipe,
                on_error=lambda _error: None,  # the follower tells of the same folder
            )

    def _on_recipe(self, recipe: Recipe) -> None:
        self.recipe_of_run = recipe
        self.samples.set_interval(recipe.samples.every)

    @Slot(object)
    def _on_events(self, events: Any) -> None:
        self.curves.take(events)
        for event in events:
            if isinstance(event, MessageEvent) and event.code == "progress":
                self.loss_card.say(sentences.progress(event)[0])
            told = sentences.sentence(event)
            if told is not None:
                self.log.add(told[0], told[1], event.time)
            if isinstance(event, StateEvent) and event.state == "failed":
                self.banner.tell(event.text[:1].upper() + event.text[1:])
        if len(self.curves.steps) or len(self.curves.evaluations):
            self.loss_card.say("")
        if self.is_shown:
            self._refresh()

    @Slot(object)
    def _on_live_events(self, events: Any) -> None:
        """Tell what a run does that has no folder of its own yet."""
        if self.workspace.training.run_path is None:
            for event in events:
                if isinstance(event, MessageEvent) and event.code == "progress":
                    self.loss_card.say(sentences.progress(event)[0])

    @Slot(str)
    def _on_state(self, state: str) -> None:
        running = {"preparing": "preparing", "training": "training", "stopping": "saving"}
        if state in running:
            self.set_status("running", running[state])
        elif state == "paused":
            self.set_status("attention", "paused")
        else:
            self.set_status("")
        if state == "preparing" and self.workspace.training.run_path is None:
            self.banner.hide()
            self.follower.follow(None)
            self.stack.setCurrentIndex(1)
            self.loss_card.say("Preparing…")
        self.empty.button.setEnabled(state == "idle")

    @Slot(object)
    def _on_failed(self, error: BaseException) -> None:
        self.loss_card.say("")
        if not len(self.curves.steps):
            self.follower.follow(None)
            self.workspace.select_run(None)
        self.show_error(error)

    @Slot(object)
    def _on_lost(self, error: BaseException) -> None:
        if self.follower.path is not None and not self.follower.path.exists():
            self.workspace.select_run(None)
            return
        self.follower.set_polling(False)
        self.show_error(error)

    # Drawing

    @Slot(str)
    def _on_axis(self, _axis: str) -> None:
        self._show_curves(fit=False)

    def _show_curves(self, *, fit: bool = True) -> None:
        if fit:
            self.loss_card.show_curves(self.curves)
        for card in self.small_cards:
            card.plot.show_curves(self.curves, self.loss_card.axis)
            card.plot.show_all()
            card.refresh()

    def _refresh(self) -> None:
        self.loss_card.refresh()
        for card in self.small_cards:
            card.refresh()
        self.samples.show_samples(self.curves.samples)

    # Asked for by buttons

    @Slot()
    def _start(self) -> None:
        try:
            self.workspace.start_training()
        except SSLStudioError as error:
            self.show_error(error)

    @Slot()
    def _save_picture(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, "Save picture", "loss.png", "PNG (*.png)")
        if chosen and not self.loss_card.grab().save(chosen):
            self.banner.tell(f"Cannot write {chosen}: choose another folder.")

    @Slot()
    def _save_numbers(self) -> None:
        chosen, _ = QFileDialog.getSaveFileName(self, "Save numbers", "curves.csv", "CSV (*.csv)")
        if chosen:
            self.save_numbers(Path(chosen))

    def save_numbers(self, path: Path) -> None:
        """Write every point of the run as one table; what a row lacks stays empty."""
        try:
            write_atomically(path, numbers(self.curves))
        except SSLStudioError as error:
            self.show_error(error)


def numbers(curves: RunCurves) -> str:
    """Return the points of a run as CSV, training and validation rows in the order of steps."""
    text = io.StringIO()
    names = list(curves.steps.columns)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*names, "validation_loss", "validation_bits_per_byte"])
    rows: list[tuple[float, list[Any]]] = []
    for values in zip(*(curves.steps[n] for n in names), strict=True):
        rows.append((float(values[0]), [_cell(n, v) for n, v in zip(names, values, strict=True)]))
    table = curves.evaluations
    for i in range(len(table)):
        cells = [_cell(n, table[n][i]) if n in table.columns and n != "loss" else "" for n in names]
        ends = [_cell("", table["loss"][i]), _cell("", table["bits_per_byte"][i])]
        rows.append((float(table["step"][i]), [*cells, *ends]))
    width = len(names) + 2
    for _, cells in sorted(rows, key=lambda row: row[0]):
        writer.writerow(cells + [""] * (width - len(cells)))
    return text.getvalue()


def _cell(name: str, value: float) -> str:
    if not math.isfinite(value):
        return ""
    return str(int(value)) if name in ("step", "tokens") else repr(float(value))


def _splitter(
    orientation: Qt.Orientation, widgets: tuple[QWidget, ...], shares: tuple[int, ...]
) -> QSplitter:
    made = QSplitter(orientation)
    made.setChildrenCollapsible(False)
    made.setHandleWidth(12)
    for index, (widget, share) in enumerate(zip(widgets, shares, strict=True)):
        made.addWidget(widget)
        made.setStretchFactor(index, share)
    made.setSizes([share * 100 for share in shares])
    return made
