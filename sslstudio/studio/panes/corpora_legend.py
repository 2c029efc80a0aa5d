"""The line above a document that says what mending does to it, and by which rules."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sslstudio.corpora.mending.outcome import COPIES
from sslstudio.studio import theme
from sslstudio.studio.corpus_worker import Page
from sslstudio.studio.widgets.dot import Dot

_MOST_RULES = 5
_ALWAYS = ("blank",)  # no choice of the user's


class MendingLegend(QWidget):
    """Hidden where nothing is done.

    ``kept`` carries the rule that should no longer apply.
    """

    kept = Signal(str)
    wanted = Signal(object)  # (source, number) of the document that this one repeats

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rule = ""
        self.dot = Dot()
        self.sentence = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.keep = QPushButton("Turn this rule off")
        self.keep.setAutoDefault(False)
        self.keep.setToolTip("Keep such documents of this source; undo takes it back")
        self.keep.clicked.connect(lambda: self.kept.emit(self._rule))
        self.other = QPushButton("Read that one")
        self.other.setAutoDefault(False)
        self.other.setToolTip("Show the document that this one repeats")
        self.other.clicked.connect(self._want_other)
        self.counts = QLabel(wordWrap=True, textFormat=Qt.TextFormat.RichText)
        theme.mark(self.counts, "caption")
        self._top = QWidget()
        top = QHBoxLayout(self._top)
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(8)
        top.addWidget(self.dot)
        top.addWidget(self.sentence, 1)
        top.addWidget(self.keep)
        top.addWidget(self.other)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 4)
        box.setSpacing(2)
        box.addWidget(self._top)
        box.addWidget(self.counts)
        theme.watch(self._recolour)
        self._page: Page | None = None
        self.hide()

    def show_page(self, page: Page) -> None:
        """Say what is done to ``page``."""
        self._page = page
        self._rule = page.removed_by
        changes = Counter(s.rule for s in page.stretches if s.rule)
        self.setVisible(bool(changes or page.removed_by))
        self._top.setVisible(bool(page.removed_by))
        if page.removed_by:
            label = page.labels.get(page.removed_by, page.removed_by)
            why = f" ({page.reason})" if page.reason and page.reason != label else ""
            self.dot.set_level("bad")
            said = page.reason if page.repeats else f"{_within(label)}{why}"
            self.sentence.setText(f"Left out of training: {said}.")
            self.keep.setVisible(page.removed_by not in (*_ALWAYS, *COPIES))
            self.other.setVisible(page.repeats is not None)
        self.counts.setVisible(bool(changes) and not page.removed_by)
        self._recolour()

    def _want_other(self) -> None:
        if self._page is not None and self._page.repeats is not None:
            self.wanted.emit(self._page.repeats)

    def _recolour(self) -> None:
        if self._page is None:
            return
        page = self._page
        removed = Counter(s.rule for s in page.stretches if s.rule and not s.replacement)
        replaced = Counter(s.rule for s in page.stretches if s.replacement)
        bad, accent = theme.current().bad, theme.current().accent
        parts = (
            [f'<s style="color:{bad}">taken out</s>: {_words(page, removed)}'] if removed else []
        )
        if replaced:
            parts.append(f'<b style="color:{accent}">replaced</b>: {_words(page, replaced)}')
        self.counts.setText(" &nbsp;·&nbsp; ".join(parts))


def _words(page: Page, counts: Counter[str]) -> str:
    words = [
        f"{_within(page.labels.get(rule, rule))} × {number}".replace("<", "&lt;")
        for rule, number in counts.most_common(_MOST_RULES)
    ]
    if len(counts) > _MOST_RULES:
        words.append(f"{len(counts) - _MOST_RULES} more rules")
    return ", ".join(words)


def _within(label: str) -> str:
    """Return a label as it stands within a sentence."""
    return label[:1].lower() + label[1:]
