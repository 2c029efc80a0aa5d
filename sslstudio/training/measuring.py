"""Take a few real steps of a recipe, to know what a step takes here; nothing is left behind.

The text is prepared as for a run (and found in the cache by the run that follows), everything is
built as for a run, two steps warm up, and some more are timed: the middle one counts. Another
step is watched by torch's own counters for the real peak of memory. The figure is remembered, so
that plans know it from now on. Takes some seconds, with a cold compiler half a minute.
"""

from __future__ import annotations

import dataclasses
import statistics
import time
from collections.abc import Callable

import torch

from sslstudio.errors import Cancelled
from sslstudio.models.configuration import ModelConfig
from sslstudio.recipe import Recipe
from sslstudio.training.counting import peak_of_a_step
from sslstudio.training.speeds import remember_speed
from sslstudio.training.trial import tried
from sslstudio.training.update import Updater

_WARM_UP, _FEWEST, _MOST, _ENOUGH_S = 2, 3, 30, 8.0
_RATE = 1e-5


@dataclasses.dataclass(frozen=True)
class Measured:
    """What a step took: seconds (median), bytes of tensors at the fullest moment, steps timed.

    And what was prepared for it: the network's shape, and the training tokens of every source.
    """

    seconds_per_step: float
    peak_bytes: int
    steps: int
    config: ModelConfig
    source_tokens: tuple[int, ...]


def measure(
    recipe: Recipe,
    *,
    device: torch.device,
    cancelled: Callable[[], bool] = lambda: False,
    on_progress: Callable[[str, int, int, str], None] = lambda _stage, _done, _total, _unit: None,
) -> Measured:
    """Train ``recipe`` for a few steps on ``device`` and remember how long they took.

    Raises:
        SSLStudioError: whatever would keep a run from beginning.
        Cancelled: ``cancelled()`` said so.
    """
    with tried(recipe, device, cancelled, on_progress) as materials:
        updater = Updater(materials)
        seconds = _timed(updater, cancelled, on_progress)
        peak = peak_of_a_step(updater, _WARM_UP + _MOST, _RATE)
        source_tokens = materials.sampler.source_tokens
    middle = statistics.median(seconds)
    config = materials.model.config
    remember_speed(materials.recipe, config, device.type, middle)
    return Measured(middle, peak, len(seconds), config, source_tokens)


def _timed(
    updater: Updater,
    cancelled: Callable[[], bool],
    on_progress: Callable[[str, int, int, str], None],
) -> list[float]:
    """Return the seconds of some steps after the first ones."""
    device = updater.materials.device
    seconds: list[float] = []
    began = time.perf_counter()
    for step in range(_WARM_UP + _MOST):
        if cancelled():
            raise Cancelled
        if len(seconds) >= _FEWEST and time.perf_counter() - began > _ENOUGH_S:
            break
        on_progress("measuring", step, _WARM_UP + _MOST, "steps")
        if step == _WARM_UP:
            began = time.perf_counter()
        step_began = time.perf_counter()
        updater.take(step, _RATE)
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        if step >= _WARM_UP:
            seconds.append(time.perf_counter() - step_began)
    return seconds
