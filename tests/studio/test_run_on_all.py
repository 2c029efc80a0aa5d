"""A run in several processes, started in the window and followed through its folder.

Two processors stand in for two graphics cards; everything else is the real thing.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from sslstudio.corpora.samples.tales import tales
from sslstudio.events import MessageEvent, StepEvent
from sslstudio.recipe import Recipe
from sslstudio.runs import RunFolder
from sslstudio.studio.background import Background
from sslstudio.studio.engine import Device, Engine
from sslstudio.studio.live_run import ALL_DEVICES, LiveRun
from sslstudio.studio.run_follower import RunFollower
from sslstudio.studio.top_bar import TopBar
from sslstudio.studio.workspace import Workspace
from sslstudio.training import launch

_SETTINGS = (
    "training.steps=100000", "training.batch_tokens=256", "model.context=32", "model.layers=1",
    "model.width=32", "model.heads=2", "tokenizer.kind=characters", "samples.every=0",
    "training.log_every=1", "training.learning_rate=0.001",
)  # fmt: skip
_WAIT_MS = 60_000


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    text = tmp_path / "tales.txt"
    text.write_text("\n\n".join(itertools.islice(tales(5), 60)), encoding="utf-8")
    return Recipe.default().with_settings([f"corpora.0.path={text}", *_SETTINGS])


@pytest.fixture(autouse=True)
def _two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "every_card", lambda: (2, "cpu"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


def test_it_is_followed_and_stopped_with_a_checkpoint(
    qtbot: Any, recipe: Recipe, tmp_path: Path
) -> None:
    live, other, background = LiveRun(), LiveRun(), Background()
    heard: list[Any] = []
    seen: list[Any] = []
    follower = RunFollower(other, background, other)
    follower.events.connect(seen.extend)
    live.events_arrived.connect(heard.extend)
    live.start(recipe, runs_dir=tmp_path / "runs", device=ALL_DEVICES)
    qtbot.waitUntil(lambda: live.step > 3, timeout=_WAIT_MS)
    assert live.run_path is not None
    live.pause()
    assert not live.sample(object())
    follower.follow(live.run_path)
    qtbot.waitUntil(lambda: any(isinstance(e, StepEvent) for e in seen), timeout=_WAIT_MS)
    with qtbot.waitSignal(live.ended, timeout=_WAIT_MS) as ended:
        live.stop()
    background.close()
    run = RunFolder.open(live.run_path)
    assert (ended.args[0].state, ended.args[0].path) == ("stopped", run.path)
    assert run.status().state == "stopped"
    assert run.checkpoints()[-1].step == ended.args[0].step
    assert run.facts()["processes"] == 2
    steps = [e.step for e in heard if isinstance(e, StepEvent)]
    assert steps == list(range(1, len(steps) + 1))
    assert "paused" not in {e.code for e in heard if isinstance(e, MessageEvent)}


def test_its_fault_is_the_sentence_of_the_engine(
    qtbot: Any, recipe: Recipe, tmp_path: Path
) -> None:
    live = LiveRun()
    wrong = recipe.with_settings(["training.batch_tokens=32"])
    with qtbot.waitSignal(live.failed, timeout=_WAIT_MS) as failed:
        live.start(wrong, runs_dir=tmp_path / "runs", device=ALL_DEVICES)
    assert "raise it to 64" in str(failed.args[0])
    assert "\n" not in str(failed.args[0])
    assert live.state == "idle"


def test_all_cards_are_offered_where_there_are_several(
    qtbot: Any, studio_workspace: Workspace
) -> None:
    bar = TopBar(studio_workspace)
    qtbot.addWidget(bar)
    cards = tuple(Device(f"cuda:{i}", "GPU", 80 * 10**9) for i in range(2))
    studio_workspace.set_engine(Engine((), (cards[0], Device("cpu", "Processor", 10**9))))
    assert bar.device.findData(ALL_DEVICES) < 0
    studio_workspace.set_engine(Engine((), (*cards, Device("cpu", "Processor", 10**9))))
    row = bar.device.findData(ALL_DEVICES)
    assert bar.device.itemText(row) == "All 2 graphics cards"
