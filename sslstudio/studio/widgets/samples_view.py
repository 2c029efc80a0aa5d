"""The texts a model wrote while it learned, newest first, each with its step.

One can scroll from words back to noise. Shows plain text; at most :data:`MOST` samples.
"""

from __future__ import annotations

from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QTextEdit, QVBoxLayout, QWidget

from sslstudio.events import SampleEvent
from sslstudio.studio import theme

MOST = 300


class SamplesView(QFrame):
    """A card with a heading and the samples below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.mark(self, "card")
        self._shown: list[SampleEvent] = []
        heading = QLabel("Samples")
        theme.mark(heading, "title")
        self.caption = QLabel("newest first")
        theme.mark(self.caption, "caption")
        self.text = QTextEdit(readOnly=True)
        self.text.setAccessibleName("Samples of the model, newest first")
        self.text.setPlaceholderText("The model's own texts appear here.")
        self.text.setTabChangesFocus(True)
        self.text.document().setDocumentMargin(0)
        theme.mark(self.text, "plain")
        top = QHBoxLayout()
        top.addWidget(heading)
        top.addStretch()
        top.addWidget(self.caption)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(theme.GAP)
        column.addLayout(top)
        column.addWidget(self.text, 1)
        theme.watch(self._write_all)

    def show_samples(self, samples: list[SampleEvent]) -> None:
        """Show these, oldest first in the list; what is already there is not written again."""
        newest = samples[-MOST:]
        if newest == self._shown:
            return
        known = len(self._shown)
        if known and newest[:known] == self._shown:
            for sample in newest[known:]:
                self._write_on_top(sample)
            self._shown = list(newest)
        else:
            self._shown = list(newest)
            self._write_all()

    def set_interval(self, every: int) -> None:
        """Say how often a sample is made."""
        self.caption.setText(f"every {every:,} steps, newest first" if every else "none")

    def _write_all(self) -> None:
        self.text.clear()
        for sample in self._shown:
            self._write_on_top(sample)

    def _write_on_top(self, sample: SampleEvent) -> None:
        """Insert above the rest without moving what the reader looks at."""
        bar = self.text.verticalScrollBar()
        before, from_end = bar.value(), bar.maximum() - bar.value()
        cursor = QTextCursor(self.text.document())
        cursor.beginEditBlock()
        if not self.text.document().isEmpty():
            cursor.insertBlock()
            cursor.movePosition(QTextCursor.MoveOperation.Start)
        cursor.insertText(f"step {sample.step:,}\n", _format("quiet", theme.CAPTION_PX))
        # a filled text does not begin with the one that has its gaps
        if sample.prompt and sample.text.startswith(sample.prompt):
            cursor.insertText(sample.prompt, _format("text", theme.TEXT_PX, bold=True))
        body = sample.text.removeprefix(sample.prompt).rstrip()
        if not sample.prompt:
            body = body.lstrip()
        cursor.insertText(body + "\n", _format("text", theme.TEXT_PX))
        cursor.endEditBlock()
        bar.setValue(bar.maximum() - from_end if before else 0)


def _format(colour_name: str, size_px: int, *, bold: bool = False) -> QTextCharFormat:
    found = QTextCharFormat()
    font = theme.text_font(bold)
    font.setPixelSize(size_px)
    found.setFont(font)
    found.setForeground(theme.colour(colour_name))
    return found
