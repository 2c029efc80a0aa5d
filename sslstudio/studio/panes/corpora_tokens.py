"""The Tokens tab: which vocabulary, and any text as it cuts it, side by side under several.

Measures and cuts beside the window through ``token_worker``. A text is that of the document on the
Read tab until something is typed. ``changed(name, value)`` names an option of the tokenizer table.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from sslstudio.recipe import Recipe
from sslstudio.studio import theme, token_worker
from sslstudio.studio.background import Background, Latest, Task
from sslstudio.studio.corpus_worker import Page
from sslstudio.studio.panes.corpora_vocabulary import SIZED, VocabularyCard
from sslstudio.studio.token_worker import MOST_CHARACTERS, Cut, TokensRequest
from sslstudio.studio.widgets.cards import Card
from sslstudio.studio.widgets.coloured_tokens import MOST_TOKENS, ColouredTokens
from sslstudio.studio.widgets.option_form import CalmCombo
from sslstudio.studio.widgets.reading_bar import ReadingBar

_TYPING_MS = 250
_SIDE_BY_SIDE = 3
_LEAST, _MOST = 400, 65_536
_FACTORS = {"quarter": 0.25, "half": 0.5, "own": 1.0, "twice": 2.0, "four": 4.0}
_VOCABULARIES = {
    "quarter": "A quarter of the size",
    "half": "Half the size",
    "own": "The recipe's vocabulary",
    "twice": "Twice the size",
    "four": "Four times the size",
    "characters": "Characters",
    "bytes": "Bytes",
}
_SAMPLE = "Type or paste any text here, or take the document that you were reading."


class TokensTab(QWidget):
    """``set_document`` and ``show_recipe`` tell it what there is."""

    changed = Signal(str, object)
    failed = Signal(object)

    def __init__(self, background: Background, worker: Any = token_worker) -> None:
        super().__init__()
        self._worker = worker
        self._background = background
        self._recipe: Recipe | None = None
        self._document = ""
        self._measured: TokensRequest | None = None
        self._task: Task | None = None
        self._cutting = Latest(background)
        self._asked: tuple[Any, ...] = ()
        self.vocabulary = VocabularyCard()
        self.progress = ReadingBar()
        self.text = QPlainTextEdit()
        self.take = QPushButton("The document being read")
        self.columns = [TokenColumn() for _ in range(_SIDE_BY_SIDE)]
        self.hint = QLabel(wordWrap=True)
        self._typing = QTimer(self, interval=_TYPING_MS, singleShot=True)
        self._build()
        self._connect()

    def _build(self) -> None:
        theme.mark(self.hint, "caption")
        self.text.setPlaceholderText(_SAMPLE)
        self.text.setAccessibleName("Text to cut into tokens")
        self.text.setToolTip("Any text; it is cut as you type")
        self.text.setFixedHeight(84)
        self.text.setTabChangesFocus(True)
        self.take.setAutoDefault(False)
        self.take.setToolTip("Show the document of the Read tab in tokens")
        card = Card("A text in tokens", "point at a token for its id and bytes")
        card.header.addWidget(self.take)
        card.body.addWidget(self.text)
        card.body.addWidget(self.hint)
        row = QHBoxLayout()
        row.setSpacing(16)
        for column in self.columns:
            row.addWidget(column, 1)
        card.body.addLayout(row)
        card.body.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.progress)
        box.addWidget(self.vocabulary)
        box.addWidget(card, 1)

    def _connect(self) -> None:
        self.vocabulary.changed.connect(self.changed)
        self.vocabulary.measure.connect(self.measure)
        self.progress.cancelled.connect(self.cancel)
        self.take.clicked.connect(self._take_document)
        self.text.textChanged.connect(self._typing.start)
        self._typing.timeout.connect(self._cut)
        for column, name in zip(self.columns, ("quarter", "own", "four"), strict=True):
            column.choose(name)
            column.chosen.connect(self._cut)

    def set_document(self, page: Page) -> None:
        """Remember the document that is being read; show it where nothing else was typed."""
        was_shown = not self.text.toPlainText() or self.text.toPlainText() == self._document
        self._document = page.text[:MOST_CHARACTERS]
        self.take.setEnabled(bool(self._document))
        if was_shown:
            self._take_document()

    def show_recipe(self, recipe: Recipe, *, visible: bool) -> None:
        """Follow the recipe; measure and cut only while the tab is in sight."""
        self._recipe = recipe
        self.vocabulary.show_recipe(recipe)
        if self._measured is not None and self._measured != request_of(recipe):
            self._measured = None
            self.vocabulary.show_sizes(())
        if visible:
            self._cut()

    def measure(self) -> None:
        """Measure the sizes for the present text and kind."""
        if self._recipe is None or self._task is not None:
            return
        request = request_of(self._recipe)
        self.progress.begin("Measuring vocabularies…")
        self._task = self._background.run(
            self._worker.try_sizes,
            request,
            on_done=lambda sized: self._on_measured(request, sized),
            on_error=self._on_failed,
            on_progress=self._on_progress,
        )

    def cancel(self) -> None:
        """Leave off measuring."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self.progress.end()

    def _on_progress(self, *values: Any) -> None:
        numbers = [v for v in values if isinstance(v, int | float)]
        if len(numbers) >= 2:
            self.progress.show_progress(numbers[0], numbers[1])

    def _on_measured(self, request: TokensRequest, sized: Any) -> None:
        self._task = None
        self.progress.end()
        self._measured = request
        self.vocabulary.show_sizes(sized)
        self._asked = ()
        self._cut()

    def _on_failed(self, error: BaseException) -> None:
        self._task = None
        self.progress.end()
        self.failed.emit(error)

    def _take_document(self) -> None:
        self.text.setPlainText(self._document)

    def _vocabularies(self, recipe: Recipe) -> tuple[Any, ...]:
        """Return what is shown side by side; a kind without sizes stands alone."""
        options = recipe.tokenizer
        if options.kind == "file":
            return (options.vocab_size,)
        if options.kind not in SIZED:
            return (options.kind,)
        return tuple(column.asked(options.vocab_size) for column in self.columns)

    def _cut(self) -> None:
        recipe, text = self._recipe, self.text.toPlainText()[:MOST_CHARACTERS]
        if recipe is None or not self.isVisible():
            return
        vocabularies = self._vocabularies(recipe)
        asked = (request_of(recipe), vocabularies, text)
        if asked == self._asked:
            return
        self._asked = asked
        if not text:
            self._show_cuts(())
            return
        self.hint.setText("Cutting; a vocabulary is trained on a sample where there is none yet…")
        self.hint.show()
        self._cutting.run(
            self._worker.cut_text, *asked, on_done=self._show_cuts, on_error=self._on_uncut
        )

    def _on_uncut(self, error: BaseException) -> None:
        self._show_cuts(())
        self.failed.emit(error)

    def _show_cuts(self, cuts: tuple[Cut, ...]) -> None:
        for place, column in enumerate(self.columns):
            column.setVisible(place < len(cuts))
            column.vocabulary.setVisible(len(cuts) > 1)
            if place < len(cuts):
                column.show_cut(cuts[place])
        cut_off = any(cut.tokens > MOST_TOKENS for cut in cuts)
        self.hint.setVisible(cut_off)
        self.hint.setText(f"The first {MOST_TOKENS:,} tokens are shown." if cut_off else "")


class TokenColumn(QWidget):
    """A text under one vocabulary: how many tokens, how many bytes in each, and the tokens.

    ``chosen`` follows every choice of another vocabulary.
    """

    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.vocabulary, self.figures = CalmCombo(), QLabel()
        for name, word in _VOCABULARIES.items():
            self.vocabulary.addItem(word, name)
        self.vocabulary.setMinimumContentsLength(8)
        self.vocabulary.setSizeAdjustPolicy(
            CalmCombo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.vocabulary.setAccessibleName("Vocabulary")
        self.vocabulary.setToolTip("Which vocabulary cuts the text below")
        self.vocabulary.activated.connect(self.chosen)
        theme.mark(self.figures, "caption")
        self.tokens = ColouredTokens("Tokens")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(self.vocabulary)
        box.addWidget(self.figures)
        box.addWidget(self.tokens)
        box.addStretch(1)
        self.hide()

    def choose(self, name: str) -> None:
        """Choose a vocabulary by its name in :data:`_VOCABULARIES`."""
        self.vocabulary.setCurrentIndex(self.vocabulary.findData(name))

    def asked(self, size: int) -> Any:
        """Return the vocabulary that is chosen, where the recipe's holds ``size`` tokens."""
        name = self.vocabulary.currentData()
        factor = _FACTORS.get(name)
        return name if factor is None else int(min(_MOST, max(_LEAST, round(size * factor))))

    def show_cut(self, cut: Cut) -> None:
        """Show another text or vocabulary."""
        self.figures.setText(f"{cut.tokens:,} tokens · {cut.bytes_per_token:.2f} bytes each")
        self.figures.setToolTip(
            f"{cut.bytes:,} bytes of text in {cut.tokens:,} tokens; vocabulary: {cut.title}"
        )
        self.tokens.setAccessibleName(f"The text in a vocabulary of {cut.title}")
        self.tokens.show_pieces(cut.pieces)


def request_of(recipe: Recipe) -> TokensRequest:
    """Return whose text and which kind of vocabulary: all but the size."""
    sources = tuple(dataclasses.replace(s, weight=1.0, licence="") for s in recipe.corpora)
    return TokensRequest(sources, dataclasses.replace(recipe.tokenizer, vocab_size=4096))
