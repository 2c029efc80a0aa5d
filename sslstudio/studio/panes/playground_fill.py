"""Fill: click words to hide them, and see what the model thinks stood there.

Holds the text and which of its words are hidden; ``wanted`` asks the page for candidates.
"""

from __future__ import annotations

import dataclasses
import re

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from sslstudio.studio import theme
from sslstudio.studio.widgets.alternatives import percent
from sslstudio.studio.widgets.token_view import ShownToken, TokenView

MASK = "<mask>"
_WORD = re.compile(r"\s*(?:[\w’'-]+|[^\w\s])")
_EXAMPLE = (
    "Mira found a small key under the old tree. She took it home and showed it to her brother."
)
Candidates = list[tuple[str, float]]


@dataclasses.dataclass(frozen=True)
class Gap:
    """One hidden word with what the model would put there."""

    word: int
    candidates: Candidates


class FillSurface(QWidget):
    """``wanted(text)`` carries the text with <mask> at each hidden word."""

    wanted = Signal(str)
    gap_shown = Signal(object)  # Gap | None: whose candidates to show

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = QPlainTextEdit(_EXAMPLE)
        self.words_view = TokenView("Words; Space hides one", pickable=True)
        self._words: list[str] = []
        self._hidden: dict[int, Candidates] = {}
        self._current = -1
        self._build()
        self.text.textChanged.connect(self._on_text)
        self.words_view.picked.connect(self.toggle)
        self._on_text()

    @property
    def hidden_words(self) -> tuple[int, ...]:
        """The places of the hidden words, ascending."""
        return tuple(sorted(self._hidden))

    def toggle(self, place: int) -> None:
        """Hide a word; of a hidden one show the candidates, and at a second click the word."""
        if place not in self._hidden:
            self._hidden[place] = []
            self._current = place
            self.ask()
        elif self._current != place:
            self._current = place
        else:
            del self._hidden[place]
            self._current = next(iter(sorted(self._hidden)), -1)
            self.ask()
        self._show()

    def ask(self) -> None:
        """Ask for the candidates of every hidden word."""
        if self._hidden:
            self.wanted.emit(self.masked_text())

    def masked_text(self) -> str:
        """Return the text with <mask> at each hidden word."""
        return "".join(
            _lead(word) + MASK if place in self._hidden else word
            for place, word in enumerate(self._words)
        )

    def show_candidates(self, gaps: list[Candidates]) -> None:
        """Take the answer to the last :attr:`wanted`; an outdated one is dropped."""
        places = sorted(self._hidden)
        if len(gaps) != len(places):
            return
        self._hidden = dict(zip(places, gaps, strict=True))
        self._show()

    def choose(self, place: int) -> None:
        """Write the candidate ``place`` of the current gap into the text."""
        candidates = self._hidden.get(self._current, [])
        if not 0 <= place < len(candidates):
            return
        word = self._words[self._current]
        self._words[self._current] = _lead(word) + candidates[place][0].strip()
        del self._hidden[self._current]
        self._current = next(iter(sorted(self._hidden)), -1)
        self.text.blockSignals(True)
        self.text.setPlainText("".join(self._words))
        self.text.blockSignals(False)
        self.ask()
        self._show()

    def _build(self) -> None:
        self.text.setAccessibleName("Your text")
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(92)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        for words, widget in (
            ("YOUR TEXT", self.text),
            ("CLICK WORDS TO HIDE THEM", self.words_view),
        ):
            label = QLabel(words)
            theme.mark(label, "caption")
            label.setBuddy(widget)
            box.addWidget(label)
            box.addWidget(widget)
        hint = QLabel(
            "A hidden word shows what the model holds most probable. Click it for more "
            "candidates, and once more to bring the word back.",
            wordWrap=True,
        )
        theme.mark(hint, "caption")
        box.addWidget(hint)
        box.addStretch(1)

    def _on_text(self) -> None:
        self._words = _WORD.findall(self.text.toPlainText())
        self._hidden, self._current = {}, -1
        self._show()

    def _show(self) -> None:
        self.words_view.show_tokens([self._shown(p, w) for p, w in enumerate(self._words)])
        candidates = self._hidden.get(self._current)
        gap = None if candidates is None else Gap(self._current, candidates)
        self.gap_shown.emit(gap)

    def _shown(self, place: int, word: str) -> ShownToken:
        if place not in self._hidden:
            return ShownToken(word)
        candidates = self._hidden[place]
        best = candidates[0] if candidates else ("…", 0.0)
        note = f"it was “{word.strip()}”"
        if candidates:
            note += f"; most probable “{best[0].strip()}” with {percent(best[1])}"
        return ShownToken(_lead(word) + best[0].strip(), "hidden", note)


def _lead(word: str) -> str:
    return word[: len(word) - len(word.lstrip())]
