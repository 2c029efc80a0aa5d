"""One update: memory that runs out and numbers that are none, without a step lost or changed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch

from sslstudio.errors import DeviceError
from sslstudio.events import MessageEvent, StepEvent
from sslstudio.models.configuration import ModelConfig
from sslstudio.models.transformer import Transformer
from sslstudio.objectives.causal_lm import CausalLM
from sslstudio.recipe import Recipe
from sslstudio.training.materials import Materials, WithLoss, low_twin
from sslstudio.training.optimizer import build_optimizers
from sslstudio.training.processes import Processes
from sslstudio.training.sampler import Sampler
from sslstudio.training.update import Updater, step_seed

_ROWS, _CONTEXT, _VOCABULARY = 8, 16, 30


class _Vocabulary:
    vocab_size, bos, special_ids = _VOCABULARY, 0, frozenset({0})


def materials(
    precision: str = "fp32", optimizer: str = "adamw", dropout: float = 0.0, **training: Any
) -> Materials:
    """A tiny network on random ids, put together by hand."""
    torch.manual_seed(0)
    master = Transformer(
        ModelConfig(
            architecture="decoder", layers=2, width=16, heads=2, kv_heads=2, ffn_width=32,
            vocab_size=_VOCABULARY, context=_CONTEXT, dropout=dropout,
        )
    )  # fmt: skip
    master.train()
    model = master if precision == "fp32" else low_twin(master, torch.bfloat16)
    objective = CausalLM(CausalLM.Options(document_mask=False), _Vocabulary())
    recipe = Recipe.default()
    options = {"micro_batch": _ROWS, "precision": precision, "clip": 1.0, **training}
    recipe = dataclasses.replace(recipe, training=dataclasses.replace(recipe.training, **options))
    optimizers = build_optimizers(
        master, kind=optimizer, learning_rate=0.01, weight_decay=0.1, beta2=0.95, has_bf16=False
    )
    optimizers.set_moments()
    ids = np.random.default_rng(1).integers(0, _VOCABULARY, 4000)
    sampler = Sampler(ids, window=_CONTEXT + 1, stride=_CONTEXT, rows_per_step=_ROWS, seed=3, bos=0)
    return Materials(
        recipe=recipe,
        run=None,  # type: ignore[arg-type]
        model=model,
        master=master,
        wrapped=WithLoss(model, objective),
        optimizers=optimizers,
        first_weights=dict,
        scaler=None,
        objective=objective,
        tokenizer=None,  # type: ignore[arg-type]
        sampler=sampler,
        validation_ids=ids,
        device=torch.device("cpu"),
        processes=Processes(),
    )


def _gradients(m: Materials) -> Callable[[], dict[str, torch.Tensor]]:
    """Keep the gradients of an update just before the weights move; returns who tells them."""
    kept: dict[str, torch.Tensor] = {}
    step = m.optimizers.step

    def watched(skip: torch.Tensor | None = None) -> None:
        named = m.master.named_parameters()
        kept.update({name: p.grad.clone() for name, p in named if p.grad is not None})
        step(skip)

    m.optimizers.step = watched  # type: ignore[method-assign]
    return lambda: kept


def _run_out(m: Materials, when: Callable[[int], bool], error: BaseException) -> None:
    """Raise ``error`` in the forward passes whose number, from 0, ``when`` chooses."""
    forward, calls = m.wrapped.forward, iter(range(10**9))

    def limited(batch: Any) -> Any:
        if when(next(calls)):
            raise error
        return forward(batch)

    m.wrapped.forward = limited


_ERRORS = [
    torch.OutOfMemoryError("CUDA out of memory"),
    MemoryError(),
    RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"),
]


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("error", _ERRORS, ids=["cuda", "python", "cpu"])
def test_a_step_that_ran_out_of_memory_learns_from_the_same_rows(
    error: BaseException, precision: str
) -> None:
    whole, shrunk = materials(precision), materials(precision, micro_batch=4)
    gradients = [_gradients(m) for m in (whole, shrunk)]
    _run_out(shrunk, lambda number: number == 1, error)  # the second micro-batch of the step
    told: list[tuple[int, int]] = []
    updater = Updater(shrunk, on_shrink=lambda *rows: told.append(rows))
    outcomes = [Updater(whole).take(0, 0.01), updater.take(0, 0.01)]
    assert told == [(4, 2)]
    assert (updater.micro_batch, updater.shrunk_to) == (2, 2)
    assert outcomes[0].tokens == outcomes[1].tokens == _ROWS * _CONTEXT
    assert outcomes[0].divisor == outcomes[1].divisor
    a, b = (tell() for tell in gradients)
    assert a.keys() == b.keys() == dict(whole.master.named_parameters()).keys()
    tolerance = 1e-5 if precision == "fp32" else 2e-2
    for name in a:
        assert float((a[name] - b[name]).norm()) <= tolerance * float(a[name].norm()), name


def test_dropout_is_drawn_anew_for_the_second_attempt() -> None:
    """The step that failed half-way ends as one that began with the smaller micro-batch."""
    small, shrunk = (materials(dropout=0.3, micro_batch=n) for n in (2, 4))
    _run_out(shrunk, lambda number: number == 1, MemoryError())
    for m in (small, shrunk):
        Updater(m).take(0, 0.01)
    for a, b in zip(small.master.parameters(), shrunk.master.parameters(), strict=True):
        assert torch.equal(a, b)


def test_it_is_halved_until_it_fits_and_one_row_is_the_end() -> None:
    m = materials()
    _run_out(m, lambda number: number < 3, MemoryError())
    updater = Updater(m)
    updater.take(0, 0.01)
    assert updater.micro_batch == 1
    _run_out(m, lambda _number: True, MemoryError())
    with pytest.raises(MemoryError):
        updater.take(1, 0.01)


def test_another_error_is_not_taken_for_lack_of_memory() -> None:
    m = materials()
    _run_out(m, lambda _number: True, RuntimeError("shapes do not match"))
    with pytest.raises(RuntimeError, match="shapes"):
        Updater(m).take(0, 0.01)


@pytest.fixture
def one_row_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(WithLoss, "forward", fail)


@pytest.mark.usefixtures("one_row_is_too_much")
def test_a_row_that_does_not_fit_ends_the_run_with_a_sentence(train_small) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(DeviceError, match=r"not enough memory for one row.*recompute"):
        train_small()


def test_a_run_that_runs_out_of_memory_fifty_times_loses_no_step(  # type: ignore[no-untyped-def]
    train_small, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of 50 steps meets it once; the micro-batch is put up again, or it would soon be one."""
    settings = [
        "training.steps=60", "training.log_every=1", "training.micro_batch=8", "samples.every=0",
        "evaluation.every=100", "checkpoints.every=100",
    ]  # fmt: skip
    whole = train_small(*settings)
    forward, take = WithLoss.forward, Updater.take
    failed: set[int] = set()
    step_now = [0]

    def limited(self: WithLoss, batch: Any) -> Any:
        step = step_now[0]
        if 5 <= step < 55 and step not in failed:
            failed.add(step)
            raise torch.OutOfMemoryError("CUDA out of memory")
        return forward(self, batch)

    def enlarged(self: Updater, step: int, rate: float) -> Any:
        step_now[0], self.micro_batch = step, 8
        return take(self, step, rate)

    monkeypatch.setattr("sslstudio.training.update.free_memory", lambda _device: None)  # slow
    monkeypatch.setattr(WithLoss, "forward", limited)
    monkeypatch.setattr(Updater, "take", enlarged)
    hindered = train_small(*settings)
    assert len(failed) == 50
    points = [[e for e in run.events if isinstance(e, StepEvent)] for run in (whole, hindered)]
    assert [e.step for e in points[1]] == list(range(1, 61))
    assert [e.tokens for e in points[1]] == [e.tokens for e in points[0]]
    losses = [[e.loss for e in run] for run in points]
    assert losses[1] == pytest.approx(losses[0], abs=1e-5)
    said = [e for e in hindered.events if isinstance(e, MessageEvent) and e.code == "out_of_memory"]
    assert len(said) == 50
    assert all("same tokens" in e.text for e in said)


def _poisoned(m: Materials, how: str) -> None:
    """Spoil the next update: the loss only, or one number of one gradient."""
    parameter = dict(m.model.named_parameters())["blocks.1.feed_forward.up.weight"]
    if how == "loss":
        forward = m.wrapped.forward

        def spoilt(batch: Any) -> Any:
            loss = forward(batch)
            return dataclasses.replace(loss, sum=loss.sum + torch.tensor(torch.nan))

        m.wrapped.forward = spoilt
        return
    bad = float(how)

    def spoil(gradient: torch.Tensor) -> torch.Tensor:
        gradient = gradient.clone()
        gradient[3, 5] = bad
        return gradient

    parameter.register_hook(spoil)


def test_overflow_of_scaled_gradients_is_a_fault_only_where_the_scale_is_spent() -> None:
    m = materials()
    m.scaler = torch.amp.GradScaler("cpu", init_scale=4.0)
    _poisoned(m, "inf")
    updater = Updater(m)
    before = [p.detach().clone() for p in m.master.parameters()]
    outcomes = [updater.take(step, 0.01) for step in range(4)]
    assert [float(o.is_skipped) for o in outcomes] == [1, 1, 1, 1]
    assert [float(o.is_fault) for o in outcomes] == [0, 0, 1, 1]  # at scales of 4, 2, 1 and 1/2
    assert all(torch.equal(a, b) for a, b in zip(before, m.master.parameters(), strict=True))


def test_scaled_gradients_move_nothing_where_only_the_loss_is_no_number() -> None:
    m = materials()
    m.scaler = torch.amp.GradScaler("cpu", init_scale=4.0)
    before = [p.detach().clone() for p in m.master.parameters()]
    _poisoned(m, "loss")
    assert float(Updater(m).take(0, 0.01).is_fault) == 1
    assert all(torch.equal(a, b) for a, b in zip(before, m.master.parameters(), strict=True))


def test_a_scaled_update_is_the_unscaled_one() -> None:
    plain, scaled = materials(), materials()
    scaled.scaler = torch.amp.GradScaler("cpu", init_scale=1024.0)
    norms = [float(Updater(m).take(0, 0.01).norm) for m in (plain, scaled)]
    assert norms[0] == norms[1]  # a power of two leaves no rounding
    for a, b in zip(plain.master.parameters(), scaled.master.parameters(), strict=True):
        assert torch.equal(a, b)


@pytest.mark.parametrize("clip", [0.0, 1.0])
@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("how", ["loss", "nan", "inf", "-inf"])
def test_an_update_that_is_no_number_moves_nothing(
    how: str, precision: str, optimizer: str, clip: float
) -> None:
    m = materials(precision, optimizer, clip=clip)
    updater = Updater(m)
    updater.take(0, 0.01)
    before = [p.detach().clone() for p in (*m.master.parameters(), *m.model.parameters())]
    moments = [v.clone() for state in m.optimizers.state.values() for v in state.values()]
    _poisoned(m, how)
    outcome = updater.take(1, 0.01)
    assert float(outcome.is_skipped) == float(outcome.is_fault) == 1.0
    assert float(outcome.loss_sum) == float(outcome.norm) == 0.0
    after = [p.detach() for p in (*m.master.parameters(), *m.model.parameters())]
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))
    values = [v for state in m.optimizers.state.values() for v in state.values()]
    assert all(torch.equal(a, b) for a, b in zip(moments, values, strict=True))
    assert all(p.grad is None for p in (*m.master.parameters(), *m.model.parameters()))


def test_clipping_scales_to_the_limit_and_zero_leaves_the_gradient_alone() -> None:
    free, clipped = materials(clip=0.0), materials(clip=0.125)
    tell_free, tell_clipped = _gradients(free), _gradients(clipped)
    norms = [float(Updater(m).take(0, 0.01).norm) for m in (free, clipped)]
    assert norms[0] == norms[1] > 0.125  # what is told is the norm before clipping
    total = sum(float(g.double().square().sum()) for g in tell_free().values()) ** 0.5
    assert total == pytest.approx(norms[0], rel=1e-6)
    for name, gradient in tell_clipped().items():
        expected = tell_free()[name] * (0.125 / norms[0])
        torch.testing.assert_close(gradient, expected, rtol=1e-4, atol=1e-9)


def test_the_bf16_network_is_its_master_rounded() -> None:
    m = materials("bf16")
    for step in range(3):
        Updater(m).take(step, 0.01)
    for low, high in zip(m.model.parameters(), m.master.parameters(), strict=True):
        assert (low.dtype, high.dtype) == (torch.bfloat16, torch.float32)
        assert torch.equal(low, high.to(torch.bfloat16))
        assert not torch.equal(low.float(), high) or low.ndim == 1


def test_bf16_gradients_of_micro_batches_are_added_in_fp32() -> None:
    parts, whole = materials("bf16", micro_batch=1), materials("fp32")
    told = [_gradients(m) for m in (parts, whole)]
    for m in (parts, whole):
        Updater(m).take(0, 0.01)
    a, b = (tell() for tell in told)
    for name in a:
        assert a[name].dtype == torch.float32
        assert float((a[name] - b[name]).norm()) <= 2e-2 * float(b[name].norm()), name


def test_every_step_and_every_process_has_a_chance_of_its_own() -> None:
    seeds = {
        step_seed(seed, step, rank) for seed in (1, 2) for step in range(50) for rank in (0, 1)
    }
    assert len(seeds) == 200
    assert all(0 <= seed < 2**63 for seed in seeds)
    assert step_seed(1, 2, 0) == step_seed(1, 2, 0)


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)
