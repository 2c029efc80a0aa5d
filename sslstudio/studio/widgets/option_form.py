"""A calm form from declared options: one row each, sliders, choices, switches, texts.

``sslstudio.registry.options_of`` says what there is and what it means; this draws it. Labels,
narrower slider ranges and words for choices may be given, so that the same declaration serves
the command line's wide bounds and the hand's sensible ones. Emits ``changed(name, value)`` for
what the user did, never for ``set_values``. Knows nothing of recipes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QWidget,
)

from sslstudio.registry import Option
from sslstudio.studio.guard import guarded
from sslstudio.studio.widgets.slider_row import Scale, SliderRow


@dataclasses.dataclass(frozen=True, kw_only=True)
class Face:
    """How one option shows itself; everything left out follows from its declaration."""

    label: str = ""
    minimum: float | None = None
    maximum: float | None = None
    logarithmic: bool = False
    percent: bool | None = None  # None: where the declared bounds are 0 and 1
    unit: str = ""
    zero_word: str = ""
    auto_word: str = "Automatic"
    choices: Mapping[str, str] | None = None  # value -> the word shown
    free_choice: str = ""  # placeholder of a text of one's own beside the choices


class OptionForm(QWidget):
    """Rows for ``options`` in ``columns`` columns, after a ``leading`` widget of one's own."""

    changed = Signal(str, object)

    def __init__(
        self,
        options: Sequence[Option],
        faces: Mapping[str, Face] | None = None,
        *,
        columns: int = 1,
        leading: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._rows: dict[str, SliderRow | ChoiceRow | SwitchRow | TextRow] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        if leading is not None:
            grid.addWidget(leading, 0, 0, Qt.AlignmentFlag.AlignTop)
        for place, option in enumerate(options, start=0 if leading is None else 1):
            row = make_row(option, (faces or {}).get(option.name, Face()))
            row.changed.connect(lambda value, name=option.name: self.changed.emit(name, value))
            self._rows[option.name] = row
            grid.addWidget(row, place // columns, place % columns, Qt.AlignmentFlag.AlignTop)
        for column in range(columns):
            grid.setColumnStretch(column, 1)

    def row(self, name: str) -> QWidget:
        """Return the row of the option ``name``."""
        return self._rows[name]

    def align_choices(self, width: int) -> None:
        """Give every combo box at least ``width`` pixels, so that those of a form are alike."""
        for row in self._rows.values():
            if isinstance(row, ChoiceRow):
                row.combo.setMinimumWidth(width)

    def values(self) -> dict[str, Any]:
        """Return every value, by name."""
        return {name: row.value() for name, row in self._rows.items()}

    def set_values(
        self, values: Mapping[str, Any], shown: Mapping[str, float] | None = None
    ) -> None:
        """Show ``values``; ``shown`` holds what each "auto" stands for at present."""
        for name, value in values.items():
            row = self._rows.get(name)
            if isinstance(row, SliderRow):
                row.set_value(value, (shown or {}).get(name))
            elif row is not None:
                row.set_value(value)


class CalmCombo(QComboBox):
    """A combo box that leaves the wheel to the page it stands on."""

    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page, not the choice."""
        event.ignore()


class ChoiceRow(QWidget):
    """A label and a combo box; with ``free`` also a text of one's own."""

    changed = Signal(object)
    _OWN = "\0own"

    def __init__(self, label: str, words: Mapping[str, str], help: str, free: str = "") -> None:
        super().__init__()
        self.combo = CalmCombo()
        self.combo.setMinimumContentsLength(10)
        self.combo.setSizeAdjustPolicy(CalmCombo.SizeAdjustPolicy.AdjustToContents)
        for value, word in words.items():
            self.combo.addItem(word, value)
        self.own = QLineEdit() if free else None
        if self.own is not None:
            self.combo.addItem("A separator of my own", self._OWN)
            self.own.setPlaceholderText(free)
            self.own.setAccessibleName(f"{label}, own text")
            self.own.setToolTip(help)
            self.own.editingFinished.connect(self._on_change)
        name = QLabel(label)
        name.setBuddy(self.combo)
        self.combo.setAccessibleName(label)
        for widget in (name, self.combo):
            widget.setToolTip(help)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(name, 1)
        if self.own is not None:
            row.addWidget(self.own)
            self.own.setFixedWidth(110)
        row.addWidget(self.combo)
        self.combo.activated.connect(self._on_change)
        self._show_own()

    def value(self) -> str:
        """Return the chosen value."""
        chosen = str(self.combo.currentData())
        if chosen == self._OWN and self.own is not None:
            return self.own.text().replace("\\n", "\n").replace("\\t", "\t") or "auto"
        return chosen

    def set_value(self, value: str) -> None:
        """Show ``value`` without emitting."""
        place = self.combo.findData(value)
        if place < 0 and self.own is not None:
            self.own.setText(value.replace("\n", "\\n").replace("\t", "\\t"))
            place = self.combo.findData(self._OWN)
        self.combo.setCurrentIndex(max(0, place))
        self._show_own()

    def _on_change(self) -> None:
        self._show_own()
        if self.combo.currentData() == self._OWN and self.own is not None and not self.own.text():
            self.own.setFocus()
            return
        self.changed.emit(self.value())

    def _show_own(self) -> None:
        if self.own is not None:
            self.own.setVisible(self.combo.currentData() == self._OWN)


class SwitchRow(QWidget):
    """A check box."""

    changed = Signal(object)

    def __init__(self, label: str, help: str) -> None:
        super().__init__()
        self.box = QCheckBox(label)
        self.box.setToolTip(help)
        self.box.toggled.connect(self.changed.emit)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box)
        row.addStretch(1)

    def value(self) -> bool:
        """Return whether it is on."""
        return self.box.isChecked()

    def set_value(self, value: bool) -> None:
        """Show ``value`` without emitting."""
        self.box.blockSignals(True)
        self.box.setChecked(value)
        self.box.blockSignals(False)


class TextRow(QWidget):
    """A label and a line of text."""

    changed = Signal(object)

    def __init__(self, label: str, help: str) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setAccessibleName(label)
        name = QLabel(label)
        name.setBuddy(self.line)
        for widget in (name, self.line):
            widget.setToolTip(help)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(name)
        row.addWidget(self.line, 1)
        self._last = ""
        self.line.editingFinished.connect(self._on_edit)

    def value(self) -> str:
        """Return the text."""
        return self.line.text()

    def set_value(self, value: str) -> None:
        """Show ``value`` without emitting."""
        self._last = value
        self.line.setText(value)

    def _on_edit(self) -> None:
        if self.line.text() != self._last:
            self._last = self.line.text()
            self.changed.emit(self._last)


def make_row(option: Option, face: Face) -> SliderRow | ChoiceRow | SwitchRow | TextRow:
    """Return the row that suits ``option``."""
    label = face.label or option.name.replace("_", " ").capitalize()
    if option.type == "bool":
        return SwitchRow(label, option.help)
    if option.type in ("int", "float"):
        word = face.auto_word if option.auto else ""
        return SliderRow(label, _scale(option, face), help=option.help, auto=word)
    if option.choices or face.choices:
        words = face.choices or {c: c.replace("_", " ").capitalize() for c in option.choices}
        return ChoiceRow(label, words, option.help, face.free_choice)
    return TextRow(label, option.help)


def _scale(option: Option, face: Face) -> Scale:
    low = option.minimum if face.minimum is None else face.minimum
    high = option.maximum if face.maximum is None else face.maximum
    low = 0.0 if low is None else low
    high = max(1.0, 4 * float(option.default)) if high is None else high
    looks_like_share = option.type == "float" and (option.minimum, option.maximum) == (0.0, 1.0)
    return Scale(
        minimum=low,
        maximum=high,
        hard_minimum=option.minimum,
        hard_maximum=option.maximum,
        integer=option.type == "int",
        logarithmic=face.logarithmic,
        percent=looks_like_share if face.percent is None else face.percent,
        unit=face.unit,
        zero_word=face.zero_word,
    )
