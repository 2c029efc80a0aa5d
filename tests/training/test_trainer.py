"""The trainer: sums divided once, exact under interference, one sentence when it cannot go on."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path

import pytest
from safetensors.torch import load_file

from sslstudio.errors import SSLStudioError
from sslstudio.events import (
    EvaluationEvent,
    Event,
    MessageEvent,
    SampleEvent,
    StateEvent,
    StepEvent,
)
from sslstudio.runs import RunFolder
from sslstudio.storage import sha256_of
from sslstudio.training.checkpoint import read_progress
from sslstudio.training.control import Control, SampleRequest
from sslstudio.training.session import resume

_LAST = "checkpoints/step-000012/model.safetensors"


def _call(watch, control: Control, event: Event) -> None:  # type: ignore[no-untyped-def]
    watch(event, control)


def _weights(path: Path) -> str:
    return sha256_of(path / _LAST)


def test_the_same_recipe_gives_the_same_weights(train_small) -> None:  # type: ignore[no-untyped-def]
    first, second = train_small(), train_small()
    assert _weights(first.path) == _weights(second.path)
    assert _weights(train_small("seed=8").path) != _weights(first.path)


def test_micro_batches_change_nothing_but_rounding(train_small) -> None:  # type: ignore[no-untyped-def]
    whole = train_small("objective.name=masked_lm", "training.micro_batch=8")
    parts = train_small("objective.name=masked_lm", "training.micro_batch=3")
    losses = [[e.loss for e in run.events if isinstance(e, StepEvent)] for run in (whole, parts)]
    assert losses[0] == pytest.approx(losses[1], rel=2e-5)


def test_watching_pausing_and_saving_do_not_change_the_weights(train_small) -> None:  # type: ignore[no-untyped-def]
    plain = train_small("model.dropout=0.2")
    texts: list[str] = []
    ends: list[str | None] = []

    def interfere(event: Event, control: Control) -> None:
        if isinstance(event, StepEvent) and event.step == 4:
            control.pause()
            control.sample(
                SampleRequest(
                    "Once",
                    sampling={"max_tokens": 5, "seed": 3},
                    on_token=lambda t: texts.append(t.text),
                    on_done=ends.append,
                )
            )
        if isinstance(event, StateEvent) and event.state == "paused":
            control.save_now()
            threading.Timer(0.3, control.resume).start()

    watched = train_small("model.dropout=0.2", on_event=interfere)
    assert _weights(watched.path) == _weights(plain.path)
    assert ends == [None]
    assert 1 <= len(texts) <= 5
    states = [e.state for e in watched.events if isinstance(e, StateEvent)]
    assert states == ["preparing", "training", "paused", "training", "finished"]
    assert [c.step for c in RunFolder.open(watched.path).checkpoints()] == [4, 6, 12]


@pytest.mark.parametrize("objective", ["causal_lm", "masked_lm"])
def test_a_stopped_run_goes_on_exactly(train_small, objective: str) -> None:  # type: ignore[no-untyped-def]
    settings = [f"objective.name={objective}", "model.dropout=0.2", "training.micro_batch=3"]
    whole = train_small(*settings)

    def stop_at(step: int):  # type: ignore[no-untyped-def]
        def watch(event: Event, control: Control) -> None:
            if isinstance(event, StepEvent) and event.step == step:
                control.stop("the test")

        return watch

    run = train_small(*settings, "training.log_every=1", on_event=stop_at(5))
    assert run.result.state == "stopped"
    watch = stop_at(9)
    for _ in range(2):
        control = Control()
        resume(run.path, control=control, emit=partial(_call, watch, control), device="cpu")
    assert _weights(run.path) == _weights(whole.path)
    history = RunFolder.open(run.path).facts()["history"]
    assert [entry["step"] for entry in history] == [5, 9]


def test_an_encoder_learns_and_shows_how_it_fills_gaps(train_small) -> None:  # type: ignore[no-untyped-def]
    run = train_small("objective.name=masked_lm", "training.steps=60")
    evaluations = [e for e in run.events if isinstance(e, EvaluationEvent)]
    assert evaluations[-1].loss < evaluations[0].loss - 1
    assert all(e.bits_per_byte is None for e in evaluations)
    # a 5-gram sees what came before, so its loss answers another question than a gap's
    lines = [e for e in run.events if isinstance(e, MessageEvent) and e.code == "baseline"]
    assert [e.data["name"] for e in lines] == ["unigram"]
    sample = next(e for e in run.events if isinstance(e, SampleEvent))
    assert "⟨…⟩" in sample.prompt
    assert sample.text.count("⟨") == sample.prompt.count("⟨")


def test_a_longer_run_goes_on_from_a_finished_one(train_small) -> None:  # type: ignore[no-untyped-def]
    run = train_small("training.schedule=constant")
    result = resume(
        run.path, settings=["training.steps=18"], control=Control(), emit=lambda _e: None
    )
    assert (result.state, result.step) == ("finished", 18)
    loaded = load_file(run.path / "checkpoints/step-000018/optimizer.safetensors")
    counts = {float(v) for k, v in loaded.items() if k.endswith("/step")}
    assert counts == {18.0}


def test_a_damaged_checkpoint_is_passed_over_and_said(train_small) -> None:  # type: ignore[no-untyped-def]
    run = train_small()
    whole = _weights(run.path)
    damaged = run.path / _LAST
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    said: list[str] = []
    resume(run.path, control=Control(), emit=lambda e: said.append(getattr(e, "text", "")))
    assert any("passed over a checkpoint" in text for text in said)
    assert _weights(run.path) == whole


def test_a_loss_that_is_no_number_ends_the_run_with_a_sentence(train_small) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(SSLStudioError, match=r"no longer a number from step \d+ on.*learning_rate"):
        train_small("training.learning_rate=10", "training.clip=0", "training.steps=400",
                    "training.warmup=0", "training.weight_decay=10")  # fmt: skip


def test_stopping_while_the_text_is_read_leaves_no_folder(train_small, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    def stop(event: Event, control: Control) -> None:
        if isinstance(event, StateEvent) and event.state == "preparing":
            control.stop()

    # a vocabulary of its own, so that nothing lies ready in the cache
    run = train_small("tokenizer.kind=bpe", "tokenizer.vocab_size=407", on_event=stop)
    assert run.result.state == "stopped"
    assert run.result.path is None
    assert not list(tmp_path.iterdir())


def test_the_best_checkpoint_is_chosen_on_the_same_part_of_the_text(train_small) -> None:  # type: ignore[no-untyped-def]
    run = train_small("evaluation.tokens=64")
    told = [e for e in run.events if isinstance(e, EvaluationEvent)]
    assert told[0].targets == told[1].targets <= 64 < told[-1].targets
    compared = [read_progress(c.path).loss for c in RunFolder.open(run.path).checkpoints()]
    assert compared[0] == told[1].loss
    assert compared[-1] != told[-1].loss  # the part's, not that of the whole split
