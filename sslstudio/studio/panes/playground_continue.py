"""Continue: a prompt, and a text that streams; alternatives, branches, and the way back.

Holds the text and its history and says what is wanted of a model; the page asks the model. A
branch cuts the text at a token, puts another in its place, and goes on from there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from sslstudio.studio import theme
from sslstudio.studio.widgets.stream_view import StreamView, WrittenToken
from sslstudio.studio.widgets.surprise_legend import SurpriseLegend

State = tuple[str, tuple[WrittenToken, ...]]
_NO_TEXT = re.compile(r"(\\x[0-9a-f]{2})+")  # how a tokenizer shows bytes that are no character
_END = "<eos>"
_MOST_STATES = 100


class ContinueSurface(QWidget):
    """``wanted(text)`` asks for a continuation of all of ``text``; ``stopped`` to leave off."""

    wanted = Signal(str)
    stopped = Signal()
    token_shown = Signal(object)  # WrittenToken | None: whose alternatives to show

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.view = StreamView()
        self.prompt = QPlainTextEdit()
        self.go = QPushButton("Continue   Ctrl+Enter")
        self.afresh = QPushButton("Start over")
        self.undo = QPushButton("Undo")
        self._history: list[State] = []
        self._pinned = -1
        self._writing = False
        self._build()
        self._connect()
        self._show_buttons()

    @property
    def pinned(self) -> int:
        """The token whose alternatives stay in sight, or -1."""
        return self._pinned

    def set_writing(self, writing: bool) -> None:
        """Show that a text is being written, or no longer."""
        self._writing = writing
        self._show_buttons()

    def append(self, tokens: Sequence[WrittenToken]) -> None:
        """Add what the model wrote."""
        self.view.append_tokens(tokens)
        self._show_buttons()

    def continue_(self) -> None:
        """Go on from what stands there; a changed prompt begins anew."""
        if self._writing:
            self.stopped.emit()
            return
        prompt = self.prompt.toPlainText()
        self._remember()
        if prompt != self.view.prompt or not self.view.tokens:
            self.view.show_text(prompt)
            self._pin(-1)
        self.wanted.emit(self.view.written_text())

    def start_over(self) -> None:
        """Throw the continuation away and write another."""
        if self._writing:
            self.stopped.emit()
        self._remember()
        self.view.show_text(self.prompt.toPlainText())
        self._pin(-1)
        self.wanted.emit(self.view.written_text())

    def branch(self, place: int) -> None:
        """Take the alternative ``place`` of the pinned token and go on from there."""
        tokens = self.view.tokens
        if not 0 <= self._pinned < len(tokens):
            return
        old = tokens[self._pinned]
        text, probability = old.alternatives[place]
        if _NO_TEXT.fullmatch(text):
            return  # a part of a character cannot be written by itself
        if self._writing:
            self.stopped.emit()
        self._remember()
        kept = list(tokens[: self._pinned])
        if text != _END:
            kept.append(WrittenToken(-1, text, _log(probability), old.alternatives))
        self.view.show_text(self.view.prompt, kept)
        self._pin(-1)
        if text != _END:
            self.wanted.emit(self.view.written_text())

    def go_back(self) -> None:
        """Return to the text before the last change."""
        if self._writing:
            self.stopped.emit()
        if self._history:
            prompt, tokens = self._history.pop()
            self.prompt.setPlainText(prompt)
            self.view.show_text(prompt, tokens)
            self._pin(-1)
        self._show_buttons()

    def _build(self) -> None:
        self.prompt.setPlaceholderText("Write a beginning, such as “Once upon a time”")
        self.prompt.setAccessibleName("Prompt")
        self.prompt.setTabChangesFocus(True)
        self.prompt.setFixedHeight(58)
        theme.mark(self.go, "primary")
        self.go.setAccessibleName("Continue")
        self.afresh.setToolTip("Throw the continuation away and write another (Ctrl+Shift+Enter)")
        self.undo.setToolTip("Go back to the text before the last change (Ctrl+Z in the text)")
        buttons = QVBoxLayout()
        buttons.setSpacing(4)
        lower = QHBoxLayout()
        lower.setSpacing(4)
        for button in (self.go, self.afresh, self.undo):
            button.setAutoDefault(False)
        lower.addWidget(self.undo)
        lower.addWidget(self.afresh)
        lower.addWidget(self.go)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.prompt, 1)
        row.addLayout(lower)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.view, 1)
        box.addWidget(SurpriseLegend("click a word for its alternatives, then one to branch"))
        box.addLayout(row)
        self.setTabOrder(self.prompt, self.go)
        self.setTabOrder(self.go, self.afresh)
        self.setTabOrder(self.afresh, self.undo)
        self.setTabOrder(self.undo, self.view)

    def _connect(self) -> None:
        self.go.clicked.connect(self.continue_)
        self.afresh.clicked.connect(self.start_over)
        self.undo.clicked.connect(self.go_back)
        self.view.undo_asked.connect(self.go_back)
        self.view.pointed.connect(self._on_pointed)
        self.view.picked.connect(self._pin)
        theme.watch(self.view.recolour)
        for keys, action in (
            ("Ctrl+Return", self.continue_),
            ("Ctrl+Enter", self.continue_),
            ("Ctrl+Shift+Return", self.start_over),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)

    def _remember(self) -> None:
        self._history.append((self.view.prompt, self.view.tokens))
        del self._history[:-_MOST_STATES]

    def _on_pointed(self, index: int) -> None:
        if self._pinned < 0 and index >= 0:
            self.token_shown.emit(self.view.tokens[index])

    def _pin(self, index: int) -> None:
        """Keep the alternatives of a token in sight; -1 follows the mouse again."""
        self._pinned = index
        self.view.mark(index)
        tokens = self.view.tokens
        self.token_shown.emit(tokens[index] if 0 <= index < len(tokens) else None)

    def _show_buttons(self) -> None:
        self.go.setText("Stop   Ctrl+Enter" if self._writing else "Continue   Ctrl+Enter")
        self.undo.setEnabled(bool(self._history))
        self.afresh.setEnabled(bool(self.view.tokens))


def _log(probability: float) -> float:
    import math

    return math.log(max(probability, 1e-12))
