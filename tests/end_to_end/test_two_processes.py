"""One process writes a run at a time; where it dies, however it dies, the next may take over."""

from __future__ import annotations

import os
import shutil
import signal
import time
from pathlib import Path

from sslstudio.runs import RunFolder
from tests.end_to_end.examined import assert_same_ending, examine
from tests.end_to_end.forks import Forks

_WAIT_S = 60.0


def _wait_for_checkpoint(runs: Path) -> RunFolder:
    """Wait until the one run in ``runs`` has saved something."""
    until = time.monotonic() + _WAIT_S
    while time.monotonic() < until:
        for path in runs.glob("*/checkpoints/step-*/manifest.json"):
            return RunFolder.open(path.parents[2])
        time.sleep(0.005)
    raise AssertionError("nothing was saved")


def test_the_second_is_refused_and_takes_over_after_a_kill(
    forks: Forks, hasty_recipe: Path, tmp_path: Path
) -> None:
    log, second_log = tmp_path / "log", tmp_path / "second"
    words = ["train", str(hasty_recipe), "--runs", str(tmp_path / "runs"), "--device", "cpu"]
    first = forks.start([*words, "--set", "training.steps=100000"], log)
    run = _wait_for_checkpoint(tmp_path / "runs")
    resume = ["resume", str(run.path), "--device", "cpu"]
    shorter = ["--set", f"training.steps={10**6}"]
    kept = (run.path / "recipe.toml").read_bytes()
    assert forks.run([*resume, *shorter], second_log) == 2
    assert f"another process (number {first})" in second_log.read_text(encoding="utf-8")
    assert (run.path / "recipe.toml").read_bytes() == kept
    assert run.is_locked()
    os.kill(first, signal.SIGKILL)
    assert forks.wait(first) == -signal.SIGKILL
    assert not run.is_locked()
    seen = examine(run.path)
    more = ["--set", f"training.steps={seen.step + 3}"]
    assert forks.run([*resume, *more], second_log) == 0, second_log.read_text(encoding="utf-8")
    assert run.status().step == seen.step + 3
    assert f"going on from step {seen.step:,}" in second_log.read_text(encoding="utf-8")


def test_it_takes_over_from_one_that_died_while_saving(
    forks: Forks, hasty_recipe: Path, hasty_run: Path, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    words = ["train", str(hasty_recipe), "--runs", str(tmp_path / "runs"), "--device", "cpu"]
    assert forks.run(words, log, die_at=2, after=".tmp-step-000007") == -signal.SIGKILL
    (path,) = (tmp_path / "runs").iterdir()
    seen = examine(path)
    assert seen.was_saving
    assert seen.step == 6
    assert forks.run(["resume", str(path), "--device", "cpu"], log) == 0
    assert_same_ending(path, hasty_run)


def test_of_five_that_begin_together_exactly_one_writes(
    forks: Forks, hasty_run: Path, tmp_path: Path
) -> None:
    path = tmp_path / hasty_run.name
    shutil.copytree(hasty_run, path)
    words = ["resume", str(path), "--device", "cpu"]
    words += ["--set", "training.steps=300", "--set", "checkpoints.every=1000"]
    logs = [tmp_path / str(number) for number in range(5)]
    together = [forks.start(words, log) for log in logs]
    ended = [forks.wait(pid) for pid in together]
    texts = [log.read_text(encoding="utf-8") for log in logs]
    assert sorted(ended) == [0, 2, 2, 2, 2], texts
    assert sum("another process" in text for text in texts) == 4
    assert examine(path).step == 300
