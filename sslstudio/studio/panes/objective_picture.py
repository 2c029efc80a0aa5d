"""The upper right of the objective page: a text as the model meets it, in three rows.

The text may be typed; what goes in and what must be predicted are drawn from a preview that the
page makes in the background. Pointing at a token marks its partner in the other row.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QPushButton, QWidget

from sslstudio.studio import theme
from sslstudio.studio.widgets.cards import Card
from sslstudio.studio.widgets.token_legend import RoleLegend
from sslstudio.studio.widgets.token_view import ShownToken, TokenView

_TEXT_HEIGHT = 74


class ObjectivePicture(Card):
    """Text, input, target. Emits when the text was edited or another draw is wanted."""

    edited = Signal()
    another_noise = Signal()
    another_text = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("On your own text", "reading…", parent)
        self.text = QPlainTextEdit()
        self.inputs = TokenView("What goes in")
        self.targets = TokenView("What it must predict")
        self.legend = RoleLegend()
        self.noise = QPushButton("Another one   Space")
        self.document = QPushButton("Another text")
        self._build()
        self.text.textChanged.connect(self.edited)
        self.noise.clicked.connect(self.another_noise)
        self.document.clicked.connect(self.another_text)
        self.inputs.pointed.connect(self._point_at_target)
        self.targets.pointed.connect(self._point_at_input)

    def set_text(self, text: str, origin: str) -> None:
        """Show the beginning of a document without emitting ``edited``."""
        self.text.blockSignals(True)
        self.text.setPlainText(text)
        self.text.blockSignals(False)
        self.set_caption(origin)

    def show_preview(self, preview: Any, causal: bool) -> None:
        """Draw a ``Preview``; ``causal`` says that a target is the token after its position."""
        notes = [f"id {t.id}" for t in preview.input]
        self._is_shifted = causal
        self.inputs.show_tokens(
            [ShownToken(t.text, t.role, n) for t, n in zip(preview.input, notes, strict=True)]
        )
        self.targets.show_tokens([_target(t, p) for p, t in enumerate(preview.target)])
        roles = {t.role for t in (*preview.input, *preview.target)}
        self.legend.show_roles(roles - {"ignored"})  # these are the dots

    def _build(self) -> None:
        self.noise.setToolTip("Draw what is hidden anew (Space)")
        self.noise.setAccessibleName("Another one")
        self.document.setToolTip("Show the beginning of another document of your corpus")
        for button in (self.document, self.noise):
            button.setAutoDefault(False)
            self.header.addWidget(button)
        self.text.setFixedHeight(_TEXT_HEIGHT)
        self.text.setAccessibleName("Your text")
        self.text.setTabChangesFocus(True)
        self.text.setPlaceholderText("Type a few words to see what the model makes of them")
        for words, view in (
            ("YOUR TEXT", self.text),
            ("WHAT GOES IN", self.inputs),
            ("WHAT IT MUST PREDICT", self.targets),
        ):
            label = QLabel(words)
            theme.mark(label, "caption")
            label.setBuddy(view)
            self.body.addWidget(label)
            self.body.addWidget(view)
        self.body.addWidget(self.legend)

    def _point_at_target(self, index: int) -> None:
        self.targets.link(index)

    def _point_at_input(self, index: int) -> None:
        self.inputs.link(index)


def _target(token: Any, place: int) -> ShownToken:
    """Return how a place of the target row is shown: a dot where nothing is predicted."""
    if token.role == "ignored":
        return ShownToken("·", "blank", "nothing is predicted here")
    return ShownToken(token.text, token.role, f"id {token.id}, predicted at place {place + 1}")
