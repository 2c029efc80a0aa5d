"""The card that chooses a vocabulary: its kind, its size, and what the size costs.

Bytes a token are measured at a few sizes on a sample of the recipe's text; the share of the model
that the embedding would take follows the slider by formula. ``changed(name, value)`` names an
option of the tokenizer table; ``measure`` asks for the measurement.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sslstudio.recipe import Recipe, TokenizerOptions
from sslstudio.registry import options_of
from sslstudio.studio import plan_view, sentences, theme
from sslstudio.studio.report_words import percent
from sslstudio.studio.token_worker import SizeFacts
from sslstudio.studio.widgets.cards import Card
from sslstudio.studio.widgets.elided_label import ElidedLabel
from sslstudio.studio.widgets.option_form import Face, OptionForm
from sslstudio.studio.widgets.size_plot import LARGEST, SMALLEST, make_plots

_CHOICE = 188  # pixels
MOST_SHARE = 0.4  # of the model, in the embedding (reference 2.8)
SIZED = ("bpe", "unigram", "wordpiece")
_FACES = {
    "kind": Face(
        label="Kind",
        choices={
            "bpe": "Pieces of words (BPE)",
            "unigram": "Pieces of words (Unigram)",
            "wordpiece": "Pieces of words (WordPiece)",
            "characters": "Characters",
            "bytes": "Bytes",
            "file": "From a tokenizer.json",
        },
    ),
    "normalizer": Face(
        label="Before that, text is",
        choices={
            "none": "Left as it is",
            "nfc": "Tidied (NFC)",
            "nfkc": "Simplified (NFKC)",
            "lowercase": "Put in lower case",
            "strip_accents": "Freed of accents",
        },
    ),
    "pre_tokenizer": Face(
        label="Tokens end at",
        choices={
            "words": "Words",
            "digits": "Words and digits",
            "spaces": "Spaces",
            "none": "Anywhere",
        },
    ),
    "file": Face(label="tokenizer.json"),
}
_SIZE = Face(
    label="Size of the vocabulary",
    minimum=SMALLEST,
    maximum=LARGEST,
    logarithmic=True,
    unit="tokens",
)


class VocabularyCard(Card):
    """Shows what it is given; the tab measures, the page changes the recipe."""

    changed = Signal(str, object)
    measure = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Vocabulary", "trained on the training text of the recipe", parent)
        declared = {o.name: o for o in options_of(TokenizerOptions)}
        self.form = OptionForm([declared[n] for n in _FACES if n in declared], _FACES)
        self.size_form = OptionForm([declared["vocab_size"]], {"vocab_size": _SIZE})
        self.bytes_plot, self.share_plot = make_plots(self)
        self.measure_button = QPushButton("Measure sizes")
        self.measure_button.setAutoDefault(False)
        self.measure_button.setToolTip(
            "Trains a vocabulary on a sample of the text and measures it at several sizes"
        )
        self.measure_button.clicked.connect(self.measure)
        self.header.addWidget(self.measure_button)
        self.sentence = QLabel(wordWrap=True)
        self._sized: tuple[SizeFacts, ...] = ()
        self._recipe: Recipe | None = None
        self.form.align_choices(_CHOICE)
        self._build()
        self.form.changed.connect(self.changed)
        self.size_form.changed.connect(self.changed)

    def _build(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(self.form)
        left.addWidget(self.size_form)
        left.addWidget(self.sentence)
        left.addStretch(1)
        plots = QGridLayout()
        plots.setVerticalSpacing(2)
        for row, (words, plot) in enumerate(
            (
                ("Bytes a token · more is shorter text", self.bytes_plot),
                ("Embedding, % of the model · dashed: as much as is sensible", self.share_plot),
            )
        ):
            label = ElidedLabel(words)
            theme.mark(label, "caption")
            label.setBuddy(plot)
            plots.addWidget(label, 2 * row, 0)
            plots.addWidget(plot, 2 * row + 1, 0)
            plots.setRowStretch(2 * row + 1, 1)
        row_ = QHBoxLayout()
        row_.setSpacing(24)
        row_.addLayout(left, 4)
        row_.addLayout(plots, 5)
        self.body.addLayout(row_)

    def show_recipe(self, recipe: Recipe) -> None:
        """Show the options in force, and what the chosen size costs."""
        self._recipe = recipe
        values = {
            f.name: getattr(recipe.tokenizer, f.name) for f in dataclasses.fields(recipe.tokenizer)
        }
        self.form.set_values(values)
        self.size_form.set_values(values)
        kind = recipe.tokenizer.kind
        self.form.row("file").setVisible(kind == "file")
        for name in ("normalizer", "pre_tokenizer"):
            if name in values:
                self.form.row(name).setVisible(kind not in ("file", "bytes"))
        self.size_form.setVisible(kind in SIZED)
        self.measure_button.setVisible(kind in SIZED)
        self._show_shares(recipe)
        self._say()

    def show_sizes(self, sized: Sequence[SizeFacts]) -> None:
        """Show what was measured; nothing where it has to be measured anew."""
        self._sized = tuple(sized)
        once = {s.vocab_size: s for s in self._sized}  # little text fills no large vocabulary
        self.measure_button.setText("Measure again" if sized else "Measure sizes")
        self.bytes_plot.show_values(list(once), [s.bytes_per_token for s in once.values()])
        self._say()

    def _show_shares(self, recipe: Recipe) -> None:
        sizes = [round(s) for s in np.geomspace(SMALLEST, LARGEST, 50)]
        self.share_plot.show_values(sizes, plan_view.embedding_shares(recipe, sizes))
        for plot in (self.bytes_plot, self.share_plot):
            plot.show_size(recipe.tokenizer.vocab_size)

    def _say(self) -> None:
        recipe = self._recipe
        if recipe is None:
            return
        if recipe.tokenizer.kind not in SIZED:
            self.sentence.setText(_OTHERS.get(recipe.tokenizer.kind, ""))
            theme.mark(self.sentence, "")
            return
        (share,) = plan_view.embedding_shares(recipe, [recipe.tokenizer.vocab_size]) or (0.0,)
        words = f"The embedding takes {percent(share)} of the model."
        if share > MOST_SHARE:
            words += (
                f" More than {percent(MOST_SHARE)} is seldom worth it: take a smaller vocabulary."
            )
        measured = between(self._sized, recipe.tokenizer.vocab_size)
        if measured is not None:
            per_token, tokens = measured
            count = sentences.count(tokens)
            words = f"About {per_token:.2f} bytes a token, {count} tokens in all. {words}"
            words += _unfilled(self._sized, recipe.tokenizer.vocab_size)
        self.sentence.setText(words)
        theme.mark(self.sentence, "caution" if share > MOST_SHARE else "")


_OTHERS = {
    "characters": "One token for each character that the text holds: long texts, a small model.",
    "bytes": "One token for each of the 256 bytes: the longest texts, the smallest vocabulary.",
    "file": "The vocabulary is taken from the file as it is.",
}


def _unfilled(sized: Sequence[SizeFacts], size: int) -> str:
    """Say that the text does not fill a vocabulary of ``size``, where that was found."""
    largest = max(s.vocab_size for s in sized)
    if any(s.asked >= size > s.vocab_size for s in sized):
        return f" This text fills {largest:,} tokens only: the vocabulary will be no larger."
    return ""


def between(sized: Sequence[SizeFacts], size: int) -> tuple[float, int] | None:
    """Return (bytes a token, tokens of the corpus) at ``size``, between the sizes measured."""
    known: dict[int, Any] = {s.vocab_size: s for s in sized if s.bytes_per_token > 0}
    if not known:
        return None
    places = sorted(known)
    x = np.log2(places)
    at = np.log2(size)
    per_token = float(np.interp(at, x, [known[p].bytes_per_token for p in places]))
    tokens = float(np.interp(at, x, [known[p].tokens for p in places]))
    return per_token, round(tokens)
