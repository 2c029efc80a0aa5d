"""The Overview tab: a source in figures, each with a sentence on what it means."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QSizePolicy, QVBoxLayout, QWidget

from sslstudio.recipe import Recipe
from sslstudio.studio import sentences, theme
from sslstudio.studio.widgets.cards import Card
from sslstudio.studio.widgets.histogram import Histogram
from sslstudio.studio.widgets.tiles import TileGrid

FEWEST_DOCUMENTS = 20  # on the validation side, for whole documents to be fair
_MOST_SKIPPED = 200


class OverviewTab(QWidget):
    """Tiles, the lengths of the documents, what was skipped, and how it will be split.

    ``opened`` carries the number of a document that the user wants to read.
    """

    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles = TileGrid()
        self.lengths = Histogram("characters", "documents")
        self.lengths.setAccessibleName("Lengths of the documents")
        self.split = QLabel()
        self.skipped = QLabel()
        for label in (self.split, self.skipped):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        lengths = Card("Length of documents", "characters, each bar a fixed ratio")
        lengths.body.addWidget(self.lengths, 1)
        split = Card("Training and validation")
        split.body.addWidget(self.split)
        self._skipped_card = Card("Left out")
        self._skipped_card.body.addWidget(self.skipped)
        self.titles = QListWidget()
        self.titles.setAccessibleName("First documents")
        self.titles.setStyleSheet("QListView { border: 0; background: transparent; padding: 0; }")
        self.titles.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.titles.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.titles.itemActivated.connect(lambda item: self.opened.emit(self.titles.row(item)))
        self.titles.itemClicked.connect(lambda item: self.opened.emit(self.titles.row(item)))
        first = Card("First documents", "click to read")
        first.body.addWidget(self.titles, 1)
        side = QVBoxLayout()
        side.setSpacing(8)
        side.addWidget(split)
        side.addWidget(self._skipped_card)
        side.addWidget(first, 1)
        lower = QHBoxLayout()
        lower.setSpacing(8)
        lower.addWidget(lengths, 3)
        lower.addLayout(side, 2)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.tiles)
        box.addLayout(lower, 1)

    def show_overview(self, facts: Any, split: str) -> None:
        """Show a ``CorpusOverview``, and in words how all text will be split."""
        self.tiles.show_tiles(_tiles(facts))
        self.lengths.show_counts(facts.histogram.edges, facts.histogram.counts)
        self.split.setText(split)
        self._skipped_card.setVisible(bool(facts.skipped))
        titles = [title or "(no title)" for title in facts.titles]
        lines = [f"{s.path}: {s.reason}" for s in facts.skipped[:_MOST_SKIPPED]]
        if len(facts.skipped) > _MOST_SKIPPED:
            lines.append(f"… and {len(facts.skipped) - _MOST_SKIPPED:,} more")
        self._skipped_card.set_caption(f"{len(facts.skipped):,} files")
        self.skipped.setText("\n".join(lines))
        theme.mark(self.skipped, "caption")
        if titles != [self.titles.item(n).text() for n in range(self.titles.count())]:
            self.titles.clear()
            self.titles.addItems(titles)


def split_sentence(recipe: Recipe, overviews: Sequence[Any]) -> str:
    """Say in two sentences how the text of all sources will be split.

    Follows ``sslstudio.corpora.split.choose_split``, from counts instead of every length.
    """
    fraction = recipe.data.validation_fraction
    share = f"{fraction * 100:g} %"
    kind = recipe.data.split
    if kind == "auto":
        documents = sum(o.documents for o in overviews)
        longest = max((o.lengths.max for o in overviews), default=0)
        is_lopsided = longest > fraction * sum(o.characters for o in overviews)
        is_few = documents * fraction < FEWEST_DOCUMENTS
        kind = "tail" if is_few or is_lopsided else "documents"
    if kind == "tail":
        how = f"The last {share} of every document are kept for validation."
    else:
        how = f"About {share} of the documents, chosen by their content, are kept for validation."
    return f"{how} The model never trains on them; equal documents stay on the same side."


def _tiles(facts: Any) -> list[tuple[str, str, str]]:
    per_word = facts.characters / facts.words if facts.words else 0.0
    return [
        (sentences.count(facts.documents), "documents", f"{facts.documents:,} documents"),
        (sentences.count(facts.characters), "characters", f"{facts.characters:,} characters"),
        (
            sentences.count(facts.words),
            f"words, {per_word:.1f} characters each",
            f"{facts.words:,} words, counted at white space",
        ),
        (sentences.size(facts.bytes), "of text in UTF-8", f"{facts.bytes:,} bytes"),
        (
            sentences.count(facts.lengths.p50),
            "characters in a typical document",
            f"Half of the documents are longer than {facts.lengths.p50:,.0f} characters; "
            f"nine in ten lie between {facts.lengths.p5:,.0f} and {facts.lengths.p95:,.0f}; "
            f"the longest has {facts.lengths.max:,.0f}",
        ),
    ]
