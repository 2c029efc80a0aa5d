"""A run that was stopped three times is, bit for bit, the run that never was."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import torch

from sslstudio.corpora.samples.tales import tales
from sslstudio.events import EvaluationEvent, Event, MessageEvent, SampleEvent, StepEvent
from sslstudio.registry import catalogue
from sslstudio.runs import RunFolder
from sslstudio.storage import sha256_of
from sslstudio.training.compilation import can_compile
from sslstudio.training.control import Control
from sslstudio.training.session import resume

_STOPS = (3, 7, 10)
_CHANCE = ("model.dropout=0.2", "training.micro_batch=3")


@pytest.fixture(scope="module")
def short_text(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So little text that twelve steps read it more than twice."""
    path = tmp_path_factory.mktemp("short") / "tales.txt"
    stories = [t.replace("\n", " ")[:200] for t in itertools.islice(tales(6), 8)]
    path.write_text("\n\n".join(stories), encoding="utf-8")
    return path


@pytest.fixture
def has_bf16(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let torch emulate bf16 where the processor has none: slow, and exact all the same."""
    monkeypatch.setattr("sslstudio.training.precision.precisions", lambda _device: ("fp32", "bf16"))


def _watch(step: int, event: Event, control: Control) -> None:
    if isinstance(event, StepEvent) and event.step == step:
        control.stop("the test")


def _resume(path: Path, stop_at: int) -> None:
    control = Control()
    resume(path, control=control, device="cpu", emit=partial(_watch_with, stop_at, control))


def _watch_with(step: int, control: Control, event: Event) -> None:
    _watch(step, event, control)


def _told(path: Path) -> list[tuple[object, ...]]:
    """Return every figure and text of a run that still counts, in the order of its steps."""
    kept: dict[tuple[int, str, str], tuple[object, ...]] = {}
    for event in RunFolder.open(path).events()[0]:
        if isinstance(event, MessageEvent) and event.code == "resumed":
            kept = {key: value for key, value in kept.items() if key[0] <= event.data["step"]}
        elif isinstance(event, StepEvent):
            values = (event.loss, event.gradient_norm, event.learning_rate, event.tokens)
            kept[event.step, event.kind, ""] = (event.step, event.epoch, *values, event.parts)
        elif isinstance(event, EvaluationEvent):
            kept[event.step, event.kind, ""] = (event.step, event.loss, event.bits_per_byte)
        elif isinstance(event, SampleEvent):
            kept[event.step, event.kind, event.prompt] = (event.step, event.text)
    return [kept[key] for key in sorted(kept)]


def _sums(path: Path) -> dict[str, str]:
    """Return the sums of the last checkpoint's tensors."""
    folder = RunFolder.open(path).checkpoints()[-1].path
    return {name: sha256_of(folder / f"{name}.safetensors") for name in ("model", "optimizer")}


def check(train_small: Callable, text: Path, *settings: str) -> Path:  # type: ignore[type-arg]
    """Train at once and with three stops; compare everything that was saved and told."""
    settings = (f"corpora.0.path={text}", "training.log_every=1", *settings)
    whole = train_small(*settings)
    parts = train_small(*settings, on_event=partial(_watch, _STOPS[0]))
    for step in (*_STOPS[1:], 0):
        _resume(parts.path, step)
    assert [entry["step"] for entry in RunFolder.open(parts.path).facts()["history"]] == [*_STOPS]
    assert _told(parts.path) == _told(whole.path)
    assert _sums(parts.path) == _sums(whole.path)
    last = [e for e in whole.events if isinstance(e, StepEvent)][-1]
    assert last.epoch > 2  # the stops lie in three epochs
    path: Path = parts.path
    return path


@pytest.mark.parametrize("objective", sorted(catalogue("objectives")))
@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
def test_every_objective_goes_on_exactly(  # type: ignore[no-untyped-def]
    train_small, short_text: Path, objective: str, optimizer: str
) -> None:
    settings = [f"objective.name={objective}", f"training.optimizer={optimizer}"]
    check(train_small, short_text, *settings, *_CHANCE)


@pytest.mark.usefixtures("has_bf16")
@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
def test_bf16_goes_on_exactly(train_small, short_text: Path, optimizer: str) -> None:  # type: ignore[no-untyped-def]
    settings = [f"training.optimizer={optimizer}", "training.precision=bf16"]
    check(train_small, short_text, *settings, *_CHANCE)


def test_computing_twice_goes_on_exactly(train_small, short_text: Path) -> None:  # type: ignore[no-untyped-def]
    check(train_small, short_text, "training.recompute=on", *_CHANCE)


@pytest.mark.filterwarnings("default")  # torch's own, about its own tensors
def test_compiled_blocks_go_on_exactly(train_small, short_text: Path) -> None:  # type: ignore[no-untyped-def]
    if not can_compile("cpu"):
        pytest.skip("this machine has no compiler for torch")
    # rows in equal parts and no document mask: one variant, so that the test stays short
    settings = ["training.compile=on", "training.micro_batch=4", "objective.document_mask=false"]
    path = check(train_small, short_text, *settings, "model.dropout=0.2")
    codes = [e.code for e in RunFolder.open(path).events()[0] if isinstance(e, MessageEvent)]
    assert "uncompiled" not in codes


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("objective", sorted(catalogue("objectives")))
def test_compiled_blocks_go_on_exactly_with_ragged_rows_and_masks(  # type: ignore[no-untyped-def]
    train_small, short_text: Path, objective: str
) -> None:
    settings = [f"objective.name={objective}", "training.compile=on"]
    check(train_small, short_text, *settings, *_CHANCE)


@pytest.mark.parametrize("device", ["cpu", pytest.param("cuda", marks=pytest.mark.gpu)])
def test_deterministic_runs_are_equal(train_small, short_text: Path, device: str) -> None:  # type: ignore[no-untyped-def]
    if device == "cuda" and not torch.cuda.is_available():
        pytest.skip("needs a CUDA device")
    settings = [f"corpora.0.path={short_text}", "training.deterministic=true", *_CHANCE]
    first, second = (train_small(*settings, device=device) for _ in range(2))
    assert _sums(first.path) == _sums(second.path)
    assert _told(first.path) == _told(second.path)


@pytest.mark.usefixtures("has_bf16")
def test_a_bf16_run_learns_as_an_fp32_run_does_and_saves_fp32(train_small) -> None:  # type: ignore[no-untyped-def]
    """Within noise: another seed moves the curve further than the other precision does."""
    from safetensors.torch import load_file

    settings = ["training.steps=100", "training.log_every=5", "samples.every=0",
                "evaluation.every=1000", "checkpoints.every=1000"]  # fmt: skip
    exact, low, other = (
        train_small(*settings, more) for more in
        ("training.precision=fp32", "training.precision=bf16", "seed=77")
    )  # fmt: skip
    curves = [
        torch.tensor([e.loss for e in run.events if isinstance(e, StepEvent)])
        for run in (exact, low, other)
    ]
    assert curves[0][-1] < curves[0][0] - 0.5
    difference, noise = ((c - curves[0]).abs().mean() for c in curves[1:])
    assert 0 < float(difference) < 0.5 * float(noise)
    assert float(difference) < 0.01
    folder = RunFolder.open(low.path).checkpoints()[-1].path
    weights = load_file(folder / "model.safetensors")
    assert {w.dtype for w in weights.values()} == {torch.float32}
    moved = [w for w in weights.values() if not torch.equal(w, w.bfloat16().float())]
    assert len(moved) > len(weights) / 2  # and not bf16 numbers in fp32's clothes
