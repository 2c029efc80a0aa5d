"""A round spot of one colour of the theme: in legends, and as the mark beside a stage.

Never the only carrier of a meaning: a word or a tooltip stands beside it.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from sslstudio.studio import theme
from sslstudio.studio.guard import guarded


class Swatch(QWidget):
    """A dot of ``size`` pixels; an empty colour paints nothing."""

    def __init__(self, colour_name: str = "", size: int = 9, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour_name = colour_name
        self.setFixedSize(QSize(size, size))
        theme.watch(self.update)

    def set_colour(self, colour_name: str) -> None:
        """Paint another colour of the theme from now on."""
        if colour_name != self._colour_name:
            self._colour_name = colour_name
            self.update()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the dot."""
        if not self._colour_name:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(self._colour_name))
        painter.drawEllipse(self.rect())
        painter.end()
