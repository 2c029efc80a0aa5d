"""A run folder can be read while it is written, and after its writer was killed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sslstudio.errors import RunError
from sslstudio.events import SampleEvent
from sslstudio.recipe import Recipe
from sslstudio.run_writer import RunWriter
from sslstudio.runs import RunFolder, history_lines, list_runs
from sslstudio.storage import commit_folder, temporary_folder

_EVENTS = [SampleEvent(time=float(i), step=i, prompt="", text=f"ä{i}") for i in range(5)]


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return RunFolder.create(tmp_path, Recipe.default(), "My first Run!")


def test_folders_are_named_by_date_and_name_and_never_collide(tmp_path: Path) -> None:
    names = {RunFolder.create(tmp_path, Recipe.default(), "a/b ..").name for _ in range(3)}
    assert len(names) == 3
    assert all(name.split("-", 2)[2].startswith("a-b") for name in names)


def test_followers_read_whole_lines_only_and_go_on_where_they_were(run: RunFolder) -> None:
    writer = RunWriter(run)
    for event in _EVENTS[:3]:
        writer.write(event)
    found, offset = run.events()
    assert found == _EVENTS[:3]
    with run.events_path.open("a", encoding="utf-8") as file:
        file.write('{"kind": "sam')
    assert run.events(offset) == ([], offset)
    writer.close()
    # the next owner cuts the torn line off and goes on
    successor = RunWriter(run)
    successor.write(_EVENTS[3])
    successor.close()
    assert run.events(offset)[0] == [_EVENTS[3]]


def test_a_second_process_is_refused_and_takes_over_after_a_kill(run: RunFolder) -> None:
    code = (
        "import sys, time; from sslstudio.runs import RunFolder\n"
        "with RunFolder.open(sys.argv[1]).lock():\n"
        "    print('held', flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", code, str(run.path)], stdout=subprocess.PIPE, text=True
    )
    assert owner.stdout is not None
    with owner:
        assert owner.stdout.readline() == "held\n"
        assert run.is_locked()
        with pytest.raises(RunError, match="another process"), run.lock():
            pass
        owner.kill()
        owner.wait()
    assert not run.is_locked()
    with run.lock():
        assert run.is_locked()


def test_a_run_whose_process_is_gone_is_interrupted(run: RunFolder) -> None:
    writer = RunWriter(run)
    writer.set_status(state="training", step=7, steps=20)
    writer.close()
    assert run.summary().state == "interrupted"
    with run.lock():
        assert run.summary().state == "training"


def test_only_checkpoints_with_a_manifest_exist(run: RunFolder) -> None:
    for step, is_whole in ((20, True), (5, True), (30, False)):
        final = run.checkpoints_dir / f"step-{step:06d}"
        temporary = temporary_folder(final)
        (temporary / "state.json").write_text("{}", encoding="utf-8")
        if is_whole:
            commit_folder(temporary, final)
        else:
            temporary.rename(final)
    assert [c.step for c in run.checkpoints()] == [5, 20]


def test_what_is_no_run_is_refused_with_a_reason(run: RunFolder, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="there is no run"):
        RunFolder.open(tmp_path / "gone")
    (tmp_path / "other").mkdir()
    with pytest.raises(RunError, match="not a run folder"):
        RunFolder.open(tmp_path / "other")
    run.write_facts({})
    facts = json.loads((run.path / "run.json").read_text(encoding="utf-8"))
    (run.path / "run.json").write_text(json.dumps({**facts, "schema": 99}), encoding="utf-8")
    with pytest.raises(RunError, match="newer SSL Studio"):
        RunFolder.open(run.path)
    (run.path / "run.json").write_text("{", encoding="utf-8")
    with pytest.raises(RunError, match="damaged"):
        RunFolder.open(run.path)


def test_a_damaged_run_does_not_hide_the_others(run: RunFolder, tmp_path: Path) -> None:
    broken = RunFolder.create(tmp_path, Recipe.default(), "broken")
    (broken.path / "recipe.toml").write_text("= nonsense", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a run", encoding="utf-8")
    assert [row.path for row in list_runs(tmp_path)] == [str(run.path)]


def test_the_history_is_told_in_lines_and_damage_is_passed_over() -> None:
    changes = [{"key": "training.steps", "before": 12, "after": 16}]
    history = [{"step": 1200, "changes": changes}, {"step": 16}, 7, {"step": "x"}, {"changes": []}]
    assert history_lines({"history": history}) == (
        "went on from step 1,200: training.steps 12 → 16",
        "went on from step 16",
    )
    assert history_lines({}) == history_lines({"history": "none"}) == ()
