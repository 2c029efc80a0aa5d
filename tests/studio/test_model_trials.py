"""Trying a recipe out: measuring it, finding its rate, and following advice, by mouse."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from sslstudio.errors import Cancelled, CorpusError
from sslstudio.recipe import Recipe
from sslstudio.studio.background import Background
from sslstudio.studio.corpus_facts import CorpusFacts
from sslstudio.studio.engine import Engine
from sslstudio.studio.engine_turn import my_turn
from sslstudio.studio.panes.model import ModelPane
from sslstudio.studio.panes.model_trials import TrialsCard
from sslstudio.studio.trial_worker import RateFigures, SpeedFigures
from sslstudio.studio.workspace import Workspace

_RATES = RateFigures(
    rates=(1e-5, 1e-4, 1e-3, 1e-2, 1e-1),
    losses=(5.0, 4.9, 3.0, 2.5, 9.0),
    smoothed=(5.0, 4.9, 3.5, 3.0, 6.0),
    suggested=0.001,
    steepest=0.0005,
    stopped_early=True,
)


@pytest.fixture
def background() -> Any:
    made = Background()
    yield made
    made.close()


@pytest.fixture
def ready(workspace: Workspace) -> Workspace:
    workspace.engine = Engine((), ())
    return workspace


def _click(qtbot: Any, button: QPushButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def _card(qtbot: Any, ready: Workspace, background: Background, **work: Any) -> TrialsCard:
    card = TrialsCard(ready, background, **work)
    qtbot.addWidget(card)
    card.resize(700, 400)
    card.show()
    return card


def test_measuring_says_what_a_step_takes(
    qtbot: Any, themed: Any, ready: Workspace, background: Background
) -> None:
    asked: list[tuple[Recipe, str]] = []

    def speed(recipe: Recipe, device: str, *, on_progress: Callable[..., None]) -> SpeedFigures:
        asked.append((recipe, device))
        on_progress("measuring", 1, 4, "steps")
        return SpeedFigures(0.125, 250_000_000, 9)

    card = _card(qtbot, ready, background, speed_of=speed)
    with qtbot.waitSignal(card.measured):
        _click(qtbot, card.measure_button)
        assert not card.find_button.isEnabled()
    assert asked == [(ready.recipe, ready.device)]
    assert "125 ms a step" in card.words.text()
    assert "250.0 MB" in card.words.text()
    assert card.bar.isHidden()
    assert card.measure_button.isEnabled()


def test_a_test_of_rates_can_be_cancelled_and_its_rate_used(
    qtbot: Any, themed: Any, ready: Workspace, background: Background
) -> None:
    ended = threading.Event()

    def endless(_recipe: Recipe, _device: str, *, cancelled: Callable[[], bool]) -> RateFigures:
        while not cancelled():
            threading.Event().wait(0.01)
        ended.set()
        raise Cancelled

    card = _card(qtbot, ready, background, rate_of=endless)
    _click(qtbot, card.find_button)
    qtbot.waitUntil(card.bar.isVisible)
    qtbot.wait(50)  # the line gets its place
    _click(qtbot, card.bar.cancel)
    assert ended.wait(2)
    assert card.bar.isHidden()
    assert card.find_button.isEnabled()
    card._rate_of = lambda _recipe, _device: _RATES
    chosen: list[float] = []
    card.rate_chosen.connect(chosen.append)
    _click(qtbot, card.find_button)
    qtbot.waitUntil(card.plot.isVisible)
    assert card.use_button.text() == "Use 0.001"
    assert "fourfold" in card.words.text()
    _click(qtbot, card.use_button)
    assert chosen == [0.001]


def test_what_cannot_be_tried_is_one_sentence_on_the_page(
    qtbot: Any, themed: Any, ready: Workspace, background: Background
) -> None:
    def refuse(_recipe: Recipe, _device: str) -> SpeedFigures:
        raise CorpusError("there is no text: add some")

    card = _card(qtbot, ready, background, speed_of=refuse)
    with qtbot.waitSignal(card.failed) as told:
        _click(qtbot, card.measure_button)
    assert told.args == ["there is no text: add some"]
    assert card.measure_button.isEnabled()


def test_nothing_is_tried_while_a_run_trains(
    qtbot: Any,
    themed: Any,
    ready: Workspace,
    background: Background,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    card = _card(qtbot, ready, background)
    assert card.measure_button.isEnabled()
    monkeypatch.setattr(type(ready.training), "is_active", property(lambda _self: True))
    ready.training.state_changed.emit("training")
    assert not card.measure_button.isEnabled()
    assert "stop it first" in card.find_button.toolTip()


def test_advice_is_followed_by_one_click_and_can_be_undone(
    qtbot: Any,
    themed: Any,
    workspace: Workspace,
    background: Background,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(CorpusFacts, "want", lambda self, sources: None)
    monkeypatch.setattr(CorpusFacts, "train_tokens", lambda self, recipe: 10_000)
    pane = ModelPane(workspace, background)
    qtbot.addWidget(pane)
    pane.resize(1000, 700)
    pane.show()
    steps = workspace.recipe.training.steps
    button = next(b for b in pane.plan.findChildren(QPushButton) if "epochs" in b.accessibleName())
    _click(qtbot, button)
    assert workspace.recipe.training.epochs == 4.0
    assert workspace.recipe.training.steps == 0
    workspace.undo_stack.undo()
    assert workspace.recipe.training.steps == steps


def test_a_run_that_begins_ends_a_trial_and_waits_for_it(
    qtbot: Any,
    themed: Any,
    ready: Workspace,
    background: Background,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both put settings of the whole process back when they end, so they may not overlap."""
    began, ended, order = threading.Event(), threading.Event(), []

    def slow_speed(
        recipe: Recipe, device: str, *, cancelled: Callable[[], bool], on_progress: Any
    ) -> SpeedFigures:
        with my_turn(cancelled):
            began.set()
            while not cancelled():
                ended.wait(0.01)
            ended.wait(0.2)  # the step under way
            order.append("trial ended")
            raise Cancelled

    def session(control: Any, emit: Any, on_run: Any) -> Any:
        order.append("run began")

    card = _card(qtbot, ready, background, speed_of=slow_speed)
    _click(qtbot, card.measure_button)
    assert began.wait(5)
    monkeypatch.setattr(ready.training, "_session_of", lambda **_wish: session)
    with qtbot.waitSignal(ready.training.ended, timeout=5000):
        ready.training.start(ready.recipe, runs_dir=tmp_path, device="cpu")
    assert order == ["trial ended", "run began"]
