"""Batch: what a model reads and must predict; Loss: sums with counts.

The only tensors that travel between objective, model and trainer. Losses are sums over target
tokens and are divided once, by the count over the whole optimizer step (a mean of means is wrong
when micro-batches hold different numbers of targets). An objective that needs more than ids,
targets and documents derives its own batch and adds fields; tensors in them have the rows first.

Shape legend: B rows, W raw tokens of a row, T positions.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

NO_TARGET = -100


@dataclasses.dataclass(frozen=True)
class Rows:
    """Raw token ids as the sampler cuts them, before an objective hides anything.

    Attributes:
        ids_BW: token ids, int64 [B, W], W as the objective asked for.
        documents_BW: which document of its row a token belongs to, int64 [B, W], rising by one
            at every <bos>.
        progress: share of the run that is done when they are read, 0 to 1; for objectives that
            change on the way.
    """

    ids_BW: NDArray[np.int64]
    documents_BW: NDArray[np.int64]
    progress: float = 0.0


@dataclasses.dataclass(frozen=True)
class Batch:
    """One micro-batch, or all rows of an optimizer step before they are split.

    Attributes:
        inputs_BT: what the model reads, int64 [B, T].
        targets_BT: what it must predict at each position, int64 [B, T]; ``NO_TARGET`` for none.
        documents_BT: attention stays within equal numbers, int64 [B, T]; None where every row
            is one document.
        target_count: how many targets there are, known on the host without asking the device.
        seen_BTT: what sees what, bool [B, T (who sees), T (what is seen)], where documents and
            the model's own direction do not say it; None where they do.
        divisor: what the sum of the losses is divided by; 0 for the number of targets.
        part_BT: which of several named parts a target belongs to, int64 [B, T] from 0; None
            where there is one part.
        kind: which objective of a mixture made it; empty where there is one.
    """

    inputs_BT: Tensor
    targets_BT: Tensor
    documents_BT: Tensor | None
    target_count: int
    seen_BTT: Tensor | None = None
    divisor: int = 0
    part_BT: Tensor | None = None
    kind: str = ""

    @classmethod
    def from_arrays(
        cls,
        inputs_BT: NDArray[np.int64],
        targets_BT: NDArray[np.int64],
        documents_BT: NDArray[np.int64],
        **more: Any,
    ) -> Self:
        """Build a batch from arrays; the document numbers are dropped where they are all equal.

        Args:
            inputs_BT, targets_BT, documents_BT: int64 [B, T].
            more: the other fields of the class, arrays as arrays.
        """
        is_packed = bool((documents_BT != documents_BT[:, :1]).any())
        rest: dict[str, Any] = {
            name: _tensor(value) if isinstance(value, np.ndarray) else value
            for name, value in more.items()
        }
        return cls(
            inputs_BT=_tensor(inputs_BT),
            targets_BT=_tensor(targets_BT),
            documents_BT=_tensor(documents_BT) if is_packed else None,
            target_count=int((targets_BT != NO_TARGET).sum()),
            **rest,
        )

    @property
    def whole_divisor(self) -> int:
        """What the sum of the losses of all rows is divided by, at least 1."""
        return max(1, self.divisor or self.target_count)

    @property
    def tokens(self) -> int:
        """How many tokens the model reads."""
        return self.inputs_BT.numel()

    def split(self, rows: int) -> list[Self]:
        """Return micro-batches of at most ``rows`` rows; call it before :meth:`to`."""
        count = len(self.inputs_BT)
        if rows >= count:
            return [self]
        return [self.part(slice(first, first + rows)) for first in range(0, count, rows)]

    def part(self, rows: slice) -> Self:
        """Return the micro-batch of these rows; what is said of the whole step stays."""
        fields = {k: v[rows] for k, v in self._tensors().items()}
        count = int((fields["targets_BT"] != NO_TARGET).sum())
        return dataclasses.replace(self, **fields, target_count=count)

    def without_targets(self) -> Self:
        """Return a batch of the same shape that asks for nothing, to compute for company only."""
        nothing = torch.full_like(self.targets_BT, NO_TARGET)
        return dataclasses.replace(self, targets_BT=nothing, target_count=0)

    def to(self, device: torch.device) -> Self:
        """Return the batch on ``device``; the copy does not wait."""
        if device.type == "cpu":
            return self
        moved = {k: v.to(device=device, non_blocking=True) for k, v in self._tensors().items()}
        return dataclasses.replace(self, **moved)

    def _tensors(self) -> dict[str, Any]:
        values = ((f.name, getattr(self, f.name)) for f in dataclasses.fields(self))
        return {name: value for name, value in values if isinstance(value, Tensor)}


def _tensor(array: NDArray[Any]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array))


@dataclasses.dataclass(frozen=True)
class Loss:
    """A loss in nats, not yet divided.

    Attributes:
        sum: scalar tensor, differentiable, fp32; what is divided by the step's divisor.
        count: how many targets the sum runs over.
        parts: named sums (detached) where an objective has several curves to show.
        part_counts: what each of ``parts`` is divided by; ``count`` where it says nothing.
    """

    sum: Tensor
    count: int
    parts: dict[str, Tensor] = dataclasses.field(default_factory=dict)
    part_counts: dict[str, int] = dataclasses.field(default_factory=dict)
