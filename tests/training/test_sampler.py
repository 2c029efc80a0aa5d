"""Which rows a step reads is a pure function of seed, epoch and step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sslstudio.training.sampler import Sampler


def _sampler(tokens: int = 1003, window: int = 11, stride: int = 10, **other: int) -> Sampler:
    settings: dict[str, Any] = {"rows_per_step": 7, "seed": 5, "bos": 1, **other}
    ids = np.arange(100, 100 + tokens, dtype=np.uint16)
    return Sampler(ids, window=window, stride=stride, **settings)


def _starts(sampler: Sampler, epochs: int) -> list[list[int]]:
    """The starts of the rows of each epoch, in reading order."""
    rows = sampler.rows_per_epoch
    steps = -(-rows * epochs // sampler.rows_per_step)
    flat = np.concatenate([sampler.rows(s).ids_BW[:, 0] - 100 for s in range(steps)])
    return [flat[e * rows : (e + 1) * rows].tolist() for e in range(epochs)]


def test_every_epoch_reads_every_row_once_in_another_order_from_another_start() -> None:
    sampler = _sampler()
    epochs = _starts(sampler, 4)
    for starts in epochs:
        assert len(set(starts)) == sampler.rows_per_epoch == 99
        assert set(np.diff(sorted(starts))) == {10}
        assert min(starts) >= 0
        assert max(starts) + 11 <= 1003
    assert len({tuple(s) for s in epochs}) == 4
    assert len({min(s) for s in epochs}) > 1


def test_a_step_is_the_same_whatever_was_read_before() -> None:
    fresh, used = _sampler(), _sampler()
    for step in range(60):
        used.rows(step)
    for step in (0, 13, 14, 59, 3):
        assert np.array_equal(fresh.rows(step).ids_BW, used.rows(step).ids_BW)
        assert np.array_equal(_sampler().rows(step).ids_BW, used.rows(step).ids_BW)


def test_seeds_differ() -> None:
    assert _starts(_sampler(seed=5), 1) != _starts(_sampler(seed=6), 1)


@pytest.mark.parametrize("tokens", [11, 12, 20, 21, 22, 31])
def test_a_tiny_corpus_is_read_within_its_bounds(tokens: int) -> None:
    sampler = _sampler(tokens=tokens)
    for step in range(20):
        rows = sampler.rows(step).ids_BW
        assert rows.shape == (7, 11)
        assert (np.diff(rows, axis=1) == 1).all()


def test_documents_are_numbered_at_every_beginning() -> None:
    ids = np.array([5, 6, 2, 1, 7, 2, 1, 8], dtype=np.uint16)
    rows = Sampler(ids, window=8, stride=8, rows_per_step=1, seed=0, bos=1).rows(0)
    assert rows.documents_BW.tolist() == [[0, 0, 0, 1, 1, 1, 2, 2]]


def test_epochs_are_counted_in_rows() -> None:
    assert _sampler().epoch_at(99) == pytest.approx(7.0)
