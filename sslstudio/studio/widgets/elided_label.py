"""A line of text that ends in "…" where there is no room for it; the tooltip then says all."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from sslstudio.studio.guard import guarded

_NARROWEST = 24


class ElidedLabel(QLabel):
    """Takes the width of its text where it can, and much less where it must."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)

    @guarded(fallback=QSize(_NARROWEST, 16))
    def minimumSizeHint(self) -> QSize:
        """Room for a letter or two."""
        hint = super().minimumSizeHint()
        return QSize(min(_NARROWEST, hint.width()), hint.height())

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Write the text, or its beginning."""
        shown = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width()
        )
        if shown != self.text() and not self.toolTip():
            self.setToolTip(self.text())
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), int(self.alignment()), shown)
        painter.end()
