"""A row of tokens as the model meets them, each marked by its role with a colour and a shape.

Words stand apart, the pieces of one word touch; lines wrap at the widget's width. A token can
be pointed at with the mouse or reached with the arrow keys, and ``picked`` tells that it was
clicked (or Space pressed on it). Knows nothing of tokenizers: it gets texts and roles.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from sslstudio.studio import theme
from sslstudio.studio.guard import guarded
from sslstudio.studio.widgets.token_lines import TokenLines
from sslstudio.studio.widgets.token_paint import BOXED, paint_token

_HEIGHT, _LINE_GAP, _PAD, _PLAIN_PAD = 26.0, 5.0, 6.0, 2.0
_WORD_GAP, _PIECE_GAP, _MARGIN = 7.0, 1.0, 3.0
_USUAL_WIDTH = 480
ROLE_WORDS = {
    "seen": "seen",
    "hidden": "hidden from the model",
    "replaced": "replaced by a random token",
    "kept": "selected, but left as it is",
    "sentinel": "a marker",
    "target": "must be predicted",
    "ignored": "not learned from",
}


@dataclasses.dataclass(frozen=True)
class ShownToken:
    """One token: what to write, its role, and what the tooltip adds."""

    text: str
    role: str = "seen"
    note: str = ""


def visible_text(text: str) -> str:
    """Return ``text`` with its leading space gone and line ends, tabs and nothing made visible."""
    body = text[1:] if text.startswith(" ") and len(text) > 1 else text
    body = body.replace("\r", "").replace("\n", "⏎").replace("\t", "⇥")
    return body.replace(" ", "␣") if not body.strip() else body


class TokenView(TokenLines):
    """Tokens by their roles. ``picked`` carries the token that was clicked."""

    picked = Signal(int)

    def __init__(self, name: str, *, pickable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(name, _HEIGHT, _USUAL_WIDTH, parent)
        self._pickable = pickable  # otherwise Space is left to the page
        self._tokens: tuple[ShownToken, ...] = ()
        self._current = -1
        self._linked = -1

    @property
    def tokens(self) -> tuple[ShownToken, ...]:
        """What is shown."""
        return self._tokens

    def show_tokens(self, tokens: Sequence[ShownToken]) -> None:
        """Show other tokens."""
        self._tokens = tuple(tokens)
        self._current = min(self._current, len(self._tokens) - 1)
        self._linked = -1
        words = " ".join(
            visible_text(t.text)
            + ("" if t.role == "seen" else f" ({ROLE_WORDS.get(t.role, t.role)})")
            for t in self._tokens
        )
        self.setAccessibleDescription(words)
        self._forget_layout()

    def link(self, place: int) -> None:
        """Mark the token that belongs to one pointed at in another row; -1 for none."""
        if place != self._linked:
            self._linked = place
            self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tokens in sight."""
        self._lay_out()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        exposed = QRectF(event.rect())
        for index, (token, place) in enumerate(zip(self._tokens, self._places, strict=True)):
            if place.intersects(exposed):
                marked = index in (self._hover, self._linked)
                paint_token(painter, place, visible_text(token.text), token.role, marked)
                if self.hasFocus() and index == self._current:
                    painter.setBrush(Qt.BrushStyle.NoBrush)
                    painter.setPen(theme.colour("accent"))
                    painter.drawRoundedRect(place.adjusted(-1.5, -1.5, 1.5, 1.5), 5, 5)
        painter.end()

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the token that is clicked."""
        index = self.token_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0:
            self._current = index
            self.update()
            if self._pickable:
                self.picked.emit(index)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows, pick with Space or Enter."""
        index = self._stepped(event, self._current)
        if index is not None:
            self._current = index
            self._point(index)
            self.setToolTip(self.explanation(self._current))
            self.update()
        elif (
            event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return)
            and self._pickable
            and self._current >= 0
        ):
            self.picked.emit(self._current)
        else:
            event.ignore()

    def explanation(self, index: int) -> str:
        """Return what the tooltip says of the token ``index``."""
        token = self._tokens[index]
        role = ROLE_WORDS.get(token.role, token.role)
        return f"“{visible_text(token.text)}” – {role}" + (f"\n{token.note}" if token.note else "")

    def _measured(self, width: int) -> tuple[list[QRectF], float]:
        metrics = QFontMetricsF(theme.mono_font())
        bold = QFontMetricsF(theme.mono_font(bold=True))
        places: list[QRectF] = []
        left, top = _MARGIN, _MARGIN
        for index, token in enumerate(self._tokens):
            text = visible_text(token.text)
            pad = _PAD if token.role in BOXED else _PLAIN_PAD
            wide = (bold if token.role == "target" else metrics).horizontalAdvance(text) + 2 * pad
            starts_word = token.text[:1] in (" ", "\n", "\t", "<", "")
            if index:
                left += _WORD_GAP if starts_word else _PIECE_GAP
            if left + wide > width - _MARGIN and left > _MARGIN:
                left, top = _MARGIN, top + _HEIGHT + _LINE_GAP
            places.append(QRectF(left, top, wide, _HEIGHT))
            left += wide
        bottom = places[-1].bottom() if places else _HEIGHT
        return places, bottom + _MARGIN
