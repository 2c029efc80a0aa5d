"""The model page: presets drawn to scale, sliders, the stack, the plan, and how to train.

Everything follows the recipe: a slider changes it, and drawing and plan are made anew. The plan
needs no torch and takes milliseconds, so it is computed right here.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from sslstudio.errors import SSLStudioError
from sslstudio.recipe import ModelOptions, Recipe
from sslstudio.studio import plan_view, sentences, theme
from sslstudio.studio.background import Background
from sslstudio.studio.corpus_facts import CorpusFacts
from sslstudio.studio.panes.model_forms import TrainingForm, size_form
from sslstudio.studio.panes.model_trials import TrialsCard
from sslstudio.studio.widgets.cards import Card, ChoiceCard
from sslstudio.studio.widgets.pane import Pane
from sslstudio.studio.widgets.plan_card import PlanCard
from sslstudio.studio.widgets.scroll_column import ScrollColumn
from sslstudio.studio.widgets.stack_drawing import StackDrawing, draw_small_stack
from sslstudio.studio.workspace import Workspace

_LEFT_WIDTH = 224
_SHAPE = ("layers", "width", "heads", "kv_heads", "ffn_width")


class ModelPane(Pane):
    """Choose how large the model is and how long it reads."""

    key = "model"
    title = "Model"
    icon = "layers-triple-outline"

    def __init__(
        self,
        workspace: Workspace,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(workspace, background, parent)
        self._facts = CorpusFacts.of(workspace, background)
        self._plan: Any = None
        self.cards: dict[str, ChoiceCard] = {}
        self.size_form = size_form()
        self.stack = StackDrawing()
        self.plan = PlanCard()
        self.training = TrainingForm()
        self.trials = TrialsCard(workspace, background)
        self._build()
        self.size_form.changed.connect(self._on_size)
        self.training.changed.connect(self._on_training)
        self.training.length.unit_chosen.connect(self._on_unit)
        self.plan.applied.connect(self._on_advice)
        self.trials.measured.connect(self._follow)
        self.trials.rate_chosen.connect(lambda rate: self._on_training("learning_rate", rate))
        self.trials.failed.connect(self.banner.tell)
        self.workspace.recipe_changed.connect(self._follow)
        self.workspace.engine_ready.connect(self._follow)
        self.workspace.device_changed.connect(self._follow)
        self._facts.changed.connect(self._follow)
        self._follow()

    def shown(self) -> None:
        """Ask for the size of the corpus, for the plan's epochs."""
        self._facts.want(self.workspace.recipe.corpora)
        self._follow()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self._build_presets())
        drawing = Card("Drawn to scale")
        drawing.body.addWidget(self.stack, 1)
        legend = QLabel(
            "blue: attention, a cell for each head · green: feed-forward", wordWrap=True
        )
        theme.mark(legend, "caption")
        drawing.body.addWidget(legend)
        upper = QHBoxLayout()
        upper.setSpacing(8)
        upper.addWidget(self.size_form, 5)
        upper.addWidget(drawing, 3)
        upper.addWidget(self.plan, 7)
        right = ScrollColumn()
        right.box.addLayout(upper, 1)
        right.box.addWidget(self.training)
        right.box.addWidget(self.trials)
        row.addWidget(right, 1)
        self.body.addLayout(row, 1)

    def _build_presets(self) -> QWidget:
        from sslstudio.models.presets import PRESETS

        column = ScrollColumn(_LEFT_WIDTH)
        box = column.box
        heading = QLabel("PRESETS")
        theme.mark(heading, "caption")
        box.addWidget(heading)
        for preset in PRESETS.values():
            parameters = plan_view.preset_parameters(preset)
            card = ChoiceCard(
                preset.title,
                f"{sentences.count(parameters)} parameters",
                drawing=_preset_drawing(preset.layers, preset.width),
            )
            card.setToolTip(f"{preset.note}\n{preset.layers} blocks of width {preset.width}")
            card.clicked.connect(lambda _checked=False, name=preset.name: self._choose(name))
            self.cards[preset.name] = card
            box.addWidget(card)
        box.addStretch(1)
        return column

    # -- what the user does

    def _choose(self, name: str) -> None:
        """Take a preset: its numbers replace those that were set by hand."""
        model = self.workspace.recipe.model
        plain: dict[str, Any] = dict.fromkeys(_SHAPE, "auto")
        self._change_model(dataclasses.replace(model, preset=name, **plain), "Choose a preset")

    def _on_size(self, name: str, value: Any) -> None:
        model = self.workspace.recipe.model
        changes = plan_view.fitting_shape(model, name, value)
        self._change_model(dataclasses.replace(model, **changes), f"Change the {_word(name)}", name)

    def _change_model(self, model: ModelOptions, text: str, key: str = "") -> None:
        recipe = dataclasses.replace(self.workspace.recipe, model=model)
        self.workspace.change(recipe, text, f"model.{key}" if key else "")

    def _on_training(self, name: str, value: Any) -> None:
        if name in ("steps", "tokens", "epochs") and not value:
            return
        training = dataclasses.replace(self.workspace.recipe.training, **{name: value})
        recipe = dataclasses.replace(self.workspace.recipe, training=training)
        self.workspace.change(recipe, f"Change the {_word(name)}", f"training.{name}")

    def _on_advice(self, settings: dict[str, Any]) -> None:
        """Do what an advice asks for."""
        written = [f"{key}={_as_toml(value)}" for key, value in settings.items()]
        self.workspace.change(self.workspace.recipe.with_settings(written), "Follow the advice")

    def _on_unit(self, unit: str) -> None:
        """Keep the length and write it in another unit."""
        recipe = self.workspace.recipe
        lengths: dict[str, Any] = {"steps": 0, "tokens": 0, "epochs": 0.0}
        lengths[unit] = plan_view.length_in(unit, self._plan)
        training = dataclasses.replace(recipe.training, **lengths)
        self.workspace.change(
            dataclasses.replace(recipe, training=training), f"Give the length in {unit}"
        )

    # -- following

    def _follow(self) -> None:
        recipe = self.workspace.recipe
        card = self.cards.get(recipe.model.preset)
        if card is not None:
            card.setChecked(True)
        try:
            shape = plan_view.shape_of(recipe, self._architecture(recipe))
            self._plan = plan_view.make_plan(
                recipe,
                self._facts.train_tokens(recipe),
                self._architecture(recipe),
                self._device(),
                self._facts.source_tokens(recipe),
            )
        except SSLStudioError as error:
            self.plan.show_fault(str(error))
            self.set_status("attention", str(error))
            self._show_forms(recipe, {})
            return
        self.stack.show_shape(shape)
        self.plan.show_plan(self._plan, self._device().title)
        self._show_forms(recipe, plan_view.automatic_values(recipe, shape, self._plan))
        worst = [a for a in self._plan.advice if a.level == "bad"]
        self.set_status("attention" if worst else "ready", worst[0].text if worst else "")

    def _show_forms(self, recipe: Recipe, shown: dict[str, float]) -> None:
        self.size_form.set_values(_fields(recipe.model), shown)
        self.training.set_values(_fields(recipe.training), shown)

    def _architecture(self, recipe: Recipe) -> str:
        engine = self.workspace.engine
        facts = engine.objective(recipe.objective.name) if engine is not None else None
        if facts is not None and facts.architectures:
            return facts.architectures[0]
        return "decoder"

    def _device(self) -> plan_view.PlannedDevice:
        engine = self.workspace.engine
        return plan_view.planned_device(self.workspace.device, engine.devices if engine else ())


def _preset_drawing(layers: int, width: int) -> Any:
    def draw(painter: QPainter, place: QRectF, _card: QWidget) -> None:
        draw_small_stack(painter, place, layers, width)

    return draw


def _as_toml(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _fields(options: Any) -> dict[str, Any]:
    return {f.name: getattr(options, f.name) for f in dataclasses.fields(options)}


def _word(name: str) -> str:
    return name.replace("_", " ")
