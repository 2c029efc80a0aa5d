"""The model page: presets, sliders that keep a model possible, the plan, the length."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from PySide6.QtCore import Qt

from sslstudio.models.configuration import model_config
from sslstudio.models.presets import PRESETS
from sslstudio.recipe import ModelOptions
from sslstudio.studio import plan_view
from sslstudio.studio.background import Background
from sslstudio.studio.corpus_facts import CorpusFacts
from sslstudio.studio.panes.model import ModelPane
from sslstudio.studio.widgets.memory_bar import PARTS, MemoryBar
from sslstudio.studio.widgets.stack_drawing import drawn_width
from sslstudio.studio.workspace import Workspace


@pytest.fixture
def pane(qtbot: Any, themed: Any, workspace: Workspace, monkeypatch: Any) -> Any:
    background = Background()
    monkeypatch.setattr(CorpusFacts, "want", lambda self, sources: None)
    monkeypatch.setattr(CorpusFacts, "train_tokens", lambda self, recipe: 1_000_000)
    made = ModelPane(workspace, background)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    yield made
    background.close()


def type_into(qtbot: Any, row: Any, text: str) -> None:
    row.field.selectAll()
    qtbot.keyClicks(row.field, text)
    qtbot.keyClick(row.field, Qt.Key.Key_Return)


def test_a_preset_replaces_what_was_set_by_hand(qtbot: Any, pane: ModelPane) -> None:
    type_into(qtbot, pane.size_form.simple.row("layers"), "9")
    assert pane.workspace.recipe.model.layers == 9
    qtbot.mouseClick(pane.cards["tiny"], Qt.MouseButton.LeftButton)
    assert pane.workspace.recipe.model == ModelOptions(preset="tiny")
    row: Any = pane.size_form.simple.row("layers")
    assert row.field.text() == str(PRESETS["tiny"].layers)
    pane.workspace.undo_stack.undo()
    assert pane.workspace.recipe.model.layers == 9


def test_the_plan_follows_the_size(qtbot: Any, pane: ModelPane) -> None:
    before = pane.plan.tiles["parameters"].figure.text()
    row: Any = pane.size_form.simple.row("layers")
    for _ in range(8):
        qtbot.keyClick(row.slider, Qt.Key.Key_Right)
    assert pane.workspace.recipe.model.layers == PRESETS["nano"].layers + 8
    assert pane.plan.tiles["parameters"].figure.text() != before
    assert pane.workspace.undo_stack.count() == 1  # one movement, one step back
    assert "times through the text" in pane.plan.tiles["tokens"].sentence.text()


@pytest.mark.parametrize("name", ["width", "heads", "kv_heads"])
@pytest.mark.parametrize("value", [1, 3, 7, 100, 333, 1000])
def test_no_slider_can_make_an_impossible_model(name: str, value: int) -> None:
    for preset in PRESETS:
        for hand in ({}, {"width": 192, "heads": 6, "kv_heads": 3}):
            model = ModelOptions(preset=preset, **hand)  # type: ignore[arg-type]
            changed = dataclasses.replace(model, **plan_view.fitting_shape(model, name, value))
            model_config(changed, 4096, "decoder")  # raises where the sizes do not fit


def test_an_impossible_recipe_says_why(pane: ModelPane) -> None:
    model = ModelOptions(width=100, heads=3)
    pane.workspace.change(dataclasses.replace(pane.workspace.recipe, model=model), "Open")
    assert pane.status.mark == "attention"
    assert "heads" in pane.plan.advice[0]
    pane.workspace.undo_stack.undo()
    assert pane.status.mark == "ready"


def test_the_length_keeps_its_meaning_in_another_unit(qtbot: Any, pane: ModelPane) -> None:
    training = pane.workspace.recipe.training
    length = training.steps * training.batch_tokens
    qtbot.mouseClick(pane.training.length.units.buttons["tokens"], Qt.MouseButton.LeftButton)
    assert pane.workspace.recipe.training.tokens == length
    assert pane.workspace.recipe.training.steps == 0
    qtbot.mouseClick(pane.training.length.units.buttons["epochs"], Qt.MouseButton.LeftButton)
    assert pane.workspace.recipe.training.epochs == pytest.approx(length / 1e6, rel=0.01)
    visible = [n for n, row in pane.training.length.rows.items() if not row.isHidden()]
    assert visible == ["epochs"]


def test_more_options_unfold(qtbot: Any, pane: ModelPane) -> None:
    assert pane.training.more.isHidden()
    qtbot.mouseClick(pane.training.fold, Qt.MouseButton.LeftButton)
    assert not pane.training.more.isHidden()
    type_into(qtbot, pane.training.more.row("weight_decay"), "0.3")
    assert pane.workspace.recipe.training.weight_decay == pytest.approx(0.3)


def test_the_memory_bar_says_when_it_does_not_fit(qtbot: Any, themed: Any) -> None:
    bar = MemoryBar()
    qtbot.addWidget(bar)
    bar.show_memory({**dict.fromkeys(PARTS, 1e9), "total": 5e9, "available": 4e9})
    assert bar.share == pytest.approx(1.25)
    bar.grab()


def test_wider_is_drawn_wider() -> None:
    widths = [drawn_width(p.width, 72) for p in PRESETS.values()]
    assert widths == sorted(widths)
    assert widths[-1] <= 72
