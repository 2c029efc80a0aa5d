"""The Read tab: one document of a source at a time; previous, next, random, and a search.

What mending would do is shown on the document itself: struck through where it goes, marked where it
is replaced, with the rule as a tooltip and in the legend. The index of documents is opened in the
background and asked there too, so that a large folder never holds up the window. Knows one source
at a time.
"""

from __future__ import annotations

import functools
import random
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from sslstudio.corpora.report.facts import Example
from sslstudio.recipe import CorpusSource, Recipe
from sslstudio.studio import corpus_worker, decision_worker, theme
from sslstudio.studio.background import Background, Latest
from sslstudio.studio.corpus_decisions import CorpusDecisions
from sslstudio.studio.corpus_facts import key_of
from sslstudio.studio.corpus_worker import Page, source_title
from sslstudio.studio.panes.corpora_copies import CopiesNote
from sslstudio.studio.panes.corpora_legend import MendingLegend
from sslstudio.studio.widgets.cards import Card
from sslstudio.studio.widgets.document_view import DocumentView


class ReadTab(QWidget):
    """Documents as text. ``show_source`` starts it; everything slow happens beside the window.

    ``kept`` carries a rule whose documents the user wants to keep; ``page_shown`` a new document;
    ``opened`` the ``Example`` of another one that the user wants to read.
    """

    kept = Signal(str)
    opened = Signal(object)
    page_shown = Signal(object)

    def __init__(
        self,
        background: Background,
        on_error: Any,
        worker: Any = corpus_worker,
        decider: Any = decision_worker,
    ) -> None:
        super().__init__()
        self._worker = worker
        self._decider = decider
        self._recipe: Recipe | None = None
        self._place = 0
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
        self.more = QPushButton("Show more")
        self.place = QLabel()
        self.legend = MendingLegend()
        self.copies = CopiesNote()
        self.known = CorpusDecisions(background, decider, self)
        self.text = DocumentView()
        self._build()
        self._connect()
        self._enable(False)

    @property
    def page(self) -> Page | None:
        """The document that is shown."""
        return self._page

    def show_source(self, source: CorpusSource | None) -> None:
        """Open the documents of ``source``, or show anew what its mending does to the one shown."""
        before = self._source
        if source is not None and before is not None and key_of(source) == key_of(before):
            self._source = source
            if source != before and self._page is not None:
                self._run(self._worker.explained, self._page, source)
            return
        self._source, self._index, self._page, self._wanted = source, None, None, 0
        self._enable(False)
        self.text.show_text("")
        self.legend.hide()
        self.more.hide()
        if source is None:
            self._opening.cancel()
            self.place.setText("")
            return
        self.place.setText("Opening…")
        self._opening.run(
            self._worker.open_index, source, on_done=self._on_index, on_error=self._on_failed
        )

    def show_recipe(
        self, recipe: Recipe, place: int, size_bytes: int | None, *, is_free: bool
    ) -> None:
        """Show the source ``place`` of ``recipe``, as a preparation of all of it decides.

        Args:
            recipe: the present one.
            place: of the source.
            size_bytes: of all texts; None where that is not known yet.
            is_free: whether nothing is trained.
        """
        self._recipe, self._place = recipe, place
        self.known.follow(recipe, size_bytes, is_free=is_free)
        self.copies.follow(self.known)
        self.show_source(recipe.corpora[place])

    def _build(self) -> None:
        self.search.setPlaceholderText("Find in this source")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Find in this source")
        self.search.setToolTip("Enter shows the next document that contains these words")
        self.previous.setToolTip("The document before this one (Page up)")
        self.next.setToolTip("The document after this one (Page down)")
        self.random.setToolTip("Any document (R)")
        self.more.setToolTip("A long document is shown in parts")
        theme.mark(self.place, "caption")
        theme.mark(self.more, "quiet")
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.search, 1)
        for button in (self.previous, self.next, self.random, self.more):
            button.setAutoDefault(False)
        for button in (self.previous, self.next, self.random):
            top.addWidget(button)
        page = Card()
        page.body.addWidget(self.place)
        page.body.addWidget(self.legend)
        page.body.addWidget(self.copies)
        page.body.addWidget(self.text, 1)
        page.body.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addLayout(top)
        box.addWidget(page, 1)

    def _connect(self) -> None:
        self.previous.clicked.connect(lambda: self._step(-1))
        self.next.clicked.connect(lambda: self._step(1))
        self.random.clicked.connect(self.show_random)
        self.more.clicked.connect(self._show_more)
        self.search.returnPressed.connect(self._find)
        self.search.textChanged.connect(self.text.mark_words)
        self.legend.kept.connect(self.kept)
        self.legend.wanted.connect(self._open_other)
        self.copies.asked.connect(self._mark_copies)
        self.known.changed.connect(self._on_known)
        self.known.failed.connect(self._on_error)
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
            self._read(min(place, len(self._index) - 1))

    def show_random(self) -> None:
        """Show a document drawn at random."""
        if self._index is not None and not self.search.hasFocus():
            seed = random.randrange(2**31)
            self._run(self._worker.random_page, self._index, seed, self._source)

    def _step(self, by: int) -> None:
        if self._index is None or self._page is None or self._page.documents == 0:
            return
        self._read((self._page.index + by) % self._page.documents)

    def _read(self, place: int) -> None:
        self._run(self._worker.read_page, self._index, place, self._source)

    def _run(self, function: Any, *values: Any) -> None:
        self._reading.run(
            self._decided(function), *values, on_done=self._show, on_error=self._on_failed
        )

    def _decided(self, function: Any) -> Any:
        """Return ``function`` with what the preparation decides on the page that it finds."""
        decisions, recipe = self.known.decisions, self._recipe
        if decisions is None or recipe is None:
            return function
        index, sources, place = self._index, recipe.corpora, self._place

        @functools.wraps(function)
        def decided(*values: Any, **named: Any) -> Page | None:
            page = function(*values, **named)
            if page is None:
                return None
            found: Page = self._decider.with_decision(page, index, sources, place, decisions)
            return found

        return decided

    def _open_other(self, place: tuple[int, int]) -> None:
        source, document = place
        self.opened.emit(Example(source, document, ""))

    def _mark_copies(self) -> None:
        if self._recipe is not None:
            self.known.make(self._recipe)

    def _on_known(self) -> None:
        self.copies.follow(self.known)
        if self._page is not None and self._source is not None and not self.known.is_making:
            self._run(self._worker.explained, self._page, self._source)

    def _find(self) -> None:
        words = self.search.text()
        if self._index is None or not words:
            return
        start = 0 if self._page is None else self._page.index + 1
        self._reading.run(
            self._decided(self._worker.find_page),
            self._index,
            words,
            start,
            self._source,
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
        if page.stretches:
            self.text.show_stretches(page.stretches, page.labels)
        else:
            self.text.show_text(page.text)
        self.legend.show_page(page)
        self._say_place()
        self.text.mark_words(self.search.text())
        self.page_shown.emit(page)

    def _show_more(self) -> None:
        self.text.show_more()
        self._say_place()

    def _say_place(self) -> None:
        page = self._page
        assert page is not None
        caption = (
            f"Document {page.index + 1:,} of {page.documents:,} · "
            f"{page.title or _name(page.origin)}"
        )
        is_part = self.text.shown_characters < self.text.characters
        if is_part:
            shown, whole = self.text.shown_characters, self.text.characters
            caption += f" · the first {shown:,} of {whole:,} characters"
        self.more.setVisible(is_part)
        self.place.setText(caption)
        self.place.setToolTip(page.origin)

    def _on_failed(self, error: BaseException) -> None:
        self.place.setText("This source cannot be read.")
        self._on_error(error)

    def _enable(self, enabled: bool) -> None:
        for widget in (self.search, self.previous, self.next, self.random):
            widget.setEnabled(enabled)


def _name(origin: str) -> str:
    return source_title(origin) if origin.startswith("sample:") else Path(origin).name
