"""The playground: streaming, branching, undo, live and from a checkpoint, and filling gaps."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from sslstudio.errors import RunError
from sslstudio.registry import Option, option, options_of
from sslstudio.studio import generation_worker
from sslstudio.studio.background import Background
from sslstudio.studio.engine import Engine, ObjectiveFacts
from sslstudio.studio.generation_worker import CheckpointChoice, LoadedModel, RunChoice
from sslstudio.studio.live_run import LiveRun
from sslstudio.studio.panes.playground import PlaygroundPane
from sslstudio.studio.panes.playground_source import LIVE, run_title
from sslstudio.studio.widgets.stream_view import WrittenToken
from sslstudio.studio.workspace import Workspace

OBJECTIVES = (
    ObjectiveFacts("causal_lm", "Continue", "What comes next?", ("decoder",), (), {}),
    ObjectiveFacts("masked_lm", "Uncover", "What is hidden?", ("encoder",), (), {}),
)
STORY = (" there", " was", " a", " fox")


def token(text: str) -> WrittenToken:
    return WrittenToken(7, text, math.log(0.5), ((text, 0.5), (" no", 0.3), ("<eos>", 0.1)))


class Worker:
    """Writes the same story whatever the prompt; ``hold`` makes it wait to be stopped."""

    def __init__(self) -> None:
        self.runs: tuple[RunChoice, ...] = (
            RunChoice("20261123-101500-tales", "/runs/tales", "causal_lm", (100, 200)),
            RunChoice("20261123-111500-masked", "/runs/masked", "masked_lm", (50,)),
            RunChoice("20261123-121500-begun", "/runs/begun", "causal_lm", ()),
        )
        self.asked: list[tuple[CheckpointChoice, str]] = []
        self.sampling: list[dict[str, Any]] = []
        self.error: Exception | None = None
        self.hold = False
        self.new_request = generation_worker.new_request

    def list_choices(self, runs_dir: Path) -> tuple[RunChoice, ...]:
        return self.runs

    def load_sampling_options(self) -> tuple[Option, ...]:
        import dataclasses

        @dataclasses.dataclass(frozen=True, kw_only=True)
        class Sampling:
            temperature: float = option(0.8, minimum=0.0, maximum=10.0, help="Wildness.")
            seed: int = option(0, minimum=0, maximum=2**63 - 1, help="Chance.")

        return options_of(Sampling)

    def continue_checkpoint(
        self,
        loaded: LoadedModel,
        choice: CheckpointChoice,
        prompt: str,
        sampling: Mapping[str, Any],
        put: Callable[[WrittenToken], None],
        cancelled: Callable[[], bool],
    ) -> int:
        self.asked.append((choice, prompt))
        self.sampling.append(dict(sampling))
        if self.error is not None:
            raise self.error
        for text in STORY:
            put(token(text))
        while self.hold and not cancelled():
            pass
        return 200

    def fill_checkpoint(self, loaded: LoadedModel, choice: CheckpointChoice, text: str) -> Any:
        self.asked.append((choice, text))
        return 50, [[(f"word{n}", 0.6), ("other", 0.2)] for n in range(text.count("<mask>"))]


class Live(LiveRun):
    """A run that is under way as far as anybody can tell."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: list[Any] = []

    def sample(self, request: Any) -> bool:
        self.requests.append(request)
        return self.state in ("training", "paused")


@pytest.fixture
def worker() -> Worker:
    return Worker()


@pytest.fixture
def live_workspace(qapp: Any) -> Any:
    made = Workspace(training=Live())
    yield made
    made.close()


@pytest.fixture
def pane(qtbot: Any, themed: Any, live_workspace: Workspace, worker: Worker) -> Any:
    background = Background()
    live_workspace.set_engine(Engine(OBJECTIVES, ()))
    made = PlaygroundPane(live_workspace, background, worker)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    qtbot.waitUntil(lambda: made.sampling is not None and not made.chooser.is_empty())
    yield made
    background.close()


def write(qtbot: Any, pane: PlaygroundPane, prompt: str = "Once") -> None:
    pane.continuing.prompt.setPlainText(prompt)
    qtbot.keyClick(pane.continuing.prompt, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    if not pane.talk.is_busy:  # without a window manager no shortcut is active
        qtbot.mouseClick(pane.continuing.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not pane.talk.is_busy)


def text_of(pane: PlaygroundPane) -> str:
    return pane.continuing.view.toPlainText()


def test_a_prompt_is_continued_token_by_token(
    qtbot: Any, pane: PlaygroundPane, worker: Worker
) -> None:
    write(qtbot, pane)
    assert text_of(pane) == "Once there was a fox"
    assert worker.asked == [(CheckpointChoice("/runs/tales", "last"), "Once")]
    assert worker.sampling[0]["alternatives"] == 10
    assert "step 200" in pane._card.caption.text()


def test_continue_goes_on_and_start_over_begins_anew(
    qtbot: Any, pane: PlaygroundPane, worker: Worker
) -> None:
    write(qtbot, pane)
    write(qtbot, pane)
    assert worker.asked[1][1] == "Once there was a fox"
    assert text_of(pane) == "Once" + "".join(STORY) * 2
    qtbot.mouseClick(pane.continuing.afresh, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not pane.talk.is_busy)
    assert text_of(pane) == "Once there was a fox"
    seeds = [s["seed"] for s in worker.sampling]
    assert len(set(seeds)) == 3  # a new seed each time, and it is shown
    assert pane.sampling is not None
    assert pane.sampling.values()["seed"] == seeds[-1]
    pane.new_seed.setChecked(False)
    write(qtbot, pane)
    assert worker.sampling[-1]["seed"] == seeds[-1]


def test_a_click_shows_alternatives_and_another_branches(
    qtbot: Any, pane: PlaygroundPane, worker: Worker
) -> None:
    write(qtbot, pane)
    pane.continuing.view.picked.emit(2)
    assert pane.continuing.pinned == 2
    rows = pane.alternatives.rows
    assert [r.text() for r in rows] == ["a", "no", "<eos>"]
    qtbot.mouseClick(rows[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not pane.talk.is_busy)
    assert worker.asked[-1][1] == "Once there was no"
    assert text_of(pane) == "Once there was no" + "".join(STORY)
    qtbot.mouseClick(pane.continuing.undo, Qt.MouseButton.LeftButton)
    assert text_of(pane) == "Once there was a fox"


def test_choosing_the_end_ends_the_text(qtbot: Any, pane: PlaygroundPane, worker: Worker) -> None:
    write(qtbot, pane)
    pane.continuing.view.picked.emit(1)
    qtbot.mouseClick(pane.alternatives.rows[2], Qt.MouseButton.LeftButton)
    assert text_of(pane) == "Once there"
    assert len(worker.asked) == 1


def test_stop_keeps_what_was_written(qtbot: Any, pane: PlaygroundPane, worker: Worker) -> None:
    worker.hold = True
    pane.continuing.prompt.setPlainText("Once")
    qtbot.mouseClick(pane.continuing.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: text_of(pane) == "Once there was a fox")
    assert pane.continuing.go.text().startswith("Stop")
    qtbot.mouseClick(pane.continuing.go, Qt.MouseButton.LeftButton)
    assert not pane.talk.is_busy
    assert pane.continuing.go.text().startswith("Continue")
    qtbot.waitUntil(pane.background.is_idle)


def test_an_error_is_one_sentence_in_the_page(
    qtbot: Any, pane: PlaygroundPane, worker: Worker
) -> None:
    worker.error = RunError("the checkpoint is damaged: choose another one")
    write(qtbot, pane)
    assert pane.banner.text == "The checkpoint is damaged: choose another one"


def test_checkpoints_can_be_chosen(qtbot: Any, pane: PlaygroundPane, worker: Worker) -> None:
    box = pane.chooser.checkpoints
    assert [box.itemData(n) for n in range(box.count())] == ["last", "best", "200", "100"]
    box.setCurrentIndex(3)
    write(qtbot, pane)
    assert worker.asked[0][0] == CheckpointChoice("/runs/tales", "100")
    assert pane.chooser.runs.findData("/runs/begun") == -1  # it has no checkpoint yet


def test_the_live_model_answers_between_steps(
    qtbot: Any, pane: PlaygroundPane, live_workspace: Workspace
) -> None:
    live = live_workspace.training
    assert isinstance(live, Live)
    live._set_state("training")
    qtbot.waitUntil(lambda: pane.chooser.is_live)
    pane.continuing.prompt.setPlainText("Once")
    qtbot.mouseClick(pane.continuing.go, Qt.MouseButton.LeftButton)
    (request,) = live.requests
    assert request.prompt == "Once"
    request.step = 42
    for text in STORY:
        request.on_token(token(text))
    request.on_done(None)
    qtbot.waitUntil(lambda: not pane.talk.is_busy)
    assert text_of(pane) == "Once there was a fox"
    assert "live model, step 42" in pane._card.caption.text()
    live._set_state("idle")
    assert pane.chooser.runs.findData(LIVE) == -1


def test_after_a_run_its_own_checkpoint_is_chosen(
    qtbot: Any, pane: PlaygroundPane, live_workspace: Workspace, worker: Worker
) -> None:
    live = live_workspace.training
    begun = Path("/runs/begun")
    live_workspace.select_run(begun)
    live._set_state("training")
    assert pane.chooser.is_live
    worker.runs = (*worker.runs[:2], RunChoice("begun", str(begun), "causal_lm", (10,)))
    live._set_state("idle")
    qtbot.waitUntil(lambda: pane.chooser.checkpoint == CheckpointChoice(str(begun), "last"))


def test_late_tokens_of_a_stopped_answer_are_dropped(
    qtbot: Any, pane: PlaygroundPane, live_workspace: Workspace
) -> None:
    live = live_workspace.training
    assert isinstance(live, Live)
    live._set_state("paused")
    live._set_state("training")
    pane.continuing.prompt.setPlainText("Once")
    qtbot.mouseClick(pane.continuing.go, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(pane.continuing.go, Qt.MouseButton.LeftButton)
    assert live.requests[0].is_cancelled()
    qtbot.mouseClick(pane.continuing.go, Qt.MouseButton.LeftButton)
    live.requests[0].on_token(token(" late"))
    live.requests[1].on_token(token(" new"))
    live.requests[1].on_done(None)
    qtbot.waitUntil(lambda: not pane.talk.is_busy)
    assert text_of(pane) == "Once new"
    live._set_state("idle")


def test_words_are_hidden_by_a_click_and_filled(
    qtbot: Any, pane: PlaygroundPane, worker: Worker
) -> None:
    box = pane.chooser.runs
    box.setCurrentIndex(box.findData("/runs/masked"))
    box.activated.emit(box.currentIndex())
    assert pane._surfaces.currentWidget() is pane.filling
    pane.filling.text.setPlainText("Mira found a key.")
    view = pane.filling.words_view
    for word in (1, 3):
        place = view.place_of(word).center().toPoint()
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place)
        qtbot.waitUntil(lambda: not pane.talk.is_busy)
    assert worker.asked[-1][1] == "Mira <mask> a <mask>."
    assert [t.text for t in view.tokens] == ["Mira", " word0", " a", " word1", "."]
    assert [r.text() for r in pane.alternatives.rows] == ["word1", "other"]
    qtbot.mouseClick(pane.alternatives.rows[1], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not pane.talk.is_busy)
    assert pane.filling.text.toPlainText() == "Mira found a other."
    assert pane.filling.hidden_words == (1,)


def test_without_a_run_the_page_offers_training(
    qtbot: Any, themed: Any, workspace: Workspace, worker: Worker, monkeypatch: Any
) -> None:
    worker.runs = ()
    begun: list[bool] = []
    monkeypatch.setattr(workspace, "start_training", lambda: begun.append(True))
    background = Background()
    pane = PlaygroundPane(workspace, background, worker)
    qtbot.addWidget(pane)
    pane.show()
    qtbot.waitUntil(background.is_idle)
    assert pane.empty.isVisible()
    qtbot.mouseClick(pane.empty.button, Qt.MouseButton.LeftButton)
    assert begun == [True]
    background.close()


def test_a_run_folder_reads_as_a_title() -> None:
    assert run_title("20261123-205733-little-tales") == "little tales · 23 Nov 20:57"
    assert run_title("elsewhere") == "elsewhere"
