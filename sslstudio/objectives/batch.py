"""Batch: what a model reads and must predict; Loss: sums with counts.

The only tensors that travel between objective, model and trainer. Losses are sums over target
tokens and are divided once, by the count over the whole optimizer step (a mean of means is wrong
when micro-batches hold different numbers of targets).

Shape legend: B rows, T positions.
"""

from __future__ import annotations

import dataclasses

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
    """

    ids_BW: NDArray[np.int64]
    documents_BW: NDArray[np.int64]


@dataclasses.dataclass(frozen=True)
class Batch:
    """One micro-batch.

    Attributes:
        inputs_BT: what the model reads, int64 [B, T].
        targets_BT: what it must predict at each position, int64 [B, T]; ``NO_TARGET`` for none.
        documents_BT: attention stays within equal numbers, int64 [B, T]; None where every row
            is one document.
        target_count: how many targets there are, known on the host without asking the device.
    """

    inputs_BT: Tensor
    targets_BT: Tensor
    documents_BT: Tensor | None
    target_count: int

    @classmethod
    def from_arrays(
        cls,
        inputs_BT: NDArray[np.int64],
        targets_BT: NDArray[np.int64],
        documents_BT: NDArray[np.int64],
    ) -> Batch:
        """Build a batch from arrays; the document numbers are dropped where they are all equal."""
        is_packed = bool((documents_BT != documents_BT[:, :1]).any())
        return cls(
            inputs_BT=torch.from_numpy(np.ascontiguousarray(inputs_BT)),
            targets_BT=torch.from_numpy(np.ascontiguousarray(targets_BT)),
            documents_BT=torch.from_numpy(np.ascontiguousarray(documents_BT))
            if is_packed
            else None,
            target_count=int((targets_BT != NO_TARGET).sum()),
        )

    def split(self, rows: int) -> list[Batch]:
        """Return micro-batches of at most ``rows`` rows; call it before :meth:`to`."""
        if rows >= len(self.inputs_BT):
            return [self]
        parts = zip(
            self.inputs_BT.split(rows),
            self.targets_BT.split(rows),
            self.documents_BT.split(rows)
            if self.documents_BT is not None
            else [None] * -(-len(self.inputs_BT) // rows),
            strict=True,
        )
        return [
            Batch(inputs, targets, documents, int((targets != NO_TARGET).sum()))
            for inputs, targets, documents in parts
        ]

    def to(self, device: torch.device) -> Batch:
        """Return the batch on ``device``; the copy does not wait."""
        if device.type == "cpu":
            return self
        move = {"device": device, "non_blocking": True}
        documents = self.documents_BT
        return Batch(
            self.inputs_BT.to(**move),  # type: ignore[call-overload]
            self.targets_BT.to(**move),  # type: ignore[call-overload]
            None if documents is None else documents.to(**move),  # type: ignore[call-overload]
            self.target_count,
        )


@dataclasses.dataclass(frozen=True)
class Loss:
    """A loss in nats, not yet divided.

    Attributes:
        sum: scalar tensor, differentiable, fp32.
        count: how many targets the sum runs over.
        parts: named sums (detached) where an objective has several.
    """

    sum: Tensor
    count: int
    parts: dict[str, Tensor] = dataclasses.field(default_factory=dict)
