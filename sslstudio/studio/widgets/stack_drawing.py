"""A model drawn to scale: as many blocks as it has layers, as wide as it is wide.

``StackDrawing`` is the large picture beside the sliders; ``draw_small_stack`` the little one on
a preset's card. Both only paint; the figures come from outside.
"""

from __future__ import annotations

import dataclasses
import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from sslstudio.studio import theme
from sslstudio.studio.guard import guarded

_WIDEST = 1024.0  # beyond this, wider is not drawn wider
_MOST_BLOCKS = 48


@dataclasses.dataclass(frozen=True)
class Shape:
    """What is drawn of a model."""

    layers: int
    width: int
    heads: int
    kv_heads: int
    ffn_width: int
    context: int
    vocab_size: int
    causal: bool


def drawn_width(width: int, room: float) -> float:
    """Return how wide a model of ``width`` is drawn in ``room`` pixels: a square root's scale."""
    return max(14.0, room * math.sqrt(min(width, _WIDEST) / _WIDEST))


def draw_small_stack(painter: QPainter, place: QRectF, layers: int, width: int) -> None:
    """Draw ``layers`` bars of a width to scale, standing on the bottom of ``place``."""
    wide = drawn_width(width, place.width())
    pitch = min(5.0, place.height() / max(1, layers))
    left = place.right() - wide
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("accent"))
    top = place.center().y() + pitch * layers / 2
    for layer in range(layers):
        bar = QRectF(left, top - pitch * (layer + 1), wide, max(1.2, pitch - 1.5))
        painter.drawRoundedRect(bar, 1, 1)


class StackDrawing(QWidget):
    """The stack: tokens below, an embedding, the blocks, and the scores on top."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape: Shape | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(110, 220)

    def show_shape(self, shape: Shape | None) -> None:
        """Draw another model; None draws nothing."""
        self._shape = shape
        if shape is not None:
            self.setAccessibleName(
                f"Drawing: {shape.layers} blocks of width {shape.width}, {shape.heads} heads each"
            )
            self.setToolTip(
                f"{shape.layers} blocks. In each, {shape.heads} attention heads of "
                f"{shape.width // max(1, shape.heads)} numbers look at "
                f"{'what came before' if shape.causal else 'both sides'}; then a feed-forward "
                f"part of inner width {shape.ffn_width:,} works on every token alone."
            )
        self.update()

    @guarded(fallback=QSize(220, 300))
    def sizeHint(self) -> QSize:
        """Higher than wide."""
        return QSize(220, 300)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw from the bottom to the top."""
        if self._shape is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.caption_font())
        self._paint_stack(painter, self._shape)
        painter.end()

    def _paint_stack(self, painter: QPainter, shape: Shape) -> None:
        line = QFontMetrics(theme.caption_font()).height() + 4
        area = QRectF(self.rect()).adjusted(0, line, 0, -line - 12)
        wide = drawn_width(shape.width, area.width() * 0.9)
        left = area.center().x() - wide / 2
        self._caption(painter, f"{shape.vocab_size:,} scores", area.top() - line, line)
        self._caption(painter, f"{shape.context:,} tokens", area.bottom() + 12, line)
        self._paint_tokens(painter, area, shape)
        slab = 9.0
        for top in (area.top(), area.bottom() - slab):  # scores, embedding
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_veil(theme.colour("quiet"), 0.45))
            painter.drawRoundedRect(QRectF(left, top, wide, slab), 2, 2)
        painter.setPen(QPen(theme.colour("line"), 2))
        middle = area.center().x()
        painter.drawLine(QPointF(middle, area.top() + slab), QPointF(middle, area.bottom() - slab))
        room = QRectF(left, area.top() + slab + 5, wide, area.height() - 2 * slab - 10)
        self._paint_blocks(painter, room, shape)

    def _paint_blocks(self, painter: QPainter, room: QRectF, shape: Shape) -> None:
        shown = min(shape.layers, _MOST_BLOCKS)
        pitch = min(56.0, room.height() / max(1, shown))
        gap = min(5.0, pitch * 0.2)
        start = room.center().y() + pitch * shown / 2
        for layer in range(shown):
            block = QRectF(
                room.left(), start - pitch * (layer + 1) + gap / 2, room.width(), pitch - gap
            )
            self._paint_block(painter, block, shape)

    def _paint_block(self, painter: QPainter, block: QRectF, shape: Shape) -> None:
        accent = theme.colour("accent")
        painter.setPen(QPen(_veil(accent, 0.7), 1))
        painter.setBrush(theme.colour("surface"))
        painter.drawRoundedRect(block, 3, 3)
        inner = block.adjusted(3, 2, -3, -2)
        if inner.height() < 5:
            painter.fillRect(inner, _veil(accent, 0.55))
            return
        half = inner.height() / 2 - 1
        painter.setPen(Qt.PenStyle.NoPen)
        cell = inner.width() / shape.heads
        for head in range(shape.heads):
            # grouped queries: the heads that share keys and values share a shade
            group = head * shape.kv_heads // shape.heads
            painter.setBrush(_veil(accent, 0.75 if group % 2 == 0 else 0.5))
            room = min(1.0, cell * 0.2)
            painter.drawRect(
                QRectF(inner.left() + head * cell, inner.bottom() - half, cell - room, half)
            )
        painter.setBrush(_veil(theme.colour("kept"), 0.75))
        share = min(1.0, shape.ffn_width / (4.0 * shape.width))
        wide = inner.width() * share
        painter.drawRect(QRectF(inner.center().x() - wide / 2, inner.top(), wide, half))

    def _paint_tokens(self, painter: QPainter, area: QRectF, shape: Shape) -> None:
        """Draw one dot a token, as many as there is room for."""
        shown = max(4, min(shape.context, round(4 * math.log2(shape.context))))
        wide = area.width() * 0.9
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("target"))
        pitch = wide / shown
        size = min(5.0, pitch * 0.6)
        for token in range(shown):
            left = area.center().x() - wide / 2 + token * pitch + (pitch - size) / 2
            painter.drawRoundedRect(QRectF(left, area.bottom() + 4, size, 5), 1, 1)

    def _caption(self, painter: QPainter, text: str, top: float, height: float) -> None:
        painter.setPen(theme.colour("quiet"))
        painter.drawText(QRectF(0, top, self.width(), height), Qt.AlignmentFlag.AlignCenter, text)


def _veil(colour: QColor, strength: float) -> QColor:
    veiled = QColor(colour)
    veiled.setAlphaF(strength)
    return veiled
