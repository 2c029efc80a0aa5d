"""A text cut into its tokens, each on another tint than its neighbours; ids under the pointer.

The tints only part neighbours: what a token is stands in its tooltip (id, bytes), and a line end
or a tab is made visible. Laid out once per width; a repaint paints what is in sight. A long text is
shown in part. Knows nothing of vocabularies: it is given pieces.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from sslstudio.studio import theme
from sslstudio.studio.guard import guarded

MOST_TOKENS = 800
_TINTS = ("hidden", "target", "kept", "sentinel")
_HEIGHT, _LEAD, _PAD = 20.0, 4.0, 0.5


@dataclasses.dataclass(frozen=True)
class Piece:
    """One token: what it writes, and what the tooltip says of it."""

    text: str
    note: str = ""
    is_special: bool = False


class ColouredTokens(QWidget):
    """Pieces in wrapped lines, up to :data:`MOST_TOKENS` of them."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pieces: tuple[Piece, ...] = ()
        self._places: list[QRectF] = []
        self._hover = -1
        self._laid_out = -1
        self._layouts: dict[int, tuple[list[QRectF], float]] = {}
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """What is shown."""
        return self._pieces

    def show_pieces(self, pieces: Sequence[Piece]) -> None:
        """Show other tokens; those beyond the limit are left out."""
        self._pieces = tuple(pieces[:MOST_TOKENS])
        self._hover, self._laid_out = -1, -1
        self._layouts.clear()
        self.setAccessibleDescription("|".join(visible(p.text) for p in self._pieces[:200]))
        self.updateGeometry()
        self.update()

    def place_of(self, index: int) -> QRectF:
        """Return where the piece ``index`` is drawn, in pixels."""
        self._lay_out()
        return self._places[index]

    @guarded(fallback=24)
    def heightForWidth(self, width: int) -> int:
        """Return the height that the wrapped lines need at ``width``."""
        return int(self._layout_at(width)[1])

    @guarded(fallback=QSize(120, 24))
    def sizeHint(self) -> QSize:
        """Return the size at the present width."""
        width = self.width() if self.width() > 50 else 320
        return QSize(width, self.heightForWidth(width))

    @guarded(fallback=QSize(120, 24))
    def minimumSizeHint(self) -> QSize:
        """Return one line's room."""
        return QSize(120, int(_HEIGHT))

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrap anew."""
        self._laid_out = -1
        self.updateGeometry()

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
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what the token under the pointer is."""
        index = self._at(event.position())
        self._point(index)
        if index >= 0:
            QToolTip.showText(event.globalPosition().toPoint(), self.explanation(index), self)

    @guarded
    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at."""
        self._point(-1)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from token to token with the arrows."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step and self._pieces:
            self._point(min(max(0, self._hover + step), len(self._pieces) - 1))
            self.setToolTip(self.explanation(self._hover))
        else:
            event.ignore()

    def explanation(self, index: int) -> str:
        """Return what the tooltip says of the token ``index``."""
        piece = self._pieces[index]
        return f"“{visible(piece.text)}”" + (f"\n{piece.note}" if piece.note else "")

    def _at(self, position: QPointF) -> int:
        self._lay_out()
        for index, place in enumerate(self._places):
            if place.contains(position):
                return index
        return -1

    def _point(self, index: int) -> None:
        if index != self._hover:
            self._hover = index
            self.update()

    def _lay_out(self) -> None:
        if self._laid_out != self.width():
            self._laid_out = self.width()
            self._places, _ = self._layout_at(self.width())

    def _layout_at(self, width: int) -> tuple[list[QRectF], float]:
        """Return places and height at ``width``; Qt asks for the same one again and again."""
        if width not in self._layouts:
            if len(self._layouts) > 3:
                self._layouts.clear()
            self._layouts[width] = _measured(self._pieces, width)
        return self._layouts[width]


def visible(text: str) -> str:
    """Return ``text`` with line ends, tabs and spaces made visible."""
    return text.replace("\r", "␍").replace("\n", "⏎").replace("\t", "⇥").replace(" ", "·")


def _measured(pieces: Sequence[Piece], width: int) -> tuple[list[QRectF], float]:
    metrics = QFontMetricsF(theme.mono_font())
    places: list[QRectF] = []
    left, top = 0.0, 0.0
    widths: dict[str, float] = {}
    for piece in pieces:
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


def _tint(name: str) -> QColor:
    shade = QColor(theme.colour(name))
    shade.setAlphaF(0.28 if theme.is_dark() else 0.20)
    return shade
