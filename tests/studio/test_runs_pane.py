"""The library of runs: found, sorted, filtered, resumed, copied, deleted."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from sslstudio.errors import StorageError
from sslstudio.runs import RunFolder
from sslstudio.studio import run_list
from sslstudio.studio.background import Background
from sslstudio.studio.panes import runs
from sslstudio.studio.panes.runs import RunsPane
from sslstudio.studio.workspace import Workspace
from tests.studio.fakes import write_run


@pytest.fixture
def pane(
    qtbot: Any, themed: QApplication, studio_workspace: Workspace, background: Background
) -> Iterator[RunsPane]:
    made = RunsPane(studio_workspace, background)
    qtbot.addWidget(made)
    made.resize(1084, 712)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()  # for shortcuts, where no window manager does it
    yield made
    made.hidden()


def names(pane: RunsPane) -> list[str]:
    return [pane.proxy.index(row, 0).data() for row in range(pane.proxy.rowCount())]


def choose(qtbot: Any, pane: RunsPane, name: str) -> None:
    row = names(pane).index(name)
    place = pane.table.visualRect(pane.proxy.index(row, 0)).center()
    qtbot.mouseClick(pane.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert pane.chosen is not None
    assert pane.chosen.name == name


def asked_to_resume(
    pane: RunsPane, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[Path, tuple[str, ...]]]:
    """Hear what would be resumed instead of resuming it."""
    asked: list[tuple[Path, tuple[str, ...]]] = []

    def remember(path: Path, *, settings: tuple[str, ...] = (), device: str = "") -> None:
        asked.append((path, settings))

    monkeypatch.setattr(pane.workspace.training, "resume_run", remember)
    return asked


def test_an_empty_library_offers_to_train(qtbot: Any, pane: RunsPane) -> None:
    assert pane.empty.isVisible()
    qtbot.mouseClick(pane.empty.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: pane.proxy.rowCount() == 1)
    pane.workspace.close()


def test_runs_are_sorted_and_filtered(qtbot: Any, pane: RunsPane, tmp_path: Path) -> None:
    for name, done in (("alpha", 20), ("beta", 60), ("gamma", 40)):
        write_run(tmp_path / "runs", name, done=done)
    pane.refresh()
    qtbot.waitUntil(lambda: pane.proxy.rowCount() == 3)
    pane.table.sortByColumn(3, Qt.SortOrder.AscendingOrder)
    order = [n.split("-")[-1] for n in names(pane)]
    assert order == ["alpha", "gamma", "beta"]
    qtbot.keyClicks(pane.filter, "stopped gam")
    assert [n.split("-")[-1] for n in names(pane)] == ["gamma"]
    assert pane.count.text() == "1 of 3"


def test_runs_of_another_process_appear_by_themselves(
    qtbot: Any, pane: RunsPane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pane._timer.setInterval(20)
    write_run(tmp_path / "runs", "outside")
    qtbot.waitUntil(lambda: pane.proxy.rowCount() == 1)


def test_an_unchanged_folder_is_not_read_again(tmp_path: Path) -> None:
    write_run(tmp_path / "runs", "tales")
    first = run_list.read_runs(tmp_path / "runs", None)
    assert first is not None
    assert run_list.read_runs(tmp_path / "runs", first) is None
    write_run(tmp_path / "runs", "more")
    again = run_list.read_runs(tmp_path / "runs", first)
    assert again is not None
    assert len(again.rows) == 2


def test_a_crashed_run_is_offered_on_top(
    qtbot: Any, pane: RunsPane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = write_run(tmp_path / "runs", "tales", state="training")  # and nobody holds the lock
    # the pane may have looked within the same tick of the clock, while half of it was written
    os.utime(run.path / "status.json", (time.time() + 2, time.time() + 2))
    asked = asked_to_resume(pane, monkeypatch)
    pane.refresh()
    qtbot.waitUntil(lambda: "was interrupted at step 60 of 100" in pane.banner.text)
    assert pane.status.mark == "attention"
    # the text is there before the banner has been given its place
    qtbot.waitUntil(
        lambda: pane.banner.isVisible() and pane.banner.button.visibleRegion().isEmpty() is False
    )
    qtbot.mouseClick(pane.banner.button, Qt.MouseButton.LeftButton)
    assert asked == [(run.path, ())]


def test_a_crashed_run_stands_on_top_whatever_the_order(
    qtbot: Any, pane: RunsPane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, done, state in (("a", 20, "stopped"), ("b", 60, "training"), ("c", 90, "stopped")):
        write_run(tmp_path / "runs", name, done=done, state=state)  # nobody holds a lock
    asked = asked_to_resume(pane, monkeypatch)
    pane.refresh()
    qtbot.waitUntil(lambda: pane.proxy.rowCount() == 3)
    for column in range(pane.proxy.columnCount()):
        for order in (Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder):
            pane.table.sortByColumn(column, order)
            assert names(pane)[0].endswith("-b"), (column, order)
    pane.table.sortByColumn(3, Qt.SortOrder.AscendingOrder)
    assert [name[-1] for name in names(pane)] == ["b", "a", "c"]
    assert pane.chosen is not None
    assert pane.chosen.name == names(pane)[0]
    assert pane.go_on.text() == "Resume"
    qtbot.mouseClick(pane.go_on, Qt.MouseButton.LeftButton)
    assert asked == [(Path(pane.chosen.path), ())]
    choose(qtbot, pane, names(pane)[1])
    assert pane.go_on.text() == "Continue"


def test_continue_asks_for_more_steps(
    qtbot: Any, pane: RunsPane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = write_run(tmp_path / "runs", "tales", done=100, state="finished")
    asked = asked_to_resume(pane, monkeypatch)
    pane.refresh()
    qtbot.waitUntil(lambda: pane.proxy.rowCount() == 1)
    choose(qtbot, pane, run.name)
    assert pane.until.value() == 200
    pane.until.selectAll()
    qtbot.keyClicks(pane.until, "150")
    qtbot.mouseClick(pane.go_on, Qt.MouseButton.LeftButton)
    assert asked == [(run.path, ("training.steps=150",))]


def test_a_locked_run_can_be_neither_continued_nor_deleted(
    qtbot: Any, pane: RunsPane, tmp_path: Path
) -> None:
    run = write_run(tmp_path / "runs", "tales", state="training")
    with RunFolder.open(run.path).lock():
        pane.refresh()
        qtbot.waitUntil(lambda: pane.proxy.rowCount() == 1)
        choose(qtbot, pane, run.name)
        assert not pane.go_on.isEnabled()
        assert not pane.delete.isEnabled()
        qtbot.keyClick(pane.table, Qt.Key.Key_Delete)
    assert run.path.exists()


def test_a_recipe_is_copied_and_can_be_undone(qtbot: Any, pane: RunsPane, tmp_path: Path) -> None:
    run = write_run(tmp_path / "runs", "tales")
    pane.refresh()
    qtbot.waitUntil(lambda: pane.proxy.rowCount() == 1)
    choose(qtbot, pane, run.name)
    with qtbot.waitSignal(pane.workspace.recipe_changed):
        qtbot.mouseClick(pane.duplicate, Qt.MouseButton.LeftButton)
    assert pane.workspace.recipe.name == "tales copy"
    assert pane.workspace.recipe.training.steps == 100
    assert not pane.workspace.is_saved
    pane.workspace.undo_stack.undo()
    assert pane.workspace.recipe.name == "first run"


def test_curves_of_a_past_run_are_opened_by_enter(
    qtbot: Any, pane: RunsPane, tmp_path: Path
) -> None:
    run = write_run(tmp_path / "runs", "tales")
    pane.refresh()
    qtbot.waitUntil(lambda: pane.proxy.rowCount() == 1)
    choose(qtbot, pane, run.name)
    with qtbot.waitSignal(pane.workspace.page_requested) as asked:
        qtbot.keyClick(pane.table, Qt.Key.Key_Return)
    assert asked.args == ["training"]
    assert pane.workspace.selected_run == run.path


def test_deleting_moves_to_the_bin_or_says_why_not(
    qtbot: Any, pane: RunsPane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = write_run(tmp_path / "runs", "tales")
    pane.refresh()
    qtbot.waitUntil(lambda: pane.proxy.rowCount() == 1)
    choose(qtbot, pane, run.name)

    def refuse(path: Path) -> None:
        raise StorageError(f"{path} could not be moved to the bin; delete the folder by hand")

    monkeypatch.setattr(runs, "move_to_bin", refuse)
    qtbot.mouseClick(pane.delete, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "could not be moved" in pane.banner.text)
    assert run.path.exists()
    monkeypatch.setattr(runs, "move_to_bin", lambda path: path.rename(tmp_path / "bin"))
    pane.table.setFocus()
    qtbot.keyClick(pane.table, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: pane.empty.isVisible())
    assert "bin" in pane.banner.text


def test_a_run_that_went_on_tells_its_history(qtbot: Any, pane: RunsPane, tmp_path: Path) -> None:
    run = write_run(tmp_path / "runs", "alpha", done=20)
    changes = [{"key": "training.steps", "before": 10, "after": 100}]
    run.write_facts({**run.facts(), "history": [{"step": 10, "changes": changes}]})
    pane.refresh()
    qtbot.waitUntil(lambda: pane.proxy.rowCount() == 1)
    choose(qtbot, pane, names(pane)[0])
    assert pane.about.text().endswith(", went on once")
    assert "went on from step 10: training.steps 10 → 100" in pane.about.toolTip()
