"""The loss over the learning rate, as the range test found it, with the suggestion as a line."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QWidget

from sslstudio.studio.trial_worker import RateFigures
from sslstudio.studio.widgets.plot import Plot, pen


class RatePlot(Plot):
    """Raw losses thin, their mean strong; the rate on a logarithmic axis."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._figures: RateFigures | None = None
        self._raw = pg.PlotCurveItem()
        self._smoothed = pg.PlotCurveItem()
        self._line = pg.InfiniteLine(angle=90, movable=False)
        super().__init__("Loss over the learning rate", parent)
        self.axis_x.set_log(True)
        for item in (self._raw, self._smoothed):
            self.item.addItem(item)
        self.item.addItem(self._line, ignoreBounds=True)

    def show_rates(self, figures: RateFigures) -> None:
        """Show what a test found."""
        self._figures = figures
        self.show_all()

    def extent(self) -> tuple[float, float, float, float] | None:
        """Return the whole of both curves, save where raw losses shoot out at the top."""
        if self._figures is None:
            return None
        rates, means = np.log10(self._figures.rates), np.array(self._figures.smoothed)
        lowest = min(float(means.min()), min(self._figures.losses))
        return float(rates[0]), float(rates[-1]), lowest, float(means.max())

    def recolour(self) -> None:
        """Take the colours of the theme."""
        super().recolour()
        self._raw.setPen(pen("accent", 1.0, alpha=0.35))
        self._smoothed.setPen(pen("accent", 2.0))
        self._line.setPen(pen("validation", 1.5, dashed=True))

    def draw(self) -> None:
        """Put the curves into the items."""
        if self._figures is None:
            return
        rates = np.log10(self._figures.rates)
        self._raw.setData(rates, np.array(self._figures.losses))
        self._smoothed.setData(rates, np.array(self._figures.smoothed))
        self._line.setPos(float(np.log10(self._figures.suggested)))
