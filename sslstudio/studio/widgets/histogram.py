"""A histogram of one set of counts, painted plainly; the bar under the pointer says its figures.

Not a plot: nothing moves, so no plotting library is loaded for it. One repaint costs one
rectangle a bar.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from sslstudio.studio import theme
from sslstudio.studio.guard import guarded

_LEFT, _BOTTOM, _TOP = 4, 24, 8


class Histogram(QWidget):
    """Bars over ``edges`` (one more than ``counts``); ``unit`` and ``noun`` word the tooltip."""

    def __init__(self, unit: str, noun: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._unit, self._noun = unit, noun
        self._edges: tuple[float, ...] = ()
        self._counts: tuple[int, ...] = ()
        self._hover = -1
        self.setMouseTracking(True)
        self.setMinimumHeight(140)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_counts(self, edges: Sequence[float], counts: Sequence[int]) -> None:
        """Show other bars."""
        assert len(edges) == len(counts) + 1 or not counts
        self._edges = tuple(float(e) for e in edges)
        self._counts = tuple(int(c) for c in counts)
        total = sum(self._counts)
        self.setAccessibleDescription(
            f"{total:,} {self._noun}, from {self._edges[0]:,.0f} to {self._edges[-1]:,.0f} "
            f"{self._unit}"
            if counts
            else "empty"
        )
        self.update()

    @guarded(fallback=QSize(120, 24))
    def sizeHint(self) -> QSize:
        """Wide and not too high."""
        return QSize(320, 220)

    def bar(self, place: int) -> QRectF:
        """Return where the bar ``place`` is drawn, in pixels."""
        area = self._area()
        width = area.width() / max(1, len(self._counts))
        tallest = max(self._counts, default=0) or 1
        height = area.height() * self._counts[place] / tallest
        if self._counts[place]:
            height = max(height, 2.0)  # a single document must not vanish
        return QRectF(area.left() + place * width, area.bottom() - height, width, height)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw bars, base line and the labels below it."""
        painter = QPainter(self)
        area = self._area()
        accent = theme.colour("accent")
        for place in range(len(self._counts)):
            shade = accent.lighter(125) if place == self._hover else accent
            painter.fillRect(self.bar(place).adjusted(0.5, 0, -0.5, 0), shade)
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(area.bottomLeft() + QPointF(0, 0.5), area.bottomRight() + QPointF(0, 0.5))
        self._paint_labels(painter, area)
        painter.end()

    def _paint_labels(self, painter: QPainter, area: QRectF) -> None:
        if not self._counts:
            return
        font = theme.caption_font()
        metrics = QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(theme.colour("quiet"))
        bars = len(self._counts)
        widest = max(metrics.horizontalAdvance(_short(e)) for e in self._edges) + 16
        every = max(1, round(bars * widest / max(1.0, area.width())), bars // 6)
        for place in range(0, bars + 1, every):
            text = _short(self._edges[place])
            centre = area.left() + area.width() * place / bars
            half = metrics.horizontalAdvance(text) / 2
            left = min(max(centre - half, 0.0), self.width() - 2 * half)
            painter.drawText(QPointF(left, area.bottom() + 6 + metrics.ascent()), text)

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say the figures of the bar under the pointer."""
        area = self._area()
        share = (event.position().x() - area.left()) / max(1.0, area.width())
        place = int(share * len(self._counts)) if 0 <= share < 1 else -1
        if place != self._hover:
            self._hover = place
            self.update()
        if place >= 0 and self._counts:
            low, high = self._edges[place], self._edges[place + 1]
            QToolTip.showText(
                event.globalPosition().toPoint(),
                f"{self._counts[place]:,} {self._noun} of {low:,.0f} to {high:,.0f} {self._unit}",
                self,
            )

    def _area(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_LEFT, _TOP, -_LEFT, -_BOTTOM)


def _short(value: float) -> str:
    """Write an edge in a few characters: 850, 1.2 k, 3.4 M."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g} {letter}"
    return f"{value:.3g}"
