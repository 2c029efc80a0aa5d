"""The thread count: measured once, remembered, and nobody's word overruled."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
import torch

from sslstudio.errors import RecipeError, StorageError
from sslstudio.recipe import Recipe
from sslstudio.training import machine_notes, measuring, rate_range, threads
from sslstudio.training.threads import best_threads, settings_put_back


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SSLSTUDIO_CACHE", str(tmp_path))
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setattr(psutil, "cpu_percent", lambda interval: 0.0)
    monkeypatch.setattr(threads, "_candidates", lambda: [1, 2, 4])
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    return tmp_path / "threads.json"


def _clock(monkeypatch: pytest.MonkeyPatch, seconds: dict[int, float]) -> list[int]:
    """Let a step take ``seconds`` by thread count; returns the counts that were tried."""
    now, count, tried = [0.0], [4], []

    def step() -> None:
        tried.append(count[0])
        now[0] += seconds[count[0]]

    monkeypatch.setattr(threads, "_small_step", lambda: step)
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(torch, "set_num_threads", lambda n: count.__setitem__(0, n))
    monkeypatch.setattr(torch, "get_num_threads", lambda: count[0])
    return tried


@pytest.mark.parametrize(
    ("seconds", "best"),
    [
        ({1: 1.0, 2: 0.6, 4: 0.5}, 4),
        ({1: 1.0, 2: 0.4, 4: 0.5}, 2),
        ({1: 1.0, 2: 0.49, 4: 0.5}, 4),  # hardly faster: all are taken
        ({1: 0.1, 2: 0.4, 4: 0.5}, 1),
    ],
)
def test_fewer_are_taken_where_they_are_clearly_faster(
    cache: Path, monkeypatch: pytest.MonkeyPatch, seconds: dict[int, float], best: int
) -> None:
    _clock(monkeypatch, seconds)
    assert best_threads() == best
    assert torch.get_num_threads() == 4  # trying leaves nothing behind
    assert list(json.loads(cache.read_bytes()).values()) == [best]


def test_it_is_measured_once_a_machine(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.write_text('{"another machine": 3}')
    tried = _clock(monkeypatch, {1: 1.0, 2: 0.4, 4: 0.5})
    assert best_threads() == 2
    count = len(tried)
    assert best_threads() == 2
    assert len(tried) == count
    assert json.loads(cache.read_bytes())["another machine"] == 3


@pytest.mark.parametrize("content", ["", "[1]", '{"x": 1}', "null", "[" * 100_000])
def test_a_damaged_note_is_measured_again(
    cache: Path, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    cache.write_text(content)
    _clock(monkeypatch, {1: 1.0, 2: 0.4, 4: 0.5})
    assert best_threads() == 2


@pytest.mark.parametrize("known", [0, 99, "2", None])
def test_an_impossible_count_is_not_believed(
    cache: Path, monkeypatch: pytest.MonkeyPatch, known: object
) -> None:
    cache.write_text(json.dumps({machine_notes._full(""): known}))
    _clock(monkeypatch, {1: 1.0, 2: 0.4, 4: 0.5})
    assert best_threads() == 2


def test_a_cache_that_cannot_be_written_stops_nobody(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(machine_notes, "write_atomically", full)
    _clock(monkeypatch, {1: 1.0, 2: 0.4, 4: 0.5})
    assert best_threads() == 2


def test_a_busy_machine_and_the_users_word_are_not_measured(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = _clock(monkeypatch, {1: 0.1, 2: 0.4, 4: 0.5})
    monkeypatch.setattr(psutil, "cpu_percent", lambda interval: 50.0)
    assert best_threads() == 4
    monkeypatch.setattr(psutil, "cpu_percent", lambda interval: 0.0)
    assert best_threads(may_measure=False) == 4
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    assert best_threads() == 4
    assert not tried
    assert not cache.exists()


def test_torch_is_left_as_it_was(train_small: Callable[..., object]) -> None:
    """A deterministic run on one thread, then whatever the process did before."""
    threads_before = torch.get_num_threads()
    with settings_put_back():
        torch.set_num_threads(threads_before + 1)
        torch.use_deterministic_algorithms(True)
    assert torch.get_num_threads() == threads_before
    assert not torch.are_deterministic_algorithms_enabled()
    train_small("training.deterministic=true", "training.steps=2")
    assert torch.get_num_threads() == threads_before
    assert not torch.are_deterministic_algorithms_enabled()


@pytest.mark.parametrize("trial", [measuring.measure, rate_range.try_rates])
def test_a_trial_before_a_run_leaves_torch_as_it_was_too(
    trial: Callable[..., object], text_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = torch.get_num_threads()
    seen: list[int] = []

    def refuse(*_: object, **__: object) -> None:
        seen.append(torch.get_num_threads())
        raise RecipeError("no")

    monkeypatch.setattr("sslstudio.training.trial.best_threads", lambda **_: before + 1)
    monkeypatch.setattr("sslstudio.training.trial.resolve", refuse)
    recipe = Recipe.default().with_settings(
        [f"corpora.0.path={text_path}", "tokenizer.kind=characters", "model.context=32"]
    )
    with pytest.raises(RecipeError):
        trial(recipe, device=torch.device("cpu"))
    assert (seen, torch.get_num_threads()) == ([before + 1], before)
