"""Tries a recipe out beside the window, for the model page: its speed, and which rate suits it.

Torch and the engine are imported inside the functions. They take real steps, so nothing else
should train meanwhile; they end soon after ``cancelled()`` says so. Plain values come back.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from sslstudio.recipe import Recipe
from sslstudio.studio.engine_turn import my_turn

OnProgress = Callable[[str, int, int, str], None]


@dataclasses.dataclass(frozen=True)
class SpeedFigures:
    """What a step took: seconds, bytes at the fullest moment, how many steps were timed."""

    seconds_per_step: float
    peak_bytes: int
    steps: int


@dataclasses.dataclass(frozen=True)
class RateFigures:
    """What the range test found; one value a step, rates rising."""

    rates: tuple[float, ...]
    losses: tuple[float, ...]
    smoothed: tuple[float, ...]
    suggested: float
    steepest: float
    stopped_early: bool


def measure_speed(
    recipe: Recipe, device: str, *, cancelled: Callable[[], bool], on_progress: OnProgress
) -> SpeedFigures:
    """Take a few real steps; the plan knows them afterwards."""
    from sslstudio.studio.engine import load_engine

    load_engine()
    from sslstudio.training.measuring import measure
    from sslstudio.training.precision import choose_device

    with my_turn(cancelled):
        found = measure(
            recipe, device=choose_device(device), cancelled=cancelled, on_progress=on_progress
        )
    return SpeedFigures(found.seconds_per_step, found.peak_bytes, found.steps)


def find_rate(
    recipe: Recipe, device: str, *, cancelled: Callable[[], bool], on_progress: OnProgress
) -> RateFigures:
    """Train a hundred steps at rising learning rates."""
    from sslstudio.studio.engine import load_engine

    load_engine()
    from sslstudio.training.precision import choose_device
    from sslstudio.training.rate_range import try_rates

    with my_turn(cancelled):
        found = try_rates(
            recipe, device=choose_device(device), cancelled=cancelled, on_progress=on_progress
        )
    return RateFigures(
        rates=tuple(p.rate for p in found.points),
        losses=tuple(p.loss for p in found.points),
        smoothed=tuple(p.smoothed for p in found.points),
        suggested=found.suggested,
        steepest=found.steepest,
        stopped_early=found.stopped_early,
    )
