"""A dot that says good, caution or bad: by colour, by shape, and in its accessible name."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from sslstudio.studio import theme
from sslstudio.studio.guard import guarded

_WORDS = {"good": "good", "caution": "could be better", "bad": "has to be mended"}
_RADIUS = 5.0


class Dot(QWidget):
    """A disc where it is good, a triangle for caution, a square where it is bad."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.level = "good"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.watch(self.update)
        self.set_level("good")

    def set_level(self, level: str) -> None:
        """Show "good", "caution" or "bad"."""
        self.level = level
        self.setAccessibleName(_WORDS.get(level, level))
        self.setToolTip(_WORDS.get(level, level).capitalize())
        self.update()

    @guarded(fallback=QSize(16, 18))
    def sizeHint(self) -> QSize:
        """As high as a line."""
        return QSize(12, 18)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the shape of the level."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(self.level if self.level in _WORDS else "quiet"))
        centre = QPointF(self.width() / 2, self.height() / 2)
        if self.level == "caution":
            painter.drawPolygon(_triangle(centre))
        elif self.level == "bad":
            painter.drawRoundedRect(
                int(centre.x() - _RADIUS + 1), int(centre.y() - _RADIUS + 1), 8, 8, 1.5, 1.5
            )
        else:
            painter.drawEllipse(centre, _RADIUS - 0.5, _RADIUS - 0.5)
        painter.end()


def _triangle(centre: QPointF) -> QPolygonF:
    return QPolygonF(
        [
            centre + QPointF(0, -_RADIUS),
            centre + QPointF(_RADIUS + 0.5, _RADIUS - 1),
            centre + QPointF(-_RADIUS - 0.5, _RADIUS - 1),
        ]
    )
