"""A figure over the size of the vocabulary, with the chosen size as a line.

Two stand above each other on the Tokens tab: bytes a token, measured at a few sizes, and the share
of the model that the embedding takes, by formula at all of them. Imported when the tab is seen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from sslstudio.studio.widgets.plot import Plot, pen

SMALLEST, LARGEST = 512, 65_536  # what the slider spans
_HEIGHT = 148


class SizePlot(Plot):
    """``limit`` draws a dashed line at a figure that should not be exceeded."""

    redraw_ms = 40  # it follows a slider

    def __init__(
        self, name: str, *, limit: float | None = None, marks: bool = False, percent: bool = False
    ) -> None:
        self._sizes: tuple[float, ...] = ()
        self._values: tuple[float, ...] = ()
        self._limit, self._factor = limit, 100.0 if percent else 1.0
        self._curve = pg.PlotCurveItem(antialias=True)
        self._points = pg.ScatterPlotItem(size=7, antialias=True)
        self._line = pg.InfiniteLine(angle=90, movable=False)
        self._bound = pg.InfiniteLine(angle=0, movable=False)
        super().__init__(name)
        self.axis_x.set_log(True)
        self.box.setMouseEnabled(x=False, y=False)
        self.item.addItem(self._curve)
        if marks:
            self.item.addItem(self._points)
        self.item.addItem(self._line, ignoreBounds=True)
        if limit is not None:
            self.item.addItem(self._bound, ignoreBounds=True)
            self._bound.setPos(limit * self._factor)
        self.setFixedHeight(_HEIGHT)

    @property
    def values(self) -> tuple[float, ...]:
        """The figures that are shown."""
        return self._values

    def show_values(self, sizes: Sequence[float], values: Sequence[float]) -> None:
        """Show other figures."""
        self._sizes, self._values = tuple(sizes), tuple(values)
        self.setAccessibleDescription(
            "; ".join(f"{s:,.0f}: {v:.3g}" for s, v in zip(sizes, values, strict=True))
        )
        self.show_all()

    def show_size(self, size: float) -> None:
        """Move the line to the chosen size."""
        self._line.setPos(math.log10(max(1.0, size)))
        self.invalidate()

    def extent(self) -> tuple[float, float, float, float] | None:
        """Return the whole span of sizes, and figures from zero."""
        top = max((v * self._factor for v in self._values), default=1.0)
        if self._limit is not None:
            top = max(top, self._limit * self._factor * 1.1)
        return math.log10(SMALLEST), math.log10(LARGEST), 0.0, top

    def recolour(self) -> None:
        """Take the colours of the theme."""
        super().recolour()
        self._curve.setPen(pen("accent", 2.0))
        self._points.setPen(pen("surface", 1.0))
        self._points.setBrush(pg.mkBrush(pen("accent").color()))
        self._line.setPen(pen("control", 1.5))
        self._bound.setPen(pen("caution", 1.2, dashed=True))

    def draw(self) -> None:
        """Put the figures into the items."""
        x = np.log10(np.array(self._sizes or [1.0]))[: len(self._sizes)]
        y = np.array(self._values) * self._factor
        self._curve.setData(x, y)
        self._points.setData(x, y)


def make_plots(parent: QWidget | None = None) -> tuple[SizePlot, SizePlot]:
    """Return the two plots of the Tokens tab: bytes a token, and the embedding's share."""
    first = SizePlot("Bytes a token over the size of the vocabulary", marks=True)
    second = SizePlot(
        "Share of the embedding over the size of the vocabulary", limit=0.4, percent=True
    )
    for plot in (first, second):
        plot.setParent(parent)
    return first, second
