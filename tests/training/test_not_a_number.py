"""NaN and infinity in loss and gradient: no weight is spoilt, and the batch is named."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from sslstudio.errors import SSLStudioError
from sslstudio.events import Event, MessageEvent, StepEvent
from sslstudio.runs import RunFolder
from sslstudio.storage import sha256_of
from sslstudio.training.checkpoint import read_progress
from sslstudio.training.control import Control
from sslstudio.training.materials import WithLoss
from sslstudio.training.session import resume
from sslstudio.training.update import Updater

_KINDS = ("loss is nan", "loss is inf", "one gradient is inf", "one gradient is nan")


class Spoiler:
    """Spoils updates; steps count from 1 and are spoilt ``times`` each, at rates above a limit."""

    def __init__(self, steps: dict[int, str], *, times: int = 1, above: float = 0.0) -> None:
        self.left = dict.fromkeys(steps, times)
        self.steps, self.above = steps, above
        self.kind = ""
        self.loss_factor = 1.0

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        take, forward = Updater.take, WithLoss.forward

        def watched_take(updater: Updater, step: int, rate: float) -> Any:
            is_spoilt = self.left.get(step + 1, 0) > 0 and rate > self.above
            if is_spoilt:
                self.left[step + 1] -= 1
            self.kind = self.steps[step + 1] if is_spoilt else ""
            return take(updater, step, rate)

        def watched_forward(module: WithLoss, batch: Any) -> Any:
            loss = forward(module, batch)
            return self._spoilt(loss) if self.kind else loss

        monkeypatch.setattr(Updater, "take", watched_take)
        monkeypatch.setattr(WithLoss, "forward", watched_forward)

    def _spoilt(self, loss: Any) -> Any:
        if self.kind == "jump":
            return dataclasses.replace(loss, sum=loss.sum * 3)
        bad = math.nan if self.kind.endswith("nan") else math.inf
        if self.kind.startswith("loss"):
            return dataclasses.replace(loss, sum=loss.sum + bad)
        spoilt = _BadGradient.apply(loss.sum, bad)  # type: ignore[no-untyped-call]
        return dataclasses.replace(loss, sum=spoilt)


class _BadGradient(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, value: torch.Tensor, bad: float) -> torch.Tensor:
        ctx.bad = bad
        return value.clone()

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, None]:
        return gradient * ctx.bad, None


def _messages(events: list[Event], code: str) -> list[MessageEvent]:
    return [e for e in events if isinstance(e, MessageEvent) and e.code == code]


def _check_finite(path: Path) -> None:
    for checkpoint in RunFolder.open(path).checkpoints():
        for name in ("model", "optimizer"):
            for key, tensor in load_file(checkpoint.path / f"{name}.safetensors").items():
                assert bool(torch.isfinite(tensor.float()).all()), (checkpoint.step, key)


def _end(path: Path) -> str:
    return sha256_of(RunFolder.open(path).checkpoints()[-1].path / "model.safetensors")


def test_a_hundred_random_steps_that_are_no_numbers(  # type: ignore[no-untyped-def]
    train_small, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(11)
    chosen = sorted(int(s) for s in rng.choice(np.arange(2, 300), 100, replace=False))
    spoiler = Spoiler({step: _KINDS[number % 4] for number, step in enumerate(chosen)})
    spoiler.install(monkeypatch)
    run = train_small(
        "training.steps=300", "training.log_every=7",
        "evaluation.every=1000", "samples.every=0", "checkpoints.every=5", "checkpoints.keep=1000",
    )  # fmt: skip
    assert run.result.state == "finished"
    assert not any(spoiler.left.values())
    skipped = _messages(run.events, "skipped")
    assert [e.data["step"] for e in skipped] == chosen
    backs = _messages(run.events, "resumed")
    triples = _given_up(chosen)
    assert len(triples) > 1  # or the seed should be another
    assert [e.data["from"] for e in backs] == triples
    assert all(e.data["step"] < e.data["from"] - 2 for e in backs)
    _check_finite(run.path)
    losses = [e.loss for e in run.events if isinstance(e, StepEvent)]
    assert all(math.isfinite(loss) for loss in losses)
    assert losses[-1] < losses[0] - 0.5


def _given_up(chosen: list[int]) -> list[int]:
    """The third step of each three in a row, each spoilt once: later ones count anew."""
    found, row = [], 0
    for before, step in zip([0, *chosen], chosen, strict=False):
        row = row + 1 if step == before + 1 else 1
        if row == 3:
            found.append(step)
            row = -(10**9)  # those after it are met again one by one, after sound ones
        if row < 0 and step != before + 1:
            row = 1
    return found


def test_what_went_wrong_once_leaves_no_trace(  # type: ignore[no-untyped-def]
    train_small, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A checkpoint among skipped steps is not good: the run goes back before it, and is exact."""
    settings = ["training.steps=14", "checkpoints.every=3", "model.dropout=0.2"]
    whole = train_small(*settings)
    Spoiler({8: "one gradient is nan", 9: "loss is nan", 10: "loss is inf"}).install(monkeypatch)
    run = train_small(*settings)
    (back,) = _messages(run.events, "resumed")
    assert (back.step, back.data["step"], back.data["from"]) == (6, 6, 10)
    assert _end(run.path) == _end(whole.path)
    assert read_progress(RunFolder.open(run.path).checkpoints()[-2].path).skipped_in_a_row == 0


@pytest.mark.parametrize("objective", ["causal_lm", "masked_lm"])
def test_it_is_said_which_batch_it_was(  # type: ignore[no-untyped-def]
    train_small, text_path: Path, monkeypatch: pytest.MonkeyPatch, objective: str
) -> None:
    Spoiler({5: "one gradient is inf"}).install(monkeypatch)
    run = train_small(f"objective.name={objective}", "samples.every=0")
    (message,) = _messages(run.events, "skipped")
    assert message.step == 5
    assert message.data["documents"]
    text = " ".join(text_path.read_text(encoding="utf-8").split())
    # a row may reach over the end of a document: its first words are the text's all the same
    assert all(" ".join(d.split()[:2])[:20] in text for d in message.data["documents"])
    assert message.data["documents"][0][:20] in message.text


def test_before_the_first_checkpoint_it_begins_anew(  # type: ignore[no-untyped-def]
    train_small, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = train_small()
    Spoiler(dict.fromkeys((2, 3, 4), "loss is nan")).install(monkeypatch)
    run = train_small()
    assert [e.data["step"] for e in _messages(run.events, "resumed")] == [0]
    assert _end(run.path) == _end(whole.path)


def test_what_goes_wrong_forever_ends_with_the_batch_and_a_remedy(  # type: ignore[no-untyped-def]
    train_small, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Also where every step is saved, so that the run could creep on past the trouble."""
    steps = dict.fromkeys(range(8, 200), "one gradient is nan")
    Spoiler(steps, times=10**9).install(monkeypatch)
    settings = ["training.steps=200", "checkpoints.every=1", "checkpoints.keep=1"]
    with pytest.raises(SSLStudioError, match=r"from step 8 on.*its batch begins “.*halve_rate"):
        train_small(*settings)
    (run,) = [RunFolder.open(path) for path in tmp_path.iterdir() if path.is_dir()]
    assert run.status().state == "failed"
    assert len(_messages(run.events()[0], "resumed")) == 1
    # those saved among skipped steps push out no good one
    assert [c.step for c in run.checkpoints()][-3:] == [7, 8, 9]
    _check_finite(run.path)


def test_the_rate_is_halved_where_that_is_allowed_until_it_helps(  # type: ignore[no-untyped-def]
    train_small, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = dict.fromkeys(range(8, 200), "loss is nan")
    Spoiler(steps, times=10**9, above=0.001).install(monkeypatch)
    settings = ["training.schedule=constant", "training.warmup=0", "training.log_every=1"]
    run = train_small(*settings, "training.halve_rate=true", "training.learning_rate=0.003")
    backs = _messages(run.events, "resumed")
    assert [e.data["rate_share"] for e in backs] == [0.5, 0.25]
    assert "0.25 of the learning rate" in backs[1].text
    last = [e for e in run.events if isinstance(e, StepEvent)][-1]
    assert last.learning_rate == pytest.approx(0.003 / 4)
    assert read_progress(RunFolder.open(run.path).checkpoints()[-1].path).halvings == 2


def test_halving_that_does_not_help_ends_too(  # type: ignore[no-untyped-def]
    train_small, monkeypatch: pytest.MonkeyPatch
) -> None:
    Spoiler(dict.fromkeys(range(8, 200), "loss is nan"), times=10**9).install(monkeypatch)
    with pytest.raises(SSLStudioError, match=r"from step 8 on") as caught:
        train_small("training.halve_rate=true")
    assert "halve_rate=true" not in str(caught.value)  # it is on already


def test_three_in_a_row_count_across_a_resumption(  # type: ignore[no-untyped-def]
    train_small, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = ["training.log_every=1", "training.steps=14"]
    whole = train_small(*settings)
    Spoiler(dict.fromkeys((8, 9, 10), "loss is nan")).install(monkeypatch)
    stop = partial(_stop_at, 9)
    run = train_small(*settings, on_event=stop)
    events: list[Event] = []
    resume(run.path, control=Control(), emit=events.append, device="cpu")
    resumed = _messages(events, "resumed")
    assert [(e.data["step"], e.data.get("from")) for e in resumed] == [(9, None), (6, 10)]
    assert _end(run.path) == _end(whole.path)


def _stop_at(step: int, event: Event, control: Control) -> None:
    if isinstance(event, StepEvent) and event.step == step:
        control.stop("the test")


def test_a_lower_rate_counts_as_it_stands_whatever_was_halved(  # type: ignore[no-untyped-def]
    train_small, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = dict.fromkeys(range(8, 11), "loss is nan")
    Spoiler(steps).install(monkeypatch)
    run = train_small("training.halve_rate=true", "training.schedule=constant")
    events: list[Event] = []
    settings = ["training.learning_rate=0.001", "training.steps=14"]
    resume(run.path, settings=settings, control=Control(), emit=events.append, device="cpu")
    last = [e for e in events if isinstance(e, StepEvent)][-1]
    assert last.learning_rate == pytest.approx(0.001)


def test_weights_that_overflow_are_never_saved(  # type: ignore[no-untyped-def]
    train_small, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The last update makes a weight infinite: no loss comes after it that could tell."""
    take = Updater.take

    def overflowing(updater: Updater, step: int, rate: float) -> Any:
        outcome = take(updater, step, rate)
        if step == 11:
            with torch.no_grad():
                updater.materials.master.head_weight[0, 0] = math.inf
        return outcome

    monkeypatch.setattr(Updater, "take", overflowing)
    with pytest.raises(SSLStudioError, match=r"no longer numbers at step 12.*learning_rate"):
        train_small("samples.every=0")
    (run,) = [RunFolder.open(path) for path in tmp_path.iterdir() if path.is_dir()]
    assert [c.step for c in run.checkpoints()] == [6]
    _check_finite(run.path)


def test_a_jump_is_marked_with_the_documents_of_its_batch(  # type: ignore[no-untyped-def]
    train_small, text_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Spoiler({70: "jump"}).install(monkeypatch)
    # so slow that what is usual hardly moves
    run = train_small(
        "training.steps=80",
        "training.learning_rate=1e-6",
        "samples.every=0",
        "training.log_every=8",
    )
    (spike,) = _messages(run.events, "spike")
    assert (spike.step, spike.data["step"]) == (70, 70)
    assert spike.data["loss"] == pytest.approx(3 * spike.data["usual"], rel=0.1)
    assert spike.data["loss"] > spike.data["usual"] + 6 * spike.data["deviation"]
    text = " ".join(text_path.read_text(encoding="utf-8").split())
    assert all(" ".join(d.split()[:2])[:20] in text for d in spike.data["documents"])


def test_what_was_found_before_a_checkpoint_is_told_before_it(  # type: ignore[no-untyped-def]
    train_small, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or a kill between the checkpoint and the next logged point would lose it."""
    Spoiler({5: "loss is nan"}).install(monkeypatch)
    run = train_small("training.log_every=100")
    kinds = [
        (e.kind, getattr(e, "code", "")) for e in run.events if e.kind in ("checkpoint", "message")
    ]
    assert kinds.index(("message", "skipped")) < kinds.index(("checkpoint", ""))


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
