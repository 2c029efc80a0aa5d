"""A text cut into its tokens, each on another tint than its neighbours; ids under the pointer.

The tints only part neighbours: what a token is stands in its tooltip (id, bytes), and a line end
or a tab is made visible. A repaint paints what is in sight. A long text is shown in part. Knows
nothing of vocabularies: it is given pieces.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from sslstudio.studio import theme
from sslstudio.studio.guard import guarded
from sslstudio.studio.widgets.token_lines import TokenLines

MOST_TOKENS = 800
_TINTS = ("hidden", "target", "kept", "sentinel")
_HEIGHT, _LEAD, _PAD, _USUAL_WIDTH = 20.0, 4.0, 0.5, 320


@dataclasses.dataclass(frozen=True)
class Piece:
    """One token: what it writes, and what the tooltip says of it."""

    text: str
    note: str = ""
    is_special: bool = False


class ColouredTokens(TokenLines):
    """Pieces in wrapped lines, up to :data:`MOST_TOKENS` of them."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, _HEIGHT, _USUAL_WIDTH, parent)
        self._pieces: tuple[Piece, ...] = ()

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """What is shown."""
        return self._pieces

    def show_pieces(self, pieces: Sequence[Piece]) -> None:
        """Show other tokens; those beyond the limit are left out."""
        self._pieces = tuple(pieces[:MOST_TOKENS])
        self.setAccessibleDescription("|".join(visible(p.text) for p in self._pieces[:200]))
        self._forget_layout()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pieces in sight."""
        self._lay_out()
        painter = QPainter(self)
        painter.setFont(theme.mono_font())
        exposed = QRectF(event.rect())
        tints = [_tint(name) for name in _TINTS]
        text_colour, line = theme.colour("text"), QPen(theme.colour("quiet"), 1)
        for index, (piece, place) in enumerate(zip(self._pieces, self._places, strict=True)):
            if not place.intersects(exposed):
                continue
            if piece.is_special:
                painter.setPen(line)
                painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
            else:
                painter.fillRect(place, tints[index % len(tints)])
            painter.setPen(text_colour)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, visible(piece.text))
            if index == self._hover:
                painter.setPen(QPen(theme.colour("accent"), 1.5))
                painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from token to token with the arrows."""
        index = self._stepped(event, self._hover)
        if index is None:
            event.ignore()
            return
        self._point(index)
        self.setToolTip(self.explanation(index))

    def explanation(self, index: int) -> str:
        """Return what the tooltip says of the token ``index``."""
        piece = self._pieces[index]
        return f"“{visible(piece.text)}”" + (f"\n{piece.note}" if piece.note else "")

    def _measured(self, width: int) -> tuple[list[QRectF], float]:
        metrics = QFontMetricsF(theme.mono_font())
        places: list[QRectF] = []
        left, top = 0.0, 0.0
        widths: dict[str, float] = {}
        for piece in self._pieces:
            if piece.text not in widths:
                widths[piece.text] = metrics.horizontalAdvance(visible(piece.text)) + 2 * _PAD
            wide = widths[piece.text]
            if left + wide > width and left > 0:
                left, top = 0.0, top + _HEIGHT + _LEAD
            places.append(QRectF(left, top, wide, _HEIGHT))
            left += wide
            if piece.text.endswith("\n"):
                left, top = 0.0, top + _HEIGHT + _LEAD
        bottom = places[-1].bottom() if places else _HEIGHT
        return places, bottom + 2


def visible(text: str) -> str:
    """Return ``text`` with line ends, tabs and spaces made visible."""
    return text.replace("\r", "␍").replace("\n", "⏎").replace("\t", "⇥").replace(" ", "·")


def _tint(name: str) -> QColor:
    shade = QColor(theme.colour(name))
    shade.setAlphaF(0.28 if theme.is_dark() else 0.20)
    return shade
