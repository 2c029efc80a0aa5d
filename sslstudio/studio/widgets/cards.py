"""Cards: a surface with a heading, and a card that can be chosen.

``Card`` groups a page's parts without frames inside frames. ``ChoiceCard`` is a radio button
that looks like a card: title, the question it asks, and optionally a small drawing. They paint
from the theme at each repaint, so a change of scheme needs no rebuilding.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from sslstudio.studio import theme
from sslstudio.studio.guard import guarded
from sslstudio.studio.widgets.elided_label import ElidedLabel

Drawing = Callable[[QPainter, QRectF, QWidget], None]
_PADDING = 12
_DRAWING_WIDTH = 72


class Card(QFrame):
    """A surface with a heading line (``header``) and room below it (``body``)."""

    def __init__(self, title: str = "", caption: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.mark(self, "card")
        self.title = ElidedLabel(title)
        theme.mark(self.title, "heading")
        self.caption = ElidedLabel(caption)
        theme.mark(self.caption, "caption")
        self.header = QHBoxLayout()
        self.header.setSpacing(8)
        self.header.addStrut(28 if title else 0)  # a row of headings stands on one line
        self.header.addWidget(self.title)
        self.header.addWidget(self.caption)
        self.header.addStretch(1)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(8)
        box.addLayout(self.header)
        box.addLayout(self.body, 1)
        self.title.setVisible(bool(title))
        self.caption.setVisible(bool(caption))

    def set_title(self, title: str) -> None:
        """Show ``title`` in the heading line."""
        self.title.setText(title)
        self.title.setVisible(bool(title))

    def set_caption(self, caption: str) -> None:
        """Show ``caption`` beside the title, quietly."""
        self.caption.setText(caption)
        self.caption.setVisible(bool(caption))


class ChoiceCard(QAbstractButton):
    """One of several choices; the arrow keys move among cards with the same parent."""

    def __init__(
        self,
        title: str,
        question: str,
        *,
        drawing: Drawing | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.question = question
        self._drawing = drawing
        self.setText(title)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName(title)
        self.setAccessibleDescription(question)

    @guarded(fallback=QSize(120, 24))
    def sizeHint(self) -> QSize:
        """Two lines and the padding; taller where there is a drawing."""
        height = self._title_metrics().height() + self._question_metrics().height() + 2
        return QSize(200, max(height, 48 if self._drawing else 0) + 2 * _PADDING - 4)

    @guarded(fallback=QSize(120, 24))
    def minimumSizeHint(self) -> QSize:
        """Let a narrow page elide the texts."""
        return QSize(120, self.sizeHint().height())

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the surface, its line, the two texts and the drawing."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_surface(painter)
        inner = self.rect().adjusted(_PADDING, _PADDING - 3, -_PADDING, -_PADDING + 3)
        if self._drawing is not None:
            place = QRectF(
                inner.right() - _DRAWING_WIDTH, inner.top(), _DRAWING_WIDTH, inner.height()
            )
            self._drawing(painter, place, self)
            inner.setRight(int(place.left()) - 8)
        title, question = self._title_metrics(), self._question_metrics()
        top = inner.top() + max(0, (inner.height() - title.height() - question.height() - 2) // 2)
        painter.setFont(self._title_font())
        painter.setPen(theme.colour("text"))
        painter.drawText(
            inner.left(),
            top + title.ascent(),
            title.elidedText(self.text(), Qt.TextElideMode.ElideRight, inner.width()),
        )
        painter.setFont(theme.caption_font())
        painter.setPen(theme.colour("quiet"))
        painter.drawText(
            inner.left(),
            top + title.height() + 2 + question.ascent(),
            question.elidedText(self.question, Qt.TextElideMode.ElideRight, inner.width()),
        )
        painter.end()

    def _paint_surface(self, painter: QPainter) -> None:
        chosen, focused = self.isChecked(), self.hasFocus()
        line = theme.colour("accent" if chosen or focused else "line")
        if self.underMouse() and not chosen:
            line = theme.colour("quiet")
        thickness = 2.0 if chosen or focused else 1.0
        painter.setPen(QPen(line, thickness))
        painter.setBrush(theme.colour("surface"))
        inset = thickness / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 6, 6)
        if chosen and focused:
            ring = QPen(theme.colour("accent"), 1.0, Qt.PenStyle.DotLine)
            painter.setPen(ring)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(4, 4, -4, -4), 4, 4)

    def _title_font(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _title_metrics(self) -> QFontMetrics:
        return QFontMetrics(self._title_font())

    def _question_metrics(self) -> QFontMetrics:
        return QFontMetrics(theme.caption_font())
