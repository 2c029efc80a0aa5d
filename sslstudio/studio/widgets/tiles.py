"""Tiles: one figure and one sentence on what it means, in as many columns as there is room for."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from sslstudio.studio import theme
from sslstudio.studio.guard import guarded

_NARROWEST = 132


class Tile(QFrame):
    """A figure in 20 px and a sentence below it."""

    def __init__(self, figure: str, sentence: str, *, help: str = "", framed: bool = True) -> None:
        super().__init__()
        self.figure = QLabel(figure)
        self.sentence = QLabel(sentence)
        theme.mark(self.figure, "figure")
        theme.mark(self.sentence, "caption")
        self.sentence.setWordWrap(True)
        self.figure.setWordWrap(True)
        self.figure.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box = QVBoxLayout(self)
        box.setSpacing(2)
        if framed:
            theme.mark(self, "card")
            box.setContentsMargins(14, 10, 14, 10)
        else:
            box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.figure)
        box.addWidget(self.sentence)
        box.addStretch(1)
        self.set(figure, sentence, help)

    def set(self, figure: str, sentence: str, help: str = "") -> None:
        """Show another figure and sentence."""
        self.figure.setText(figure)
        self.sentence.setText(sentence)
        self.setToolTip(help or f"{figure} {sentence}")
        self.setAccessibleName(f"{figure} {sentence}")


class TileGrid(QWidget):
    """Tiles side by side; the number of columns follows the width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles: list[Tile] = []
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)

    def show_tiles(self, facts: Sequence[tuple[str, str, str]]) -> None:
        """Show one tile for each (figure, sentence, help); keeps the tiles that are there."""
        while len(self.tiles) > len(facts):
            tile = self.tiles.pop()
            self._grid.removeWidget(tile)
            tile.deleteLater()
        for place, (figure, sentence, help) in enumerate(facts):
            if place < len(self.tiles):
                self.tiles[place].set(figure, sentence, help)
            else:
                self.tiles.append(Tile(figure, sentence, help=help))
        self._columns = 0
        self._arrange()

    @guarded(fallback=QSize(120, 24))
    def minimumSizeHint(self) -> QSize:
        """As narrow as one tile, so that columns can fall away."""
        return QSize(_NARROWEST, super().minimumSizeHint().height())

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take as many columns as there is room for."""
        self._arrange()

    def _arrange(self) -> None:
        most = max(1, self.width() // _NARROWEST)
        rows = -(-len(self.tiles) // most) or 1
        columns = max(1, -(-len(self.tiles) // rows))
        if columns == self._columns:
            return
        self._columns = columns
        # as many narrow columns as the full rows and the last one have in common
        last = len(self.tiles) % columns or columns
        narrow = math.lcm(columns, last)
        for column in range(max(narrow, self._grid.columnCount())):
            self._grid.setColumnStretch(column, 1 if column < narrow else 0)
        for place, tile in enumerate(self.tiles):
            row = place // columns
            span = narrow // (last if row == (len(self.tiles) - 1) // columns else columns)
            self._grid.addWidget(tile, row, place % columns * span, 1, span)
