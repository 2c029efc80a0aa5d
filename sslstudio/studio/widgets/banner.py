"""One sentence across the top of a page, with a button that mends it where there is one.

Errors of the user and of the machine appear here, never in a dialog; the sentence already holds
cause and remedy. It stays until it is closed, mended, or replaced by a newer one.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from sslstudio.studio import theme

_LOOKS = {"error": "banner", "caution": "notice", "info": "hint"}
_ICONS = {
    "error": ("alert-circle-outline", "bad"),
    "caution": ("alert-outline", "caution"),
    "info": ("information-outline", "accent"),
}


class Banner(QFrame):
    """Hidden until :meth:`tell` gives it something to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action: Callable[[], None] | None = None
        self._icon = QToolButton()
        self._icon.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._icon.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.mark(self._icon, "quiet")
        self.label = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton()
        self.button.clicked.connect(self._act)
        self.close_button = QToolButton()
        self.close_button.setToolTip("Close this message")
        self.close_button.setAccessibleName("Close this message")
        theme.mark(self.close_button, "quiet")
        self.close_button.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 4, 4, 4)
        row.addWidget(self._icon)
        row.addWidget(self.label, 1)
        row.addWidget(self.button)
        row.addWidget(self.close_button)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence on show; empty while hidden."""
        return "" if self.isHidden() else self.label.text()

    def tell(
        self,
        text: str,
        level: str = "error",
        button: str = "",
        action: Callable[[], None] | None = None,
    ) -> None:
        """Show ``text``; ``level`` is error, caution or info."""
        self._action = action
        self.label.setText(text)
        self.setAccessibleName(text)
        self.button.setText(button)
        self.button.setVisible(bool(button))
        theme.set_icon(self._icon, *_ICONS[level])
        theme.set_icon(self.close_button, "close")
        theme.mark(self, _LOOKS[level])
        self.show()

    @Slot()
    def _act(self) -> None:
        action = self._action
        self.hide()
        if action is not None:
            action()
