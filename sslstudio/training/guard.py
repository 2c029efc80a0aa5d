"""Watch the losses of single steps: what was skipped, what jumped, and when to turn back.

Stands beside the trainer's loop, which tells it of every update and asks it at every logged
point. Until then nothing is asked of a graphics card; a processor is asked at once. An update
that was not finite has already been left out by ``update.py``; three in a row mean that going on
is no use. A spike is a loss that lies six standard deviations above the mean of the 128 steps
before it. Keeps 128 numbers, in checkpoints too; knows nothing of files and events.
"""

from __future__ import annotations

import collections
import dataclasses
import math
import statistics
from collections.abc import Sequence

import torch
from torch import Tensor

SKIPS_BEFORE_TURNING_BACK = 3
WINDOW_STEPS = 128
_FEWEST_STEPS = 32  # fewer say nothing about what is usual
_SIGMAS = 6.0
# a loss that hardly moves has next to no deviation: this share of it is never a jump
_SMALLEST_DEVIATION = 0.005


@dataclasses.dataclass(frozen=True)
class Spike:
    """A loss far above what was usual; nats per target."""

    step: int
    loss: float
    usual: float
    deviation: float


@dataclasses.dataclass(frozen=True)
class Findings:
    """What the updates since the last look were: steps are counted from 1, as in events."""

    skipped: tuple[int, ...] = ()
    spikes: tuple[Spike, ...] = ()


class Guard:
    """Remembers what was usual, and counts what was not finite.

    Attributes:
        in_a_row: how many of the latest updates were skipped, one after another.
        row_began: the first of those steps; means something while ``in_a_row`` is above 0.
    """

    def __init__(
        self,
        *,
        step: int = 0,
        in_a_row: int = 0,
        usual: Sequence[float] = (),
        looks_at_once: bool = True,
    ) -> None:
        """Begin after ``step`` updates, the last ``in_a_row`` of them skipped."""
        self.in_a_row = in_a_row
        self.row_began = step - in_a_row + 1
        self._looks_at_once = looks_at_once
        self._usual = collections.deque(usual, maxlen=WINDOW_STEPS)
        self._unseen: list[tuple[int, Tensor, Tensor]] = []
        self._skipped: list[int] = []
        self._spikes: list[Spike] = []

    def note(self, step: int, mean_loss: Tensor, is_skipped: Tensor) -> None:
        """Take one update; ``step`` is how many are done with it."""
        self._unseen.append((step, mean_loss.detach(), is_skipped))
        if self._looks_at_once:
            self.look()

    @property
    def usual(self) -> tuple[float, ...]:
        """The losses that a spike is measured against, oldest first, nats per target."""
        return tuple(self._usual)

    @property
    def must_turn_back(self) -> bool:
        """Whether so many updates in a row were skipped that going on is no use."""
        return self.in_a_row >= SKIPS_BEFORE_TURNING_BACK

    def take(self) -> Findings:
        """Return what was found since the last call, and forget it; asks the device once."""
        self.look()
        findings = Findings(tuple(self._skipped), tuple(self._spikes))
        self._skipped, self._spikes = [], []
        return findings

    def look(self) -> None:
        """Judge every update that was noted; asks the device once."""
        if not self._unseen:
            return
        steps = [step for step, _, _ in self._unseen]
        pairs = torch.stack([torch.stack((loss, skip)) for _, loss, skip in self._unseen]).tolist()
        self._unseen = []
        for step, (loss, skip) in zip(steps, pairs, strict=True):
            self._judge(step, loss, is_skipped=bool(skip))

    def _judge(self, step: int, loss: float, *, is_skipped: bool) -> None:
        if is_skipped:
            if self.in_a_row == 0:
                self.row_began = step
            if not self.must_turn_back:  # what came after the third is the same trouble
                self.in_a_row += 1
            self._skipped.append(step)
            return
        if not self.must_turn_back:
            self.in_a_row = 0
        spike = self._spike(step, loss)
        if spike is not None:
            self._spikes.append(spike)
        self._usual.append(loss)

    def _spike(self, step: int, loss: float) -> Spike | None:
        if len(self._usual) < _FEWEST_STEPS:
            return None
        usual = statistics.fmean(self._usual)
        deviation = max(statistics.pstdev(self._usual), _SMALLEST_DEVIATION * abs(usual))
        is_spike = math.isfinite(loss) and loss > usual + _SIGMAS * deviation
        return Spike(step, loss, usual, deviation) if is_spike else None
