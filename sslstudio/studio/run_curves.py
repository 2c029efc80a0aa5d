"""The numbers of one run, gathered from its events for the plots, the samples and the log.

Grows by :meth:`RunCurves.take` as events arrive, live or from ``events.jsonl``. A run that was
resumed repeats steps: what the earlier attempt wrote after the checkpoint is dropped, so that
every column is in the order of its steps. Memory: 8 doubles a point and a pyramid of minima and
maxima. Knows numpy, but neither Qt nor files.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from sslstudio.events import (
    CheckpointEvent,
    EvaluationEvent,
    Event,
    MessageEvent,
    SampleEvent,
    StateEvent,
    StepEvent,
)

Floats = npt.NDArray[np.float64]
BLOCK = 64  # points that one entry of a pyramid's next level stands for
AXES = ("step", "tokens", "time", "epoch")
_STEP_COLUMNS = (*AXES, "loss", "learning_rate", "gradient_norm", "tokens_per_second")
_EVALUATION_COLUMNS = (*AXES, "loss", "bits_per_byte")


class Column:
    """A growing row of numbers with a pyramid of minima and maxima over blocks of it."""

    def __init__(self) -> None:
        self._values: Floats = np.empty(1024)
        self._lows: Floats = np.empty(16)
        self._highs: Floats = np.empty(16)
        self.size = 0

    @property
    def values(self) -> Floats:
        """Everything so far; a view, valid until the next change."""
        return self._values[: self.size]

    def append(self, value: float) -> None:
        """Add one number."""
        if self.size == len(self._values):
            self._values = _doubled(self._values)
        self._values[self.size] = value
        self.size += 1
        if self.size % BLOCK == 0:
            self._close_block(self.size // BLOCK - 1)

    def truncate(self, size: int) -> None:
        """Forget everything from index ``size`` on; whole blocks before it stay valid."""
        self.size = min(self.size, size)

    def outline(self, first: int, last: int, most: int) -> tuple[npt.NDArray[np.int64], Floats]:
        """Return indices and values that draw [first, last) in about ``most`` points.

        Few points come back as they are; of many, the minimum and the maximum of every bucket,
        so that no spike is lost. Cost: proportional to ``most`` times BLOCK at the worst.
        """
        count = last - first
        if count <= most:
            return np.arange(first, last), self.values[first:last]
        if count <= most * BLOCK:
            return _buckets(self.values, self.values, first, last, most, 1)
        first_block, last_block = first // BLOCK, last // BLOCK
        return _buckets(self._lows, self._highs, first_block, last_block, most, BLOCK)

    def _close_block(self, block: int) -> None:
        if block >= len(self._lows):
            self._lows, self._highs = _doubled(self._lows), _doubled(self._highs)
        values = self._values[block * BLOCK : (block + 1) * BLOCK]
        self._lows[block] = np.fmin.reduce(values)
        self._highs[block] = np.fmax.reduce(values)


def _doubled(values: Floats) -> Floats:
    larger = np.empty(2 * len(values))
    larger[: len(values)] = values
    return larger


def _buckets(
    lows: Floats, highs: Floats, first: int, last: int, most: int, scale: int
) -> tuple[npt.NDArray[np.int64], Floats]:
    edges = np.unique(np.linspace(first, last, most // 2 + 1).astype(np.int64))[:-1]
    values = np.empty(2 * len(edges))
    values[0::2] = np.fmin.reduceat(lows[:last], edges)
    values[1::2] = np.fmax.reduceat(highs[:last], edges)
    return np.repeat(edges * scale, 2), values


class Table:
    """Columns of one length, in the order of their steps."""

    def __init__(self, names: Iterable[str]) -> None:
        self.columns = {name: Column() for name in names}
        self.rewinds = 0  # how often rows were taken back

    def __len__(self) -> int:
        return self.columns["step"].size

    def __getitem__(self, name: str) -> Floats:
        return self.columns[name].values

    def append(self, **values: float) -> None:
        """Add a row; rows at or after its step are of an earlier attempt and go first."""
        steps = self["step"]
        if len(steps) and values["step"] <= steps[-1]:
            self.truncate_from(values["step"])
        for name, column in self.columns.items():
            column.append(values[name])

    def truncate_from(self, step: float) -> None:
        """Forget the rows at ``step`` and after it."""
        size = int(np.searchsorted(self["step"], step))
        if size < len(self):
            self.rewinds += 1
        for column in self.columns.values():
            column.truncate(size)


@dataclasses.dataclass(frozen=True)
class Baseline:
    """What a simple model reaches on the same text, in nats per token."""

    name: str
    loss: float
    bits_per_byte: float


@dataclasses.dataclass(frozen=True)
class Spike:
    """A step whose loss lay far above what was usual, and how the texts of its batch begin."""

    step: int
    loss: float
    usual: float
    documents: tuple[str, ...]


class RunCurves:
    """Everything that the training page shows of one run. ``version`` counts the changes."""

    def __init__(self) -> None:
        self.steps = Table(_STEP_COLUMNS)
        self.evaluations = Table(_EVALUATION_COLUMNS)
        self.baselines: dict[str, Baseline] = {}
        self.samples: list[SampleEvent] = []
        self.checkpoints: list[int] = []
        self.spikes: list[Spike] = []
        self.state = ""
        self.last_time = 0.0
        self.version = 0
        self._clock = 0.0  # seconds of work, without pauses
        self._clock_at = 0.0

    def take(self, events: Iterable[Event]) -> None:
        """Add events, oldest first."""
        for event in events:
            self.last_time = max(self.last_time, event.time)
            self._take_one(event)
        self.version += 1

    def _take_one(self, event: Event) -> None:
        if isinstance(event, StepEvent):
            self._tick(event.time)
            self.steps.append(
                step=event.step,
                tokens=event.tokens,
                time=self._clock,
                epoch=event.epoch,
                loss=event.loss,
                learning_rate=event.learning_rate,
                gradient_norm=event.gradient_norm,
                tokens_per_second=event.tokens_per_second,
            )
        elif isinstance(event, EvaluationEvent):
            self._tick(event.time)
            bits = float("nan") if event.bits_per_byte is None else event.bits_per_byte
            self.evaluations.append(
                step=event.step,
                tokens=event.tokens,
                time=self._clock,
                epoch=event.epoch,
                loss=event.loss,
                bits_per_byte=bits,
            )
        elif isinstance(event, SampleEvent):
            self.samples = [s for s in self.samples if s.step <= event.step]
            self.samples.append(event)
        elif isinstance(event, CheckpointEvent):
            self.checkpoints = [s for s in self.checkpoints if s < event.step] + [event.step]
        elif isinstance(event, StateEvent):
            if event.state in ("training", "stopped", "failed", "preparing"):
                self._clock_at = 0.0  # what lies between this and the next step was no work
            if event.state == "training":
                self._clock_at = event.time
            self.state = event.state
        elif isinstance(event, MessageEvent):
            self._take_message(event)

    def _take_message(self, event: MessageEvent) -> None:
        if event.code == "resumed":
            step = int(event.data.get("step", 0))
            self.steps.truncate_from(step + 1)
            self.evaluations.truncate_from(step + 1)
            self.samples = [s for s in self.samples if s.step <= step]
            self.checkpoints = [s for s in self.checkpoints if s <= step]
            self.spikes = [s for s in self.spikes if s.step <= step]
            self._clock = float(self.steps["time"][-1]) if len(self.steps) else 0.0
        elif event.code == "spike":
            self._take_spike(event)
        elif event.code == "baseline":
            name = str(event.data.get("name", ""))
            loss = event.data.get("loss")
            if name and isinstance(loss, int | float):
                bits = event.data.get("bits_per_byte")
                bits = float(bits) if isinstance(bits, int | float) else float("nan")
                self.baselines[name] = Baseline(name, float(loss), bits)

    def _take_spike(self, event: MessageEvent) -> None:
        loss, usual = (event.data.get(key) for key in ("loss", "usual"))
        documents = event.data.get("documents")
        texts = tuple(map(str, documents)) if isinstance(documents, list | tuple) else ()
        if isinstance(loss, int | float) and isinstance(usual, int | float):
            spike = Spike(event.step, float(loss), float(usual), texts)
            self.spikes = [s for s in self.spikes if s.step < spike.step] + [spike]

    def _tick(self, now: float) -> None:
        if self._clock_at:
            self._clock += max(0.0, now - self._clock_at)
        self._clock_at = now


class Smoothed:
    """A mean of a column over both sides of each point, carried on as the column grows.

    The weight of a neighbour k points away is w^k, before and after, so that the smooth curve
    does not lag behind the raw one; at the newest point it is the usual exponential mean. As new
    points come, only the last few hundred are worked out again: beyond :data:`_TAIL` of the
    weight nothing changes that could be seen. While there are few points the weight is held
    back, so that the mean never spans more than a twelfth of the curve. The first points have no
    neighbours before them and a loss falls steeply there, so they keep a share w^2i of their own
    value: the smooth curve begins where the raw one does. Not-a-number is passed over.
    """

    _TAIL = 1e-3
    _SHARE = 12

    def __init__(self, weight: float = 0.9) -> None:
        self.column = Column()
        self.asked = weight
        self.weight = 0.0
        self._sums = Column()  # over the point and those before it
        self._weights = Column()

    def set_weight(self, weight: float) -> None:
        """Choose how much a neighbour counts, 0 for not at all; begins anew."""
        if weight != self.asked:
            self.asked = weight
            self.reset()

    def reset(self) -> None:
        """Forget everything."""
        for column in (self.column, self._sums, self._weights):
            column.truncate(0)

    def follow(self, values: Floats) -> None:
        """Take in what was added to ``values`` since the last call."""
        if self._sums.size == len(values):
            return
        weight = min(self.asked, max(0.0, 1.0 - self._SHARE / len(values)))
        if weight != self.weight:
            self.weight = weight
            self.reset()
        known = self._sums.size
        self._go_forward(values[known:].tolist())
        reach = math.ceil(math.log(self._TAIL) / math.log(self.weight)) if self.weight else 0
        first = max(0, known - reach)
        smooth = self._go_backward(values[first:].tolist(), first)
        self.column.truncate(first)
        for place, (mean, value) in enumerate(zip(smooth, values[first:].tolist(), strict=True)):
            own = self.weight ** (2 * (first + place)) if value == value else 0.0
            self.column.append(own * value + (1.0 - own) * mean if own else mean)

    def _go_forward(self, values: list[float]) -> None:
        total = float(self._sums.values[-1]) if self._sums.size else 0.0
        seen = float(self._weights.values[-1]) if self._weights.size else 0.0
        for value in values:
            there = value == value
            total = self.weight * total + (value if there else 0.0)
            seen = self.weight * seen + there
            self._sums.append(total)
            self._weights.append(seen)

    def _go_backward(self, values: list[float], first: int) -> list[float]:
        """Add the weighted sum of those after each point; returns the means, oldest first."""
        before, weights = self._sums.values[first:].tolist(), self._weights.values[first:].tolist()
        smooth, total, seen = [], 0.0, 0.0
        for value, sum_before, weight_before in zip(
            reversed(values), reversed(before), reversed(weights), strict=True
        ):
            all_seen = weight_before + self.weight * seen
            all_ = sum_before + self.weight * total
            smooth.append(all_ / all_seen if all_seen else float("nan"))
            there = value == value
            total = self.weight * total + (value if there else 0.0)
            seen = self.weight * seen + there
        return smooth[::-1]
