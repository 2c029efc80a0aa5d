"""A few buttons of which one is down: the tabs of a page, the modes of a surface."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget


class Segments(QWidget):
    """Buttons made from ``words`` (name -> word); the arrow keys move among them."""

    changed = Signal(str)

    def __init__(
        self,
        words: Mapping[str, str],
        accessible_name: str,
        helps: Mapping[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(accessible_name)
        self.buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for name, word in words.items():
            button = QPushButton(word)
            button.setCheckable(True)
            button.setToolTip((helps or {}).get(name, ""))
            button.setAutoDefault(False)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            self._group.addButton(button)
            self.buttons[name] = button
            row.addWidget(button)
            button.clicked.connect(lambda _checked=False, name=name: self.changed.emit(name))
        self.choose(next(iter(words)))

    @property
    def chosen(self) -> str:
        """The name of the button that is down."""
        return next(name for name, button in self.buttons.items() if button.isChecked())

    def choose(self, name: str) -> None:
        """Press a button down without emitting."""
        self.buttons[name].setChecked(True)
