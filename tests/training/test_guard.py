"""The guard: skips counted in a row, and a loss six deviations above the 128 steps before it."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pytest
import torch

from sslstudio.training.guard import Findings, Guard


def _noted(guard: Guard, losses: Iterable[float], first: int = 1) -> Guard:
    """Note each loss; one that is not finite was skipped."""
    for step, loss in enumerate(losses, first):
        is_skipped = torch.tensor(float(not math.isfinite(loss)))
        guard.note(step, torch.tensor(loss), is_skipped)
    return guard


def _usual(count: int, seed: int = 0) -> list[float]:
    """Losses whose mean is 3 and whose deviation is 0.1, both exactly."""
    values = np.random.default_rng(seed).standard_normal(count)
    values = (values - values.mean()) / values.std()
    return [float(v) for v in 3 + 0.1 * values]


def test_a_loss_above_six_deviations_is_a_spike_and_one_below_is_none() -> None:
    guard = _noted(Guard(), [*_usual(128), 3 + 0.61])
    (spike,) = guard.take().spikes
    assert spike.step == 129
    assert spike.loss == pytest.approx(3.61)
    assert (spike.usual, spike.deviation) == pytest.approx((3.0, 0.1), rel=1e-5)
    assert _noted(Guard(), [*_usual(128), 3 + 0.59]).take().spikes == ()
    assert _noted(Guard(), [*_usual(128), 3 - 2.0]).take().spikes == ()  # a fall is welcome


def test_only_the_last_128_steps_say_what_is_usual() -> None:
    # 40 steps at 9 that lie further back: counted in, the deviation would hide the jump
    far = _noted(Guard(), [*[9.0] * 40, *_usual(128)])
    far.take()
    assert len(_noted(far, [3.7], first=169).take().spikes) == 1
    near = _noted(Guard(), [*[9.0] * 40, *_usual(88)])
    near.take()
    assert _noted(near, [3.7], first=129).take().spikes == ()


def test_few_steps_and_a_still_loss_make_no_spikes() -> None:
    assert _noted(Guard(), [*_usual(31), 50.0]).take().spikes == ()
    assert len(_noted(Guard(), [*_usual(32), 50.0]).take().spikes) == 1
    still = [2.0] * 128
    assert _noted(Guard(), [*still, 2.0 + 2.0 * 6 * 0.004]).take().spikes == ()
    assert len(_noted(Guard(), [*still, 2.0 + 2.0 * 6 * 0.006]).take().spikes) == 1


def test_skipped_steps_do_not_belong_to_what_is_usual() -> None:
    guard = _noted(Guard(), [*_usual(64), math.inf, math.nan, *_usual(64, seed=1)])
    assert guard.take() == Findings(skipped=(65, 66))
    assert len(guard.usual) == 128
    assert all(math.isfinite(loss) for loss in guard.usual)


@pytest.mark.parametrize("at_once", [True, False])
def test_three_skips_in_a_row_mean_turning_back_two_do_not(at_once: bool) -> None:
    nan = math.nan
    guard = _noted(Guard(looks_at_once=at_once), [1, nan, nan, 1, nan, 1, nan, nan])
    guard.look()
    assert (guard.in_a_row, guard.must_turn_back) == (2, False)
    _noted(guard, [nan], first=9)
    guard.look()
    assert guard.must_turn_back
    assert guard.row_began == 7
    # steps that were taken before anybody looked do not undo it
    _noted(guard, [1, nan, 1], first=10)
    assert guard.take().skipped == (2, 3, 5, 7, 8, 9, 11)
    assert guard.must_turn_back
    assert guard.row_began == 7


def test_nothing_is_asked_of_the_device_before_somebody_looks() -> None:
    guard = _noted(Guard(looks_at_once=False), [math.nan] * 3)
    assert not guard.must_turn_back
    guard.look()
    assert guard.must_turn_back


def test_a_resumed_guard_goes_on_where_the_other_stood() -> None:
    losses = [*_usual(100), math.nan, math.nan, math.nan]
    whole = _noted(Guard(), losses)
    first = _noted(Guard(), losses[:102])
    second = Guard(step=102, in_a_row=first.in_a_row, usual=first.usual)
    _noted(second, losses[102:], first=103)
    assert second.must_turn_back
    assert (second.row_began, second.usual) == (whole.row_began, whole.usual) == (101, whole.usual)
