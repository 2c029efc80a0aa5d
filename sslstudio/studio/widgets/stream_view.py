"""A text that grows token by token, each token's background by how surprising it was.

The prompt stands in bold, what the model wrote after it. Pointing at a token (or moving the
text cursor onto it) emits ``pointed``; a click emits ``picked``. Text is appended, never laid
out anew, so a token costs the same at the end of a long text as at its start. Colours are set
for every token again only when the scheme changes.
"""

from __future__ import annotations

import bisect
import dataclasses
import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QTextEdit, QWidget

from sslstudio.studio import theme
from sslstudio.studio.guard import guarded

_MOST_BITS = 8.0  # everything rarer than 1 in 256 has the strongest colour


@dataclasses.dataclass(frozen=True)
class WrittenToken:
    """One generated token: id, text, natural log-probability, likeliest alternatives."""

    id: int
    text: str
    logprob: float
    alternatives: tuple[tuple[str, float], ...] = ()

    @property
    def probability(self) -> float:
        """The share the model gave to it, 0 to 1."""
        return math.exp(min(0.0, self.logprob))


def surprise_colour(probability: float) -> QColor:
    """Return the background for a token of ``probability``: one hue, stronger when rarer."""
    bits = -math.log2(max(probability, 2.0**-_MOST_BITS))
    colour = QColor(theme.colour("surprise"))
    colour.setAlphaF(min(1.0, bits / _MOST_BITS) * (0.60 if theme.is_dark() else 0.62))
    return colour


class StreamView(QTextEdit):
    """A read-only text of a prompt and written tokens."""

    pointed = Signal(int)
    picked = Signal(int)
    undo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens: list[WrittenToken] = []
        self._ends: list[int] = []  # text position after each token, ascending
        self._prompt = ""
        self._start = 0
        self._marked = -1
        self._hover = -1
        self._quiet = False  # while the text is rebuilt
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setAccessibleName("Text written by the model")
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        theme.mark(self, "plain")
        font = QFont(self.font())
        font.setPixelSize(15)
        self.document().setDefaultFont(font)
        self.document().setDocumentMargin(0)
        self.viewport().setMouseTracking(True)
        self.setMouseTracking(True)
        self.cursorPositionChanged.connect(self._on_cursor)
        self.installEventFilter(self)

    @property
    def tokens(self) -> tuple[WrittenToken, ...]:
        """What the model wrote."""
        return tuple(self._tokens)

    @property
    def prompt(self) -> str:
        """What it was asked to continue."""
        return self._prompt

    def written_text(self, count: int | None = None) -> str:
        """Return the prompt and the first ``count`` tokens as one text."""
        return self._prompt + "".join(t.text for t in self._tokens[:count])

    def show_text(self, prompt: str, tokens: Sequence[WrittenToken] = ()) -> None:
        """Show another prompt with ``tokens`` after it."""
        self._quiet = True
        self.clear()
        self._prompt, self._tokens, self._ends = prompt, [], []
        self._marked = self._hover = -1
        block = QTextBlockFormat()
        block.setLineHeight(150.0, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        cursor = QTextCursor(self.document())
        cursor.setBlockFormat(block)
        bold = QTextCharFormat()
        bold.setFontWeight(QFont.Weight.DemiBold)
        bold.setForeground(theme.colour("text"))
        cursor.insertText(prompt, bold)
        self._start = cursor.position()
        self._quiet = False
        self.append_tokens(tokens)

    def append_tokens(self, tokens: Sequence[WrittenToken]) -> None:
        """Write ``tokens`` at the end, and keep the end in sight if it was."""
        if not tokens:
            return
        bar = self.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 4
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        for token in tokens:
            cursor.insertText(token.text, self._format(token, marked=False))
            self._tokens.append(token)
            self._ends.append(cursor.position())
        cursor.endEditBlock()
        if at_end:
            bar.setValue(bar.maximum())

    def mark(self, index: int) -> None:
        """Underline the token ``index``, and only it; -1 for none."""
        for place, marked in ((self._marked, False), (index, True)):
            if 0 <= place < len(self._tokens):
                cursor = self._cursor_over(place)
                cursor.setCharFormat(self._format(self._tokens[place], marked=marked))
        self._marked = index

    def recolour(self) -> None:
        """Set every colour again, after the scheme changed."""
        marked = self._marked
        self.show_text(self._prompt, self._tokens)
        self.mark(marked)

    def index_at(self, position: int) -> int:
        """Return the token that holds the text ``position``, or -1 for the prompt."""
        if position < self._start or not self._ends or position >= self._ends[-1]:
            return -1
        return bisect.bisect_right(self._ends, position)

    def span_of(self, index: int) -> tuple[int, int]:
        """Return the text positions where the token ``index`` begins and ends."""
        begin = self._ends[index - 1] if index else self._start
        return begin, self._ends[index]

    @guarded
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the token under the mouse."""
        super().mouseMoveEvent(event)
        self._point(self._token_under(event))

    @guarded
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Pick the token that was clicked, unless text was selected by dragging."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.picked.emit(self._token_under(event))

    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing."""
        super().leaveEvent(event)
        self._point(-1)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter picks the token under the text cursor."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.picked.emit(self.index_at(self.textCursor().position()))
            return
        super().keyPressEvent(event)

    @guarded(fallback=False)
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep Ctrl+Z for the text itself: the window's own undo is for the recipe."""
        if isinstance(event, QKeyEvent) and _is_undo(event):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.undo_asked.emit()
                return True
        return False

    def _token_under(self, event: QMouseEvent) -> int:
        point = event.position().toPoint()
        position = self.cursorForPosition(point).position()
        # the cursor snaps to the nearer side of a character: look at both
        for candidate in (position, position - 1):
            index = self.index_at(candidate)
            if index >= 0 and self._covers(candidate, point.x(), point.y()):
                return index
        return -1

    def _covers(self, position: int, x: int, y: int) -> bool:
        cursor = QTextCursor(self.document())
        cursor.setPosition(position)
        before = self.cursorRect(cursor)
        cursor.setPosition(position + 1)
        after = self.cursorRect(cursor)
        right = after.left() if after.top() == before.top() else self.viewport().width()
        return before.left() <= x <= right and before.top() - 4 <= y <= before.bottom() + 4

    def _cursor_over(self, index: int) -> QTextCursor:
        begin, end = self.span_of(index)
        cursor = QTextCursor(self.document())
        cursor.setPosition(begin)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _format(self, token: WrittenToken, *, marked: bool) -> QTextCharFormat:
        format_ = QTextCharFormat()
        format_.setForeground(theme.colour("text"))
        format_.setBackground(surprise_colour(token.probability))
        if marked:
            format_.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
            format_.setUnderlineColor(theme.colour("accent"))
            format_.setFontWeight(QFont.Weight.DemiBold)
        return format_

    def _on_cursor(self) -> None:
        if not self._quiet:
            self._point(self.index_at(self.textCursor().position()))

    def _point(self, index: int) -> None:
        if index != self._hover:
            self._hover = index
            self.pointed.emit(index)


def _is_undo(event: QKeyEvent) -> bool:
    plain = event.modifiers() == Qt.KeyboardModifier.ControlModifier
    return bool(plain and event.key() == Qt.Key.Key_Z)
