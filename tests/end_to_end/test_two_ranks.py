"""Several processes train one run: the same losses as one, whoever goes on with it.

The processes are forked with the variables that ``torchrun`` sets; one test calls ``torchrun``
itself. Nine rows a step, two at once: shares of five and four rows, three micro-batches and two.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from sslstudio.events import EvaluationEvent, StateEvent, StepEvent, from_json
from sslstudio.recipe import Recipe
from sslstudio.runs import RunFolder
from tests.end_to_end.examined import examine
from tests.end_to_end.forks import Forks

_SAME = 1e-5
_SETTINGS = (
    "training.steps=20", "training.batch_tokens=288", "training.micro_batch=2",
    "training.log_every=1", "training.precision=fp32", "model.dropout=0", "evaluation.every=7",
    "samples.every=0", "checkpoints.every=5", "checkpoints.keep=9",
)  # fmt: skip
_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def recipe(recipe_path: Path) -> Path:
    path = recipe_path.with_name("ranks.toml")
    Recipe.load(recipe_path).with_settings(_SETTINGS).save(path)
    return path


@pytest.fixture(scope="module")
def alone(forks: Forks, recipe: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run that one process trained without a break."""
    return _trained_alone(forks, recipe, tmp_path_factory.mktemp("alone"))


def _trained_alone(forks: Forks, recipe: Path, folder: Path, *settings: str) -> Path:
    folder.mkdir(exist_ok=True)
    status = forks.run(_train(recipe, folder, *settings), folder / "log")
    assert status == 0, (folder / "log").read_text(encoding="utf-8")
    return _run_in(folder)


def _train(recipe: Path, folder: Path, *settings: str) -> list[str]:
    words = ["train", str(recipe), "--runs", str(folder / "runs"), "--device", "cpu"]
    return words + [word for setting in settings for word in ("--set", setting)]


def _run_in(folder: Path) -> Path:
    (path,) = (folder / "runs").iterdir()
    return path


def _begin(
    forks: Forks, count: int, words: list[str], folder: Path, first: dict[str, Any] | None = None
) -> list[int]:
    """Begin ``count`` processes that know of each other; ``first`` is number 0's fault."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    shared = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "WORLD_SIZE": str(count)}
    shared["LOCAL_WORLD_SIZE"] = str(count)
    processes = []
    for rank in range(count):
        own = {**shared, "RANK": str(rank), "LOCAL_RANK": str(rank)}
        fault = first if first and rank == 0 else {}
        processes.append(forks.start(words, folder / f"log{rank}", environment=own, **fault))
    return processes


def _together(
    forks: Forks, count: int, words: list[str], folder: Path, first: dict[str, Any] | None = None
) -> list[int]:
    """Run ``count`` processes to their ends; returns their statuses."""
    return [forks.wait(pid) for pid in _begin(forks, count, words, folder, first)]


def _logs(folder: Path, count: int = 2) -> list[str]:
    return [(folder / f"log{rank}").read_text(encoding="utf-8") for rank in range(count)]


def _wait_for_step_3(folder: Path) -> None:
    until = time.monotonic() + 60
    while "step       3" not in _logs(folder, 1)[0]:
        assert time.monotonic() < until
        time.sleep(0.05)


def _losses(path: Path) -> dict[tuple[str, int], float]:
    """Return the losses by step; where a step was taken twice, the later one counts."""
    events, _ = RunFolder.open(path).events()
    wanted = (StepEvent, EvaluationEvent)
    return {(e.kind, e.step): e.loss for e in events if isinstance(e, wanted)}


@pytest.mark.parametrize("objective", ["causal_lm", "masked_lm"])
@pytest.mark.parametrize("parallel", ["replicate", "shard"])
def test_two_learn_exactly_what_one_learns(
    forks: Forks, recipe: Path, alone: Path, tmp_path: Path, objective: str, parallel: str
) -> None:
    if objective != "causal_lm":
        alone = _trained_alone(forks, recipe, tmp_path / "a", f"objective.name={objective}")
    settings = (f"objective.name={objective}", f"training.parallel={parallel}")
    statuses = _together(forks, 2, _train(recipe, tmp_path, *settings), tmp_path)
    assert statuses == [0, 0], _logs(tmp_path)
    reference, found = _losses(alone), _losses(_run_in(tmp_path))
    assert found == pytest.approx(reference, rel=_SAME)
    assert len(found) == 20 + 4
    assert examine(_run_in(tmp_path)).step == 20
    assert _logs(tmp_path)[1] == ""
    assert RunFolder.open(_run_in(tmp_path)).facts()["processes"] == 2


@pytest.mark.parametrize(
    ("before", "after", "parallel"),
    [(2, 1, "replicate"), (1, 2, "replicate"), (2, 1, "shard"), (1, 3, "shard")],
)
def test_a_killed_run_goes_on_with_another_number_of_processes(
    forks: Forks,
    recipe: Path,
    alone: Path,
    tmp_path: Path,
    before: int,
    after: int,
    parallel: str,
) -> None:
    words = _train(recipe, tmp_path, f"training.parallel={parallel}")
    fault = {"die_at": 2, "after": r"\.tmp-step-000015"}
    if before == 1:
        assert forks.run(words, tmp_path / "log", **fault) == -signal.SIGKILL
    else:
        statuses = _together(forks, before, words, tmp_path, fault)
        assert statuses == [-signal.SIGKILL, 1]
        (line,) = _logs(tmp_path)[1].splitlines()
        assert line.startswith("sslstudio: process 1: another process of this run has ended")
    path = _run_in(tmp_path)
    assert examine(path).step == 10
    resume = ["resume", str(path), "--device", "cpu"]
    if after == 1:
        assert forks.run(resume, tmp_path / "log0") == 0
    else:
        assert _together(forks, after, resume, tmp_path) == [0] * after, _logs(tmp_path)
    assert _losses(path) == pytest.approx(_losses(alone), rel=_SAME)
    assert f"began with {before} processes and goes on with {after}" in _logs(tmp_path, 1)[0]
    assert examine(path).step == 20


def test_stopped_together_they_save_and_leave_with_130(
    forks: Forks, recipe: Path, tmp_path: Path
) -> None:
    words = _train(recipe, tmp_path, "training.steps=100000", "checkpoints.every=100000")
    started = _begin(forks, 2, words, tmp_path)
    _wait_for_step_3(tmp_path)
    for pid in reversed(started):  # as torchrun does
        os.kill(pid, signal.SIGTERM)
    assert [forks.wait(pid) for pid in started] == [130, 130], _logs(tmp_path)
    run = RunFolder.open(_run_in(tmp_path))
    assert run.status().state == "stopped"
    assert examine(run.path).step == run.status().step > 0
    last = [e for e in run.events()[0] if isinstance(e, StateEvent)][-1]
    assert "SIGTERM" in last.text


@pytest.mark.parametrize("parallel", ["replicate", "shard"])
def test_who_loses_another_ends_in_one_sentence(
    forks: Forks, recipe: Path, tmp_path: Path, parallel: str
) -> None:
    settings = ("training.steps=100000", f"training.parallel={parallel}")
    first, second = _begin(forks, 2, _train(recipe, tmp_path, *settings), tmp_path)
    _wait_for_step_3(tmp_path)
    os.kill(second, signal.SIGKILL)
    assert [forks.wait(first), forks.wait(second)] == [1, -signal.SIGKILL]
    last = _logs(tmp_path)[0].splitlines()[-1]
    assert last.startswith("sslstudio: another process of this run has ended before its time")
    run = RunFolder.open(_run_in(tmp_path))
    assert run.status().state == "failed"
    assert "resume from the last checkpoint" in run.status().error
    step = examine(run.path).step
    more = ["resume", str(run.path), "--device", "cpu", "--set", f"training.steps={step + 2}"]
    assert _together(forks, 2, more, tmp_path) == [0, 0], _logs(tmp_path)


@pytest.mark.parametrize("parallel", ["replicate", pytest.param("shard", marks=pytest.mark.slow)])
def test_all_turn_back_together_and_go_on_with_a_lower_rate(
    forks: Forks, recipe: Path, tmp_path: Path, parallel: str
) -> None:
    settings = ["training.learning_rate=4", "training.clip=0", "training.weight_decay=10"]
    settings += ["training.halve_rate=true", f"training.parallel={parallel}", "training.steps=60"]
    # weights grow ninefold a step, whatever the processor, and are not saved before they overflow
    settings += ["checkpoints.every=50"]
    ended = _together(forks, 2, _train(recipe, tmp_path, *settings), tmp_path)
    assert ended == [0, 0], _logs(tmp_path)
    said, others = _logs(tmp_path)
    assert "three steps in a row were not numbers: went back from step" in said
    assert others == ""
    assert examine(_run_in(tmp_path)).step == 60


def test_a_full_disk_ends_all_with_one_sentence(forks: Forks, recipe: Path, tmp_path: Path) -> None:
    fault = {"full_at": 1000, "after": r"\.tmp-step-000010", "blind": True}
    assert _together(forks, 2, _train(recipe, tmp_path), tmp_path, fault) == [2, 1]
    assert "free some space" in _logs(tmp_path)[0].splitlines()[-1]
    assert examine(_run_in(tmp_path)).step == 5


@pytest.mark.parametrize(
    ("setting", "part"),
    [
        ("training.batch_tokens=32", "raise it to 64"),
        ("corpora.0.path=/nowhere/at/all.txt", "/nowhere/at/all.txt"),
    ],
)
def test_what_cannot_work_is_one_sentence_from_one_process(
    forks: Forks, recipe: Path, tmp_path: Path, setting: str, part: str
) -> None:
    assert _together(forks, 2, _train(recipe, tmp_path, setting), tmp_path) == [2, 2]
    said, others = _logs(tmp_path)
    assert part in said.splitlines()[-1]
    assert said.count("sslstudio: ") == 1
    assert others == ""
    assert not (tmp_path / "runs").exists() or not list((tmp_path / "runs").iterdir())


def test_shares_of_matrices_are_refused_to_muon(forks: Forks, recipe: Path, tmp_path: Path) -> None:
    settings = ("training.parallel=shard", "training.optimizer=muon")
    assert _together(forks, 2, _train(recipe, tmp_path, *settings), tmp_path) == [2, 2]
    assert "set training.optimizer to adamw" in _logs(tmp_path)[0]
    assert not list((tmp_path / "runs").iterdir())


def test_torchrun_prints_the_events_of_one_process(
    recipe: Path, alone: Path, tmp_path: Path
) -> None:
    words = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    words += ["-m", "sslstudio", *_train(recipe, tmp_path), "--json"]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(_ROOT)}
    ended = subprocess.run(words, capture_output=True, env=environment, cwd=tmp_path, timeout=120)
    assert ended.returncode == 0, ended.stderr.decode()
    events = [from_json(line) for line in ended.stdout.splitlines()]
    assert None not in events
    steps = [e for e in events if isinstance(e, StepEvent)]
    assert [e.step for e in steps] == list(range(1, 21))
    assert _losses(_run_in(tmp_path)) == pytest.approx(_losses(alone), rel=_SAME)
    assert b"Warning" not in ended.stderr
