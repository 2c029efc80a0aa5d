"""Filters against cases computed by hand; draws against the exact distribution."""

from __future__ import annotations

import math

import pytest
import torch

from sslstudio.errors import RecipeError, RunError
from sslstudio.generation.sampling import SamplingOptions, choose, probabilities

HALVES_V = torch.tensor([0.1, 0.4, 0.05, 0.25, 0.2]).log()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [0.1, 0.4, 0.05, 0.25, 0.2]),
        ({"top_k": 2}, [0, 0.4 / 0.65, 0, 0.25 / 0.65, 0]),
        ({"top_k": 9}, [0.1, 0.4, 0.05, 0.25, 0.2]),
        ({"top_p": 0.5}, [0, 0.4 / 0.65, 0, 0.25 / 0.65, 0]),  # 0.4 is short of it, 0.65 not
        ({"top_p": 0.7}, [0, 0.4 / 0.85, 0, 0.25 / 0.85, 0.2 / 0.85]),
        ({"top_p": 0.0}, [0, 1, 0, 0, 0]),
        ({"min_p": 0.45}, [0, 0.4 / 0.85, 0, 0.25 / 0.85, 0.2 / 0.85]),
        ({"min_p": 1.0}, [0, 1, 0, 0, 0]),
        ({"top_k": 3, "top_p": 0.6}, [0, 0.4 / 0.65, 0, 0.25 / 0.65, 0]),  # 0.4/0.85 is short
        ({"temperature": 0.5}, [0.01, 0.16, 0.0025, 0.0625, 0.04]),  # squares, over their sum
        ({"temperature": 1e-30}, [0, 1, 0, 0, 0]),
    ],
)
def test_filters_by_hand(options: dict[str, float], expected: list[float]) -> None:
    settings = SamplingOptions(**{"temperature": 1.0} | options)  # type: ignore[arg-type]
    wanted_V = torch.tensor(expected) / sum(expected)
    torch.testing.assert_close(probabilities(HALVES_V, settings), wanted_V, rtol=1e-5, atol=1e-7)


def test_top_k_keeps_exactly_k_also_among_equals() -> None:
    weights_V = probabilities(torch.zeros(10), SamplingOptions(top_k=3))
    assert sorted(weights_V.tolist()) == pytest.approx([0.0] * 7 + [1 / 3] * 3)


@pytest.mark.parametrize(
    "options", [{}, {"top_k": 4}, {"top_p": 0.8}, {"min_p": 0.2}, {"temperature": 1.7}]
)
def test_draws_follow_the_distribution(options: dict[str, float]) -> None:
    settings = SamplingOptions(**{"temperature": 1.0} | options)  # type: ignore[arg-type]
    weights_V = probabilities(HALVES_V, settings)
    generator = torch.Generator().manual_seed(5)
    draws = 4000
    counts = [0] * len(weights_V)
    for _ in range(draws):
        counts[choose(HALVES_V, settings, generator)] += 1
    expected = [float(weight) * draws for weight in weights_V]
    assert all(count == 0 for count, hope in zip(counts, expected, strict=True) if hope == 0.0)
    chi2 = sum((c - e) ** 2 / e for c, e in zip(counts, expected, strict=True) if e)
    freedom = sum(e > 0 for e in expected) - 1
    assert chi2 < freedom + 4 * math.sqrt(2 * freedom)


def test_temperature_zero_takes_the_likeliest_and_forbidden_ids_are_never_drawn() -> None:
    generator = torch.Generator().manual_seed(0)
    assert choose(HALVES_V, SamplingOptions(temperature=0.0), generator) == 1
    forbidden_V = HALVES_V.index_fill(0, torch.tensor([1, 3]), -torch.inf)
    hot = SamplingOptions(temperature=10.0)
    assert {choose(forbidden_V, hot, generator) for _ in range(300)} == {0, 2, 4}


@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_a_diverged_model_is_a_clear_error(temperature: float) -> None:
    logits_V = torch.tensor([0.0, math.nan, 1.0])
    with pytest.raises(RunError, match="earlier checkpoint"):
        choose(logits_V, SamplingOptions(temperature=temperature), torch.Generator())


@pytest.mark.parametrize(
    "options", [{"temperature": -0.1}, {"top_p": 1.1}, {"top_k": -1}, {"max_tokens": 0}]
)
def test_options_out_of_bounds_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(RecipeError, match=f"sampling.{next(iter(options))}"):
        SamplingOptions(**options)  # type: ignore[arg-type]
