"""Rows of label, bar and figure: languages, what is removed, how suitable a source is.

Painted plainly, like the histogram: one rectangle a row and nothing that moves. The figure stands
beside every bar, so nothing is said by colour or length alone. Rows can be picked with the mouse
or the arrow keys where somebody listens.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from sslstudio.studio import theme
from sslstudio.studio.guard import guarded

_ROW, _BAR, _GAP = 26.0, 8.0, 10.0
_WIDEST_LABEL = 0.55  # of the widget, where a bar cannot be short
_SHORTEST_BAR = 48.0


@dataclasses.dataclass(frozen=True)
class ShareBar:
    """One row: ``share`` from 0 to 1 is the length of the bar."""

    label: str
    share: float
    figure: str
    note: str = ""
    colour: str = "accent"


class ShareBars(QWidget):
    """Bars under each other. ``picked`` carries the row that was clicked."""

    picked = Signal(int)

    def __init__(self, name: str, *, pickable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: tuple[ShareBar, ...] = ()
        self._pickable = pickable
        self._current = 0
        self._hover = -1
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if pickable:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def bars(self) -> tuple[ShareBar, ...]:
        """What is shown."""
        return self._bars

    def show_bars(self, bars: Sequence[ShareBar]) -> None:
        """Show other rows."""
        self._bars = tuple(bars)
        self._current, self._hover = 0, -1
        self.setAccessibleDescription("; ".join(f"{b.label} {b.figure}" for b in self._bars))
        self.updateGeometry()
        self.update()

    def row_rect(self, row: int) -> QRectF:
        """Return where the row is drawn, in pixels."""
        return QRectF(0, row * _ROW, self.width(), _ROW)

    @guarded(fallback=QSize(120, 24))
    def sizeHint(self) -> QSize:
        """As high as the rows."""
        return QSize(280, int(_ROW * max(1, len(self._bars))))

    @guarded(fallback=QSize(120, 24))
    def minimumSizeHint(self) -> QSize:
        """Narrow, but never lower than its rows."""
        return QSize(140, self.sizeHint().height())

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows in sight."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font())
        metrics = QFontMetricsF(self.font())
        label_width, figure_width = self._widths(metrics)
        for row, bar in enumerate(self._bars):
            place = self.row_rect(row)
            if place.intersects(QRectF(event.rect())):
                self._paint_row(painter, metrics, bar, row, label_width, figure_width)
        painter.end()

    def _paint_row(
        self,
        painter: QPainter,
        metrics: QFontMetricsF,
        bar: ShareBar,
        row: int,
        label_width: float,
        figure_width: float,
    ) -> None:
        place = self.row_rect(row)
        if self._pickable and (row == self._hover or (self.hasFocus() and row == self._current)):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(place, 4, 4)
        painter.setPen(theme.colour("text"))
        text = metrics.elidedText(bar.label, Qt.TextElideMode.ElideRight, label_width)
        baseline = place.center().y() + (metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(place.left() + 4, baseline), text)
        left = place.left() + 4 + label_width + _GAP
        width = max(8.0, place.right() - left - figure_width - _GAP - 4)
        _paint_bar(painter, bar, QRectF(left, place.center().y() - _BAR / 2, width, _BAR))
        painter.setPen(theme.colour("quiet"))
        painter.drawText(
            QPointF(place.right() - 4 - metrics.horizontalAdvance(bar.figure), baseline), bar.figure
        )

    def _widths(self, metrics: QFontMetricsF) -> tuple[float, float]:
        labels = max((metrics.horizontalAdvance(b.label) for b in self._bars), default=0.0)
        figures = max((metrics.horizontalAdvance(b.figure) for b in self._bars), default=0.0)
        room = self.width() - figures - _SHORTEST_BAR - 2 * _GAP - 8
        return min(labels + 1, max(_WIDEST_LABEL * self.width(), room)), figures

    @guarded(fallback=False)
    def event(self, event: QEvent) -> bool:
        """Explain the row under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self._row_at(QPointF(event.pos()))
            if row >= 0:
                bar = self._bars[row]
                note = bar.note or f"{bar.label}: {bar.figure}"
                QToolTip.showText(event.globalPos(), note, self)
            return True
        return bool(super().event(event))

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the row under the pointer."""
        row = self._row_at(event.position())
        if row != self._hover:
            self._hover = row
            self.update()

    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at."""
        self._hover = -1
        self.update()

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the row that is clicked."""
        row = self._row_at(event.position())
        if self._pickable and row >= 0:
            self._current = row
            self.picked.emit(row)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows, pick with Enter or Space."""
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if step and self._pickable and self._bars:
            self._current = min(max(0, self._current + step), len(self._bars) - 1)
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Space) and self._pickable:
            self.picked.emit(self._current)
        else:
            event.ignore()

    def _row_at(self, position: QPointF) -> int:
        row = int(position.y() // _ROW)
        return row if 0 <= row < len(self._bars) else -1


def _paint_bar(painter: QPainter, bar: ShareBar, groove: QRectF) -> None:
    """Fill the share of ``groove`` that ``bar`` has."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("line"))
    painter.drawRoundedRect(groove, _BAR / 2, _BAR / 2)
    if bar.share > 0:
        length = max(_BAR, groove.width() * min(1.0, bar.share))
        painter.setBrush(theme.colour(bar.colour))
        filled = QRectF(groove.left(), groove.top(), length, _BAR)
        painter.drawRoundedRect(filled, _BAR / 2, _BAR / 2)
