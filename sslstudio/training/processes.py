"""Who trains this run: one process, or several that each compute a share of every step.

Stands between the update and torch's distributed engine. A process by itself does nothing here.
It does not know how the processes were started; ``distributed.py`` joins those that were.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from contextlib import AbstractContextManager

import torch
from torch import Tensor, nn

from sslstudio.objectives.batch import Batch


class Processes:
    """One process alone.

    Attributes:
        rank: this one's number, from 0; only number 0 writes the run folder.
        count: how many there are.
    """

    rank = 0
    count = 1

    @property
    def is_writer(self) -> bool:
        """Whether this process writes the run folder."""
        return self.rank == 0

    def wrapped(self, module: nn.Module) -> nn.Module:
        """Return ``module`` as it must be called so that gradients are exchanged."""
        return module

    def share_of(self, batch: Batch) -> Batch:
        """Return the rows of ``batch`` that this process computes."""
        return batch

    def accumulating(self, wrapped: nn.Module, is_last: bool) -> AbstractContextManager[object]:
        """Return the context of one micro-batch; gradients are exchanged after the last one."""
        return contextlib.nullcontext()

    def summed(self, value: Tensor) -> Tensor:
        """Return the sum of a scalar over all processes."""
        return value

    def clip(self, parameters: Iterable[nn.Parameter], limit: float) -> Tensor:
        """Clip the gradients to the norm ``limit`` over all processes; returns the norm before."""
        return torch.nn.utils.clip_grad_norm_(list(parameters), limit)
