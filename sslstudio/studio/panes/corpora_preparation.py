"""The Preparation tab: how text is mended, mixed, kept apart, and cut into documents.

Shows the recipe and says what the user chose; the page changes the recipe, so that all can be
undone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from sslstudio.recipe import CorpusSource, DataOptions, Recipe
from sslstudio.registry import Option, options_of
from sslstudio.studio import theme
from sslstudio.studio.mix_view import Mix
from sslstudio.studio.panes.corpora_mending import MendingCard
from sslstudio.studio.panes.corpora_mixing import MixingCard
from sslstudio.studio.widgets.cards import Card
from sslstudio.studio.widgets.option_form import Face, OptionForm

_DOCUMENTS = Face(
    label="One document is",
    choices={
        "auto": "Automatic, by the kind of file",
        "file": "A whole file",
        "paragraph": "A paragraph",
        "record": "A record",
    },
    free_choice="such as <|end|>",
)
_TOGETHER = {
    "deduplicate": Face(
        label="Documents that stand there twice",
        choices={
            "none": "Are all kept",
            "exact": "Keep one of equal ones",
            "near": "Keep one of nearly equal ones",
        },
    ),
    "repeated_lines": Face(
        label="Lines that stand in very many documents",
        choices={"keep": "Are kept", "remove": "Are taken out"},
    ),
}
_SPLIT = {
    "split": Face(
        label="Keep for validation",
        choices={
            "auto": "Automatic",
            "documents": "Whole documents",
            "tail": "The end of each document",
        },
    ),
    "validation_fraction": Face(
        label="Share that is never trained on", minimum=0.005, maximum=0.3, percent=True
    ),
}
_NARROW, _CHOICE = 640, 232


class PreparationTab(QWidget):
    """``changed(table, name, value)``: table is "source" or "data"."""

    changed = Signal(str, str, object)
    spread = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.mending = MendingCard()
        self.together = OptionForm(_declared(DataOptions, _TOGETHER), _TOGETHER)
        self.mixing = MixingCard()
        self.data = OptionForm(_declared(DataOptions, _SPLIT), _SPLIT)
        self.documents = OptionForm(
            _declared(CorpusSource, ("documents",)), {"documents": _DOCUMENTS}
        )
        self.sentence = QLabel(wordWrap=True)
        theme.mark(self.sentence, "caption")
        self.source_card = _card("Documents", self.documents)
        split = _card("Training and validation", self.data)
        split.body.addWidget(self.sentence)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        for card in (
            self.mending,
            _card("All sources together", self.together),
            self.mixing,
            split,
            self.source_card,
        ):
            box.addWidget(card)
        box.addStretch(1)
        for form in (self.mending.form, self.mixing.form, self.together, self.data, self.documents):
            form.setMaximumWidth(_NARROW)
            form.align_choices(_CHOICE)
        self._connect()

    def _connect(self) -> None:
        self.mending.spread.connect(self.spread)
        for table, sender in (
            ("source", self.mending),
            ("source", self.documents),
            ("data", self.together),
            ("data", self.mixing),
            ("data", self.data),
        ):
            sender.changed.connect(
                lambda name, value, table=table: self.changed.emit(table, name, value)
            )

    def show_recipe(
        self, recipe: Recipe, place: int, titles: Sequence[str], mix: Mix, split: str
    ) -> None:
        """Show the values of ``recipe`` and of its source ``place``."""
        alone = len(recipe.corpora) == 1
        source, caption = recipe.corpora[place], f"of {titles[place]}"
        self.mending.show_source(source, caption, alone=alone)
        self.source_card.set_caption(caption)
        self.documents.set_values({"documents": source.documents})
        values = _fields(recipe.data)
        self.together.set_values(values)
        self.data.set_values(values)
        self.mixing.setVisible(not alone)
        self.mixing.show_mix(values, titles, mix)
        self.sentence.setText(split)


def _card(title: str, form: OptionForm) -> Card:
    card = Card(title)
    card.body.addWidget(form)
    return card


def _declared(cls: type, names: Any) -> list[Option]:
    return [o for o in options_of(cls) if o.name in names]


def _fields(options: Any) -> dict[str, Any]:
    return {f.name: getattr(options, f.name) for f in dataclasses.fields(options)}
