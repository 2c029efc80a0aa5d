"""The sequence of sources keeps every share at every moment, and needs no memory."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from sslstudio.training.draw import Draw


def _shares(rng: random.Random, count: int, kind: str) -> NDArray[np.float64]:
    ways: dict[str, Callable[[], float]] = {
        "alike": lambda: 1.0,
        "any": rng.random,
        "far apart": lambda: 10 ** rng.uniform(-5, 0),
    }
    found = np.array([ways[kind]() for _ in range(count)])
    return np.asarray(found / found.sum())


def _deviation(draw: Draw, shares: NDArray[np.float64], rows: int) -> float:
    """The largest distance between rows given and rows due, over sources and prefixes."""
    sources, _ = draw.sources(np.arange(rows))
    given = (sources[:, None] == np.arange(len(shares))).cumsum(axis=0)
    return float(np.abs(given - shares * np.arange(1, rows + 1)[:, None]).max())


@pytest.mark.parametrize("kind", ["alike", "any", "far apart"])
@pytest.mark.parametrize("count", [2, 3, 4, 5, 9, 40])
def test_shares_hold_after_every_row(count: int, kind: str) -> None:
    rng = random.Random(count)
    for _ in range(8):
        shares = _shares(rng, count, kind)
        draw = Draw(shares.tolist())
        limit = {2: 0.5, 3: 1.0, 4: 1.0}.get(count, 1.68)
        assert draw.bound() <= limit
        assert _deviation(draw, shares, 3000) <= draw.bound() + 1e-4


def test_one_large_source_and_many_small_ones_come_in_turn() -> None:
    shares = np.array([0.9] + [0.1 / 50] * 50)
    assert _deviation(Draw(shares.tolist()), shares, 5000) < 1.0


def test_rows_of_a_source_are_numbered_without_gaps() -> None:
    draw = Draw([0.5, 0.3, 0.0, 0.2])
    sources, earlier = draw.sources(np.arange(10_000))
    for source in (0, 1, 3):
        numbers = earlier[sources == source]
        assert np.array_equal(numbers, np.arange(len(numbers)))
    assert not (sources == 2).any()


@pytest.mark.parametrize("first", [0, 2**31 - 50, 2**40, 10**15])
def test_any_part_of_the_sequence_stands_alone(first: int) -> None:
    shares = [0.123456789, 0.6, 0.2, 0.076543211]
    whole = Draw(shares).sources(first + np.arange(200))
    for place in (0, 1, 57, 199):
        alone = Draw(shares).sources(np.array([first + place]))
        assert (alone[0][0], alone[1][0]) == (whole[0][place], whole[1][place])
    for source in range(4):
        numbers = whole[1][whole[0] == source]
        assert (np.diff(numbers) == 1).all()
        assert abs(float(numbers[0]) - shares[source] * first) < 2 + 1e-9 * first


def test_a_single_source_gives_every_row() -> None:
    sources, earlier = Draw([0.0, 1.0]).sources(np.arange(5))
    assert sources.tolist() == [1] * 5
    assert earlier.tolist() == [0, 1, 2, 3, 4]
