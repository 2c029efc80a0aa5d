"""Learning rates by hand."""

from __future__ import annotations

import pytest

from sslstudio.recipe import Recipe
from sslstudio.training.automatic import (
    automatic_beta2,
    automatic_learning_rate,
    length_of,
)
from sslstudio.training.schedule import learning_rate_at


def test_warm_up_is_linear_and_already_moves() -> None:
    rates = [learning_rate_at(s, 100, 1.0, 4, "constant") for s in range(6)]
    assert rates == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0, 1.0])


def test_wsd_cools_down_as_one_minus_the_root() -> None:
    # reference §4.6: 1, .5, .293, .134 at x = 0, .25, .5, .75 of the last fifth
    rates = [learning_rate_at(s, 1000, 1.0, 0, "wsd") for s in (799, 800, 850, 900, 950)]
    assert rates == pytest.approx([1, 1, 0.5, 0.2929, 0.1340], abs=1e-4)
    assert learning_rate_at(999, 1000, 1.0, 0, "wsd") > 0


def test_cosine_falls_from_the_peak_to_a_tenth() -> None:
    rates = [learning_rate_at(s, 110, 2.0, 10, "cosine") for s in (10, 60, 109)]
    assert rates == pytest.approx([2.0, 1.1, 0.2], abs=1e-3)


def test_automatic_beta2_keeps_its_half_life_in_tokens() -> None:
    # 10 M tokens at 64k a step: reference §4.6 says .9955
    assert automatic_beta2(10**9, 65_536) == pytest.approx(0.9955, abs=1e-4)
    assert automatic_beta2(1_600_000, 4096) == pytest.approx(0.5 ** (4096 / 80_000), abs=1e-4)


def test_automatic_rate_follows_its_source_under_the_cap() -> None:
    # N = 1.24e8 at 20 tokens a parameter: reference §4.6 says 1.6e-3
    tokens = 20 * 124_000_000
    assert automatic_learning_rate(124_000_000, tokens, 10**9) == pytest.approx(1.6e-3, rel=0.02)
    assert automatic_learning_rate(1000, 1000, 10**9) == 3e-3


def test_length_in_tokens_or_epochs_becomes_steps() -> None:
    asked = {"steps=7": 7, "tokens=1001": 11, "epochs=1.5": 16}  # of rows of 32, so of 96 tokens
    for setting, steps in asked.items():
        recipe = Recipe.default().with_settings(
            ["training.batch_tokens=100", f"training.{setting}"]
        )
        length = length_of(recipe, context=32, train_tokens=1000)
        assert (length.steps, length.rows, length.batch_tokens) == (steps, 3, 96)
        assert length.tokens == 96 * steps
