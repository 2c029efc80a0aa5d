"""A document as text, with what mending takes out struck through and what it replaces marked.

Shown in part: the first characters up to a limit, and one more part for each "Show more", so that
a text of any size costs the window some milliseconds. A stretch's tooltip says the rule. Marks the
words that are searched for. Knows nothing of rules: it is given their words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from sslstudio.corpora.mending.outcome import Stretch
from sslstudio.studio import theme

PART_CHARACTERS = 20_000  # laid out at once; some milliseconds
_MOST_MARKS = 500
_MOST_CHANGES = 400  # marked in one part, for each costs some 20 microseconds


class DocumentView(QPlainTextEdit):
    """Read-only. :meth:`show_text` shows a text as it is, :meth:`show_stretches` one mended."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stretches: tuple[Stretch, ...] = ()
        self._labels: Mapping[str, str] = {}
        self._parts = 1
        self._words = ""
        theme.mark(self, "plain")
        self.setReadOnly(True)
        self.setAccessibleName("Document")
        font = QFont(self.font())
        font.setPixelSize(14)
        self.document().setDefaultFont(font)
        self.document().setDocumentMargin(0)
        self.document().setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        theme.watch(self._fill)

    @property
    def characters(self) -> int:
        """How long the whole document is."""
        return sum(len(s.text) for s in self._stretches)

    @property
    def shown_characters(self) -> int:
        """How much of it is shown."""
        return sum(len(s.text) for s in self._in_part())

    def show_text(self, text: str) -> None:
        """Show a text that nothing is done to."""
        self.show_stretches((Stretch(text),) if text else (), {})

    def show_stretches(self, stretches: Sequence[Stretch], labels: Mapping[str, str]) -> None:
        """Show a document as mending changes it; ``labels`` say in words what a rule is."""
        self._stretches, self._labels = tuple(stretches), labels
        self._parts = 1
        self._fill()

    def show_more(self) -> None:
        """Show one more part."""
        place = self.verticalScrollBar().value()
        self._parts += 1
        self._fill()
        self.verticalScrollBar().setValue(place)

    def mark_words(self, words: str) -> None:
        """Mark every place of ``words`` in the part that is shown, and go to the first."""
        self._words = words
        marks: list[QTextEdit.ExtraSelection] = []
        if words:
            look = QTextCharFormat()
            look.setBackground(theme.colour("selected"))
            cursor = QTextCursor(self.document())
            while len(marks) < _MOST_MARKS:
                cursor = self.document().find(words, cursor)
                if cursor.isNull():
                    break
                mark = QTextEdit.ExtraSelection()
                mark.cursor, mark.format = cursor, look
                marks.append(mark)
        self.setExtraSelections(marks)
        if marks:
            first = QTextCursor(marks[0].cursor)
            first.clearSelection()
            self.setTextCursor(first)
            self.ensureCursorVisible()

    def _fill(self) -> None:
        """Write the stretches, cut at the limit, each in its look."""
        parts = list(self._in_part())
        self.setPlainText("".join(_written(s) for s in parts))
        changed = [(at, s) for at, s in _placed(parts) if s.rule]
        if changed:
            cursor = QTextCursor(self.document())
            cursor.beginEditBlock()
            for at, stretch in changed:
                cursor.setPosition(at)
                cursor.setPosition(at + _length(_written(stretch)), QTextCursor.MoveMode.KeepAnchor)
                cursor.setCharFormat(self._look(stretch))
            cursor.endEditBlock()
        if self._words:
            self.mark_words(self._words)

    def _in_part(self) -> Sequence[Stretch]:
        left, changes = self._parts * PART_CHARACTERS, self._parts * _MOST_CHANGES
        parts: list[Stretch] = []
        for stretch in self._stretches:
            changes -= bool(stretch.rule)
            if left <= 0 or changes < 0:
                break
            if len(stretch.text) > left:
                stretch = Stretch(stretch.text[:left], stretch.rule, stretch.replacement)
            parts.append(stretch)
            left -= len(stretch.text)
        return parts

    def _look(self, stretch: Stretch) -> QTextCharFormat:
        look = QTextCharFormat()
        label = self._labels.get(stretch.rule, stretch.rule.replace("_", " "))
        if stretch.replacement:
            look.setForeground(theme.colour("accent"))
            look.setBackground(_veil("accent"))
            look.setFontWeight(QFont.Weight.DemiBold)
            original = stretch.text if len(stretch.text) <= 80 else stretch.text[:80] + "…"
            look.setToolTip(f"{label}: replaces “{original}”")
        else:
            look.setForeground(theme.colour("bad"))
            look.setBackground(_veil("bad"))
            look.setFontStrikeOut(True)
            look.setToolTip(f"Taken out: {label}")
        return look


def _written(stretch: Stretch) -> str:
    return stretch.replacement or stretch.text


def _placed(parts: Sequence[Stretch]) -> Sequence[tuple[int, Stretch]]:
    """Return every part with its place in the document, in Qt's UTF-16 units."""
    at, found = 0, []
    for part in parts:
        found.append((at, part))
        at += _length(_written(part))
    return found


def _length(text: str) -> int:
    """Return the length of ``text`` in a ``QTextDocument``: astral characters count twice.

    ``setPlainText`` turns a carriage return with its line feed into one line end.
    """
    return len(text) + sum(1 for c in text if ord(c) > 0xFFFF) - text.count("\r\n")


def _veil(name: str) -> QColor:
    shade = QColor(theme.colour(name))
    shade.setAlphaF(0.18 if theme.is_dark() else 0.10)
    return shade
