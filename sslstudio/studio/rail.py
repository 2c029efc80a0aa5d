"""The stages of the work on the left, each with a mark for how it stands."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sslstudio.studio import theme
from sslstudio.studio.guard import guarded
from sslstudio.studio.widgets.pane import PaneStatus
from sslstudio.studio.widgets.swatch import Swatch

WIDTH = 176
_COLOURS = {"": "", "ready": "good", "attention": "caution", "running": "accent"}
_WORDS = {"": "", "ready": "ready", "attention": "needs attention", "running": "running"}


class StageButton(QToolButton):
    """Icon, word and mark of one stage; the mark is also told in words."""

    def __init__(self, title: str, icon: str, key_sequence: str) -> None:
        super().__init__()
        self._title = title
        self._icon_name = icon
        self._keys = key_sequence
        self.setText(f"  {title}")  # Qt leaves too little room after the icon
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # a click leaves no second frame behind
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(QSize(18, 18))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(36)
        self.mark = Swatch(size=8, parent=self)
        self.mark.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.mark(self, "stage")
        self.toggled.connect(self._colour_icon)
        self._colour_icon(False)
        self.show_status(PaneStatus())

    def show_status(self, status: PaneStatus) -> None:
        """Show how the stage stands."""
        self.mark.set_colour(_COLOURS[status.mark])
        words = _WORDS[status.mark]
        said = ": ".join(part for part in (words, status.reason) if part)
        self.setToolTip(
            f"{said[:1].upper()}{said[1:]}" if said else f"{self._title} ({self._keys})"
        )
        self.setAccessibleName(f"{self._title}, {said}" if said else self._title)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the mark at the right end."""
        super().resizeEvent(event)
        self.mark.move(self.width() - 20, (self.height() - self.mark.height()) // 2)

    def _colour_icon(self, checked: bool) -> None:
        theme.set_icon(self, self._icon_name, "accent" if checked else "quiet")


class Rail(QFrame):
    """``chosen`` carries the key of the stage that was clicked."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.mark(self, "rail")
        self.setFixedWidth(WIDTH)
        self.setAccessibleName("Stages")
        self.buttons: dict[str, StageButton] = {}
        self._group = QButtonGroup(self)
        name = QLabel("SSL Studio")
        theme.mark(name, "title")
        self.top = QHBoxLayout()
        self.top.setContentsMargins(6, 0, 0, 6)
        self.top.addWidget(name)
        self.top.addStretch()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 8, 8, 8)
        self._column.setSpacing(2)
        self._column.addLayout(self.top)
        self._column.addStretch()

    def set_stages(self, stages: Sequence[tuple[str, str, str]]) -> None:
        """Show the stages, each as (key, title, icon), reached by Ctrl+1 and on."""
        for number, (key, title, icon) in enumerate(stages, 1):
            keys = f"Ctrl+{number}"
            button = StageButton(title, icon, keys)
            button.clicked.connect(lambda _on=False, key=key: self.chosen.emit(key))
            shortcut = QShortcut(QKeySequence(keys), self.window())
            shortcut.activated.connect(lambda key=key: self.chosen.emit(key))
            self._group.addButton(button)
            self._column.insertWidget(self._column.count() - 1, button)
            self.buttons[key] = button

    def show_chosen(self, key: str) -> None:
        """Mark the stage on show."""
        self.buttons[key].setChecked(True)
