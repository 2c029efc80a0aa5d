"""Cards above the tabs for what is set seldom: which column, which encoding, which files, licence.

They stand in the page, never in a window of their own; ``changed(name, value)`` asks for a change
of the source's option, ``closed`` follows Escape and the cross. One is open at a time.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sslstudio.corpora.column_trial import Column, Columns
from sslstudio.recipe import CorpusSource
from sslstudio.studio import theme
from sslstudio.studio.corpus_worker import EncodingFacts
from sslstudio.studio.guard import guarded
from sslstudio.studio.widgets.cards import Card

_SAMPLE = 140  # characters of a text that is shown
_MOST_COLUMNS = 8


class DetailCard(Card):
    """A card with a cross; Escape closes it too."""

    changed = Signal(str, object)
    closed = Signal()

    def __init__(self, title: str, caption: str, parent: QWidget | None = None) -> None:
        super().__init__(title, caption, parent)
        self.cross = QToolButton()
        theme.mark(self.cross, "quiet")
        theme.set_icon(self.cross, "close")
        self.cross.setToolTip("Close (Escape)")
        self.cross.setAccessibleName(f"Close: {title}")
        self.cross.clicked.connect(self.closed)
        self.header.addWidget(self.cross)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Escape, whatever in the card has the focus."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


class ColumnCard(DetailCard):
    """The columns of a table, each with texts from it; the one that is read is marked."""

    def __init__(self, title: str, table: Columns, chosen: str) -> None:
        super().__init__(f"Which column of {title} holds the text?", "")
        self.buttons: dict[str, QRadioButton] = {}
        self._guessed = table.guessed
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setColumnStretch(1, 1)
        columns = sorted(table.columns, key=lambda c: (c.name != table.guessed, -c.mean_length))
        for row, column in enumerate(columns[:_MOST_COLUMNS]):
            self.buttons[column.name] = self._button(column)
            words = "  ·  ".join(_shortened(text) for text in column.samples[:2])
            sample = QLabel(words, textFormat=Qt.TextFormat.PlainText, wordWrap=True)
            theme.mark(sample, "caption")
            grid.addWidget(self.buttons[column.name], row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(sample, row, 1)
        read = table.guessed if chosen == "auto" else chosen
        if read in self.buttons:
            self.buttons[read].setChecked(True)
        self.body.addLayout(grid)
        more = len(columns) - _MOST_COLUMNS
        self.set_caption(f"guessed: {table.guessed}" + (f"; {more} more" if more > 0 else ""))

    def _button(self, column: Column) -> QRadioButton:
        is_guess = column.name == self._guessed
        guess = ", the guess" if is_guess else ""
        button = QRadioButton(column.name)
        button.setToolTip(f"{column.mean_length:,.0f} characters on average{guess}")
        button.setAccessibleDescription("; ".join(column.samples[:1])[:_SAMPLE])
        value = "auto" if is_guess else column.name
        button.clicked.connect(lambda: self.changed.emit("column", value))
        return button


class EncodingCard(DetailCard):
    """How the same lines read in two or three encodings; one click confirms one."""

    def __init__(self, title: str, facts: EncodingFacts) -> None:
        super().__init__(f"How are the characters of {title} written?", "")
        self.buttons: dict[str, QPushButton] = {}
        words = QLabel(
            "The file is not in UTF-8. Below are the same lines in each encoding that may fit: "
            f"choose the one that reads well. {facts.note}".strip(),
            wordWrap=True,
        )
        self.body.addWidget(words)
        row = QHBoxLayout()
        row.setSpacing(16)
        for place, choice in enumerate(facts.choices[:3]):
            column = QVBoxLayout()
            button = QPushButton(f"Read it as {choice.name}")
            button.setAutoDefault(False)
            if place == 0:
                theme.mark(button, "primary")
                button.setToolTip("The likeliest")
            button.clicked.connect(
                lambda _checked=False, name=choice.name: self.changed.emit("encoding", name)
            )
            self.buttons[choice.name] = button
            lines = QLabel(
                "\n".join(_shortened(line) for line in choice.lines[:6]),
                textFormat=Qt.TextFormat.PlainText,
                wordWrap=True,
            )
            theme.mark(lines, "mono")
            lines.setAccessibleName(f"The lines as {choice.name}")
            column.addWidget(lines, 1, Qt.AlignmentFlag.AlignTop)
            column.addWidget(button)
            row.addLayout(column, 1)
        self.body.addLayout(row)


class EncodingNameCard(DetailCard):
    """An encoding by its name, where nothing is in question."""

    def __init__(self, title: str, source: CorpusSource) -> None:
        super().__init__(f"Encoding of {title}", "")
        self.line = _line("Name of the encoding", source.encoding, "auto")
        self.line.setToolTip("auto, or a name such as latin-1, cp1252, shift_jis")
        self.body.addWidget(
            _note(
                "Auto reads UTF-8, and UTF-16 and UTF-32 with a byte-order mark. Anything else has "
                "to be named, such as cp1252 or shift_jis."
            )
        )
        self.body.addWidget(self.line)
        self.line.editingFinished.connect(
            lambda: self.changed.emit("encoding", self.line.text().strip() or "auto")
        )


class PatternsCard(DetailCard):
    """Which files of a folder or an archive are read."""

    def __init__(self, title: str, source: CorpusSource) -> None:
        super().__init__(f"Which files of {title} are read?", "")
        self.include = _line("Read only", ", ".join(source.include), "everything that can be read")
        self.exclude = _line("Leave out", ", ".join(source.exclude), "nothing")
        self.body.addWidget(
            _note(
                "Patterns on the path inside the folder or archive, parted by commas: *.txt, "
                "letters/*, **/draft*. A file is read where it fits a pattern of the first line, "
                "or that is empty, and none of the second."
            )
        )
        grid = QGridLayout()
        for row, (word, line) in enumerate(
            (("Read only", self.include), ("Leave out", self.exclude))
        ):
            label = QLabel(word)
            label.setBuddy(line)
            grid.addWidget(label, row, 0)
            grid.addWidget(line, row, 1)
        self.body.addLayout(grid)
        self.include.editingFinished.connect(lambda: self._tell("include", self.include))
        self.exclude.editingFinished.connect(lambda: self._tell("exclude", self.exclude))

    def _tell(self, name: str, line: QLineEdit) -> None:
        self.changed.emit(name, tuple(p.strip() for p in line.text().split(",") if p.strip()))


class LicenceCard(DetailCard):
    """A note on what a source may be used for."""

    def __init__(self, title: str, source: CorpusSource) -> None:
        super().__init__(f"Licence of {title}", "a note, kept with what is made from it")
        self.line = _line("Note on the licence", source.licence, "such as CC BY-SA 4.0, my own")
        self.body.addWidget(self.line)
        self.line.editingFinished.connect(
            lambda: self.changed.emit("licence", self.line.text().strip())
        )


class HubCard(DetailCard):
    """The name of a data set on the Hugging Face hub; ``changed`` carries it as a path."""

    def __init__(self) -> None:
        super().__init__("Text from the Hugging Face hub", "where there is a network")
        self.line = _line("Name of the data set", "", "OWNER/NAME, or OWNER/NAME:CONFIG")
        self.add = QPushButton("Read it")
        self.add.setAutoDefault(False)
        self.add.setToolTip("Loads the texts once into the cache and adds them as a source")
        self.body.addWidget(_note("Its texts are loaded once into the cache; mind its licence."))
        row = QHBoxLayout()
        row.addWidget(self.line, 1)
        row.addWidget(self.add)
        self.body.addLayout(row)
        self.line.returnPressed.connect(self._tell)
        self.add.clicked.connect(self._tell)

    def _tell(self) -> None:
        name = self.line.text().strip().removeprefix("hub:")
        if name:
            self.changed.emit("path", f"hub:{name}")


def detail_card(what: str, title: str, source: CorpusSource, facts: Any = None) -> DetailCard:
    """Return the card for the entry ``what`` of a source's menu."""
    if what == "column":
        return ColumnCard(title, facts, source.column)
    if what == "encoding":
        if facts is not None:
            return EncodingCard(title, facts)
        return EncodingNameCard(title, source)
    return PatternsCard(title, source) if what == "patterns" else LicenceCard(title, source)


def _line(name: str, text: str, placeholder: str) -> QLineEdit:
    line = QLineEdit(text)
    line.setAccessibleName(name)
    line.setToolTip(name)
    line.setPlaceholderText(placeholder)
    return line


def _note(text: str) -> QLabel:
    label = QLabel(text, wordWrap=True)
    theme.mark(label, "caption")
    return label


def _shortened(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SAMPLE else flat[:_SAMPLE] + "…"
