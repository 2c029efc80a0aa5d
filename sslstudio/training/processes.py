"""Who trains this run: one process, or several that each compute a share of every step.

Stands between the trainer and torch's distributed engine. A process by itself does nothing here:
every method is the trivial one, so a run of one process is what it always was, bit for bit.
It does not know how the processes were started; ``distributed.py`` joins those that were.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from sslstudio.errors import ProcessError
from sslstudio.objectives.batch import Batch
from sslstudio.training.control import Control
from sslstudio.training.optimizer import Optimizers

Item = TypeVar("Item")


class Processes:
    """One process alone.

    Attributes:
        rank: this one's number, from 0; only number 0 writes the run folder.
        count: how many there are.
        local_count: how many of them share this machine.
        is_sharded: whether each holds only a share of the weights.
    """

    rank = 0
    count = 1
    local_count = 1
    is_sharded = False

    @property
    def is_writer(self) -> bool:
        """Whether this process writes the run folder."""
        return self.rank == 0

    # -- beginning --------------------------------------------------------------------------

    def announce(self, words: Mapping[str, Any]) -> None:
        """Tell the others what number 0 has prepared (plain values), so that they begin too."""

    def arranged(self, parallel: str) -> Processes:
        """Return the processes that share a network as ``training.parallel`` says."""
        return self

    def placed(self, network: nn.Module, device: torch.device, precision: str) -> None:
        """Put the network that is updated on ``device``: the whole of it, or a share."""
        network.to(device)

    def wrapped(self, module: nn.Module) -> nn.Module:
        """Return ``module`` as it must be called so that gradients are exchanged."""
        return module

    # -- a step -----------------------------------------------------------------------------

    def micro_batches(self, batch: Batch, rows: int) -> list[Batch]:
        """Return what this process computes of ``batch``, at most ``rows`` rows at once."""
        return batch.split(rows)

    def accumulating(self, wrapped: nn.Module, is_last: bool) -> AbstractContextManager[object]:
        """Return the context of one micro-batch; gradients are exchanged after the last one."""
        return contextlib.nullcontext()

    def summed(self, value: Tensor) -> Tensor:
        """Return the sum of a scalar over all processes."""
        return value

    def clip(self, parameters: Iterable[nn.Parameter], limit: float) -> Tensor:
        """Clip the gradients to the norm ``limit`` over all processes; returns the norm before."""
        return torch.nn.utils.clip_grad_norm_(list(parameters), limit)

    # -- between steps ----------------------------------------------------------------------

    def view_of(self, control: Control) -> Control:
        """Return ``control`` as all processes see it: they must never decide differently."""
        return control

    def turns(self, items: Iterable[Item]) -> Iterator[tuple[Item, bool]]:
        """Yield the items that this process takes, and whether one counts.

        Every process gets equally many; one that does not count is computed for company only.
        """
        return ((item, True) for item in items)

    def totals(self, values: Sequence[float]) -> list[float]:
        """Return the sums of some numbers over all processes."""
        return list(values)

    def all_hold(self, holds: bool) -> bool:
        """Say whether something holds in every process."""
        return holds

    def meet(self) -> None:
        """Wait until all have come here."""

    def looking(self, model: nn.Module) -> AbstractContextManager[object]:
        """Return the context of passes through ``model`` that want no gradient."""
        return torch.inference_mode()

    # -- weights and moments on disk --------------------------------------------------------

    def own_parts(self, network: nn.Module) -> list[Tensor]:
        """Return the parameters, or the shares of them, that this process holds."""
        return list(network.parameters())

    def whole(self, network: nn.Module, optimizers: Optimizers) -> tuple[Any, Any]:
        """Return network and moments as a checkpoint keeps them; all must call it together."""
        return network, optimizers

    def loadable(self, network: nn.Module, optimizers: Optimizers) -> tuple[Any, Any]:
        """Return network and moments as a checkpoint is loaded into them."""
        return network, optimizers


# as gloo and NCCL put it
_SIGNS = (
    "connection closed by peer",
    "connection reset by peer",
    "socket closed",
    "broken pipe",
    "remote process exited",
)


@contextlib.contextmanager
def lost_process_named() -> Iterator[None]:
    """Turn what torch raises when another process has died into a :class:`ProcessError`."""
    try:
        yield
    except RuntimeError as error:
        if not any(sign in str(error).lower() for sign in _SIGNS):
            raise
        raise ProcessError(
            "another process of this run has ended before its time; its own words say why: "
            "resume from the last checkpoint"
        ) from error
