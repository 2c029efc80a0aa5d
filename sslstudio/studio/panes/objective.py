"""The objective page: what the model shall predict, seen on the user's own text.

Left the objectives as cards, in families; right the picture, the options as sliders, and what
follows from them. The catalogue, a quick tokenizer, an excerpt of the corpus and the previews
all come from worker threads (``preview_worker``); of several previews only the newest matters.
"""

from __future__ import annotations

import dataclasses
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QWidget,
)

from sslstudio.recipe import ObjectiveChoice, Recipe
from sslstudio.studio import preview_worker, theme
from sslstudio.studio.background import Background, Latest
from sslstudio.studio.corpus_worker import source_title
from sslstudio.studio.engine import ObjectiveFacts
from sslstudio.studio.panes.objective_picture import ObjectivePicture
from sslstudio.studio.panes.objective_words import (
    ABILITIES,
    ARCHITECTURES,
    FACES,
    SIGHT,
    abilities_of,
    fact_text,
    shares_within_one,
)
from sslstudio.studio.preview_worker import Excerpt
from sslstudio.studio.widgets.cards import Card, ChoiceCard
from sslstudio.studio.widgets.option_form import OptionForm
from sslstudio.studio.widgets.pane import Pane
from sslstudio.studio.widgets.scroll_column import ScrollColumn
from sslstudio.studio.widgets.tiles import Tile
from sslstudio.studio.workspace import Workspace

SHOWN_TOKENS = 64  # of the text: what fits the eye, not the context
_LEFT_WIDTH = 268


class ObjectivePane(Pane):
    """Choose what is predicted."""

    key = "objective"
    title = "Objective"
    icon = "eye-off-outline"

    def __init__(
        self,
        workspace: Workspace,
        background: Background,
        worker: Any = preview_worker,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(workspace, background, parent)
        self._worker = worker
        self._facts: dict[str, ObjectiveFacts] = {}
        self._tokenizer: Any = None
        self._tokenizer_key: Any = None
        self._excerpt_key: Any = None
        self._document = 0
        self._seed = 1337
        self._form: OptionForm | None = None
        self._form_of = ""
        self._previews = Latest(background)
        self._tokenizers = Latest(background, cancel_running=True)
        self._excerpts = Latest(background, cancel_running=True)
        self.cards: dict[str, ChoiceCard] = {}
        self.picture = ObjectivePicture()
        self._build()
        self._connect()

    def shown(self) -> None:
        """Load what is missing, and follow what changed meanwhile."""
        self._load()
        self._follow()

    def _load(self) -> None:
        """Show the catalogue once the engine is there: torch must not race the first paint."""
        if not self._facts and self.workspace.engine is not None:
            self._show_catalogue(self.workspace.engine.objectives)

    @property
    def seed(self) -> int:
        """The seed of the noise on show."""
        return self._seed

    # -- building

    def _build(self) -> None:
        left = ScrollColumn(_LEFT_WIDTH)
        self._families = left.box
        self._waiting = QLabel("Looking up the objectives…")
        theme.mark(self._waiting, "caption")
        self._families.addWidget(self._waiting)
        self._families.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(left)
        row.addWidget(self._build_right(), 1)
        self.body.addLayout(row, 1)

    def _build_right(self) -> QWidget:
        self._options = Card("Options")
        self._learns = Card("What it learns from")
        self.tiles = {
            name: Tile("–", "", framed=False)
            for name in ("targets", "loss", "architecture", "afterwards")
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        for place, tile in enumerate(self.tiles.values()):
            grid.addWidget(tile, place // 2, place % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        self._learns.body.addLayout(grid)
        self._learns.body.addStretch(1)
        self._about = Card()
        self.description = QLabel(wordWrap=True)
        self.description.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._about.body.addWidget(self.description)
        lower = QHBoxLayout()
        lower.setSpacing(8)
        lower.addWidget(self._options, 1)
        lower.addWidget(self._learns, 1)
        right = ScrollColumn()
        right.box.addWidget(self.picture)
        right.box.addLayout(lower)
        right.box.addWidget(self._about)
        right.box.addStretch(1)
        return right

    def _connect(self) -> None:
        self.picture.edited.connect(self._on_edited)
        self.picture.another_noise.connect(self.draw_again)
        self.picture.another_text.connect(self._next_document)
        self.workspace.recipe_changed.connect(self._on_recipe)
        self.workspace.engine_ready.connect(self._load)
        self._load()
        again = QShortcut(QKeySequence(Qt.Key.Key_Space), self)
        again.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        again.activated.connect(self.draw_again)

    def _show_catalogue(self, facts: tuple[ObjectiveFacts, ...]) -> None:
        self._facts = {f.name: f for f in facts}
        self.set_status("ready")
        self._families.removeWidget(self._waiting)
        self._waiting.hide()
        self._waiting.deleteLater()
        place = 0
        for family in dict.fromkeys(f.family for f in facts):
            heading = QLabel(family.upper())
            theme.mark(heading, "caption")
            self._families.insertWidget(place, heading)
            place += 1
            for fact in (f for f in facts if f.family == family):
                card = ChoiceCard(fact_text(fact, "title"), fact.question)
                card.setToolTip(fact_text(fact, "description"))
                card.clicked.connect(lambda _checked=False, name=fact.name: self._choose(name))
                self._families.insertWidget(place, card)
                self.cards[fact.name] = card
                place += 1
        self._follow()

    # -- following the recipe

    def _on_recipe(self) -> None:
        if self.is_shown:
            self._follow()

    def _follow(self) -> None:
        """Bring everything on show in line with the recipe, doing only what is new."""
        recipe = self.workspace.recipe
        self._show_choice(recipe)
        corpora = tuple((s.path, s.documents) for s in recipe.corpora)
        if self._excerpt_key != (corpora, self._document):
            self._excerpt_key = (corpora, self._document)
            self._excerpts.run(
                self._worker.read_excerpt,
                recipe.corpora,
                self._document,
                on_done=self._on_excerpt,
                on_error=self._on_no_text,
            )
        if self._tokenizer_key != (corpora, recipe.tokenizer):
            self._tokenizer_key = (corpora, recipe.tokenizer)
            self._tokenizers.run(
                self._worker.train_preview_tokenizer,
                recipe.corpora,
                recipe.tokenizer,
                on_done=self._on_tokenizer,
                on_error=self._on_no_text,
            )
        self._ask_preview()

    def _show_choice(self, recipe: Recipe) -> None:
        fact = self._facts.get(recipe.objective.name)
        if fact is None:
            return
        self.cards[fact.name].setChecked(True)
        if self._form_of != fact.name:
            self._build_form(fact)
        defaults = {o.name: o.default for o in fact.options}
        if self._form is not None:
            self._form.set_values({**defaults, **recipe.objective.options})
        architecture = fact.architectures[0]
        self.tiles["architecture"].set(
            ARCHITECTURES.get(architecture, architecture),
            SIGHT.get(architecture, "the architecture it needs"),
        )
        abilities = " · ".join(ABILITIES.get(a, a) for a in abilities_of(fact))
        self.tiles["afterwards"].set(abilities[:1].upper() + abilities[1:], "afterwards it can")
        self._about.set_title(fact_text(fact, "title"))
        source = fact_text(fact, "source")
        self.description.setText(
            fact_text(fact, "description") + (f" ({source})" if source else "")
        )

    def _build_form(self, fact: ObjectiveFacts) -> None:
        if self._form is not None:
            self._options.body.removeWidget(self._form)
            self._form.hide()
            self._form.deleteLater()
        self._form_of = fact.name
        self._form = OptionForm(fact.options, FACES)
        self._form.changed.connect(self._on_option)
        self._options.body.insertWidget(0, self._form)
        self._options.setVisible(bool(fact.options))

    # -- what the user does

    def _choose(self, name: str) -> None:
        if name != self.workspace.recipe.objective.name:
            self._change(ObjectiveChoice(name=name), "Choose an objective")

    def _on_option(self, name: str, value: object) -> None:
        choice = self.workspace.recipe.objective
        options: dict[str, Any] = {**choice.options, name: value}
        if {"mask_share", "random_share"} <= {o.name for o in self._facts[choice.name].options}:
            options = shares_within_one(options, name)
        changed = ObjectiveChoice(name=choice.name, options=MappingProxyType(options))
        word = name.replace("_", " ")
        self._change(changed, f"Change the {word}", f"objective.{name}")

    def _change(self, choice: ObjectiveChoice, text: str, key: str = "") -> None:
        recipe = dataclasses.replace(self.workspace.recipe, objective=choice)
        self.workspace.change(recipe, text, key)

    def draw_again(self) -> None:
        """Draw new noise."""
        self._seed += 1
        self._ask_preview()

    def _next_document(self) -> None:
        self._document += 1
        self._follow()

    def _on_edited(self) -> None:
        self.picture.set_caption("typed here")
        self._ask_preview()

    # -- what the workers bring

    def _on_excerpt(self, excerpt: Excerpt) -> None:
        if excerpt.index < self._document:  # past the end: begin anew next time
            self._document = -1
            self._excerpt_key = (self._excerpt_key[0], -1)
        place = f"{source_title(excerpt.origin)} · document {excerpt.index + 1:,}"
        self.picture.set_text(excerpt.text, place)
        self._ask_preview()

    def _on_tokenizer(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._ask_preview()

    def _on_no_text(self, error: BaseException) -> None:
        self.picture.set_caption("no text yet")
        self.show_error(error)

    def _ask_preview(self) -> None:
        recipe = self.workspace.recipe
        text = self.picture.text.toPlainText()
        if self._tokenizer is None or not self._facts or not text.strip():
            return
        self._previews.run(
            self._worker.make_preview,
            recipe.objective.name,
            text,
            self._tokenizer,
            dict(recipe.objective.options),
            self._seed,
            min(SHOWN_TOKENS, recipe.model.context),
            on_done=self._on_preview,
            on_error=self.show_error,
        )

    def _on_preview(self, preview: Any) -> None:
        fact = self._facts.get(preview.objective)
        if fact is None:
            return
        self.picture.show_preview(preview, "decoder" in fact.architectures)
        per_thousand = 1000 * preview.targets / max(1, preview.tokens)
        self.tiles["targets"].set(
            f"{per_thousand:,.0f}",
            "targets per 1,000 tokens read",
            f"{preview.targets} of the {preview.tokens} tokens above are predicted; "
            "only these are learned from",
        )
        self.tiles["loss"].set(
            f"{preview.untrained_loss:.2f}",
            "nats, the loss of an untrained model",
            "The natural logarithm of the vocabulary's size: every token is as likely as any "
            "other. Training begins here.",
        )
        self.set_status("ready")
