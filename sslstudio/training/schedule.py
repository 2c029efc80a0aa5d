"""The learning rate over the steps: warm-up, then constant, cosine, or warm-up-stable-decay.

Pure functions of the step, so a resumed run needs no state of theirs. Sources: cosine, Loshchilov
and Hutter 2017; WSD with 1 − sqrt cool-down, Hägele et al. 2024 (2405.18392).
"""

from __future__ import annotations

import math

COOLDOWN_SHARE = 0.2
COSINE_FLOOR = 0.1


def learning_rate_at(step: int, steps: int, peak: float, warmup: int, schedule: str) -> float:
    """Return the learning rate of the update that follows ``step`` finished ones.

    Args:
        step: finished optimizer steps, 0 ≤ step < steps.
        steps: how many the run takes in all.
        peak: the highest learning rate.
        warmup: steps of the linear warm-up; the first update already moves.
        schedule: "wsd", "cosine" or "constant".
    """
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    if schedule == "cosine":
        done = (step - warmup) / max(1, steps - warmup)
        return peak * (COSINE_FLOOR + (1 - COSINE_FLOOR) * 0.5 * (1 + math.cos(math.pi * done)))
    if schedule == "wsd":
        cooldown = max(1, round(steps * COOLDOWN_SHARE))
        done = (step - (steps - cooldown)) / cooldown
        return peak * (1 - math.sqrt(max(0.0, done)))
    return peak
