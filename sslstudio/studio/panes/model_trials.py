"""Try it out: a card of the model page that takes a few real steps before the real run.

"Measure" times some steps, so that the plan's figures are this device's; "Find a learning rate"
raises the rate from step to step and shows what the loss does. Both work beside the window, one
at a time, never while a run trains here, and can be cancelled.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from sslstudio.studio import sentences, theme
from sslstudio.studio.background import Background, Task
from sslstudio.studio.trial_worker import RateFigures, SpeedFigures, find_rate, measure_speed
from sslstudio.studio.widgets.cards import Card
from sslstudio.studio.widgets.plot_rates import RatePlot
from sslstudio.studio.widgets.reading_bar import ReadingBar
from sslstudio.studio.workspace import Workspace

_PLOT_HEIGHT = 190
_BUSY = "A run trains in this window: pause does not free the device, so stop it first."
_MEASURE = "Take a few real steps on this device, some seconds; nothing is kept but the figures."
_FIND = "Train a hundred steps at rising learning rates from fresh weights; nothing is kept."


class TrialsCard(Card):
    """Two buttons, a line of progress, and what was found."""

    measured = Signal()  # the plan may be made anew
    rate_chosen = Signal(float)
    failed = Signal(str)

    def __init__(
        self,
        workspace: Workspace,
        background: Background,
        parent: QWidget | None = None,
        *,
        speed_of: Callable[..., SpeedFigures] = measure_speed,
        rate_of: Callable[..., RateFigures] = find_rate,
    ) -> None:
        """Tests inject ``speed_of`` and ``rate_of``."""
        super().__init__("Try it out", "", parent)
        self._workspace, self._background = workspace, background
        self._speed_of, self._rate_of = speed_of, rate_of
        self._task: Task | None = None
        self._rate = 0.0
        self.measure_button = _button("Measure", "timer-outline")
        self.find_button = _button("Find a learning rate", "chart-bell-curve-cumulative")
        self.use_button = _button("Use it", "check")
        self.words = QLabel(wordWrap=True)
        self.bar = ReadingBar()
        self.bar.cancel.setToolTip("Leave off trying")
        self.plot = RatePlot()
        self._build()
        self.measure_button.clicked.connect(self._on_measure)
        self.find_button.clicked.connect(self._on_find)
        self.use_button.clicked.connect(lambda: self.rate_chosen.emit(self._rate))
        self.bar.cancelled.connect(self._on_cancel)
        workspace.training.state_changed.connect(self._follow)
        workspace.engine_ready.connect(self._follow)
        self._follow()

    def _build(self) -> None:
        self.header.addWidget(self.measure_button)
        self.header.addWidget(self.find_button)
        theme.mark(self.words, "caption")
        self.words.setText(
            "Measure this recipe’s speed and memory here, or let a short test show which learning "
            "rate suits it."
        )
        self.plot.setFixedHeight(_PLOT_HEIGHT)
        self.plot.setToolTip(
            "Across: the learning rate. Up: the loss in nats per target, raw and smoothed. "
            "Dashed: the suggestion, a tenth of the rate where the loss is least."
        )
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.words, 1)
        line.addWidget(self.use_button)
        self.body.addLayout(line)
        self.body.addWidget(self.bar)
        self.body.addWidget(self.plot)
        self.plot.hide()
        self.use_button.hide()

    # -- what the user does

    @Slot()
    def _on_measure(self) -> None:
        self._begin(self._speed_of, "Taking a few steps", self._on_measured)

    @Slot()
    def _on_find(self) -> None:
        self._begin(self._rate_of, "Raising the learning rate", self._on_found)

    @Slot()
    def _on_cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._end()

    def _begin(self, work: Callable[..., Any], what: str, on_done: Callable[[Any], None]) -> None:
        self.bar.begin(what)
        self._task = self._background.run(
            work,
            self._workspace.recipe,
            self._workspace.device,
            on_done=on_done,
            on_error=self._on_error,
            on_progress=self._on_progress,
        )
        self._follow()

    # -- what comes back

    def _on_progress(self, stage: str, done: int, total: int, _unit: str) -> None:
        self.bar.begin(stage[:1].upper() + stage[1:])
        self.bar.show_progress(done, total)

    def _on_measured(self, found: SpeedFigures) -> None:
        self._end()
        self.words.setText(
            f"{found.seconds_per_step * 1000:,.0f} ms a step, the middle of {found.steps}; "
            f"{sentences.size(found.peak_bytes)} at the fullest moment. The plan counts with it."
        )
        self.measured.emit()

    def _on_found(self, found: RateFigures) -> None:
        self._end()
        self._rate = found.suggested
        end = " The test ended early, the loss rose fourfold." if found.stopped_early else ""
        self.words.setText(
            f"{found.suggested:g} is a good peak rate: a tenth of where the loss is least. It "
            f"falls fastest at {found.steepest:g}.{end}"
        )
        self.use_button.setText(f"Use {found.suggested:g}")
        self.use_button.setToolTip(
            f"Set the peak learning rate of this recipe to {found.suggested:g}"
        )
        self.use_button.show()
        self.plot.show()
        self.plot.show_rates(found)

    def _on_error(self, error: BaseException) -> None:
        self._end()
        self.failed.emit(str(error))

    def _end(self) -> None:
        self._task = None
        self.bar.end()
        self._follow()

    @Slot()
    def _follow(self) -> None:
        """Offer what can be done now; say why where it cannot."""
        trains = self._workspace.training.is_active
        if trains and self._task is not None:
            self._on_cancel()  # the run waits for its turn until the trial has ended
            return
        can = self._task is None and not trains and self._workspace.engine is not None
        for button, text in ((self.measure_button, _MEASURE), (self.find_button, _FIND)):
            button.setEnabled(can)
            button.setToolTip(_BUSY if trains else text)


def _button(text: str, icon: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setFixedHeight(28)
    theme.mark(button, "quiet")
    theme.set_icon(button, icon)
    return button
