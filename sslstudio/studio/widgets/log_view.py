"""What happened, in plain sentences with the time of day; newest at the bottom."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from sslstudio.studio import theme

LINES = 5000
_COLOURS = {"info": "text", "caution": "caution", "error": "bad"}


class LogView(QFrame):
    """A card with a heading and the sentences; follows the end while the end is in sight."""

    def __init__(self, title: str = "Log", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.mark(self, "card")
        self._lines: list[tuple[float, str, str]] = []
        heading = QLabel(title)
        theme.mark(heading, "heading")
        self.top = QHBoxLayout()
        self.top.addWidget(heading)
        self.top.addStretch()
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(title)
        self.text.setTabChangesFocus(True)
        self.text.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text.setMaximumBlockCount(LINES)
        self.text.document().setDocumentMargin(0)
        theme.mark(self.text, "plain")
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(theme.UNIT)
        column.addLayout(self.top)
        column.addWidget(self.text, 1)
        theme.watch(self._write_all)

    def add(self, text: str, level: str = "info", at: float | None = None) -> None:
        """Append a sentence; ``at`` in seconds since the epoch, now by default."""
        line = (time.time() if at is None else at, text, level)
        self._lines.append(line)
        del self._lines[:-LINES]
        self._write(line)

    def clear(self) -> None:
        """Forget everything."""
        self._lines.clear()
        self.text.clear()

    def _write_all(self) -> None:
        self.text.clear()
        for line in self._lines:
            self._write(line)

    def _write(self, line: tuple[float, str, str]) -> None:
        at, text, level = line
        bar = self.text.verticalScrollBar()
        follows = bar.value() >= bar.maximum() - 4
        cursor = QTextCursor(self.text.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        if not self.text.document().isEmpty():
            cursor.insertBlock()
        cursor.insertText(time.strftime("%H:%M:%S  ", time.localtime(at)), _ink("quiet"))
        cursor.insertText(text, _ink(_COLOURS.get(level, "text")))
        if follows:
            bar.setValue(bar.maximum())


def _ink(colour_name: str) -> QTextCharFormat:
    found = QTextCharFormat()
    found.setForeground(theme.colour(colour_name))
    font = theme.caption_font()
    font.setPixelSize(theme.CAPTION_PX + 1)
    found.setFont(font)
    return found
