"""The card that says how one source is mended: preset, single rules, characters, personal data.

Everything is a change of the recipe; the files are never touched. Presets and rules are told by
``corpus_worker.load_presets``, once. ``changed(name, value)`` names an option of the source.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QWidget,
)

from sslstudio.recipe import CorpusSource
from sslstudio.registry import options_of
from sslstudio.studio import theme
from sslstudio.studio.corpus_worker import PresetFacts
from sslstudio.studio.widgets.card_rows import CardRows
from sslstudio.studio.widgets.cards import Card
from sslstudio.studio.widgets.option_form import Face, OptionForm

_FACES = {
    "normalise": Face(
        label="Characters",
        choices={
            "none": "As they are",
            "nfc": "Tidied (NFC)",
            "nfkc": "Tidied and simplified (NFKC)",
            "ftfy": "Also repaired (ftfy)",
        },
    ),
    "personal_data": Face(
        label="Personal data",
        choices={"keep": "Left as it is", "replace": "Replaced, such as by <EMAIL>"},
    ),
}
_WIDE = 620  # pixels; from there on rules stand in two columns


class MendingCard(Card):
    """How the chosen source is mended."""

    changed = Signal(str, object)
    spread = Signal()  # do the same to all sources

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Mending", " ", parent)
        self._source: CorpusSource | None = None
        self._presets: tuple[PresetFacts, ...] = ()
        self._shown_rules: tuple[str, ...] = ()
        self.presets: dict[str, QRadioButton] = {}
        self.rules: dict[str, QCheckBox] = {}
        self._group = QButtonGroup(self)
        self.all_button = QPushButton("Do this to all sources")
        self._preset_grid = QGridLayout()
        self.fold = QPushButton()
        self._rule_box = CardRows(narrow=_WIDE, spacing=2)
        declared = {o.name: o for o in options_of(CorpusSource)}
        self.form = OptionForm([declared[name] for name in _FACES], _FACES)
        self.form.changed.connect(self.changed)
        self._build_buttons()
        self._build()

    def _build_buttons(self) -> None:
        self.all_button.setAutoDefault(False)
        self.all_button.setToolTip("Give every source this preset and these choices")
        self.all_button.clicked.connect(self.spread)
        self.fold.setCheckable(True)
        self.fold.setAutoDefault(False)
        theme.mark(self.fold, "quiet")
        self.fold.setToolTip("Show the rules of this preset, and turn single ones off")
        self.fold.toggled.connect(self._fold)

    def _build(self) -> None:
        self.header.addWidget(self.all_button)
        self._preset_grid.setHorizontalSpacing(16)
        self._preset_grid.setVerticalSpacing(4)
        self._preset_grid.setColumnStretch(1, 1)
        self._rule_box.setContentsMargins(24, 0, 0, 0)
        self._rule_box.hide()
        self.body.addLayout(self._preset_grid)
        self.body.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self._rule_box)
        self.body.addWidget(self.form)
        self.fold.hide()

    def set_presets(self, presets: Sequence[PresetFacts]) -> None:
        """Show the presets that there are."""
        self._presets = tuple(presets)
        for row, preset in enumerate(self._presets):
            button = QRadioButton(preset.title)
            button.setToolTip(preset.description)
            button.setAccessibleDescription(preset.description)
            button.clicked.connect(
                lambda _checked=False, name=preset.name: self.changed.emit("preset", name)
            )
            self._group.addButton(button)
            self.presets[preset.name] = button
            words = QLabel(preset.description, wordWrap=True)
            theme.mark(words, "caption")
            self._preset_grid.addWidget(button, row, 0, Qt.AlignmentFlag.AlignTop)
            self._preset_grid.addWidget(words, row, 1)
        if self._source is not None:
            self.show_source(self._source, self.caption.text(), alone=self.all_button.isHidden())

    def show_source(self, source: CorpusSource, caption: str, *, alone: bool) -> None:
        """Show the choices of ``source``."""
        self._source = source
        self.set_caption(caption)
        self.all_button.setVisible(not alone)
        self.form.set_values({"normalise": source.normalise, "personal_data": source.personal_data})
        if source.preset in self.presets:
            self.presets[source.preset].setChecked(True)
        preset = next((p for p in self._presets if p.name == source.preset), None)
        self._show_rules(preset, source.rules_off)

    def _show_rules(self, preset: PresetFacts | None, off: tuple[str, ...]) -> None:
        rules = preset.rules if preset is not None else ()
        names = tuple(name for name, _label in rules)
        if names != self._shown_rules:
            self._shown_rules = names
            self._build_rules(rules)
        for name, box in self.rules.items():
            box.blockSignals(True)
            box.setChecked(name not in off)
            box.blockSignals(False)
        on = sum(box.isChecked() for box in self.rules.values())
        self.fold.setVisible(bool(rules))
        self.fold.setText(f"Rules: {on} of {len(rules)} apply")
        self._rule_box.setVisible(bool(rules) and self.fold.isChecked())

    def _build_rules(self, rules: Sequence[tuple[str, str]]) -> None:
        self.rules = {}
        for name, label in rules:
            box = QCheckBox(label)
            box.setToolTip(f"{label} ({name})")
            box.toggled.connect(self._on_rule)
            self.rules[name] = box
        self._rule_box.set_cards(tuple(self.rules.values()))

    def _on_rule(self) -> None:
        off = tuple(name for name, box in self.rules.items() if not box.isChecked())
        self.changed.emit("rules_off", off)

    def _fold(self, is_open: bool) -> None:
        self._rule_box.setVisible(is_open)
