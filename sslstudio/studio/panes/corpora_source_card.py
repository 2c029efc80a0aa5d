"""A source as a card: name, kind, size, weight, share of the mix, and how often it is read.

Shows what it is given and says what the user did. Everything that is set seldom is in its "⋯"
menu; the page opens a card for it in itself, never a dialog.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sslstudio.studio import theme
from sslstudio.studio.guard import guarded
from sslstudio.studio.widgets.dot import Dot
from sslstudio.studio.widgets.slider_row import CalmSlider

WEIGHT_STEPS = 40  # of the slider: weights from 0 to 4 in tenths
MENU: Mapping[str, str] = MappingProxyType(
    {
        "column": "Column with the text…",
        "encoding": "Encoding…",
        "patterns": "Include and exclude…",
        "licence": "Note on the licence…",
        "remove": "Remove",
    }
)


@dataclasses.dataclass(frozen=True)
class SourceFacts:
    """What a card shows of its source.

    Attributes:
        share: of the mix, from 0 to 1; None where sizes are not known yet.
        epochs, level, epochs_help: how often it is read in the training, in words.
        offers: which entries of :data:`MENU` there are.
    """

    title: str
    path: str
    caption: str
    weight: float
    share: float | None
    offers: tuple[str, ...]
    faulty: bool = False
    epochs: str = ""
    level: str = "good"
    epochs_help: str = ""
    weight_help: str = ""


class SourceCard(QFrame):
    """Click to read the source; ``wanted`` carries an entry of the menu."""

    chosen = Signal()
    wanted = Signal(str)
    weighted = Signal(float)

    def __init__(self, facts: SourceFacts, *, alone: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chosen = False
        self._faulty = facts.faulty
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.title, self.caption, self.epochs = QLabel(), QLabel(), QLabel()
        theme.mark(self.title, "heading")
        for label in (self.caption, self.epochs):
            theme.mark(label, "caption")
        self.caption.setWordWrap(True)
        self.dot = Dot()
        self.slider = CalmSlider()
        self.slider.setRange(0, WEIGHT_STEPS)
        self.share = QLabel()
        self.more = QToolButton()
        self.menu = QMenu(self)
        self.actions_: dict[str, QAction] = {}
        self._build_menu()
        self._build(alone)
        self.show_facts(facts)
        self.slider.valueChanged.connect(lambda place: self.weighted.emit(place / 10))

    def show_facts(self, facts: SourceFacts) -> None:
        """Show other figures of the same source."""
        self._faulty = facts.faulty
        self.title.setText(facts.title)
        self.caption.setText(facts.caption)
        self.setToolTip(facts.path)
        self.setAccessibleName(f"{facts.title}, {facts.caption}, {facts.epochs}")
        self.slider.blockSignals(True)
        self.slider.setValue(round(facts.weight * 10))
        self.slider.blockSignals(False)
        self.slider.setAccessibleName(f"Weight of {facts.title}")
        self.share.setText("–" if facts.share is None else _share(facts.share))
        explained = f"Weight {facts.weight:g}. {facts.weight_help}"
        self.slider.setToolTip(explained)
        self.share.setToolTip("Its share of all that is read")
        self._show_epochs(facts)
        self.more.setAccessibleName(f"More for {facts.title}")
        for name, action in self.actions_.items():
            action.setVisible(name in facts.offers)
        self.update()

    def _show_epochs(self, facts: SourceFacts) -> None:
        self.epochs.setText(facts.epochs)
        self.epochs.setToolTip(facts.epochs_help)
        self.dot.set_level(facts.level)
        self.dot.setToolTip(facts.epochs_help)
        self.epochs.setVisible(bool(facts.epochs))
        self.dot.setVisible(bool(facts.epochs) and facts.level != "good")

    def set_chosen(self, chosen: bool) -> None:
        """Mark the card as the one that is read on the right."""
        self._chosen = chosen
        self.update()

    def open_menu(self) -> None:
        """Open the menu below its button."""
        self.menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the surface and its line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strong = self._chosen or self.hasFocus()
        colour = theme.colour("bad" if self._faulty else "accent" if strong else "line")
        thickness = 2.0 if strong else 1.0
        painter.setPen(QPen(colour, thickness))
        painter.setBrush(theme.colour("surface"))
        inset = thickness / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 6, 6)
        painter.end()

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the card."""
        super().mousePressEvent(event)
        self.chosen.emit()

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter or Space chooses, Delete removes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit()
        elif event.key() == Qt.Key.Key_Delete and self.actions_["remove"].isVisible():
            self.wanted.emit("remove")
        elif event.key() == Qt.Key.Key_Menu:
            self.open_menu()
        else:
            super().keyPressEvent(event)

    @guarded
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    @guarded
    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus."""
        super().focusOutEvent(event)
        self.update()

    def _build_menu(self) -> None:
        theme.mark(self.more, "quiet")
        theme.set_icon(self.more, "dots-horizontal")
        self.more.setToolTip("Column, encoding, which files, licence, remove")
        self.more.clicked.connect(self.open_menu)
        for name, word in MENU.items():
            if name == "remove":
                self.menu.addSeparator()
            action = self.menu.addAction(word)
            action.triggered.connect(lambda _checked=False, name=name: self.wanted.emit(name))
            self.actions_[name] = action

    def _build(self, alone: bool) -> None:
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.title, 1)
        top.addWidget(self.more)
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 8, 8, 10)
        box.setSpacing(2)
        box.addLayout(top)
        box.addWidget(self.caption)
        mix = QHBoxLayout()
        mix.setContentsMargins(0, 4, 6, 0)
        mix.addWidget(self.slider, 1)
        self.share.setMinimumWidth(40)
        self.share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        mix.addWidget(self.share)
        box.addLayout(mix)
        repeats = QHBoxLayout()
        repeats.setSpacing(4)
        repeats.addWidget(self.dot)
        repeats.addWidget(self.epochs, 1)
        box.addLayout(repeats)
        # a single source is all there is: its weight says nothing
        self.slider.setVisible(not alone)
        self.share.setVisible(not alone)


def _share(share: float) -> str:
    return "< 1 %" if 0 < share < 0.005 else f"{share:.0%}".replace("%", " %")
