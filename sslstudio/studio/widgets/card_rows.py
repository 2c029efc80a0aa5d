"""Widgets two in a row, those that are visible only; one under the other where it is narrow."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from sslstudio.studio.guard import guarded

_NARROW = 560  # pixels; below it one column


class CardRows(QWidget):
    """:meth:`set_cards` says which there are, :meth:`show_cards` which have something to show."""

    def __init__(
        self,
        cards: Sequence[QWidget] = (),
        *,
        narrow: int = _NARROW,
        spacing: int = 8,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._narrow = narrow
        self._cards: tuple[QWidget, ...] = ()
        self._shown: tuple[QWidget, ...] = ()
        self._arranged: tuple[object, ...] = ()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(spacing)
        self.set_cards(cards)

    def set_cards(self, cards: Sequence[QWidget]) -> None:
        """Hold other widgets; those before are deleted."""
        for card in self._cards:
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = self._shown = tuple(cards)
        for card in self._cards:
            card.setParent(self)
            card.show()
        self._arranged = ()
        self._arrange()

    def show_cards(self, shown: Sequence[QWidget]) -> None:
        """Show these, in the order in which they were given first."""
        self._shown = tuple(card for card in self._cards if card in shown)
        for card in self._cards:
            card.setVisible(card in self._shown)
        self._arrange()

    @guarded(fallback=QSize(120, 24))
    def minimumSizeHint(self) -> QSize:
        """As narrow as its widest widget, so that it can fall into one column."""
        widest = max((card.minimumSizeHint().width() for card in self._shown), default=0)
        return QSize(widest, super().minimumSizeHint().height())

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take one column where it is narrow."""
        self._arrange()

    def _arrange(self) -> None:
        columns = 2 if self.width() >= self._narrow else 1
        wanted = (columns, self._shown)
        if wanted == self._arranged:
            return
        self._arranged = wanted
        for card in self._cards:
            self._grid.removeWidget(card)
        for place, card in enumerate(self._shown):
            is_odd_last = place == len(self._shown) - 1 and place % columns == 0
            self._grid.addWidget(
                card, place // columns, place % columns, 1, columns if is_odd_last else 1
            )
        for column in range(2):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
