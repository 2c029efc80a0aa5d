"""A number with a slider: label, exact value and slider, in one row of a form.

The slider is for the hand, the field for the exact figure; both write the same value. A
logarithmic slider steps in eighths of an octave, so that sizes stay round. "Automatic" (where
the option allows it) leaves the number to the engine. Knows nothing of recipes.
"""

from __future__ import annotations

import dataclasses
import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from sslstudio.studio.guard import guarded

AUTO = "auto"
_FINE_POSITIONS = 1000
_BARE = (
    "QLineEdit { padding: 3px 0px; }"
    "QLineEdit:!focus:!hover { background: transparent; border: 1px solid transparent; }"
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scale:
    """What a slider spans, and how its figure is written.

    ``minimum`` and ``maximum`` bound the slider; ``hard_minimum`` and ``hard_maximum`` bound the
    typed figure. ``percent`` shows 0.15 as "15 %". ``zero_word`` stands for the figure 0.
    """

    minimum: float
    maximum: float
    hard_minimum: float | None = None
    hard_maximum: float | None = None
    integer: bool = False
    logarithmic: bool = False
    percent: bool = False
    unit: str = ""
    zero_word: str = ""

    @property
    def positions(self) -> int:
        """How many steps the slider has."""
        if self.logarithmic:
            octaves = math.log2(self.maximum / self._base)
            part = 8 * (2 ** (octaves % 1) - 1)
            return max(1, math.floor(octaves) * 8 + math.ceil(part - 1e-9)) + self._shift
        if self.integer:
            return min(_FINE_POSITIONS, round(self.maximum - self.minimum))
        return min(_FINE_POSITIONS, max(20, round((self.maximum - self.minimum) * 100)))

    @property
    def _base(self) -> float:
        return self.minimum if self.minimum > 0 else (1.0 if self.integer else self.maximum / 4096)

    @property
    def _shift(self) -> int:
        return 0 if self.minimum > 0 else 1  # position 0 is then the figure 0 itself

    def position_of(self, value: float) -> int:
        """Return the slider's position for ``value``, clipped to the slider."""
        value = min(max(value, self.minimum), self.maximum)
        if self.logarithmic:
            if value < self._base:
                return 0
            octave = math.floor(math.log2(value / self._base))
            eighth = 8 * (value / self._base / 2.0**octave - 1)
            return min(self.positions, round(8 * octave + eighth) + self._shift)
        span = self.maximum - self.minimum
        return round((value - self.minimum) / span * self.positions) if span else 0

    def value_at(self, position: int) -> float:
        """Return the value at a slider's ``position``."""
        if position <= 0:
            return self._kind(self.minimum)
        if position >= self.positions:
            return self._kind(self.maximum)
        if self.logarithmic:
            octave, eighth = divmod(position - self._shift, 8)
            return self._kind(self._base * 2**octave * (1 + eighth / 8))
        share = position / self.positions
        value = self.minimum + share * (self.maximum - self.minimum)
        return self._kind(value if self.integer else round(value, 6))

    def text_of(self, value: float) -> str:
        """Return the figure with its unit, as it stands in the field."""
        if self.zero_word and value == 0:
            return self.zero_word
        if self.percent:
            return f"{round(value * 100, 3):g} %"
        figure = f"{int(value):,}" if self.integer else f"{value:.4g}"
        return f"{figure} {self.unit}".strip()

    def parsed(self, text: str) -> float | None:
        """Return the value of a typed ``text``, or None where it is no number within bounds."""
        if self.zero_word and text.strip().lower() == self.zero_word.lower():
            return self._kind(0)
        plain = text.replace(self.unit, "") if self.unit else text
        plain = plain.replace("%", "").replace(",", "").replace(" ", "").strip()
        try:
            value = float(plain) / (100 if self.percent else 1)
        except ValueError:
            return None
        low = self.minimum if self.hard_minimum is None else self.hard_minimum
        high = self.maximum if self.hard_maximum is None else self.hard_maximum
        if not low <= value <= high:
            return None
        return self._kind(value)

    def _kind(self, value: float) -> float:
        return round(value) if self.integer else float(value)


class CalmSlider(QSlider):
    """A horizontal slider that leaves the wheel to the page it stands on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page, not the value."""
        event.ignore()


class SliderRow(QWidget):
    """Label and figure above a slider. ``changed`` carries what the user chose, or "auto"."""

    changed = Signal(object)

    def __init__(
        self,
        label: str,
        scale: Scale,
        *,
        help: str = "",
        auto: str = "",
        parent: QWidget | None = None,
    ) -> None:
        """Build the row; ``auto`` is the word of the box that gives the number away."""
        super().__init__(parent)
        self._scale = scale
        self._value: float = scale.value_at(0)
        self.slider = CalmSlider()
        self.field = QLineEdit()
        self.auto = QCheckBox(auto) if auto else None
        self._build(label, help)
        self._connect()
        self._show()

    def value(self) -> float | str:
        """Return the number, or "auto"."""
        return AUTO if self.auto is not None and self.auto.isChecked() else self._value

    def set_value(self, value: float | str, shown: float | None = None) -> None:
        """Show ``value`` without emitting; ``shown`` is what "auto" stands for at present."""
        if self.auto is not None:
            self.auto.blockSignals(True)
            self.auto.setChecked(value == AUTO)
            self.auto.blockSignals(False)
        if isinstance(value, int | float):
            self._value = value
        elif shown is not None:
            self._value = shown
        self._show()

    def _build(self, label: str, help: str) -> None:
        scale = self._scale
        name = QLabel(label)
        name.setBuddy(self.slider)
        self.slider.setRange(0, scale.positions)
        self.slider.setPageStep(max(1, scale.positions // 10))
        self.slider.setAccessibleName(label)
        self.field.setAccessibleName(f"{label}, exact value")
        self.field.setStyleSheet(_BARE)
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.field.setFixedWidth(self._field_width())
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(name, 1)
        if self.auto is not None:
            self.auto.setAccessibleName(f"{label}: {self.auto.text()}")
            self.auto.setToolTip("Leave this number to SSL Studio; moving the slider takes it back")
            top.addWidget(self.auto)
        top.addWidget(self.field)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(top)
        box.addWidget(self.slider)
        for widget in (name, self.slider, self.field):
            widget.setToolTip(help)
        self.setAccessibleName(label)

    def _field_width(self) -> int:
        scale = self._scale
        places = range(0, scale.positions + 1, max(1, scale.positions // 40))
        widest = max(self._advance(scale.text_of(scale.value_at(p))) for p in places)
        return max(48, widest + 14)

    def _advance(self, text: str) -> int:
        return self.field.fontMetrics().horizontalAdvance(text)

    def _connect(self) -> None:
        self.slider.valueChanged.connect(self._on_slider)
        self.field.editingFinished.connect(self._on_field)
        if self.auto is not None:
            self.auto.toggled.connect(self._on_auto)

    def _show(self) -> None:
        self.slider.blockSignals(True)
        self.slider.setValue(self._scale.position_of(self._value))
        self.slider.blockSignals(False)
        self.field.setText(self._scale.text_of(self._value))

    def _on_slider(self, position: int) -> None:
        self._value = self._scale.value_at(position)
        self._take_back()
        self.field.setText(self._scale.text_of(self._value))
        self.changed.emit(self._value)

    def _on_field(self) -> None:
        value = self._scale.parsed(self.field.text())
        if value is None or value == self._value:
            self.field.setText(self._scale.text_of(self._value))
            return
        self._value = value
        self._take_back()
        self._show()
        self.changed.emit(value)

    def _take_back(self) -> None:
        """A number that is set by hand is no longer automatic."""
        if self.auto is not None:
            self.auto.blockSignals(True)
            self.auto.setChecked(False)
            self.auto.blockSignals(False)

    def _on_auto(self) -> None:
        self._show()
        self.changed.emit(self.value())
