"""The left column of the corpora page: sources as cards, samples to add, and where to drop.

Shows what it is given and says what the user did; the page changes the recipe.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sslstudio.studio import theme
from sslstudio.studio.corpus_worker import SampleFacts
from sslstudio.studio.guard import guarded
from sslstudio.studio.widgets.slider_row import CalmSlider

WEIGHT_STEPS = 40  # of the slider: weights from 0 to 4 in tenths


@dataclasses.dataclass(frozen=True)
class SourceFacts:
    """What a card shows of its source."""

    title: str
    path: str
    caption: str
    weight: float
    share: float | None  # of the mix, 0 to 1; None where sizes are not known yet
    removable: bool
    faulty: bool = False


class SourceCard(QFrame):
    """One source: click to read it, slider for its weight, a button to take it out."""

    chosen = Signal()
    removed = Signal()
    weighted = Signal(float)

    def __init__(self, facts: SourceFacts, *, alone: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chosen = False
        self._faulty = facts.faulty
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.title, self.caption = QLabel(), QLabel()
        theme.mark(self.title, "heading")
        theme.mark(self.caption, "caption")
        self.caption.setWordWrap(True)
        self.slider = CalmSlider()
        self.slider.setRange(0, WEIGHT_STEPS)
        self.slider.setAccessibleName(f"Weight of {facts.title}")
        self.share = QLabel()
        self.remove = QToolButton()
        theme.mark(self.remove, "quiet")
        theme.set_icon(self.remove, "close")
        self.remove.setAccessibleName(f"Remove {facts.title}")
        self._build(alone)
        self.show_facts(facts)
        self.remove.clicked.connect(self.removed)
        self.slider.valueChanged.connect(lambda place: self.weighted.emit(place / 10))

    def show_facts(self, facts: SourceFacts) -> None:
        """Show other figures of the same source."""
        self._faulty = facts.faulty
        self.title.setText(facts.title)
        self.caption.setText(facts.caption)
        self.setToolTip(facts.path)
        self.setAccessibleName(f"{facts.title}, {facts.caption}")
        self.slider.blockSignals(True)
        self.slider.setValue(round(facts.weight * 10))
        self.slider.blockSignals(False)
        self.share.setText("–" if facts.share is None else f"{facts.share:.0%}".replace("%", " %"))
        explained = (
            f"Weight {facts.weight:g}: how often its documents are read. "
            "The figure is its share of all that is read."
        )
        self.slider.setToolTip(explained)
        self.share.setToolTip(explained)
        self.remove.setVisible(facts.removable)  # a recipe needs one source at least
        self.remove.setToolTip(f"Take {facts.title} out of the mix; the files stay where they are")
        self.update()

    def set_chosen(self, chosen: bool) -> None:
        """Mark the card as the one that is read on the right."""
        self._chosen = chosen
        self.update()

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
        elif event.key() == Qt.Key.Key_Delete and not self.remove.isHidden():
            self.removed.emit()
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

    def _build(self, alone: bool) -> None:
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.title, 1)
        top.addWidget(self.remove)
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
        # a single source is all there is: its weight says nothing
        self.slider.setVisible(not alone)
        self.share.setVisible(not alone)


class SourceColumn(QWidget):
    """All the cards. The signals carry the place of the source in the recipe."""

    chosen = Signal(int)
    removed = Signal(int)
    weighted = Signal(int, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: list[SourceCard] = []
        self._paths: tuple[str, ...] = ()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(8)

    def show_sources(self, sources: Sequence[SourceFacts], chosen: int) -> None:
        """Show ``sources``; the cards are built anew only when other sources are meant."""
        paths = tuple(s.path for s in sources)
        if paths != self._paths:
            self._paths = paths
            self._rebuild(sources)
        for place, (card, facts) in enumerate(zip(self.cards, sources, strict=True)):
            card.show_facts(facts)
            card.set_chosen(place == chosen)

    def _rebuild(self, sources: Sequence[SourceFacts]) -> None:
        for card in self.cards:
            self._box.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = []
        for place, facts in enumerate(sources):
            card = SourceCard(facts, alone=len(sources) == 1)
            card.chosen.connect(lambda place=place: self.chosen.emit(place))
            card.removed.connect(lambda place=place: self.removed.emit(place))
            card.weighted.connect(lambda weight, place=place: self.weighted.emit(place, weight))
            self._box.addWidget(card)
            self.cards.append(card)


class SampleButton(QAbstractButton):
    """A sample that one click adds: dashed, as it is not part of the mix yet."""

    def __init__(self, sample: SampleFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sample = sample
        self.setText(sample.title)
        self.setToolTip(sample.description)
        self.setAccessibleName(f"Add the sample {sample.title}")
        self.setAccessibleDescription(sample.description)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @guarded(fallback=QSize(200, 36))
    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(200, 36)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw a dashed box with a plus sign and the title."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        active = self.hasFocus() or self.underMouse()
        colour = theme.colour("accent" if active else "control")
        painter.setPen(QPen(colour, 1.5 if active else 1.0, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.setPen(theme.colour("text"))
        painter.setFont(self.font())
        inner = QRectF(self.rect()).adjusted(36, 0, -12, 0)
        text = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, int(inner.width())
        )
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, text)
        theme.icon("plus").paint(painter, 10, (self.height() - 18) // 2, 18, 18)
        painter.end()


class DropHint(QWidget):
    """A dotted field that says that files and folders may be dropped; the page takes them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._active = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_active(self, active: bool) -> None:
        """Show that something hovers over the page."""
        self._active = active
        self.update()

    @guarded(fallback=QSize(200, 52))
    def sizeHint(self) -> QSize:
        """A low field."""
        return QSize(200, 52)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dotted field and its words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = theme.colour("accent" if self._active else "quiet")
        painter.setPen(QPen(colour, 2.0 if self._active else 1.0, Qt.PenStyle.DotLine))
        painter.setBrush(theme.colour("hover" if self._active else "window"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.setFont(theme.caption_font())
        painter.setPen(theme.colour("accent" if self._active else "quiet"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Drop files and folders here")
        painter.end()
