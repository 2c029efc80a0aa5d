"""The training page: from empty to curves, live, past and of other processes."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from sslstudio.errors import CorpusError
from sslstudio.run_writer import RunWriter
from sslstudio.studio.background import Background
from sslstudio.studio.panes.training import TrainingPane
from sslstudio.studio.workspace import Workspace
from tests.studio.fakes import FakeTrainer, events_of, loss_at, step_event, write_run


@pytest.fixture
def pane(
    qtbot: Any, themed: QApplication, studio_workspace: Workspace, background: Background
) -> Iterator[TrainingPane]:
    made = TrainingPane(studio_workspace, background)
    qtbot.addWidget(made)
    made.resize(1084, 712)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()  # for shortcuts, where no window manager does it
    yield made
    made.follower.set_polling(False)
    studio_workspace.close()


def test_one_click_on_the_empty_page_and_the_curves_move(qtbot: Any, pane: TrainingPane) -> None:
    assert pane.empty.isVisible()
    qtbot.mouseClick(pane.empty.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(pane.curves.steps) == 100)
    assert pane.curves.steps["loss"][-1] == pytest.approx(loss_at(100))
    qtbot.waitUntil(lambda: pane.loss_card.plot.visible_x()[1] >= 100)
    qtbot.waitUntil(lambda: pane.samples.text.toPlainText().startswith("step 100"))
    text = pane.samples.text.toPlainText()
    assert text.index("Mira at 100") < text.index("Mira at 20")
    qtbot.waitUntil(lambda: "Finished at step 100" in pane.log.text.toPlainText())
    assert pane.log.text.toPlainText().count("Validation at step 20:") == 1


def test_the_rail_mark_follows_the_run(
    qtbot: Any, pane: TrainingPane, trainer: FakeTrainer
) -> None:
    trainer.steps = 100_000
    marks: list[tuple[str, str]] = []
    pane.status_changed.connect(lambda s: marks.append((s.mark, s.reason)))
    pane.workspace.start_training()
    qtbot.waitUntil(lambda: pane.workspace.training.state == "training")
    pane.workspace.training.pause()
    qtbot.waitUntil(lambda: pane.status.mark == "attention")
    pane.workspace.training.stop()
    qtbot.waitUntil(lambda: pane.status.mark == "")
    assert marks[0] == ("running", "preparing")
    assert ("attention", "paused") in marks


def test_an_error_of_the_user_is_a_sentence_on_the_page(
    qtbot: Any, pane: TrainingPane, trainer: FakeTrainer
) -> None:
    trainer.error = CorpusError("the folder is empty: add a text file")
    qtbot.mouseClick(pane.empty.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: pane.banner.text != "")
    assert pane.banner.text == "The folder is empty: add a text file"
    assert pane.empty.isVisible()


def test_a_past_run_shows_its_curves(qtbot: Any, pane: TrainingPane, tmp_path: Path) -> None:
    run = write_run(tmp_path / "runs", "tales")
    pane.workspace.select_run(run.path)
    qtbot.waitUntil(lambda: len(pane.curves.steps) == 60)
    assert pane.curves.checkpoints == [20, 40, 60]
    qtbot.waitUntil(lambda: "every 20 steps" in pane.samples.caption.text())
    pane.workspace.select_run(None)
    assert pane.empty.isVisible()


def test_a_run_of_another_process_is_followed(
    qtbot: Any, pane: TrainingPane, tmp_path: Path
) -> None:
    run = write_run(tmp_path / "runs", "outside", state="training")
    pane.workspace.select_run(run.path)
    qtbot.waitUntil(lambda: len(pane.curves.steps) == 60)
    writer = RunWriter(run)
    for event in events_of(80, first=61):
        writer.write(event)
    writer.close()
    qtbot.waitUntil(lambda: len(pane.curves.steps) == 80)
    assert len(pane.curves.samples) == 4


def test_a_resumed_run_keeps_its_history(qtbot: Any, pane: TrainingPane, tmp_path: Path) -> None:
    run = write_run(tmp_path / "runs", "tales")

    def go_on(control: Any, emit: Any, on_run: Any) -> None:
        on_run(run.path)
        writer = RunWriter(run)
        for step in range(61, 71):
            event = step_event(step)
            writer.write(event)
            emit(event)
        writer.close()

    pane.workspace.training._session_of = lambda **_facts: go_on
    with qtbot.waitSignal(pane.workspace.training.ended):
        pane.workspace.resume_run(run.path)
    qtbot.waitUntil(lambda: len(pane.curves.steps) >= 70)
    assert pane.curves.steps["step"].tolist() == list(range(1, 71))


def test_the_numbers_are_saved_as_a_table(qtbot: Any, pane: TrainingPane, tmp_path: Path) -> None:
    pane._on_events((step_event(1), *events_of(20, first=2)))
    pane.save_numbers(tmp_path / "curves.csv")
    with (tmp_path / "curves.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 21
    assert float(rows[4]["loss"]) == loss_at(5)
    assert rows[-1]["loss"] == ""
    assert float(rows[-1]["validation_loss"]) == pytest.approx(loss_at(20) + 0.1)


def test_scrolled_samples_stay_where_they_are(qtbot: Any, pane: TrainingPane) -> None:
    pane._on_events(tuple(events_of(2000)))
    pane.stack.setCurrentIndex(1)
    qtbot.waitUntil(lambda: pane.samples.text.verticalScrollBar().maximum() > 200)
    bar = pane.samples.text.verticalScrollBar()
    bar.setValue(100)
    from_end = bar.maximum() - bar.value()
    pane._on_events(tuple(events_of(2020, first=2001)))
    qtbot.waitUntil(lambda: pane.samples.text.toPlainText().startswith("step 2,020"))
    assert abs((bar.maximum() - bar.value()) - from_end) <= 2
