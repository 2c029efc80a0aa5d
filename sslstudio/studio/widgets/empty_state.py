"""What an empty page shows: one sentence on what belongs there, and the one button for it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sslstudio.studio import theme

_WIDTH = 420


class EmptyState(QWidget):
    """A sentence in the middle of the page, with a button below it."""

    clicked = Signal()

    def __init__(self, sentence: str, button: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = QLabel(sentence, wordWrap=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setFixedWidth(_WIDTH)
        self.button = QPushButton(button)
        self.button.setAutoDefault(False)
        theme.mark(self.button, "primary")
        self.button.clicked.connect(self.clicked)
        box = QVBoxLayout(self)
        box.setSpacing(16)
        box.addStretch(2)
        # Between stretches, for a widget that is aligned gets too little height to wrap its text.
        middle = QHBoxLayout()
        middle.addStretch()
        middle.addWidget(self.sentence)
        middle.addStretch()
        box.addLayout(middle)
        box.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(3)

    def tell(self, sentence: str) -> None:
        """Say something else."""
        self.sentence.setText(sentence)
