"""The Read tab: one document of a source at a time; previous, next, random, and a search.

The index of documents is opened in the background and asked there too, so that a large folder
never holds up the window. Knows one source at a time.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QKeySequence, QShortcut, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from sslstudio.recipe import CorpusSource
from sslstudio.studio import corpus_worker, theme
from sslstudio.studio.background import Background, Latest
from sslstudio.studio.corpus_worker import Page, source_title
from sslstudio.studio.widgets.cards import Card

SHOWN_CHARACTERS = 200_000  # of one document; a longer one is cut, and says so
_MOST_MARKS = 500


class ReadTab(QWidget):
    """Documents as text. ``show_source`` starts it; everything slow happens beside the window."""

    def __init__(self, background: Background, on_error: Any, worker: Any = corpus_worker) -> None:
        super().__init__()
        self._worker = worker
        self._background = background
        self._on_error = on_error
        self._opening = Latest(background, cancel_running=True)
        self._reading = Latest(background)
        self._source: CorpusSource | None = None
        self._index: Any = None
        self._wanted = 0
        self._page: Page | None = None
        self.search = QLineEdit()
        self.previous = QPushButton("Previous")
        self.next = QPushButton("Next")
        self.random = QPushButton("Random")
        self.place = QLabel()
        self.text = QPlainTextEdit()
        self._build()
        self._connect()
        self._enable(False)

    @property
    def page(self) -> Page | None:
        """The document that is shown."""
        return self._page

    def show_source(self, source: CorpusSource | None) -> None:
        """Open the documents of ``source``, unless it is open already."""
        if source is not None and self._source is not None and _same(source, self._source):
            return
        self._source, self._index, self._page, self._wanted = source, None, None, 0
        self._enable(False)
        self.text.setPlainText("")
        if source is None:
            self._opening.cancel()
            self.place.setText("")
            return
        self.place.setText("Opening…")
        self._opening.run(
            self._worker.open_index, source, on_done=self._on_index, on_error=self._on_failed
        )

    def _build(self) -> None:
        self.search.setPlaceholderText("Find in this source")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Find in this source")
        self.search.setToolTip("Enter shows the next document that contains these words")
        self.previous.setToolTip("The document before this one (Page up)")
        self.next.setToolTip("The document after this one (Page down)")
        self.random.setToolTip("Any document (R)")
        theme.mark(self.place, "caption")
        theme.mark(self.text, "plain")
        self.text.setReadOnly(True)
        self.text.setAccessibleName("Document")
        font = QFont(self.font())
        font.setPixelSize(14)
        self.text.document().setDefaultFont(font)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.search, 1)
        for button in (self.previous, self.next, self.random):
            button.setAutoDefault(False)
            top.addWidget(button)
        page = Card()
        page.body.addWidget(self.place)
        page.body.addWidget(self.text, 1)
        self.text.document().setDocumentMargin(0)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addLayout(top)
        box.addWidget(page, 1)

    def _connect(self) -> None:
        self.previous.clicked.connect(lambda: self._step(-1))
        self.next.clicked.connect(lambda: self._step(1))
        self.random.clicked.connect(self.show_random)
        self.search.returnPressed.connect(self._find)
        self.search.textChanged.connect(self._highlight)
        for key, action in (
            ("R", self.show_random),
            ("PgDown", lambda: self._step(1)),
            ("PgUp", lambda: self._step(-1)),
        ):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(action)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.search.setFocus)

    def open_document(self, place: int) -> None:
        """Show the document ``place``, as soon as the index is there."""
        self._wanted = place
        if self._index is not None:
            self._read(place)

    def show_random(self) -> None:
        """Show a document drawn at random."""
        if self._index is not None and not self.search.hasFocus():
            seed = random.randrange(2**31)
            self._reading.run(
                self._worker.random_page,
                self._index,
                seed,
                on_done=self._show,
                on_error=self._on_failed,
            )

    def _step(self, by: int) -> None:
        if self._index is None or self._page is None or self._page.documents == 0:
            return
        self._read((self._page.index + by) % self._page.documents)

    def _read(self, place: int) -> None:
        self._reading.run(
            self._worker.read_page,
            self._index,
            place,
            on_done=self._show,
            on_error=self._on_failed,
        )

    def _find(self) -> None:
        words = self.search.text()
        if self._index is None or not words:
            return
        start = 0 if self._page is None else self._page.index + 1
        self._reading.run(
            self._worker.find_page,
            self._index,
            words,
            start,
            on_done=self._on_found,
            on_error=self._on_failed,
        )

    def _on_index(self, index: Any) -> None:
        self._index = index
        if len(index) == 0:
            self.place.setText("There is no document in this source.")
            return
        self._enable(True)
        self._read(min(self._wanted, len(index) - 1))

    def _on_found(self, page: Page | None) -> None:
        if page is None:
            self.place.setText(f"No document contains “{self.search.text()}”.")
        else:
            self._show(page)

    def _show(self, page: Page) -> None:
        self._page = page
        text = page.text[:SHOWN_CHARACTERS]
        self.text.setPlainText(text)
        caption = (
            f"Document {page.index + 1:,} of {page.documents:,} · "
            f"{page.title or _name(page.origin)}"
        )
        if len(page.text) > SHOWN_CHARACTERS:
            caption += f" · the first {SHOWN_CHARACTERS:,} of {len(page.text):,} characters"
        self.place.setText(caption)
        self.place.setToolTip(page.origin)
        self._highlight()

    def _on_failed(self, error: BaseException) -> None:
        self.place.setText("This source cannot be read.")
        self._on_error(error)

    def _highlight(self) -> None:
        """Mark every place of the searched words in the document, and go to the first."""
        words = self.search.text()
        marks: list[QTextEdit.ExtraSelection] = []
        if words and self._page is not None:
            format_ = QTextCharFormat()
            format_.setBackground(theme.colour("selected"))
            cursor = QTextCursor(self.text.document())
            while len(marks) < _MOST_MARKS:
                cursor = self.text.document().find(words, cursor)
                if cursor.isNull():
                    break
                mark = QTextEdit.ExtraSelection()
                mark.cursor, mark.format = cursor, format_
                marks.append(mark)
        self.text.setExtraSelections(marks)
        if marks:
            first = QTextCursor(marks[0].cursor)
            first.clearSelection()
            self.text.setTextCursor(first)
            self.text.ensureCursorVisible()

    def _enable(self, enabled: bool) -> None:
        for widget in (self.search, self.previous, self.next, self.random):
            widget.setEnabled(enabled)


def _name(origin: str) -> str:
    return source_title(origin) if origin.startswith("sample:") else Path(origin).name


def _same(one: CorpusSource, other: CorpusSource) -> bool:
    return (one.path, one.documents) == (other.path, other.documents)
