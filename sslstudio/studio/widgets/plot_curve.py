"""A small plot of one column of a run, with its name and its newest value above it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from sslstudio.studio import sentences, theme
from sslstudio.studio.run_curves import RunCurves
from sslstudio.studio.widgets.plot import POINTS, REDRAW_MS, Plot, pen


class CurvePlot(Plot):
    """Draws the column ``name`` of the step table over the chosen axis."""

    redraw_ms = 2 * REDRAW_MS

    def __init__(self, name: str, title: str, *, from_zero: bool) -> None:
        self.name = name
        self.curves = RunCurves()
        self.axis = "step"
        self._from_zero = from_zero
        self._curve = pg.PlotCurveItem()
        super().__init__(f"Plot of {title}")
        self.item.addItem(self._curve)

    def show_curves(self, curves: RunCurves, axis: str) -> None:
        """Draw another run, or over another axis."""
        self.curves, self.axis = curves, axis
        self.axis_x.seconds = axis == "time"
        self.invalidate()

    def recolour(self) -> None:
        """Take the accent of the theme."""
        super().recolour()
        self._curve.setPen(pen("accent"))

    def extent(self) -> tuple[float, float, float, float] | None:
        """Return the range of the whole column."""
        table = self.curves.steps
        values = table[self.name]
        if not len(values):
            return None
        _, outline = table.columns[self.name].outline(0, len(values), POINTS)
        finite = outline[np.isfinite(outline)]
        if not len(finite):
            return None
        low, high = float(finite.min()), float(finite.max())
        x = table[self.axis]
        return float(min(0.0, x[0])), float(x[-1]), min(0.0, low) if self._from_zero else low, high

    def draw(self) -> None:
        """Put the part on show into the curve."""
        draw_column(self, self._curve, self.curves.steps.columns[self.name], self.x_values())

    def x_values(self) -> Any:
        """Return the chosen axis of the run."""
        return self.curves.steps[self.axis]


def draw_column(plot: Plot, curve: Any, column: Any, x: Any) -> None:
    """Give ``curve`` the outline of the part of ``column`` between the ends of the view."""
    left, right = plot.visible_x()
    first = max(0, int(np.searchsorted(x, left)) - 1)
    last = min(len(x), column.size, int(np.searchsorted(x, right, side="right")) + 1)
    if last <= first:
        curve.setData([], [])
        return
    index, values = column.outline(first, last, POINTS)
    curve.setData(x[index], plot.scaled(values), connect="finite")


class CurveCard(QFrame):
    """The plot, its name with the unit, and its newest value."""

    def __init__(
        self,
        name: str,
        title: str,
        unit: str,
        explanation: str,
        *,
        from_zero: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        theme.mark(self, "card")
        self.setToolTip(explanation)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.plot = CurvePlot(name, title, from_zero=from_zero)
        self.plot.view.setMinimumHeight(70)
        heading = QLabel(title)
        caption = QLabel(unit)
        theme.mark(caption, "caption")
        self.figure = QLabel("–")
        self.figure.setFont(theme.figure_font())
        theme.mark(self.figure, "figure")
        self.figure.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.figure.setAccessibleName(f"{title}, newest value")
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 2, 0)
        top.setSpacing(theme.GAP)
        top.addWidget(heading)
        top.addWidget(caption)
        top.addStretch()
        top.addWidget(self.figure)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 12, 6)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self.plot, 1)
        self.plot.pointed.connect(self._show_value)

    def refresh(self) -> None:
        """The run has new points."""
        self.plot.invalidate()
        if self.isVisible():
            self._show_value(None)

    def _show_value(self, x: float | None) -> None:
        values = self.plot.curves.steps[self.plot.name]
        if not len(values):
            self.figure.setText("–")
            return
        index = len(values) - 1
        if x is not None:
            index = min(index, int(np.searchsorted(self.plot.x_values(), x)))
        value = float(values[index])
        text = sentences.count(value) if abs(value) >= 1000 else sentences.figure(value)
        self.figure.setText(text)
