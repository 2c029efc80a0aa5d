"""One line of progress for long work on a page: what, how far, and Cancel."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from sslstudio.studio import theme

_THOUSANDTHS = 1000


class ReadingBar(QWidget):
    """Hidden until :meth:`begin`."""

    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._what = ""
        self.label = QLabel()
        theme.mark(self.label, "caption")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.cancel = QPushButton("Cancel")
        self.cancel.setAutoDefault(False)
        self.cancel.setToolTip("Leave off reading")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.label)
        row.addWidget(self.bar, 1)
        row.addWidget(self.cancel)
        self.cancel.clicked.connect(self.cancelled)
        self.hide()

    def begin(self, what: str) -> None:
        """Show the line; a bar without figures moves until some arrive."""
        if self.isHidden() or self._what != what:
            self._what = what
            self.say(what)
            self.bar.setRange(0, 0)
            self.show()

    def say(self, what: str) -> None:
        """Say in other words what is being done; the bar stays as it is."""
        self.label.setText(what)
        self.bar.setAccessibleName(what)

    def show_progress(self, done: float, total: float) -> None:
        """Show how far it is."""
        if total > 0:
            self.bar.setRange(0, _THOUSANDTHS)
            self.bar.setValue(int(_THOUSANDTHS * min(1.0, done / total)))

    def end(self) -> None:
        """Hide the line."""
        self.hide()
