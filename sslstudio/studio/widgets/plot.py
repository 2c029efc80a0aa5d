"""A plot that costs little: redrawn a few times a second, and only when seen and changed.

The base of every curve in the studio. Subclasses say in :meth:`Plot.draw` what to put into the
items; the base decides when, follows the colours of the theme, shows the full extent until the
user zooms, and turns the pointer's place into a position on the axes. Data never comes in
longer than some two thousand points (``run_curves.Column.outline``), so pyqtgraph's own
downsampling is not needed (hazards no. 7 and 10).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QPen, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sslstudio.studio import theme
from sslstudio.studio.guard import guarded
from sslstudio.studio.widgets.plot_axis import PlotAxis

REDRAW_MS = 250  # one redraw of the page costs some 10 ms; the trainer needs the cores
POINTS = 2000  # at most this many in one curve on the screen


class Plot(QWidget):
    """One pair of axes. ``pointed`` carries the x under the pointer, or None."""

    pointed = Signal(object)
    zoomed = Signal(bool)  # True: the user chose a part; False: the full extent

    redraw_ms = REDRAW_MS

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.axis_x = PlotAxis("bottom")
        self.axis_y = PlotAxis("left")
        self.view = pg.PlotWidget(
            axisItems={"bottom": self.axis_x, "left": self.axis_y}, background=None
        )
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setAccessibleName(name)
        self.view.setFrameShape(self.view.Shape.NoFrame)
        # Opaque, so that a new point does not also repaint the card and the window behind it.
        self.view.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.item = self.view.getPlotItem()
        self.item.setMenuEnabled(False)
        self.item.hideButtons()
        self.item.showGrid(x=False, y=True, alpha=0.12)
        self.box = self.item.getViewBox()
        self.box.disableAutoRange()
        self.box.setMouseEnabled(x=True, y=True)
        self.box.sigRangeChangedManually.connect(self._on_zoom)
        self.view.scene().sigMouseMoved.connect(self._on_move)
        self.view.viewport().installEventFilter(self)
        self.is_zoomed = False
        self.log_y = False
        self.redraws = 0
        self._dirty = True
        self._timer = QTimer(self, interval=self.redraw_ms, singleShot=True)
        self._timer.timeout.connect(self._redraw)
        self.crosshair = pg.InfiniteLine(angle=90, movable=False)
        self.crosshair.setZValue(20)
        self.crosshair.hide()
        self.item.addItem(self.crosshair, ignoreBounds=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view)
        theme.watch(self._recolour_now)
        self.recolour()

    def draw(self) -> None:
        """Put the data into the items; called a few times a second, only when seen."""

    def extent(self) -> tuple[float, float, float, float] | None:
        """Return (left, right, bottom, top) of everything, y as it is drawn; None if empty."""
        return None

    def recolour(self) -> None:
        """Take the colours of the theme; extend it for one's own items."""
        quiet, line = theme.colour("quiet"), theme.colour("line")
        self.view.setBackground(theme.colour("surface"))
        for axis in (self.axis_x, self.axis_y):
            axis.setTextPen(quiet)
            axis.setPen(line)
            axis.setTickFont(theme.caption_font())
        self.crosshair.setPen(pg.mkPen(theme.colour("control"), width=1))

    def invalidate(self) -> None:
        """Say that the data changed: drawn within :attr:`redraw_ms` where it is seen."""
        self._dirty = True
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def set_log(self, on: bool) -> None:
        """Show y on a logarithmic axis."""
        if on != self.log_y:
            self.log_y = on
            self.axis_y.set_log(on)
            self.show_all()

    def show_all(self) -> None:
        """Go back to the full extent."""
        if self.is_zoomed:
            self.is_zoomed = False
            self.zoomed.emit(False)
        self.invalidate()

    def scaled(self, values: Any) -> Any:
        """Return y values as they are drawn: logarithms on a logarithmic axis."""
        if not self.log_y:
            return values
        with np.errstate(divide="ignore", invalid="ignore"):
            found = np.log10(values)
        return np.where(np.isfinite(found), found, np.nan)

    def visible_x(self) -> tuple[float, float]:
        """Return the ends of the x axis on show."""
        (left, right), _ = self.box.viewRange()
        return float(left), float(right)

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        """Draw what changed while the plot was out of sight."""
        super().showEvent(event)
        if self._dirty:
            self._timer.start(0)

    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        """Draw nothing while out of sight."""
        super().hideEvent(event)
        self._timer.stop()

    @guarded(fallback=False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear the pointer leave, and a double click for the full extent."""
        if event.type() == QEvent.Type.Leave:
            self.crosshair.hide()
            self.pointed.emit(None)
        elif event.type() == QEvent.Type.MouseButtonDblClick:
            self.show_all()
            return True
        return super().eventFilter(watched, event)

    @Slot()
    def _redraw(self) -> None:
        if not self.isVisible():
            return
        self._timer.setInterval(self.redraw_ms)
        self._dirty = False
        self.redraws += 1
        extent = self.extent()
        for axis in (self.axis_x, self.axis_y):
            axis.set_blank(extent is None)
        if extent is not None and not self.is_zoomed:
            self._fit(*extent)
        self.draw()

    def _fit(self, left: float, right: float, bottom: float, top: float) -> None:
        if not all(map(math.isfinite, (left, right, bottom, top))):
            return
        right = right if right > left else left + 1.0
        margin = 0.06 * (top - bottom) or abs(top) * 0.1 or 1.0
        self.box.setRange(
            xRange=(left - 0.015 * (right - left), right + 0.02 * (right - left)),
            yRange=(bottom - margin, top + margin),
            padding=0,
            disableAutoRange=True,
        )

    @Slot()
    def _recolour_now(self) -> None:
        self.recolour()
        self.invalidate()

    @Slot()
    def _on_zoom(self) -> None:
        if not self.is_zoomed:
            self.is_zoomed = True
            self.zoomed.emit(True)
        self.invalidate()

    def _on_move(self, place: QPointF) -> None:
        if not self.box.sceneBoundingRect().contains(place):
            self.crosshair.hide()
            self.pointed.emit(None)
            return
        x = float(self.box.mapSceneToView(place).x())
        self.crosshair.setPos(x)
        self.crosshair.show()
        self.pointed.emit(x)


def pen(colour_name: str, width: float = 1.0, *, alpha: float = 1.0, dashed: bool = False) -> QPen:
    """Return a pen in a colour of the theme that keeps its width at every zoom."""
    colour = theme.colour(colour_name)
    colour.setAlphaF(alpha)
    style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
    made: QPen = pg.mkPen(colour, width=width, style=style)
    return made
