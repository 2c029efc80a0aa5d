"""What stands below the sources: samples to add with one click, and the field to drop files on."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from sslstudio.studio import theme
from sslstudio.studio.corpus_worker import SampleFacts
from sslstudio.studio.guard import guarded


class SampleButton(QAbstractButton):
    """A sample that one click adds: dashed, as it is not part of the mix yet."""

    def __init__(self, sample: SampleFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sample = sample
        self.setText(sample.title)
        self.setToolTip(sample.description)
        self.setAccessibleName(f"Add the sample {sample.title}")
        self.setAccessibleDescription(sample.description)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @guarded(fallback=QSize(200, 36))
    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(200, 36)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a dashed box with a plus sign and the title."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        active = self.hasFocus() or self.underMouse()
        colour = theme.colour("accent" if active else "control")
        painter.setPen(QPen(colour, 1.5 if active else 1.0, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.setPen(theme.colour("text"))
        painter.setFont(self.font())
        inner = QRectF(self.rect()).adjusted(36, 0, -12, 0)
        text = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, int(inner.width())
        )
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, text)
        theme.icon("plus").paint(painter, 10, (self.height() - 18) // 2, 18, 18)
        painter.end()


_DROP = "Drop files and folders here\ntext, tables, PDF, books, mail, archives"


class DropHint(QWidget):
    """A dotted field that says that files and folders may be dropped; the page takes them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._active = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_active(self, active: bool) -> None:
        """Show that something hovers over the page."""
        self._active = active
        self.update()

    @guarded(fallback=QSize(200, 60))
    def sizeHint(self) -> QSize:
        """A low field."""
        return QSize(200, 60)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dotted field and its words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = theme.colour("accent" if self._active else "quiet")
        painter.setPen(QPen(colour, 2.0 if self._active else 1.0, Qt.PenStyle.DotLine))
        painter.setBrush(theme.colour("hover" if self._active else "window"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.setFont(theme.caption_font())
        painter.setPen(theme.colour("accent" if self._active else "quiet"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, _DROP)
        painter.end()
