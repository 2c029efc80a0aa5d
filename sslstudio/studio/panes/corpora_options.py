"""The Preparation tab: what one document is, how text is kept apart, how it becomes tokens."""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from sslstudio.recipe import CorpusSource, DataOptions, Recipe, TokenizerOptions
from sslstudio.registry import Option, options_of
from sslstudio.studio import theme
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
_DATA = {
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
_TOKENIZER = {
    "kind": Face(
        label="Kind",
        choices={
            "bpe": "Pieces of words (BPE)",
            "characters": "Characters",
            "bytes": "Bytes",
            "file": "From a tokenizer.json",
        },
    ),
    "vocab_size": Face(
        label="Size of the vocabulary",
        minimum=512,
        maximum=65_536,
        logarithmic=True,
        unit="tokens",
    ),
    "file": Face(label="tokenizer.json"),
}
_NARROW = 560


class OptionsTab(QWidget):
    """``changed(table, name, value)``: table is "source", "data" or "tokenizer"."""

    changed = Signal(str, str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        documents = [_declared(CorpusSource, "documents")]
        self.documents = OptionForm(documents, {"documents": _DOCUMENTS})
        self.data = OptionForm(options_of(DataOptions), _DATA)
        self.tokenizer = OptionForm(options_of(TokenizerOptions), _TOKENIZER)
        self.sentence = QLabel(wordWrap=True)
        theme.mark(self.sentence, "caption")
        self.source_card = _card("Documents", self.documents)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.source_card)
        split = _card("Training and validation", self.data)
        split.body.addWidget(self.sentence)
        box.addWidget(split)
        box.addWidget(_card("Tokens", self.tokenizer))
        box.addStretch(1)
        for table, form in (
            ("source", self.documents),
            ("data", self.data),
            ("tokenizer", self.tokenizer),
        ):
            form.changed.connect(
                lambda name, value, table=table: self.changed.emit(table, name, value)
            )

    def show_recipe(self, recipe: Recipe, source: CorpusSource, title: str, split: str) -> None:
        """Show the values of ``recipe`` and of the chosen ``source``."""
        self.source_card.set_caption(f"of {title}")
        self.documents.set_values({"documents": source.documents})
        self.data.set_values(_fields(recipe.data))
        self.tokenizer.set_values(_fields(recipe.tokenizer))
        self.sentence.setText(split)
        kind = recipe.tokenizer.kind
        self.tokenizer.row("file").setVisible(kind == "file")
        self.tokenizer.row("vocab_size").setVisible(kind not in ("bytes", "file"))


def _card(title: str, form: OptionForm) -> Card:
    card = Card(title)
    form.setMaximumWidth(_NARROW)
    card.body.addWidget(form)
    return card


def _declared(cls: type, name: str) -> Option:
    return next(o for o in options_of(cls) if o.name == name)


def _fields(options: Any) -> dict[str, Any]:
    return {f.name: getattr(options, f.name) for f in dataclasses.fields(options)}
