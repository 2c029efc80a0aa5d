"""The two forms of the model page: the network's size, and how it is trained.

Both are made from the recipe's own declarations; here stand only their labels and the ranges
that suit a slider. Each has a simple part and, folded away, the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from sslstudio.recipe import ModelOptions, TrainingOptions
from sslstudio.registry import options_of
from sslstudio.studio import theme
from sslstudio.studio.widgets.cards import Card
from sslstudio.studio.widgets.option_form import Face, OptionForm, make_row
from sslstudio.studio.widgets.segments import Segments
from sslstudio.studio.widgets.slider_row import SliderRow

SIZE = ("layers", "width", "heads", "context")
SIZE_MORE = ("kv_heads", "ffn_width", "dropout", "architecture", "qk_norm", "tied")
LENGTHS = {"steps": "Steps", "tokens": "Tokens", "epochs": "Epochs"}
TRAINING = ("batch_tokens", "learning_rate", "schedule")
TRAINING_MORE = (
    "warmup",
    "micro_batch",
    "weight_decay",
    "beta2",
    "clip",
    "log_every",
    "optimizer",
    "precision",
    "compile",
    "recompute",
    "halve_rate",
    "deterministic",
)
_SWITCH = {"auto": "Automatic", "on": "On", "off": "Off"}
MODEL_FACES = {
    "layers": Face(auto_word="Preset", minimum=1, maximum=32),
    "width": Face(auto_word="Preset", minimum=32, maximum=2048, logarithmic=True),
    "heads": Face(auto_word="Preset", minimum=1, maximum=32),
    "context": Face(minimum=16, maximum=4096, logarithmic=True, unit="tokens"),
    "kv_heads": Face(label="Key and value heads", minimum=1, maximum=32),
    "ffn_width": Face(label="Feed-forward width", minimum=64, maximum=8192, logarithmic=True),
    "dropout": Face(minimum=0.0, maximum=0.5, percent=True),
    "qk_norm": Face(label="Normalise queries and keys"),
    "tied": Face(label="One matrix for reading and predicting"),
    "architecture": Face(
        choices={"auto": "As the objective needs", "decoder": "Decoder", "encoder": "Encoder"}
    ),
}
TRAINING_FACES = {
    "steps": Face(label="Length", minimum=50, maximum=100_000, logarithmic=True, unit="steps"),
    "tokens": Face(label="Length", minimum=1e5, maximum=1e10, logarithmic=True, unit="tokens"),
    "epochs": Face(label="Length", minimum=0.25, maximum=64, logarithmic=True, unit="epochs"),
    "batch_tokens": Face(label="Tokens per step", minimum=256, maximum=1_048_576, logarithmic=True),
    "learning_rate": Face(minimum=1e-5, maximum=1e-1, logarithmic=True),
    "schedule": Face(
        label="Schedule",
        choices={"wsd": "Warm up, hold, cool down", "cosine": "Cosine", "constant": "Constant"},
    ),
    "warmup": Face(label="Warm-up", minimum=0, maximum=5000, logarithmic=True, unit="steps"),
    "weight_decay": Face(minimum=0.0, maximum=1.0),
    "clip": Face(label="Clip the gradient at", minimum=0.0, maximum=10.0, zero_word="off"),
    "beta2": Face(label="AdamW’s β₂", minimum=0.9, maximum=0.9999),
    "micro_batch": Face(label="Rows computed at once", minimum=1, maximum=1024, logarithmic=True),
    "precision": Face(
        choices={"auto": "Automatic", "fp32": "32-bit", "bf16": "bfloat16", "fp16": "16-bit"}
    ),
    "log_every": Face(label="Steps between points", minimum=1, maximum=100),
    "optimizer": Face(label="Optimizer", choices={"adamw": "AdamW", "muon": "Muon"}),
    "compile": Face(label="Compile the blocks", choices=_SWITCH),
    "recompute": Face(label="Recompute to save memory", choices=_SWITCH),
    "halve_rate": Face(label="Halve the rate after turning back"),
    "deterministic": Face(label="Repeat bit for bit"),
}


class FoldedForm(Card):
    """A form with its everyday options in sight and the others behind "More options"."""

    changed = Signal(str, object)

    def __init__(
        self,
        title: str,
        cls: type,
        simple: Sequence[str],
        more: Sequence[str],
        faces: Mapping[str, Face],
        *,
        columns: int = 1,
        leading: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title, "", parent)
        declared = {o.name: o for o in options_of(cls)}
        self.simple = OptionForm(
            [declared[n] for n in simple], faces, columns=columns, leading=leading
        )
        self.more = OptionForm([declared[n] for n in more], faces, columns=columns)
        self.fold = QPushButton("More options")
        self.fold.setCheckable(True)
        self.fold.setAutoDefault(False)
        theme.mark(self.fold, "quiet")
        self.fold.setFixedHeight(28)
        theme.set_icon(self.fold, "chevron-down")
        self.header.addWidget(self.fold)
        self.body.addWidget(self.simple)
        self.body.addWidget(self.more)
        self.body.addStretch(1)
        self.more.hide()
        self.fold.toggled.connect(self._on_fold)
        self.simple.changed.connect(self.changed)
        self.more.changed.connect(self.changed)

    def set_values(self, values: Mapping[str, Any], shown: Mapping[str, float]) -> None:
        """Show ``values``; ``shown`` is what each "auto" stands for."""
        self.simple.set_values(values, shown)
        self.more.set_values(values, shown)

    def _on_fold(self, unfolded: bool) -> None:
        self.more.setVisible(unfolded)
        self.fold.setText("Fewer options" if unfolded else "More options")
        theme.set_icon(self.fold, "chevron-up" if unfolded else "chevron-down")


def size_form() -> FoldedForm:
    """Return the form of the network's size."""
    return FoldedForm("Size", ModelOptions, SIZE, SIZE_MORE, MODEL_FACES)


class TrainingForm(FoldedForm):
    """How long, how fast, how precisely."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.length = LengthField()
        super().__init__(
            "Training",
            TrainingOptions,
            TRAINING,
            TRAINING_MORE,
            TRAINING_FACES,
            columns=2,
            leading=self.length,
            parent=parent,
        )
        self.length.changed.connect(self.changed)

    def set_values(self, values: Mapping[str, Any], shown: Mapping[str, float]) -> None:
        """Show ``values``; the length is whichever of the three is above 0."""
        super().set_values(values, shown)
        self.length.set_values(values)


class LengthField(QWidget):
    """The length of a run in steps, tokens or epochs; ``unit_chosen`` asks for another unit."""

    changed = Signal(str, object)
    unit_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        declared = {o.name: o for o in options_of(TrainingOptions)}
        self.units = Segments(LENGTHS, "Unit of the length")
        self.rows: dict[str, SliderRow] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        for name in LENGTHS:
            row = make_row(declared[name], TRAINING_FACES[name])
            assert isinstance(row, SliderRow)
            row.changed.connect(lambda value, name=name: self.changed.emit(name, value))
            self.rows[name] = row
            box.addWidget(row)
        units = QHBoxLayout()
        units.addWidget(self.units)
        units.addStretch(1)
        box.addLayout(units)
        self.units.changed.connect(self.unit_chosen)

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show the length and its unit."""
        unit = next((n for n in LENGTHS if values.get(n)), "steps")
        self.units.choose(unit)
        for name, row in self.rows.items():
            row.setVisible(name == unit)
            if name == unit:
                row.set_value(values[name])
