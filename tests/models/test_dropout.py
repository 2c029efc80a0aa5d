"""Cheap dropout: the asked share, an unbiased mean, and a mask that follows from torch's seed."""

from __future__ import annotations

import math

import pytest
import torch

from sslstudio.models.dropout import thinned


@pytest.mark.parametrize("share", [0.05, 0.1, 0.5, 0.9])
def test_the_share_is_met_and_the_mean_is_kept(share: float) -> None:
    torch.manual_seed(3)
    count = 400_000
    result = thinned(torch.ones(count), share)
    dropped = int((result == 0).sum())
    assert abs(dropped - share * count) < 4 * math.sqrt(count * share * (1 - share))
    kept = result[result != 0]
    torch.testing.assert_close(kept, torch.full_like(kept, 1 / (1 - share)), rtol=1e-4, atol=0)
    assert float(result.mean()) == pytest.approx(
        1.0, abs=4 * math.sqrt(share / (1 - share) / count)
    )


def test_neighbours_are_dropped_independently() -> None:
    torch.manual_seed(4)
    is_dropped = (thinned(torch.ones(1 << 19), 0.5) == 0).double() - 0.5
    for distance in (1, 2, 3, 4, 8):  # four numbers come from one word of the generator
        together = float((is_dropped[distance:] * is_dropped[:-distance]).mean()) * 4
        assert abs(together) < 4 / math.sqrt(1 << 19)


@pytest.mark.parametrize("size", [1, 3, 5, 1000])
def test_the_same_seed_gives_the_same_mask_and_another_one_another(size: int) -> None:
    values = torch.ones(size, 64)
    masks = []
    for seed in (7, 7, 8):
        torch.manual_seed(seed)
        masks.append(thinned(values, 0.3))
    assert torch.equal(masks[0], masks[1])
    assert not torch.equal(masks[0], masks[2])
    assert not torch.equal(masks[0], thinned(values, 0.3))  # nor are two draws in a row equal


def test_the_gradient_passes_where_the_value_did() -> None:
    torch.manual_seed(5)
    values = torch.ones(50, 40, requires_grad=True)
    result = thinned(values, 0.4)
    result.sum().backward()
    assert values.grad is not None
    assert torch.equal(values.grad, result.detach())


def test_bf16_stays_bf16_and_hardly_shifts_the_mean() -> None:
    torch.manual_seed(6)
    result = thinned(torch.ones(100_000, dtype=torch.bfloat16), 0.1)
    assert result.dtype == torch.bfloat16
    # 1/0.9 rounded to eight bits is off by 0.2 % at most, beside the chance of the draw
    assert float(result.float().mean()) == pytest.approx(1.0, abs=0.006)
