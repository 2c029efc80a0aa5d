"""Shares, epochs and their worth: the known answers of the papers, and what cannot be mixed."""

from __future__ import annotations

import random

import pytest

from sslstudio.corpora.mixing import (
    effective_data,
    effective_epochs,
    level_of,
    mix_of,
    sentence_on,
    shares,
    worth_of,
)
from sslstudio.errors import RecipeError
from sslstudio.recipe import DataOptions

SIZES = (1, 10, 100)
ONES = (1.0, 1.0, 1.0)


def _rounded(found: tuple[float, ...]) -> list[float]:
    assert sum(found) == pytest.approx(1.0)
    return [round(share, 4) for share in found]


def test_temperature_gives_the_known_answer() -> None:
    options = DataOptions(mixing="temperature", mixing_alpha=0.3)
    assert _rounded(shares(options, ONES, SIZES, 0)) == [0.1433, 0.2860, 0.5707]
    as_sizes = DataOptions(mixing="temperature", mixing_alpha=1.0)
    assert _rounded(shares(as_sizes, ONES, SIZES, 0)) == _rounded(
        shares(DataOptions(), ONES, SIZES, 0)
    )


@pytest.mark.parametrize(
    ("most", "expected"), [(2.0, [0.0667, 0.4667, 0.4667]), (1.0, [0.0333, 0.3333, 0.6333])]
)
def test_unimax_gives_the_known_answers(most: float, expected: list[float]) -> None:
    options = DataOptions(mixing="unimax", most_epochs=most)
    assert _rounded(shares(options, ONES, SIZES, 30)) == expected
    turned = shares(options, ONES, SIZES[::-1], 30)
    assert _rounded(turned) == expected[::-1]


def test_weights_follow_sizes_and_shares_do_not() -> None:
    assert shares(DataOptions(), (2.0, 1.0), (10, 60), 0) == (0.25, 0.75)
    assert shares(DataOptions(mixing="shares"), (2.0, 1.0), (10, 60), 0) == pytest.approx(
        (2 / 3, 1 / 3)
    )


def test_a_weight_is_a_factor_in_unimax_too() -> None:
    options = DataOptions(mixing="unimax", most_epochs=4.0)
    assert shares(options, (3.0, 1.0), (1000, 1000), 40) == (0.75, 0.25)


def test_unimax_keeps_its_cap_and_spends_the_budget() -> None:
    rng = random.Random(7)
    for _ in range(300):
        count = rng.randint(1, 12)
        sizes = [rng.randint(1, 10 ** rng.randint(1, 8)) for _ in range(count)]
        weights = [rng.uniform(0.1, 5) for _ in range(count)]
        most = rng.uniform(0.5, 10)
        budget = int(most * sum(sizes) * rng.uniform(0.01, 1.0))
        options = DataOptions(mixing="unimax", most_epochs=most)
        mix = mix_of(options, weights, sizes, budget)
        assert sum(mix.shares) == pytest.approx(1.0)
        assert max(mix.epochs) <= most * (1 + 1e-9)
        free = [
            s / w
            for s, w, e in zip(mix.shares, weights, mix.epochs, strict=True)
            if e < most * 0.999
        ]
        assert not free or max(free) == pytest.approx(min(free))  # the uncapped are alike


def test_a_source_without_text_is_given_none() -> None:
    for mixing in ("weights", "shares", "temperature", "unimax"):
        found = shares(DataOptions(mixing=mixing, mixing_alpha=0.0), (1.0, 1.0), (0, 10), 20)
        assert found == (0.0, 1.0)


def test_what_cannot_be_mixed_is_one_sentence() -> None:
    with pytest.raises(RecipeError, match="nothing to read"):
        shares(DataOptions(), (1.0,), (0,), 10)
    with pytest.raises(RecipeError, match=r"raise data.most_epochs to 5.1"):
        shares(DataOptions(mixing="unimax"), (1.0, 1.0), (100, 100), 1001)


def test_epochs_are_what_is_read_by_what_there_is() -> None:
    assert effective_epochs((0.25, 0.75, 0.0), 80, (10, 120, 0)) == (2.0, 0.5, 0.0)


@pytest.mark.parametrize(
    ("epochs", "worth"), [(1, 100), (2, 98), (4, 93), (8, 83), (16, 66), (40, 38), (100, 16)]
)
def test_repetition_is_worth_what_was_measured(epochs: int, worth: int) -> None:
    assert round(100 * worth_of(epochs)) == worth
    assert effective_data(1000, epochs) == pytest.approx(1000 * epochs * worth_of(epochs))


def test_levels_turn_above_4_and_16() -> None:
    levels = [level_of(e) for e in (0.5, 4.0, 4.01, 16.0, 16.1)]
    assert levels == ["good", "good", "caution", "caution", "bad"]
    assert "93%" in sentence_on(4.0)
    assert sentence_on(20.0, "poems").startswith("poems is read 20 times")
