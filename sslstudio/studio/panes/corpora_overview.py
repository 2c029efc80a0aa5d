"""The Overview tab: a source in figures, each with a sentence on what it means."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from sslstudio.recipe import Recipe
from sslstudio.studio import sentences, theme
from sslstudio.studio.widgets.cards import Card
from sslstudio.studio.widgets.histogram import Histogram
from sslstudio.studio.widgets.tiles import TileGrid

FEW_DOCUMENTS = 20  # below this, "auto" takes the tail of each document
_MOST_SKIPPED = 200


class OverviewTab(QWidget):
    """Tiles, the lengths of the documents, what was skipped, and how it will be split."""

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
        lengths = Card("Length of documents", "characters")
        lengths.body.addWidget(self.lengths, 1)
        split = Card("Training and validation")
        split.body.addWidget(self.split)
        self._skipped_card = Card("Left out")
        self._skipped_card.body.addWidget(self.skipped)
        side = QVBoxLayout()
        side.setSpacing(8)
        side.addWidget(split)
        side.addWidget(self._skipped_card)
        side.addStretch(1)
        lower = QHBoxLayout()
        lower.setSpacing(8)
        lower.addWidget(lengths, 3)
        lower.addLayout(side, 2)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.tiles)
        box.addLayout(lower, 1)

    def show_overview(self, facts: Any, recipe: Recipe) -> None:
        """Show a ``CorpusOverview`` and what ``recipe`` will do with it."""
        self.tiles.show_tiles(_tiles(facts))
        self.lengths.show_counts(facts.histogram.edges, facts.histogram.counts)
        self.split.setText(split_sentence(recipe, facts.documents))
        self._skipped_card.setVisible(bool(facts.skipped))
        lines = [f"{s.path}: {s.reason}" for s in facts.skipped[:_MOST_SKIPPED]]
        if len(facts.skipped) > _MOST_SKIPPED:
            lines.append(f"… and {len(facts.skipped) - _MOST_SKIPPED:,} more")
        self._skipped_card.set_caption(f"{len(facts.skipped):,} files")
        self.skipped.setText("\n".join(lines))
        theme.mark(self.skipped, "caption")


def split_sentence(recipe: Recipe, documents: int) -> str:
    """Say in two sentences how the text will be split."""
    share = f"{recipe.data.validation_fraction * 100:g} %"
    kind = recipe.data.split
    if kind == "auto":
        kind = "tail" if documents < FEW_DOCUMENTS else "documents"
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
