"""The learning rate range test: raise the rate from step to step and watch the loss.

Smith 2017 (1506.01186), as reference §4.6 has it: rates rise geometrically from 1e-5 to 1e-1 over
a hundred steps in the run's own order of data, from the seed's first weights; the loss is
smoothed, and the test ends where it is four times its least. A tenth of the rate of the least
loss is a good peak. Everything that a step changes (weights, moments, the generators, the rows at
once) is put back afterwards, so that even a run under way could be tested. Costs as many steps of
training; writes nothing.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import torch

from sslstudio.errors import Cancelled, SSLStudioError
from sslstudio.recipe import Recipe
from sslstudio.training.materials import Materials
from sslstudio.training.trial import tried
from sslstudio.training.update import Updater

LOWEST, HIGHEST = 1e-5, 1e-1
_SMOOTHING = 0.9
_TOO_HIGH = 4.0
_FEWEST_POINTS = 10

OnProgress = Callable[[str, int, int, str], None]


@dataclasses.dataclass(frozen=True)
class Point:
    """One step: the rate, the loss in nats per target before it, and the smoothed loss."""

    rate: float
    loss: float
    smoothed: float


@dataclasses.dataclass(frozen=True)
class RateRange:
    """What the test found.

    Attributes:
        points: one a step, rates rising.
        suggested: a tenth of the rate where the smoothed loss is least.
        steepest: the rate where the smoothed loss falls fastest, over the logarithm of the rate.
        stopped_early: whether the loss rose so far that the test ended.
    """

    points: tuple[Point, ...]
    suggested: float
    steepest: float
    stopped_early: bool


def try_rates(
    recipe: Recipe,
    *,
    device: torch.device,
    steps: int = 100,
    cancelled: Callable[[], bool] = lambda: False,
    on_progress: OnProgress = lambda _stage, _done, _total, _unit: None,
) -> RateRange:
    """Prepare the text, build the network, and test its rates; leaves no run behind.

    Raises:
        SSLStudioError: whatever would keep a run from beginning, or too few finite losses.
        Cancelled: ``cancelled()`` said so.
    """
    with tried(recipe, device, cancelled, on_progress) as materials:
        return range_test(materials, steps=steps, cancelled=cancelled, on_progress=on_progress)


def range_test(
    materials: Materials,
    *,
    steps: int = 100,
    cancelled: Callable[[], bool] = lambda: False,
    on_progress: OnProgress = lambda _stage, _done, _total, _unit: None,
) -> RateRange:
    """Test the rates from the first weights on, and put everything back as it was."""
    losses: list[float] = []
    rates = geometric(LOWEST, HIGHEST, steps)
    with everything_put_back(materials):
        materials.begin_anew()
        updater = Updater(materials)
        for step, rate in enumerate(rates):
            if cancelled():
                raise Cancelled
            on_progress("testing rates", step, steps, "steps")
            losses.append(float(updater.take(step, rate).mean_loss))
            if is_too_high(losses):
                break
    return judged(rates, losses, stopped_early=len(losses) < steps or is_too_high(losses))


def geometric(lowest: float, highest: float, count: int) -> list[float]:
    """Return ``count`` numbers from ``lowest`` to ``highest``, each the same times the last."""
    return [lowest * (highest / lowest) ** (n / (count - 1)) for n in range(count)]


def smoothed(losses: Sequence[float]) -> list[float]:
    """Return the exponential means of ``losses`` (0.9), corrected for their beginning."""
    found, mean = [], 0.0
    for number, loss in enumerate(losses, start=1):
        mean = _SMOOTHING * mean + (1 - _SMOOTHING) * loss
        found.append(mean / (1 - _SMOOTHING**number))
    return found


def is_too_high(losses: Sequence[float]) -> bool:
    """Say whether the last loss is no number, or its mean four times the least."""
    if not math.isfinite(losses[-1]):
        return True
    means = smoothed(losses)
    return len(means) > _FEWEST_POINTS and means[-1] > _TOO_HIGH * min(means)


def judged(rates: Sequence[float], losses: Sequence[float], *, stopped_early: bool) -> RateRange:
    """Return what losses at rising rates say.

    Raises:
        SSLStudioError: too few of them are numbers.
    """
    finite = next((n for n, loss in enumerate(losses) if not math.isfinite(loss)), len(losses))
    means = smoothed(losses[:finite])
    if len(means) < _FEWEST_POINTS:
        raise SSLStudioError(
            f"the loss was no number after {len(means)} steps even at low rates: look at the "
            "text, or set training.precision to fp32"
        )
    points = tuple(Point(*values) for values in zip(rates, losses, means, strict=False))
    least = min(range(len(means)), key=means.__getitem__)
    return RateRange(
        points=points,
        suggested=_rounded(rates[least] / 10),
        steepest=_rounded(rates[_steepest(means)]),
        stopped_early=stopped_early,
    )


def _steepest(means: Sequence[float]) -> int:
    """Return where the smoothed loss falls most, between the two neighbours of a point."""
    inside = range(1, len(means) - 1)
    return min(inside, key=lambda n: means[n + 1] - means[n - 1])


def _rounded(rate: float) -> float:
    return float(f"{rate:.2g}")


@contextmanager
def everything_put_back(m: Materials) -> Iterator[None]:
    """Keep weights, moments and generators, and put them back bit for bit at the end."""
    weights = {name: value.clone() for name, value in m.master.state_dict().items()}
    moments = {
        parameter: {key: torch.as_tensor(value).clone() for key, value in state.items()}
        for parameter, state in m.optimizers.state.items()
    }
    groups = [group["lr"] for group in m.optimizers.param_groups]
    generator = torch.get_rng_state()
    on_card = torch.cuda.get_rng_state(m.device) if m.device.type == "cuda" else None
    scaler = m.scaler.state_dict() if m.scaler else None
    was_training = m.model.training
    m.model.train()
    try:
        yield
    finally:
        m.model.train(was_training)
        m.master.load_state_dict(weights)
        for parameter, state in moments.items():
            m.optimizers.state[parameter] = state
        for group, rate in zip(m.optimizers.param_groups, groups, strict=True):
            group["lr"] = rate
        torch.set_rng_state(generator)
        if on_card is not None:
            torch.cuda.set_rng_state(on_card, m.device)
        if m.scaler and scaler is not None:
            m.scaler.load_state_dict(scaler)
        m.publish_weights()
