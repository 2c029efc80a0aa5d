"""The left column's cards, one a source; the signals carry the source's place in the recipe."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sslstudio.studio.panes.corpora_source_card import SourceCard, SourceFacts


class SourceColumn(QWidget):
    """All the cards; ``wanted`` carries an entry of a card's menu."""

    chosen = Signal(int)
    wanted = Signal(int, str)
    weighted = Signal(int, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: list[SourceCard] = []
        self._paths: tuple[str, ...] = ()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)

    def show_sources(self, sources: Sequence[SourceFacts], chosen: int) -> None:
        """Show ``sources``; the cards are built anew only when other sources are meant."""
        paths = tuple(s.path for s in sources)
        if paths != self._paths:
            self._paths = paths
            self._rebuild(sources)
        for place, (card, facts) in enumerate(zip(self.cards, sources, strict=True)):
            card.show_facts(facts)
            card.set_chosen(place == chosen)

    def _rebuild(self, sources: Sequence[SourceFacts]) -> None:
        for card in self.cards:
            self._box.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = []
        for place, facts in enumerate(sources):
            card = SourceCard(facts, alone=len(sources) == 1)
            card.chosen.connect(lambda place=place: self.chosen.emit(place))
            card.wanted.connect(lambda what, place=place: self.wanted.emit(place, what))
            card.weighted.connect(lambda weight, place=place: self.weighted.emit(place, weight))
            self._box.addWidget(card)
            self.cards.append(card)
