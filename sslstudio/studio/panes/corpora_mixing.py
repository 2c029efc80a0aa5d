"""The card that says how sources are mixed, and what comes of it: shares and epochs.

``changed(name, value)`` names an option of the data table.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from sslstudio.recipe import DataOptions
from sslstudio.registry import options_of
from sslstudio.studio import sentences, theme
from sslstudio.studio.mix_view import Mix
from sslstudio.studio.report_words import percent
from sslstudio.studio.widgets.cards import Card
from sslstudio.studio.widgets.option_form import Face, OptionForm
from sslstudio.studio.widgets.share_bars import ShareBar, ShareBars

_FACES = {
    "mixing": Face(
        label="Shares follow",
        choices={
            "weights": "Size times weight",
            "shares": "The weights alone",
            "temperature": "Size, tempered",
            "unimax": "As equal as can be (UniMax)",
        },
    ),
    "mixing_alpha": Face(label="Power of the size", minimum=0.0, maximum=1.0, percent=False),
    "most_epochs": Face(label="Read each at most", minimum=0.5, maximum=16.0, unit="times"),
}
_COLOURS = {"good": "accent", "caution": "caution", "bad": "bad"}


class MixingCard(Card):
    """How sources are mixed."""

    changed = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Mixing", "how much is read of each source", parent)
        declared = {o.name: o for o in options_of(DataOptions)}
        self.form = OptionForm([declared[name] for name in _FACES], _FACES)
        self.bars = ShareBars("Share of each source")
        self.sentence = QLabel(wordWrap=True)
        theme.mark(self.sentence, "caption")
        self.form.changed.connect(self.changed)
        for widget in (self.form, self.bars, self.sentence):
            self.body.addWidget(widget)

    def show_mix(self, values: dict[str, Any], titles: Sequence[str], mix: Mix) -> None:
        """Show the options in force and the shares they give."""
        self.form.set_values({name: values[name] for name in _FACES})
        self.form.row("mixing_alpha").setVisible(values["mixing"] == "temperature")
        self.form.row("most_epochs").setVisible(values["mixing"] == "unimax")
        self.bars.setVisible(bool(mix.rows))
        self.bars.show_bars(
            [
                ShareBar(
                    title,
                    row.share,
                    f"{percent(row.share)} · {row.words}",
                    row.sentence,
                    _COLOURS[row.level],
                )
                for title, row in zip(titles, mix.rows, strict=False)
            ]
        )
        self.sentence.setText(_sentence(mix))
        theme.mark(self.sentence, "error" if mix.fault else "caption")


def _sentence(mix: Mix) -> str:
    if mix.fault:
        return mix.fault[:1].upper() + mix.fault[1:] + "."
    if not mix.rows:
        return "The shares are known as soon as every source has been read."
    total = sentences.count(mix.budget_tokens)
    return (
        f"Reckoned for a training of about {total} tokens. Up to 4 epochs repeated text is nearly "
        "as good as new; beyond 16 it teaches little more."
    )
