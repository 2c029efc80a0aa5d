"""What a kill leaves is whole, and going on gives the run that was never killed, bit for bit."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from sslstudio.recipe import Recipe
from sslstudio.runs import RunFolder
from sslstudio.storage import sha256_of, verify_manifest
from tests.end_to_end.examined import Examined, assert_same_ending, examine
from tests.end_to_end.forks import Forks

_WEIGHTS = "checkpoints/step-000040/model.safetensors"
_MOMENTS = "checkpoints/step-000040/optimizer.safetensors"


def _start(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "sslstudio", *words, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ},
    )


def _read_until(process: subprocess.Popen[str], kind: str, step: int) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        event = json.loads(line)
        if event["kind"] == kind and event["step"] >= step:
            return
    raise AssertionError(f"it ended before {kind} {step}")


def test_40_steps_equal_20_a_kill_and_a_resumption(
    recipe_path: Path, finished_run: Path, tmp_path: Path
) -> None:
    with _start("train", str(recipe_path), "--runs", str(tmp_path), "--device", "cpu") as process:
        _read_until(process, "checkpoint", 20)
        process.send_signal(signal.SIGKILL)
        process.wait()
    (path,) = tmp_path.iterdir()
    run = RunFolder.open(path)
    assert run.summary().state == "interrupted"
    assert run.checkpoints()[-1].step in (20, 30)
    for checkpoint in run.checkpoints():
        verify_manifest(checkpoint.path)
    with _start("resume", str(path), "--device", "cpu") as process:
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    for name in (_WEIGHTS, _MOMENTS):
        assert sha256_of(path / name) == sha256_of(finished_run / name)
    assert not list(path.glob("**/.tmp-*"))


def test_a_signal_saves_and_leaves_within_five_seconds(recipe_path: Path, tmp_path: Path) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        runs = tmp_path / str(int(number))
        words = ["--set", "training.steps=100000", "--runs", str(runs), "--device", "cpu"]
        with _start("train", str(recipe_path), *words) as process:
            _read_until(process, "step", 7)
            began = time.monotonic()
            process.send_signal(number)
            _, errors = process.communicate(timeout=60)
            took = time.monotonic() - began
        assert process.returncode == 130, errors
        assert took < 5
        (path,) = runs.iterdir()
        run = RunFolder.open(path)
        assert run.status().state == "stopped"
        assert run.checkpoints()[-1].step == run.status().step >= 7
        verify_manifest(run.checkpoints()[-1].path)


@dataclasses.dataclass
class _Tally:
    """What became of the kills of a soak."""

    kills: int = 0
    before_the_first_checkpoint: int = 0
    while_saving: int = 0  # a half written checkpoint was left
    with_temporaries: int = 0
    torn_last_lines: int = 0
    runs: int = 0

    def add(self, seen: Examined) -> None:
        self.kills += 1
        self.before_the_first_checkpoint += seen.step == 0
        self.while_saving += seen.was_saving
        self.with_temporaries += bool(seen.temporaries)
        self.torn_last_lines += seen.has_torn_line


def _kill_at_random(
    forks: Forks, recipe: Path, reference: Path, folder: Path, kills: int, longest_s: float = 0.9
) -> _Tally:
    """Kill runs of ``recipe`` at random moments, going on after each, until each is finished."""
    random, tally, log = Random(20261126), _Tally(), folder / "log"
    folder.mkdir(exist_ok=True)
    while tally.kills < kills:
        runs = folder / str(tally.runs)
        words = ["train", str(recipe), "--runs", str(runs), "--device", "cpu"]
        status, path, step = -signal.SIGKILL, None, 0
        while status == -signal.SIGKILL:
            pid = forks.start(words, log)
            if tally.kills < kills:
                time.sleep(random.uniform(0.0, longest_s))
                os.kill(pid, signal.SIGKILL)
            status = forks.wait(pid)
            path = next(runs.glob("*/recipe.toml"), None) if runs.is_dir() else None
            if status == -signal.SIGKILL and path is not None:
                seen = examine(path.parent)
                assert seen.step >= step, "a step was lost that a checkpoint held"
                tally.add(seen)
                step = seen.step
                words = ["resume", str(path.parent), "--device", "cpu"]
        assert status == 0, log.read_text(encoding="utf-8")
        assert path is not None
        assert_same_ending(path.parent, reference)
        tally.runs += 1
    return tally


def test_kills_at_random_moments_lose_nothing(
    forks: Forks, hasty_recipe: Path, hasty_run: Path, tmp_path: Path
) -> None:
    assert _kill_at_random(forks, hasty_recipe, hasty_run, tmp_path, 12).kills == 12


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_200_kills_at_random_moments_lose_nothing(
    forks: Forks, hasty_recipe: Path, hasty_run: Path, tmp_path: Path
) -> None:
    tally = _kill_at_random(forks, hasty_recipe, hasty_run, tmp_path, 200)
    sys.stdout.write(f"{tally}\n")
    assert tally.while_saving >= 10


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_100_kills_of_a_run_that_saves_20_mb_lose_nothing(
    forks: Forks, hasty_recipe: Path, tmp_path: Path
) -> None:
    """Where most of the time goes into saving, most kills fall into a save."""
    recipe, log = tmp_path / "large.toml", tmp_path / "log"
    settings = ["model.width=256", "model.ffn_width=1024", "model.layers=2"]
    Recipe.load(hasty_recipe).with_settings(settings).save(recipe)
    words = ["train", str(recipe), "--runs", str(tmp_path / "reference"), "--device", "cpu"]
    assert forks.run(words, log) == 0, log.read_text(encoding="utf-8")
    (reference,) = (tmp_path / "reference").iterdir()
    tally = _kill_at_random(forks, recipe, reference, tmp_path / "killed", 100, longest_s=2.5)
    sys.stdout.write(f"{tally}\n")
    assert tally.while_saving >= 20


@pytest.mark.parametrize("stride", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_a_kill_at_the_file_operations_of_a_save_loses_nothing(
    forks: Forks, hasty_recipe: Path, hasty_run: Path, tmp_path: Path, stride: int
) -> None:
    """The save of step 4, which also prunes step 2, dies before its operations in turn."""
    while_saving = 0
    for operation in range(0, 1000, stride):
        runs, log = tmp_path / str(operation), tmp_path / "log"
        words = ["train", str(hasty_recipe), "--runs", str(runs), "--device", "cpu"]
        status = forks.run(words, log, die_at=operation, after=".tmp-step-000004")
        assert status == -signal.SIGKILL, log.read_text(encoding="utf-8")
        (path,) = runs.iterdir()
        seen = examine(path)
        while_saving += seen.was_saving
        if seen.step > 4:
            break
        assert seen.step in (3, 4)
        assert forks.run(["resume", str(path), "--device", "cpu"], log) == 0
        assert_same_ending(path, hasty_run)
    assert while_saving >= 2


@pytest.mark.parametrize("stride", [12, pytest.param(1, marks=pytest.mark.slow)])
def test_a_kill_at_the_file_operations_of_a_resumption_loses_nothing(
    forks: Forks, hasty_recipe: Path, hasty_run: Path, tmp_path: Path, stride: int
) -> None:
    """From taking the lock to the first save: sweeping, run.json, recipe.toml, status.json."""
    log = tmp_path / "log"
    words = ["train", str(hasty_recipe), "--runs", str(tmp_path / "runs"), "--device", "cpu"]
    assert forks.run(words, log, die_at=3, after=".tmp-step-000004") == -signal.SIGKILL
    (killed,) = (tmp_path / "runs").iterdir()
    for operation in range(1, 1000, stride):
        path = tmp_path / str(operation)
        shutil.copytree(killed, path)
        resume = ["resume", str(path), "--device", "cpu"]
        assert forks.run(resume, log, die_at=operation, after=r"\.lock$") == -signal.SIGKILL
        seen = examine(path)
        assert forks.run(resume, log) == 0, log.read_text(encoding="utf-8")
        assert_same_ending(path, hasty_run)
        if seen.step > 3:
            break
    assert operation > 20


@pytest.mark.parametrize("stride", [25, pytest.param(2, marks=pytest.mark.slow)])
def test_a_kill_while_the_text_is_prepared_leaves_nothing_to_be_taken_for_whole(
    forks: Forks, hasty_recipe: Path, hasty_run: Path, tmp_path: Path, stride: int
) -> None:
    log = tmp_path / "log"
    for operation in range(1, 1000, stride):
        runs, cache = tmp_path / str(operation), str(tmp_path / f"cache-{operation}")
        words = ["train", str(hasty_recipe), "--runs", str(runs), "--device", "cpu"]
        status = forks.run(words, log, cache=cache, die_at=operation, after="prepared")
        assert status == -signal.SIGKILL, log.read_text(encoding="utf-8")
        (path,) = runs.iterdir()
        seen = examine(path)
        assert forks.run(["resume", str(path), "--device", "cpu"], log, cache=cache) == 0
        assert_same_ending(path, hasty_run)
        assert not list(Path(cache).rglob(".tmp-*"))
        if seen.step:
            break
    assert operation > 20


def test_a_run_killed_before_its_first_checkpoint_begins_again(
    forks: Forks, hasty_recipe: Path, hasty_run: Path, tmp_path: Path
) -> None:
    for number, after in enumerate(("events.jsonl", "run.json", ".tmp-step-000001")):
        runs, log = tmp_path / str(number), tmp_path / "log"
        words = ["train", str(hasty_recipe), "--runs", str(runs), "--device", "cpu"]
        assert forks.run(words, log, die_at=1, after=after) == -signal.SIGKILL
        (path,) = runs.iterdir()
        assert examine(path).step == 0
        assert RunFolder.open(path).summary().state == "interrupted"
        assert forks.run(["resume", str(path), "--device", "cpu"], log) == 0
        assert "beginning again" in log.read_text(encoding="utf-8")
        assert_same_ending(path, hasty_run)
