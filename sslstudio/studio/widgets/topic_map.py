"""A map of documents: each a point, near to those with like words, in the colour of its topic.

The names of the topics stand beside their points, and each topic has a shape as well as a colour.
Points are painted once per size and scheme into a picture; moving the pointer paints that picture
and one ring. A click, or Enter on the point chosen with the arrow keys, opens the document.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from sslstudio.studio import theme
from sslstudio.studio.guard import guarded

_COLOURS = ("hidden", "target", "kept", "sentinel", "replaced", "accent", "quiet")
_SHAPES = ("circle", "square", "triangle", "diamond")
_RADIUS, _REACH, _MARGIN, _MARK = 3.2, 10.0, 18.0, 10.0
_NAMED, _WORDS = 9, 2  # so many names at most, the largest topics first; words of each


@dataclasses.dataclass(frozen=True)
class MapPoint:
    """A document at ``x``, ``y`` between 0 and 1; ``what`` is given back when it is opened."""

    x: float
    y: float
    topic: int
    title: str
    what: Any = None


class TopicMap(QWidget):
    """``opened`` carries what the point that was clicked stands for."""

    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: tuple[MapPoint, ...] = ()
        self._names: tuple[str, ...] = ()
        self._picture: QPixmap | None = None
        self._hover = -1
        self.setAccessibleName("Map of topics")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.watch(self._repaint_all)

    def show_points(self, points: Sequence[MapPoint], names: Sequence[str]) -> None:
        """Show other documents; ``names`` of the topics by their number."""
        self._points, self._names = tuple(points), tuple(names)
        self._hover = -1
        self.setAccessibleDescription(
            f"{len(self._points):,} documents in {len(self._names)} topics: "
            + "; ".join(self._names)
        )
        self._repaint_all()

    def place_of(self, index: int) -> QPointF:
        """Return where the point ``index`` is drawn, in pixels."""
        point = self._points[index]
        return QPointF(
            _MARGIN + point.x * max(1.0, self.width() - 2 * _MARGIN),
            _MARGIN + (1.0 - point.y) * max(1.0, self.height() - 2 * _MARGIN),
        )

    @guarded(fallback=QSize(120, 24))
    def sizeHint(self) -> QSize:
        """Nearly square."""
        return QSize(320, 300)

    @guarded(fallback=QSize(120, 24))
    def minimumSizeHint(self) -> QSize:
        """Small, yet with room for names."""
        return QSize(200, 220)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Paint anew at the next repaint."""
        self._picture = None

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the picture, and a ring around the point that is pointed at."""
        if self._picture is None:
            self._picture = self._painted()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._picture)
        if 0 <= self._hover < len(self._points):
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("text"), 1.5))
            painter.drawEllipse(self.place_of(self._hover), _RADIUS + 3, _RADIUS + 3)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour("accent"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()

    def _painted(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(QSize(int(self.width() * ratio), int(self.height() * ratio)))
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        marks: dict[int, QPixmap] = {}
        half = QPointF(_MARK / 2, _MARK / 2)
        for index, point in enumerate(self._points):
            if point.topic not in marks:
                marks[point.topic] = _mark(point.topic, ratio)
            painter.drawPixmap(self.place_of(index) - half, marks[point.topic])
        self._paint_names(painter)
        painter.end()
        return picture

    def _paint_names(self, painter: QPainter) -> None:
        metrics = QFontMetricsF(self.font())
        taken: list[QRectF] = []
        for topic, centre in self._centres()[:_NAMED]:
            words = ", ".join(self._names[topic].split(", ")[:_WORDS])
            name = metrics.elidedText(words, Qt.TextElideMode.ElideRight, self.width() * 0.45)
            width = metrics.horizontalAdvance(name)
            left = min(max(4.0, centre.x() - width / 2), max(4.0, self.width() - width - 4))
            place = QRectF(
                left - 4, centre.y() - _RADIUS - 2 - metrics.height(), width + 8, metrics.height()
            )
            if any(place.intersects(other) for other in taken):
                continue
            taken.append(place)
            behind = QColor(theme.colour("surface"))
            behind.setAlphaF(0.82)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(behind)
            painter.drawRoundedRect(place, 3, 3)
            painter.setPen(theme.colour("text"))
            painter.setFont(self.font())
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, name)

    def _centres(self) -> list[tuple[int, QPointF]]:
        """Return the point nearest to the middle of every named topic, the largest first."""
        found: dict[int, list[QPointF]] = {}
        for index, point in enumerate(self._points):
            if 0 <= point.topic < len(self._names):
                found.setdefault(point.topic, []).append(self.place_of(index))
        middles = []
        for topic, places in sorted(found.items(), key=lambda item: (-len(item[1]), item[0])):
            xs, ys = sorted(p.x() for p in places), sorted(p.y() for p in places)
            middle = QPointF(xs[len(xs) // 2], ys[len(ys) // 2])
            middles.append((topic, min(places, key=lambda p: _distance(p, middle))))
        return middles

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the nearest document and say its title."""
        self._point(self._nearest(event.position()))
        if self._hover >= 0:
            QToolTip.showText(event.globalPosition().toPoint(), self._explanation(), self)
        else:
            QToolTip.hideText()

    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at."""
        self._point(-1)

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open the document under the pointer."""
        index = self._nearest(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self.opened.emit(self._points[index].what)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from point to point with the arrows; Enter opens."""
        step = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Down: 1,
        }.get(Qt.Key(event.key()), 0)
        if step and self._points:
            self._point((self._hover + step) % len(self._points))
            self.setToolTip(self._explanation())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Space) and self._hover >= 0:
            self.opened.emit(self._points[self._hover].what)
        else:
            event.ignore()

    def _explanation(self) -> str:
        point = self._points[self._hover]
        topic = self._names[point.topic] if 0 <= point.topic < len(self._names) else ""
        title = point.title or "(no title)"
        return f"{title}\nTopic: {topic}\nClick to read" if topic else f"{title}\nClick to read"

    def _nearest(self, position: QPointF) -> int:
        best, found = _REACH**2, -1
        for index in range(len(self._points)):
            distance = _distance(self.place_of(index), position)
            if distance < best:
                best, found = distance, index
        return found

    def _point(self, index: int) -> None:
        if index != self._hover:
            self._hover = index
            self.setCursor(
                Qt.CursorShape.PointingHandCursor if index >= 0 else Qt.CursorShape.ArrowCursor
            )
            self.update()

    def _repaint_all(self) -> None:
        self._picture = None
        self.update()


def _distance(one: QPointF, other: QPointF) -> float:
    away = one - other
    return float(away.x() ** 2 + away.y() ** 2)


def _shade(topic: int) -> QColor:
    colour = QColor(theme.colour(_COLOURS[topic % len(_COLOURS)]))
    colour.setAlphaF(0.62 if theme.is_dark() else 0.55)
    return colour


def _mark(topic: int, ratio: float) -> QPixmap:
    """Return the mark of a topic, drawn once for all its points."""
    picture = QPixmap(QSize(int(_MARK * ratio), int(_MARK * ratio)))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_shade(topic))
    _paint_mark(painter, QPointF(_MARK / 2, _MARK / 2), _SHAPES[topic % len(_SHAPES)])
    painter.end()
    return picture


def _paint_mark(painter: QPainter, place: QPointF, shape: str) -> None:
    x, y, r = place.x(), place.y(), _RADIUS
    if shape == "circle":
        painter.drawEllipse(place, r, r)
    elif shape == "square":
        painter.drawRect(QRectF(x - r * 0.88, y - r * 0.88, 1.76 * r, 1.76 * r))
    elif shape == "triangle":
        corners = [QPointF(x, y - 1.2 * r), QPointF(x + 1.1 * r, y + 0.8 * r)]
        painter.drawPolygon(QPolygonF([*corners, QPointF(x - 1.1 * r, y + 0.8 * r)]))
    else:
        corners = [QPointF(x, y - 1.25 * r), QPointF(x + 1.25 * r, y)]
        painter.drawPolygon(
            QPolygonF([*corners, QPointF(x, y + 1.25 * r), QPointF(x - 1.25 * r, y)])
        )
