"""The place above the tabs where one card of details may stand, and what fills it.

Looks up, beside the window, what an encoding or a column can be before it shows the card.
``changed(name, value)`` is about the chosen source, ``confirmed`` about one
that is not in the recipe yet.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from sslstudio.corpora.column_trial import Columns
from sslstudio.recipe import CorpusSource
from sslstudio.studio.background import Background, Latest
from sslstudio.studio.corpus_worker import EncodingFacts
from sslstudio.studio.panes.corpora_details import (
    DetailCard,
    EncodingCard,
    HubCard,
    detail_card,
)


class DetailHost(QWidget):
    """Hidden while it holds no card."""

    changed = Signal(str, object)
    confirmed = Signal(object)  # CorpusSource that was completed here, to be read and added
    failed = Signal(object)

    def __init__(self, background: Background, worker: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._looking = Latest(background, cancel_running=True)
        self.card: DetailCard | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def open_card(self, what: str, source: CorpusSource, title: str, table: Columns | None) -> None:
        """Show the card for the entry ``what`` of a source's menu."""
        if what == "column" and table is None:
            self._look_up(what, source, title, self._worker.read_columns, source)
        elif what == "encoding":
            self._look_up(what, source, title, self._worker.suggest_encoding, source.path)
        else:
            self._show(detail_card(what, title, source, table))

    def ask_encoding(self, source: CorpusSource, title: str) -> None:
        """Offer encodings for a refused ``source``, where that is what was wrong with it."""

        def offer(facts: EncodingFacts | None) -> None:
            if facts is not None and facts.choices:
                card = EncodingCard(title, facts)
                self._place(card)
                card.changed.connect(lambda _name, value: self._confirm(source, value))

        self._looking.run(self._worker.suggest_encoding, source.path, on_done=offer)

    def ask_hub(self) -> None:
        """Ask for the name of a data set."""
        card = HubCard()
        self._place(card)
        card.changed.connect(lambda _name, path: self._confirm(CorpusSource(path=path), "auto"))
        card.line.setFocus()

    def close_card(self) -> None:
        """Take the card away."""
        self._looking.cancel()
        if self.card is not None:
            self._box.removeWidget(self.card)
            self.card.hide()
            self.card.deleteLater()
            self.card = None
        self.hide()

    def _look_up(
        self, what: str, source: CorpusSource, title: str, function: Any, asked: Any
    ) -> None:
        def show(facts: Any) -> None:
            if what != "column" or facts is not None:
                self._show(detail_card(what, title, source, facts))

        self._looking.run(function, asked, on_done=show, on_error=self.failed.emit)

    def _show(self, card: DetailCard) -> None:
        self._place(card)
        card.changed.connect(self.changed)
        if isinstance(card, EncodingCard):
            card.changed.connect(lambda _name, _value: self.close_card())

    def _place(self, card: DetailCard) -> None:
        self.close_card()
        self.card = card
        self._box.addWidget(card)
        card.closed.connect(self.close_card)
        self.show()

    def _confirm(self, source: CorpusSource, encoding: str) -> None:
        self.close_card()
        self.confirmed.emit(dataclasses.replace(source, encoding=encoding))
