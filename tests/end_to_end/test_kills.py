"""What a kill leaves is whole, and going on gives the run that was never killed, bit for bit."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from sslstudio.runs import RunFolder
from sslstudio.storage import sha256_of, verify_manifest

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


def test_a_run_that_is_written_cannot_be_resumed_by_another(
    recipe_path: Path, tmp_path: Path
) -> None:
    words = ["--set", "training.steps=100000", "--runs", str(tmp_path), "--device", "cpu"]
    with _start("train", str(recipe_path), *words) as process:
        _read_until(process, "checkpoint", 10)
        (path,) = tmp_path.iterdir()
        with _start("resume", str(path)) as second:
            _, errors = second.communicate(timeout=60)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert second.returncode == 2
    assert "another process" in errors.strip().split("\n")[-1]
    assert process.returncode == 130
