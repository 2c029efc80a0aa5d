"""What an empty page shows: one sentence on what belongs there, and the one button for it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from sslstudio.studio import theme

_WIDTH = 420


class EmptyState(QWidget):
    """A sentence in the middle of the page, with a button below it."""

    clicked = Signal()

    def __init__(self, sentence: str, button: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = QLabel(wordWrap=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setFixedWidth(_WIDTH)
        self.button = QPushButton(button)
        self.button.setAutoDefault(False)
        theme.mark(self.button, "primary")
        self.button.clicked.connect(self.clicked)
        box = QVBoxLayout(self)
        box.setSpacing(16)
        box.addStretch(2)
        box.addWidget(self.sentence, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(3)
        self.tell(sentence)

    def tell(self, sentence: str) -> None:
        """Say something else."""
        self.sentence.setText(sentence)
        # A centred item of a layout gets its size hint, which forgets the lines it wraps into.
        self.sentence.setMinimumHeight(self.sentence.heightForWidth(_WIDTH))
