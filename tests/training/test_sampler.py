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


_SOURCES = (1000, 7, 400)  # tokens; the second is shorter than a row
_SHARES = (0.5, 0.2, 0.3)


def _mixed(**other: int) -> Sampler:
    settings = {"rows_per_step": 7, "seed": 5, "bos": 1, **other}
    ids = np.concatenate([i * 10_000 + 100 + np.arange(n) for i, n in enumerate(_SOURCES)])
    return Sampler(ids, window=11, stride=10, source_tokens=_SOURCES, shares=_SHARES, **settings)


def test_no_row_lies_in_two_sources_and_shares_hold_after_every_row() -> None:
    sampler = _mixed(rows_per_step=1)
    given = np.zeros(3)
    for step in range(500):
        (row,) = sampler.rows(step).ids_BW
        (source,) = set((row // 10_000).tolist())
        given[source] += 1
        assert np.abs(given - (step + 1) * np.array(_SHARES)).max() < 1


def test_every_source_has_epochs_of_its_own() -> None:
    sampler = _mixed()
    firsts = np.concatenate([sampler.rows(step).ids_BW[:, 0] for step in range(300)])
    for number, tokens in enumerate(_SOURCES):
        own = firsts[firsts // 10_000 == number] % 10_000 - 100
        rows = max(1, (tokens - 11) // 10)
        for epoch in range(len(own) // rows):
            starts = own[epoch * rows : (epoch + 1) * rows]
            assert len(set(starts.tolist())) == rows
            if tokens >= 11:
                assert set(np.diff(np.sort(starts)).tolist()) <= {10}


def test_a_source_shorter_than_a_row_is_read_round() -> None:
    rows = _mixed().rows(0).ids_BW
    short = rows[rows[:, 0] // 10_000 == 1]
    assert len(short)
    for row in short - 10_100:
        assert (np.diff(row) % 7 == 1).all()
        assert set(row.tolist()) == set(range(7))


def test_a_step_of_a_mix_is_the_same_whatever_was_read_before() -> None:
    fresh, used = _mixed(), _mixed()
    for step in range(200):
        used.rows(step)
    for step in (0, 63, 199, 7):
        assert np.array_equal(fresh.rows(step).ids_BW, used.rows(step).ids_BW)
    assert not np.array_equal(_mixed(seed=6).rows(0).ids_BW, fresh.rows(0).ids_BW)


def test_one_source_is_walked_as_a_stream_without_sources() -> None:
    """Runs that began before there were sources go on bit for bit."""
    ids = np.arange(100, 1103, dtype=np.uint16)
    one = Sampler(
        ids,
        window=11,
        stride=10,
        rows_per_step=7,
        seed=5,
        bos=1,
        source_tokens=(1003,),
        shares=(1.0,),
    )
    for step in (0, 14, 15, 77):
        assert np.array_equal(one.rows(step).ids_BW, _sampler().rows(step).ids_BW)


def test_the_rows_of_one_stream_are_those_of_the_first_release() -> None:
    """Worked out by hand from the generator that the first release used."""
    rng = np.random.default_rng([5, 1, 0])  # seed, what for, epoch
    shift = int(rng.integers(0, 10))  # 1003 - 11 - 98 · 10 leaves 12, and a stride is 10
    starts = rng.permutation(99)[:7] * 10 + shift
    assert (_sampler().rows(0).ids_BW[:, 0] - 100).tolist() == starts.tolist()
