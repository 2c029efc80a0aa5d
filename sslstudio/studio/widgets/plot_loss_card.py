"""The loss plot in its card: axis, logarithm, smoothing, full extent, saving, and the legend."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sslstudio.studio import settings, theme
from sslstudio.studio.run_curves import RunCurves
from sslstudio.studio.widgets.plot_loss import LossPlot, legend_texts, spike_text
from sslstudio.studio.widgets.swatch import Swatch

AXIS_TITLES = {"step": "Step", "tokens": "Tokens", "time": "Time", "epoch": "Epoch"}


class LossCard(QFrame):
    """``axis_changed`` carries step, tokens, time or epoch, for the small plots beside it."""

    axis_changed = Signal(str)
    picture_wanted = Signal()
    numbers_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.mark(self, "card")
        self.plot = LossPlot()
        self._build_controls()
        self._build_legend()
        self.note = QLabel("", self.plot.view)
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.mark(self.note, "caption")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(theme.GAP)
        column.addLayout(self._controls)
        column.addWidget(self.plot, 1)
        column.addLayout(self._legend)
        column.addWidget(self._build_spike_text())
        over = QVBoxLayout(self.plot.view)
        over.addWidget(self.note)
        self.plot.pointed.connect(self._show_reading)
        self.plot.spike_chosen.connect(self._show_spike)
        self.plot.zoomed.connect(self.full_button.setEnabled)
        self.set_smoothing(settings.number("plots.smoothing", 0.9))
        self.log_button.setChecked(settings.flag("plots.log"))

    @property
    def axis(self) -> str:
        """The axis chosen: step, tokens, time or epoch."""
        return str(self.axis_box.currentData())

    def show_curves(self, curves: RunCurves) -> None:
        """Draw another run."""
        self.plot.show_curves(curves, self.axis)
        self._show_spike(None)
        self.plot.show_all()
        self.refresh()

    def refresh(self) -> None:
        """The run has new points."""
        self.plot.invalidate()
        if self.isVisible():
            self._show_reading(None)

    def say(self, text: str) -> None:
        """Write ``text`` over the middle of the empty plot; an empty one clears it."""
        self.note.setText(text)

    def set_smoothing(self, weight: float) -> None:
        """Move the slider."""
        self.smoothing.setValue(round(100 * max(0.0, min(0.99, weight))))

    def _build_controls(self) -> None:
        heading, caption = QLabel("Loss"), QLabel("nats per token")
        theme.mark(heading, "title")
        theme.mark(caption, "caption")
        heading.setToolTip(
            "How surprised the model is by each next token, on average, in nats (1 nat is "
            "1.44 bits). Lower is better."
        )
        self.axis_box = QComboBox()
        for key, title in AXIS_TITLES.items():
            self.axis_box.addItem(title, key)
        self.axis_box.setAccessibleName("Horizontal axis")
        self.axis_box.setToolTip("What the horizontal axis counts")
        self.axis_box.currentIndexChanged.connect(self._on_axis)
        self.log_button = QPushButton("Log", checkable=True)  # type: ignore[call-overload]
        self.log_button.setToolTip("Logarithmic loss: equal distances are equal ratios")
        self.log_button.setAccessibleName("Logarithmic loss axis")
        self.log_button.toggled.connect(self._on_log)
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.smoothing.setRange(0, 99)
        self.smoothing.setFixedWidth(84)
        self.smoothing.setAccessibleName("Smoothing of the training curve")
        self.smoothing.setToolTip("How much of the past the bold curve keeps: 0 none, 0.99 most")
        self.smoothing.valueChanged.connect(self._on_smoothing)
        self.smoothing_label = QLabel()
        self.smoothing_label.setMinimumWidth(
            self.smoothing_label.fontMetrics().horizontalAdvance("Smooth 0.99") + 2
        )
        self.full_button = QToolButton()
        theme.set_icon(self.full_button, "fit-to-screen-outline")
        self.full_button.setToolTip("Show everything (or double-click the plot)")
        self.full_button.setAccessibleName("Show the full extent")
        self.full_button.setEnabled(False)
        self.full_button.clicked.connect(self.plot.show_all)
        self.save_button = self._save_button()
        self._controls = QHBoxLayout()
        self._controls.setSpacing(theme.GAP)
        self._controls.addWidget(heading)
        self._controls.addWidget(caption)
        self._controls.addStretch()
        for widget in (
            self.smoothing_label,
            self.smoothing,
            self.axis_box,
            self.log_button,
            self.full_button,
            self.save_button,
        ):
            self._controls.addWidget(widget)

    def _save_button(self) -> QToolButton:
        button = QToolButton()
        theme.set_icon(button, "tray-arrow-down")
        button.setToolTip("Save the plot")
        button.setAccessibleName("Save the plot")
        menu = QMenu(button)
        self.picture_action = QAction("Save picture…", menu)
        self.picture_action.triggered.connect(self.picture_wanted)
        self.numbers_action = QAction("Save numbers…", menu)
        self.numbers_action.triggered.connect(self.numbers_wanted)
        menu.addAction(self.picture_action)
        menu.addAction(self.numbers_action)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return button

    def _build_legend(self) -> None:
        self.training_text, self.validation_text = QLabel(), QLabel()
        self.step_text = QLabel()
        theme.mark(self.step_text, "caption")
        self.validation_text.setToolTip(
            "Loss on text that is never trained on. Bits per byte compares models with different "
            "vocabularies."
        )
        self._legend = QHBoxLayout()
        self._legend.setSpacing(6)
        for name, label in (
            ("accent", self.training_text),
            ("validation", self.validation_text),
        ):
            self._legend.addWidget(Swatch(name))
            self._legend.addWidget(label)
            self._legend.addSpacing(14)
        self._legend.addStretch()
        self._legend.addWidget(self.step_text)
        self._show_reading(None)

    def _build_spike_text(self) -> QLabel:
        self.spike_text = QLabel()
        self.spike_text.setWordWrap(True)
        self.spike_text.setTextFormat(Qt.TextFormat.PlainText)  # it is text of the corpus
        self.spike_text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.spike_text.setAccessibleName("The spike that was clicked")
        theme.mark(self.spike_text, "caption")
        self.spike_text.hide()
        return self.spike_text

    @Slot(object)
    def _show_spike(self, spike: Any) -> None:
        text = spike_text(spike)
        self.spike_text.setText(text)
        self.spike_text.setVisible(bool(text))

    @Slot(object)
    def _show_reading(self, x: Any) -> None:
        reading = self.plot.reading(x)
        training, validation = legend_texts(reading)
        self.training_text.setText(training)
        self.validation_text.setText(validation)
        pointed = x is not None and reading is not None
        self.step_text.setText(f"at step {reading.step:,}" if pointed and reading else "")

    @Slot()
    def _on_axis(self) -> None:
        self.plot.show_curves(self.plot.curves, self.axis)
        self.axis_changed.emit(self.axis)

    @Slot(bool)
    def _on_log(self, on: bool) -> None:
        settings.remember("plots.log", on)
        self.plot.set_log(on)

    @Slot(int)
    def _on_smoothing(self, value: int) -> None:
        weight = value / 100
        settings.remember("plots.smoothing", weight)
        self.smoothing_label.setText(f"Smooth {weight:.2f}")
        self.plot.set_smoothing(weight)
