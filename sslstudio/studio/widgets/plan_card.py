"""The plan in figures: parameters, memory against the device, time, tokens, advice.

Gets a finished plan and shows it; knows nothing of how it is computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sslstudio.studio import sentences, theme
from sslstudio.studio.widgets.cards import Card
from sslstudio.studio.widgets.memory_bar import MemoryBar
from sslstudio.studio.widgets.tiles import Tile

_LEVELS = {"good": ("check-circle-outline", "good"), "caution": ("alert-outline", "caution")}
_BAD = ("alert-circle-outline", "bad")


class PlanCard(Card):
    """Tiles, the memory bar, and the advice; ``applied`` carries the settings of an advice."""

    applied = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Plan", "", parent)
        self.tiles = {
            name: Tile("–", "", framed=False)
            for name in ("parameters", "time", "tokens", "per_parameter")
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        for place, tile in enumerate(self.tiles.values()):
            grid.addWidget(tile, place // 2, place % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self.memory_words = QLabel()
        theme.mark(self.memory_words, "caption")
        self.memory_words.setWordWrap(True)
        self.memory = MemoryBar()
        self._advice = QVBoxLayout()
        self._advice.setSpacing(6)
        self.body.addLayout(grid)
        self.body.addSpacing(4)
        self.body.addWidget(self.memory_words)
        self.body.addWidget(self.memory)
        self.body.addLayout(self._advice)
        self.body.addStretch(1)
        self.advice: list[str] = []

    def show_plan(self, plan: Any, device: str) -> None:
        """Show a ``Plan`` for the device called ``device``."""
        parameters = plan.parameters
        self.tiles["parameters"].set(
            sentences.count(parameters["total"]),
            f"parameters, {parameters['embedding'] / max(1, parameters['total']):.0%}".replace(
                "%", " % in the vocabulary"
            ),
            f"{parameters['total']:,} numbers are learned: embedding {parameters['embedding']:,}, "
            f"attention {parameters['attention']:,}, "
            f"feed-forward {parameters['feed_forward']:,}",
        )
        measured = _TIME_SOURCES[plan.time_source]
        self.tiles["time"].set(
            f"≈ {sentences.duration(plan.seconds)}",
            f"to the end, {measured}",
            f"{plan.steps:,} steps of {plan.seconds_per_step:.2g} s each",
        )
        epochs = "" if plan.epochs is None else f", {plan.epochs:.2g} times through the text"
        self.tiles["tokens"].set(
            sentences.count(plan.tokens),
            f"tokens read{epochs}",
            f"{plan.tokens:,} tokens in {plan.steps:,} steps",
        )
        self.tiles["per_parameter"].set(
            f"{plan.tokens_per_parameter:.3g}",
            "tokens per parameter, about 20 is balanced",
            "Fewer and the model is larger than the reading it gets; "
            "more and a larger model would learn more (Hoffmann et al. 2022)",
        )
        memory = plan.memory_bytes
        share = memory["total"] / memory["available"] if memory["available"] else 0.0
        self.memory_words.setText(
            f"{sentences.size(memory['total'])} of the {sentences.size(memory['available'])} "
            f"that are free on {device} ({share * 100:.2g} %)"
        )
        self.memory.show_memory(memory)
        rows_at_once = f"{plan.micro_batch} rows at once"
        if plan.recompute:
            rows_at_once += ", blocks computed twice to save memory"
        self.memory_words.setToolTip(f"At the fullest moment of a step: {rows_at_once}")
        self._show_advice([(a.level, a.text, a.source, a.settings) for a in plan.advice])

    def show_fault(self, text: str) -> None:
        """Show why there can be no plan."""
        self._show_advice([("bad", text, "", {})])

    def _show_advice(self, advice: list[tuple[str, str, str, Mapping[str, Any]]]) -> None:
        if [text for _, text, _, _ in advice] == self.advice:
            return
        self.advice = [text for _, text, _, _ in advice]
        while (item := self._advice.takeAt(0)) is not None:
            row = item.widget()
            if row is not None:
                row.hide()
                row.deleteLater()
        for level, text, source, settings in advice:
            row = _advice_row(level, text, source)
            if settings:
                self._add_remedy(row, dict(settings))
            self._advice.addWidget(row)

    def _add_remedy(self, row: QWidget, settings: dict[str, Any]) -> None:
        """Add the button that does what an advice asks for."""
        button = QPushButton("Apply")
        button.setAutoDefault(False)
        button.setFixedHeight(24)
        theme.mark(button, "quiet")
        words = ", ".join(f"{key} = {value}" for key, value in settings.items())
        button.setToolTip(f"Set {words}")
        button.setAccessibleName(f"Apply: {words}")
        button.clicked.connect(lambda: self.applied.emit(settings))
        box = row.layout()
        assert box is not None
        box.addWidget(button)


_TIME_SOURCES = {
    "measured": "measured here for this recipe",
    "scaled": "from the speed of another run here",
    "guessed": "a guess: press Measure",
}


def _advice_row(level: str, text: str, source: str) -> QWidget:
    icon, colour = _LEVELS.get(level, _BAD)
    picture = QLabel()
    picture.setPixmap(theme.icon(icon, colour).pixmap(16, 16))
    words = QLabel(text[:1].upper() + text[1:] + ".", wordWrap=True)
    words.setToolTip(f"Source: {source}" if source else "")
    row = QWidget()
    box = QHBoxLayout(row)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(8)
    box.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
    box.addWidget(words, 1)
    row.setAccessibleName(f"{level}: {text}")
    return row
