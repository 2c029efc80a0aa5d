"""The legend of surprise: from certain to surprising, with the probabilities in words."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from sslstudio.studio import theme
from sslstudio.studio.guard import guarded
from sslstudio.studio.widgets.stream_view import surprise_colour

_STEPS = (1.0, 0.5, 0.12, 0.03, 0.004)
_SWATCH = 26.0


class SurpriseLegend(QWidget):
    """One line: certain, five swatches, surprising, and what the mouse does."""

    def __init__(self, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._hint = hint
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"Legend: from certain to surprising. {hint}")
        self.setToolTip(
            "The background says how probable the model found each token: "
            + ", ".join(f"{share:.2g}" for share in _STEPS)
            + " (0, 1, 3, 5 and 8 bits of surprise)"
        )

    @guarded(fallback=QSize(300, 20))
    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(300, 20)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the words and the swatches."""
        painter = QPainter(self)
        painter.setFont(theme.caption_font())
        metrics = QFontMetrics(theme.caption_font())
        baseline = (self.height() + metrics.ascent() - metrics.descent()) // 2
        left = 0.0
        painter.setPen(theme.colour("quiet"))
        painter.drawText(int(left), baseline, "certain")
        left += metrics.horizontalAdvance("certain") + 8
        for share in _STEPS:
            place = QRectF(left, self.height() / 2 - 5, _SWATCH, 10)
            painter.fillRect(place, surprise_colour(share))
            painter.setPen(theme.colour("line"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(place)
            left += _SWATCH + 6
        painter.setPen(theme.colour("quiet"))
        words = metrics.elidedText(
            f"surprising · {self._hint}",
            Qt.TextElideMode.ElideRight,
            max(0, self.width() - int(left) - 4),
        )
        painter.drawText(int(left + 2), baseline, words)
        painter.end()
