"""The "Suitable for" card: how close each source is to example texts of the user's purpose.

The user names a file of examples, or drops it here; the report is made again with it, and each
source gets a score and a weight that can be applied. Says how the score is made: it counts words
and word pairs, and knows nothing of meaning.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QPushButton, QWidget

from sslstudio.corpora.report.facts import CorpusReport
from sslstudio.studio import report_words, theme
from sslstudio.studio.guard import guarded
from sslstudio.studio.widgets.cards import Card
from sslstudio.studio.widgets.example_tree import Branch, ExampleTree
from sslstudio.studio.widgets.share_bars import ShareBar, ShareBars

_HOW = (
    "Words and word pairs are counted in the examples and in each source; the score says how much "
    "likelier the source's words are in the examples (after DSIR, 2302.03169). It knows nothing of "
    "meaning."
)
_QUESTION = (
    "What is the model for? Give a file with texts like those it should write or understand: every "
    "source is then scored by how close it is, and weights are proposed."
)


class PurposeCard(Card):
    """``chosen`` carries a path; ``applied`` weights, one for each source."""

    chosen = Signal(str)
    applied = Signal(object)
    opened = Signal(object)  # Example

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Suitable for", " ", parent)
        self._weights: tuple[float, ...] = ()
        self.setAcceptDrops(True)
        self.sentence = QLabel(_QUESTION, wordWrap=True)
        theme.mark(self.sentence, "caption")
        self.choose = QPushButton("Choose examples…")
        self.choose.setAutoDefault(False)
        self.choose.setToolTip("A text file with examples of what the model is for")
        self.choose.clicked.connect(self._ask)
        self.header.addWidget(self.choose)
        self.bars = ShareBars("How suitable each source is")
        self.weights = QLabel(wordWrap=True)
        self.apply = QPushButton("Use these weights")
        self.apply.setAutoDefault(False)
        self.apply.setToolTip("Change the weights of the sources; undo takes it back")
        self.apply.clicked.connect(lambda: self.applied.emit(self._weights))
        row = QHBoxLayout()
        row.addWidget(self.weights, 1)
        row.addWidget(self.apply)
        self.body.addWidget(self.sentence)
        self.body.addWidget(self.bars)
        self.examples = ExampleTree("Documents most and least like the purpose", rows=12)
        self.examples.opened.connect(self.opened)
        self.body.addWidget(self.examples)
        self.body.addLayout(row)
        self.body.addStretch(1)
        self.show_report(None, "", ())

    def show_report(
        self, report: CorpusReport | None, purpose: str, weights: Sequence[float]
    ) -> None:
        """Show the scores of ``report``; an empty ``purpose`` asks for one."""
        scored = report is not None and bool(purpose)
        self.set_caption(Path(purpose).name if scored else "a purpose of yours")
        self.sentence.setText(_HOW if scored else _QUESTION)
        self.bars.setVisible(scored)
        branches = _extremes(report) if scored and report is not None else []
        self.examples.show_branches(branches)
        self.examples.setVisible(bool(branches))
        self._weights = tuple(weights)
        for widget in (self.weights, self.apply):
            widget.setVisible(scored and len(self._weights) > 1)
        if report is None or not scored:
            return
        self.bars.show_bars(
            [
                ShareBar(
                    source.title,
                    source.suitability or 0.0,
                    "–" if source.suitability is None else f"{source.suitability:.2f}",
                    f"{source.title}: 1 is as close as the examples are to themselves, "
                    "0 is unrelated",
                )
                for source in report.sources
            ]
        )
        self.weights.setText(_proposal(report, self._weights))

    def _ask(self) -> None:
        path, _kind = QFileDialog.getOpenFileName(self, "Examples of what the model is for")
        if path:
            self.chosen.emit(path)

    @guarded
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    @guarded
    def dropEvent(self, event: QDropEvent) -> None:
        """Use the file that was dropped as the examples."""
        paths = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.chosen.emit(str(Path(paths[0])))


def _proposal(report: CorpusReport, weights: Sequence[float]) -> str:
    """Say which weights are proposed, and the shares that they give by size."""
    pairs = list(zip(report.sources, weights, strict=False))
    total = sum(source.bytes * weight for source, weight in pairs) or 1.0
    return "Proposed weights: " + ", ".join(
        f"{source.title} {weight:g} ({report_words.percent(source.bytes * weight / total)})"
        for source, weight in pairs
    )


def _extremes(report: CorpusReport) -> list[Branch]:
    return [
        Branch(title, f"{len(examples)}", note, report_words.leaves(examples))
        for title, note, examples in (
            ("Most like it", "Passages whose words are likeliest in the examples", report.suitable),
            ("Least like it", "Passages whose words are least likely there", report.unsuitable),
        )
        if examples
    ]
