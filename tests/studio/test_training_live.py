"""A live run: its states, its events, and that nothing is left of it at the end."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from sslstudio.errors import CorpusError, RunError
from sslstudio.events import SampleEvent, StepEvent
from sslstudio.runs import RunFolder
from sslstudio.studio.training_thread import EventBuffer
from sslstudio.studio.workspace import Workspace
from tests.studio.fakes import FakeTrainer, evaluation_event, step_event


def heard_of(workspace: Workspace) -> list[Any]:
    heard: list[Any] = []
    workspace.training.events_arrived.connect(heard.extend)
    return heard


def test_every_event_arrives_once_and_in_order(qtbot: Any, studio_workspace: Workspace) -> None:
    heard = heard_of(studio_workspace)
    with qtbot.waitSignal(studio_workspace.training.ended) as ended:
        studio_workspace.start_training()
    steps = [e.step for e in heard if isinstance(e, StepEvent)]
    assert steps == list(range(1, 101))
    assert ended.args[0].state == "finished"
    assert [e.step for e in heard if isinstance(e, SampleEvent)] == [20, 40, 60, 80, 100]
    assert studio_workspace.training.state == "idle"


def test_pause_holds_and_resume_goes_on(
    qtbot: Any, studio_workspace: Workspace, trainer: FakeTrainer
) -> None:
    trainer.steps = 100_000
    live = studio_workspace.training
    states: list[str] = []
    live.state_changed.connect(states.append)
    studio_workspace.start_training()
    qtbot.waitUntil(lambda: live.step > 3)
    live.pause()
    qtbot.waitUntil(lambda: live.state == "paused")
    held = live.step
    qtbot.wait(150)
    assert live.step == held
    live.go_on()
    qtbot.waitUntil(lambda: live.step > held)
    live.stop()
    qtbot.waitUntil(lambda: live.state == "idle")
    assert states == ["preparing", "training", "paused", "training", "stopping", "idle"]


def test_a_second_run_is_refused_in_one_sentence(
    qtbot: Any, studio_workspace: Workspace, trainer: FakeTrainer
) -> None:
    trainer.steps = 100_000
    studio_workspace.start_training()
    with pytest.raises(RunError, match="stop it"):
        studio_workspace.start_training()
    studio_workspace.close()


def test_what_the_trainer_raises_arrives(
    qtbot: Any, studio_workspace: Workspace, trainer: FakeTrainer
) -> None:
    trainer.error = CorpusError("the folder is empty: add a text file")
    with qtbot.waitSignal(studio_workspace.training.failed) as failed:
        studio_workspace.start_training()
    assert failed.args[0] is trainer.error
    assert not studio_workspace.training.is_active


@pytest.mark.parametrize("after", ["at once", "preparing", "training", "paused"])
def test_closing_at_any_moment_leaves_nothing(
    qtbot: Any, studio_workspace: Workspace, trainer: FakeTrainer, after: str
) -> None:
    trainer.steps = 100_000
    live = studio_workspace.training
    studio_workspace.start_training()
    thread = live._thread
    assert thread is not None
    if after == "preparing":
        qtbot.waitUntil(lambda: thread.run_path is not None)
    elif after != "at once":
        qtbot.waitUntil(lambda: live.step > 2)
        if after == "paused":
            live.pause()
            qtbot.waitUntil(lambda: live.state == "paused")
    studio_workspace.close()
    assert not thread.isRunning()
    (folder,) = trainer.runs_dir.iterdir()
    run = RunFolder.open(folder)
    assert run.status().state == "stopped"
    assert not run.is_locked()


def test_a_full_buffer_keeps_all_but_steps(qapp: QApplication) -> None:
    buffer = EventBuffer(capacity=100)
    for step in range(1, 1001):
        buffer.put(step_event(step))
        if step % 100 == 0:
            buffer.put(evaluation_event(step))
    kept = buffer.drain()
    assert len(kept) <= 101
    assert sum(1 for e in kept if e.kind == "evaluation") == 10
    assert kept[-1].step == 1000
    assert buffer.drain() == ()
