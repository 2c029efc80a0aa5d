"""Columns, smoothing and the order of steps, against numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sslstudio.events import MessageEvent, StateEvent
from sslstudio.studio.run_curves import BLOCK, Column, RunCurves, Smoothed
from sslstudio.studio.sentences import count, duration, figure, size
from tests.studio.fakes import (
    START,
    baseline_event,
    evaluation_event,
    events_of,
    spike_event,
    step_event,
    turned_back_event,
)


def column_of(values: np.ndarray) -> Column:
    column = Column()
    for value in values:
        column.append(float(value))
    return column


@pytest.mark.parametrize("length", [10, 2000, 50_000, 300_000])
def test_the_outline_keeps_every_extreme(length: int) -> None:
    values = np.random.default_rng(length).standard_normal(length)
    values[length // 3], values[length // 2] = 99.0, -99.0
    index, outline = column_of(values).outline(0, length, 2000)
    assert len(outline) <= 2004
    assert outline.max() == 99.0
    assert outline.min() == -99.0
    assert np.all(np.diff(index) >= 0)
    assert index[-1] < length


def test_a_part_of_the_outline_is_that_part() -> None:
    column = column_of(np.arange(100_000.0))
    _index, values = column.outline(500, 900, 2000)
    assert values.tolist() == list(range(500, 900))
    _, coarse = column.outline(10_000, 90_000, 1000)
    assert 10_000 - BLOCK <= coarse.min() <= 10_000  # it ends at the blocks of the pyramid
    assert 90_000 - BLOCK <= coarse.max() < 90_000


@pytest.mark.parametrize("weight", [0.0, 0.5, 0.9])
def test_smoothing_is_the_weighted_mean_of_both_sides(weight: float) -> None:
    values = np.random.default_rng(1).standard_normal(130)
    values[7] = math.nan
    smoothed = Smoothed(weight)
    smoothed.follow(values)
    there = np.isfinite(values)
    expected = []
    for i in range(len(values)):
        weights = np.where(there, weight ** np.abs(np.arange(len(values)) - i), 0.0)
        total = weights.sum()
        mean = (weights * np.nan_to_num(values)).sum() / total if total else math.nan
        own = weight ** (2 * i) if there[i] else 0.0  # the beginning has one side only
        expected.append(own * np.nan_to_num(values[i]) + (1 - own) * mean if own else mean)
    assert smoothed.column.values == pytest.approx(expected, nan_ok=True)


def test_smoothing_carried_on_equals_smoothing_at_once() -> None:
    values = 3 + np.random.default_rng(0).standard_normal(1500)
    pieces, whole = Smoothed(0.9), Smoothed(0.9)
    for end in (1, 100, 101, 500, 1100, 1500):
        pieces.follow(values[:end])
    whole.follow(values)
    assert pieces.column.values == pytest.approx(whole.column.values, rel=2e-3)


def test_few_points_are_hardly_smoothed() -> None:
    smoothed = Smoothed(0.9)
    smoothed.follow(np.array([5.0, 3.0, 4.0]))
    assert smoothed.column.values.tolist() == [5.0, 3.0, 4.0]
    smoothed.follow(np.arange(24.0))
    assert smoothed.weight == 0.5


def test_a_straight_line_stays_where_it_is() -> None:
    smoothed = Smoothed(0.9)
    smoothed.follow(np.arange(1000.0))
    assert smoothed.column.values[300:700] == pytest.approx(np.arange(300.0, 700.0), abs=1e-9)


def test_a_resumed_run_overwrites_what_it_repeats() -> None:
    curves = RunCurves()
    curves.take(events_of(50))
    curves.take(
        [
            MessageEvent(
                time=START + 900, step=0, level="info", text="", code="resumed", data={"step": 40}
            ),
            StateEvent(time=START + 1000, step=40, state="training", steps=60),
        ]
    )
    assert curves.steps["step"][-1] == 40
    assert curves.checkpoints == [20, 40]
    curves.take([step_event(41, loss=0.25, time=START + 1001)])
    assert curves.steps["step"].tolist() == list(range(1, 42))
    assert curves.steps["loss"][-1] == 0.25
    # 39 s from step 1 to 40, then 1 s after it went on: the pause in between is no work.
    assert curves.steps["time"][-1] == pytest.approx(40.0)


def test_steps_told_twice_count_once() -> None:
    curves = RunCurves()
    curves.take([step_event(1), step_event(2), step_event(3), step_event(2, loss=9.0)])
    assert curves.steps["step"].tolist() == [1, 2]
    assert curves.steps["loss"][-1] == 9.0


def test_baselines_and_missing_values() -> None:
    curves = RunCurves()
    curves.take([baseline_event("unigram", 6.3), evaluation_event(1, bits_per_byte=None)])
    assert curves.baselines["unigram"].loss == 6.3
    assert math.isnan(curves.evaluations["bits_per_byte"][0])


def test_figures_read_well() -> None:
    assert [count(n) for n in (0, 12_834, 412_000, 3_400_000, 1.3e9)] == [
        "0",
        "12,834",
        "412 k",
        "3.4 M",
        "1.3 G",
    ]
    assert [figure(v) for v in (1.5131, 0.00082, 0.05, 412.34, float("nan"))] == [
        "1.513",
        "8.2e-4",
        "0.05",
        "412.3",
        "–",
    ]
    assert [duration(s) for s in (45, 68, 7500, 200_000)] == [
        "45 s",
        "1 min 08 s",
        "2 h 05 min",
        "2 days 7 h",
    ]
    assert [size(b) for b in (512, 4_200_000, 3.1e9)] == ["512 bytes", "4.2 MB", "3.1 GB"]


def test_after_turning_back_the_curve_goes_on_from_there() -> None:
    """Steps 7 to 9 were skipped and are taken again, in the middle of a run."""
    curves = RunCurves()
    curves.take([*events_of(9, every=3), spike_event(5, 8.0), spike_event(8, 9.0)])
    curves.take([turned_back_event(6, 9)])
    assert curves.steps["step"].tolist() == [1, 2, 3, 4, 5, 6]
    assert curves.evaluations["step"].tolist() == [3, 6]
    assert (curves.checkpoints, [s.step for s in curves.spikes]) == ([3, 6], [5])
    clock = float(curves.steps["time"][-1])
    curves.take([step_event(7, time=START + 12), step_event(8, time=START + 13)])
    assert curves.steps["step"].tolist() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert float(curves.steps["time"][-1]) > clock
    assert curves.steps.rewinds == 1
    curves.take([turned_back_event(0, 8)])
    assert len(curves.steps) == len(curves.spikes) == 0


def test_a_spike_without_its_facts_is_passed_over() -> None:
    curves = RunCurves()
    for data in ({}, {"loss": "x", "usual": 1.0}, {"loss": None, "usual": None, "documents": 3}):
        event = MessageEvent(time=1.0, step=3, level="caution", text="?", code="spike", data=data)
        curves.take([event])
    assert curves.spikes == []
