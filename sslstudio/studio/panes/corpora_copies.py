"""The line of the Read tab that says whether copies are marked yet, and the button for it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from sslstudio.studio import theme
from sslstudio.studio.corpus_decisions import CorpusDecisions


class CopiesNote(QWidget):
    """Hidden where nothing is to be said. ``asked`` means that the user wants them marked."""

    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = QLabel(wordWrap=True)
        theme.mark(self.words, "caption")
        self.button = QPushButton("Mark them")
        self.button.setAutoDefault(False)
        self.button.setToolTip("Reads all sources once, beside the window")
        theme.mark(self.button, "quiet")
        self.button.clicked.connect(self.asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self.hide()

    def follow(self, known: CorpusDecisions) -> None:
        """Say how far ``known`` is."""
        self.setVisible(known.is_wanted and known.decisions is None)
        self.button.setVisible(not known.is_making)
        self.words.setText(
            "Looking through all sources for copies and repeated lines…"
            if known.is_making
            else "Copies and repeated lines, which are taken out, are not marked here yet."
        )
