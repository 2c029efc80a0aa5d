"""A column of widgets that scrolls when the window is too low for it, never sideways."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from sslstudio.studio import theme
from sslstudio.studio.guard import guarded

_BAR_WIDTH = 10  # as the style sheet draws it


class ScrollColumn(QScrollArea):
    """Put widgets into ``box``; ``width`` fixes the column's width in pixels."""

    def __init__(self, width: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content = QWidget()
        content.setObjectName("content")  # the style sheet makes it transparent
        self.box = QVBoxLayout(content)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(theme.GAP)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        if width:
            self.setFixedWidth(width)

    @guarded(fallback=QSize(120, 120))
    def minimumSizeHint(self) -> QSize:
        """Low as can be, but as wide as the content needs."""
        return QSize(self._content.minimumSizeHint().width() + _BAR_WIDTH, 120)
