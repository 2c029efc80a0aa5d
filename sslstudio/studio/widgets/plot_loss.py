"""The curve everyone looks at: training loss, raw and smoothed, validation, baselines, marks.

Draws a :class:`RunCurves`; the card around it (``plot_loss_card``) holds the controls.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent

from sslstudio.studio import sentences, theme
from sslstudio.studio.guard import guarded
from sslstudio.studio.run_curves import RunCurves, Smoothed, Spike
from sslstudio.studio.widgets.plot import Plot, pen
from sslstudio.studio.widgets.plot_curve import draw_column

_NEAR_PX = 16  # two labels nearer than this would touch
_CLICK_PX = 12  # so near to a mark a click means it


@dataclasses.dataclass(frozen=True)
class Reading:
    """The values at one place of the curve; NaN where there is none."""

    step: int
    training: float
    raw: float
    validation: float
    bits_per_byte: float


class LossPlot(Plot):
    """Loss in nats per token over the chosen axis.

    ``spike_chosen`` carries the :class:`Spike` that was clicked, None for a click elsewhere.
    """

    spike_chosen = Signal(object)

    def __init__(self) -> None:
        self.curves = RunCurves()
        self.axis = "step"
        self.smoothed = Smoothed()
        self._rewinds = 0
        self._raw = pg.PlotCurveItem()
        self._smooth = pg.PlotCurveItem(antialias=True)
        self._validation = pg.PlotCurveItem(antialias=True)
        self._points = pg.ScatterPlotItem(size=6)
        self._marks = pg.ScatterPlotItem(size=9, symbol="d")
        self._spikes = pg.ScatterPlotItem(size=11, symbol="t")
        self._lines: dict[str, tuple[Any, Any]] = {}
        super().__init__("Plot of the loss")
        for z, item in enumerate(
            (self._raw, self._smooth, self._validation, self._points, self._marks, self._spikes)
        ):
            item.setZValue(z)
            self.item.addItem(item)

    def show_curves(self, curves: RunCurves, axis: str) -> None:
        """Draw another run, or over another axis."""
        if curves is not self.curves:
            self.curves = curves
            self.smoothed.reset()
            self._rewinds = curves.steps.rewinds
        if axis != self.axis:
            self.axis = axis
            self.axis_x.seconds = axis == "time"
            self.show_all()
        self.invalidate()

    def set_smoothing(self, weight: float) -> None:
        """Choose how much of the past the smooth curve keeps: 0 to 0.99."""
        self.smoothed.set_weight(weight)
        self.invalidate()

    def recolour(self) -> None:
        """Take the colours of the theme."""
        super().recolour()
        self._raw.setPen(pen("accent", alpha=0.38))
        self._smooth.setPen(pen("accent", 2.0))
        self._validation.setPen(pen("validation", 2.0))
        self._points.setPen(pen("surface"))
        self._points.setBrush(theme.colour("validation"))
        self._marks.setPen(pen("accent"))
        self._marks.setBrush(theme.colour("surface"))
        self._spikes.setPen(pen("surface"))
        self._spikes.setBrush(theme.colour("caution"))
        for line, label in self._lines.values():
            line.setPen(pen("quiet", dashed=True))
            label.setColor(theme.colour("quiet"))

    def extent(self) -> tuple[float, float, float, float] | None:
        """Return the range of both curves and of the baselines."""
        steps, evaluations = self.curves.steps, self.curves.evaluations
        parts = [np.array([b.loss for b in self.curves.baselines.values()])]
        parts.append(steps.columns["loss"].outline(0, len(steps), 2000)[1])
        parts.append(evaluations["loss"])
        values = np.asarray(self.scaled(np.concatenate(parts)))
        finite = values[np.isfinite(values)]
        if not len(finite):
            return None
        ends = [t[self.axis][-1] for t in (steps, evaluations) if len(t)]
        return 0.0, float(max(ends, default=1.0)), float(finite.min()), float(finite.max())

    def draw(self) -> None:
        """Put the part on show into the items."""
        steps, evaluations = self.curves.steps, self.curves.evaluations
        losses = steps["loss"]
        if steps.rewinds != self._rewinds:
            self._rewinds = steps.rewinds
            self.smoothed.reset()
        self.smoothed.follow(losses)
        x = steps[self.axis]
        draw_column(self, self._raw, steps.columns["loss"], x)
        draw_column(self, self._smooth, self.smoothed.column, x)
        y = self.scaled(evaluations["loss"])
        self._validation.setData(evaluations[self.axis], y, connect="finite")
        self._points.setData(evaluations[self.axis], y)
        self._draw_marks()
        places = self._spike_places()
        self._spikes.setData([x for x, _, _ in places], [y for _, y, _ in places])
        self._draw_baselines()

    def reading(self, x: float | None) -> Reading | None:
        """Return the values at ``x``, or the newest; None while there are none."""
        steps, evaluations = self.curves.steps, self.curves.evaluations
        if not len(steps) and not len(evaluations):
            return None
        at, raw, smooth = 0, float("nan"), float("nan")
        if len(steps):
            index = _nearest(steps[self.axis], x)
            at, raw = int(steps["step"][index]), float(steps["loss"][index])
            smooth = raw
            if index < self.smoothed.column.size:
                smooth = float(self.smoothed.column.values[index])
        validation, bits = float("nan"), float("nan")
        if len(evaluations):
            index = _nearest(evaluations[self.axis], x)
            validation = float(evaluations["loss"][index])
            bits = float(evaluations["bits_per_byte"][index])
            at = at or int(evaluations["step"][index])
        return Reading(at, smooth, raw, validation, bits)

    def _draw_marks(self) -> None:
        steps = self.curves.steps
        known = [s for s in self.curves.checkpoints if len(steps) and s <= steps["step"][-1]]
        index = np.searchsorted(steps["step"], known, side="right") - 1
        index = index[index >= 0]
        values = self.smoothed.column.values
        self._marks.setData(steps[self.axis][index], self.scaled(values[index]))

    def spike_at(self, place: QPointF) -> Spike | None:
        """Return the spike whose mark lies at ``place`` of the view, in its pixels."""
        near = [(self._distance(x, y, place), spike) for x, y, spike in self._spike_places()]
        distance, found = min(near, key=lambda entry: entry[0], default=(float("inf"), None))
        return found if distance <= _CLICK_PX else None

    @guarded(fallback=False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear a click, which chooses a spike or none."""
        is_press = event.type() == QEvent.Type.MouseButtonPress
        if (
            is_press
            and isinstance(event, QMouseEvent)
            and event.button() == Qt.MouseButton.LeftButton
        ):
            self.spike_chosen.emit(self.spike_at(event.position()))
        return super().eventFilter(watched, event)

    def _distance(self, x: float, y: float, place: QPointF) -> float:
        mark = self.view.mapFromScene(self.box.mapViewToScene(QPointF(x, y)))
        return float(np.hypot(mark.x() - place.x(), mark.y() - place.y()))

    def _spike_places(self) -> list[tuple[float, float, Spike]]:
        """Return (x, y, spike) of the marks: on the raw curve, at the point that holds the step."""
        steps, found = self.curves.steps, []
        for spike in self.curves.spikes:
            index = int(np.searchsorted(steps["step"], spike.step))
            if index < len(steps):
                height = float(self.scaled(steps["loss"][index : index + 1])[0])
                found.append((float(steps[self.axis][index]), height, spike))
        return found

    def _draw_baselines(self) -> None:
        baselines = self.curves.baselines
        for name in set(self._lines) - set(baselines):
            for item in self._lines.pop(name):
                self.item.removeItem(item)
        taken: list[float] = []
        for baseline in sorted(baselines.values(), key=lambda b: -b.loss):
            line, label = self._lines.get(baseline.name) or self._new_line(baseline.name)
            height = float(self.scaled(np.array([baseline.loss]))[0])
            line.setPos(height)
            label.setText(f"{baseline.name} {baseline.loss:.2f}")
            self._place_label(label, height, taken)

    def _place_label(self, label: Any, height: float, taken: list[float]) -> None:
        """Write above the line at the right end; below it, or further left, where it is taken."""
        (left, right), (bottom, top) = self.box.viewRange()
        pixels = (height - bottom) / ((top - bottom) or 1.0) * max(1.0, self.box.height())
        near = sum(1 for other in taken if abs(other - pixels) < 2 * _NEAR_PX)
        taken.append(pixels)
        label.setAnchor((1, 0 if near % 2 else 1))
        label.setPos(right - (0.012 + 0.16 * (near // 2)) * (right - left), height)
        label.setVisible(bottom <= height <= top)

    def _new_line(self, name: str) -> tuple[Any, Any]:
        line = pg.InfiniteLine(angle=0, movable=False, pen=pen("quiet", dashed=True))
        label = pg.TextItem(color=theme.colour("quiet"), anchor=(1, 1))
        label.setFont(theme.caption_font())
        line.setZValue(-1)
        self.item.addItem(line, ignoreBounds=True)
        self.item.addItem(label, ignoreBounds=True)
        self._lines[name] = (line, label)
        return line, label


def _nearest(values: Any, x: float | None) -> int:
    if x is None:
        return len(values) - 1
    right = min(int(np.searchsorted(values, x)), len(values) - 1)
    left = max(0, right - 1)
    return left if abs(values[left] - x) <= abs(values[right] - x) else right


def spike_text(spike: Spike | None) -> str:
    """Return what is told of a spike that was clicked; nothing where none was."""
    if spike is None:
        return ""
    text = (
        f"Step {spike.step:,}: the loss jumped to {sentences.figure(spike.loss)}, usual was "
        f"{sentences.figure(spike.usual)}."
    )
    if spike.documents:
        text += "\nIts batch began: " + "\n".join(f"“{text}…”" for text in spike.documents)
    return text


def legend_texts(reading: Reading | None) -> tuple[str, str]:
    """Return what the legend says beside the two colours."""
    if reading is None:
        return "training –", "validation –"
    training = f"training {sentences.figure(reading.training)}"
    validation = f"validation {sentences.figure(reading.validation)}"
    if np.isfinite(reading.bits_per_byte):
        validation += f" · {sentences.figure(reading.bits_per_byte)} bits per byte"
    return training, validation
