"""Memory as one stacked bar against what the device has, with a legend that names each part."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from sslstudio.studio import sentences, theme
from sslstudio.studio.guard import guarded

PARTS = ("weights", "gradients", "optimizer", "activations", "logits")
_EXPLAINED = {
    "weights": "the model's numbers",
    "gradients": "one for each weight; they come while activations are given back",
    "optimizer": "what it remembers of each weight",
    "activations": "kept from the forward pass for the backward pass",
    "logits": "one score for each token of the vocabulary, for a part of the places at a time",
}
_BAR_HEIGHT = 12
_TRACK_HEIGHT = 4
_TOP = _BAR_HEIGHT + 3 + _TRACK_HEIGHT + 8  # of the legend
_LINE = 18


class MemoryBar(QWidget):
    """Five parts of training memory, in bytes, beside the memory that is available."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bytes: dict[str, float] = {}
        self._available = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_memory(self, memory_bytes: Mapping[str, float]) -> None:
        """Show the ``memory_bytes`` of a plan: the parts, "total" and "available"."""
        self._bytes = {p: float(memory_bytes.get(p) or 0) for p in PARTS}
        self._available = float(memory_bytes.get("available") or 0)
        words = ", ".join(f"{p} {sentences.size(b)}" for p, b in self._bytes.items())
        self.setAccessibleName(f"Memory: {words}; {sentences.size(self._available)} available")
        self.setToolTip(
            "At the fullest moment of a step:\n"
            + "\n".join(
                f"{p.capitalize()}: {sentences.size(b)} – {_EXPLAINED[p]}"
                for p, b in self._bytes.items()
            )
        )
        self.update()

    @property
    def share(self) -> float:
        """How much of the available memory is needed; above 1 it does not fit."""
        return sum(self._bytes.values()) / self._available if self._available else 0.0

    @guarded(fallback=QSize(120, 24))
    def sizeHint(self) -> QSize:
        """The bar and its legend in two columns."""
        return QSize(240, _TOP + 3 * _LINE)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw both bars and the legend."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        self._paint_bar(painter)
        self._paint_legend(painter)
        painter.end()

    def _paint_bar(self, painter: QPainter) -> None:
        """Draw the parts in proportion, and below them, thin, the whole against the device."""
        total = sum(self._bytes.values())
        left = 0.0
        for part, size in self._bytes.items():
            width = self.width() * size / total if total else 0.0
            painter.setBrush(part_colour(part))
            painter.drawRect(QRectF(left, 0, width, _BAR_HEIGHT))
            left += width
        painter.setBrush(theme.colour("line"))
        painter.drawRoundedRect(QRectF(0, _BAR_HEIGHT + 3, self.width(), _TRACK_HEIGHT), 2, 2)
        fits = self.share <= 1
        painter.setBrush(theme.colour("accent" if fits else "bad"))
        used = max(3.0, min(1.0, self.share) * self.width()) if total else 0.0
        painter.drawRoundedRect(QRectF(0, _BAR_HEIGHT + 3, used, _TRACK_HEIGHT), 2, 2)

    def _paint_legend(self, painter: QPainter) -> None:
        font = theme.caption_font()
        metrics = QFontMetrics(font)
        painter.setFont(font)
        column = self.width() / 2
        # gradients come while activations go: at the fullest moment there may be none
        there = [(part, size) for part, size in self._bytes.items() if size]
        for place, (part, size) in enumerate(there):
            left = (place % 2) * column
            top = _TOP + (place // 2) * _LINE
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(part_colour(part))
            painter.drawRoundedRect(QRectF(left, top + 3, 9, 9), 2, 2)
            painter.setPen(theme.colour("quiet"))
            text = f"{part} {sentences.size(size)}"
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(column) - 18)
            painter.drawText(int(left) + 15, int(top) + metrics.ascent() + 1, text)


def part_colour(part: str) -> QColor:
    """Return the colour of a part of the memory: distinct hues that also differ in lightness."""
    names = dict(zip(PARTS, ("accent", "kept", "sentinel", "target", "quiet"), strict=True))
    return theme.colour(names[part])
