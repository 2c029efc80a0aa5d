"""The likeliest alternatives at one place, as rows with a bar each; a click chooses one.

Used for the ten tokens a model could have written, and for the candidates of a hidden word.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from sslstudio.studio import theme
from sslstudio.studio.guard import guarded
from sslstudio.studio.widgets.token_view import visible_text

_HEIGHT = 21
_MOST = 10
_WORD_SHARE = 0.36
_FIGURE = 44


class AlternativeRow(QAbstractButton):
    """A word, a bar, and its probability."""

    def __init__(self, text: str, probability: float, largest: float, chosen: bool) -> None:
        super().__init__()
        self.probability = probability
        self._largest = largest
        self._chosen = chosen
        self.setText(visible_text(text))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{self.text()}, {percent(probability)}")
        self.setToolTip(f"“{visible_text(text)}” has a probability of {percent(probability)}")

    @guarded(fallback=QSize(120, 24))
    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(200, _HEIGHT)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw word, bar and figure."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.underMouse() or self.hasFocus():
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        word = int(self.width() * _WORD_SHARE)
        metrics = QFontMetrics(theme.mono_font(bold=self._chosen))
        painter.setFont(theme.mono_font(bold=self._chosen))
        painter.setPen(theme.colour("text"))
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, word - 12)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(4, 0, word - 8, self.height()), middle, text)
        track = QRectF(word, self.height() / 2 - 3, self.width() - word - _FIGURE, 6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("line"))
        painter.drawRoundedRect(track, 3, 3)
        share = self.probability / self._largest if self._largest else 0.0
        track.setWidth(max(4.0, track.width() * share))
        painter.setBrush(theme.colour("accent"))
        painter.drawRoundedRect(track, 3, 3)
        painter.setFont(theme.caption_font())
        painter.setPen(theme.colour("quiet"))
        place = QRectF(self.width() - _FIGURE, 0, _FIGURE - 4, self.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignRight | middle, percent(self.probability))
        painter.end()


class Alternatives(QWidget):
    """Up to ten rows. ``chosen`` carries the place of the row that was clicked."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[AlternativeRow] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)
        self._box.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setMinimumHeight(_MOST * _HEIGHT)  # what stands below must not jump

    def show_rows(
        self, candidates: Sequence[tuple[str, float]], current: str | None = None
    ) -> None:
        """Show ``candidates`` (text, probability), the one equal to ``current`` in bold."""
        for row in self.rows:
            self._box.removeWidget(row)
            row.hide()
            row.deleteLater()
        largest = max((p for _, p in candidates), default=0.0)
        self.rows = []
        for place, (text, probability) in enumerate(candidates):
            row = AlternativeRow(text, probability, largest, text == current)
            row.clicked.connect(lambda _checked=False, place=place: self.chosen.emit(place))
            self._box.addWidget(row)
            self.rows.append(row)


def percent(share: float) -> str:
    """Write a probability: 33 %, 0.4 %, <0.1 %."""
    if share >= 0.0995:
        return f"{share * 100:.0f} %"
    return f"{share * 100:.1f} %" if share >= 0.001 else "<0.1 %"
