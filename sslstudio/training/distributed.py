"""Several processes that train one run, as ``torchrun`` starts them, on torch's own engine.

Every process cuts the same whole batch from (seed, step) and computes its rows of it, so masks
and the count of targets are the same everywhere without a word; DistributedDataParallel averages
the gradients, and the update takes the average back. ``sharding.py`` holds the other way, where
each keeps only a share of the weights. Number 0 prepares, decides and writes; the others hear of
it in JSON over gloo, also where the gradients go over NCCL. Costs one gradient exchange a step
(one a micro-batch in bf16) and one small message between steps.
"""

from __future__ import annotations

import contextlib
import dataclasses
import inspect
import itertools
import json
import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any, TypeVar

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from sslstudio.errors import DeviceError, ProcessError, SSLStudioError
from sslstudio.objectives.batch import Batch
from sslstudio.training.agreement import AgreedControl
from sslstudio.training.control import Control
from sslstudio.training.precision import choose_device
from sslstudio.training.processes import Processes, lost_process_named

# the others wait so long while number 0 reads the text, or while the run is paused
_PATIENCE = timedelta(days=30)
_VARIABLES = ("RANK", "WORLD_SIZE", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT")
# buffers are tables, the same everywhere; torch 2.13 gave the switch another name
_SYNCS_BUFFERS = next(
    name
    for name in ("forward_sync_buffers", "broadcast_buffers")
    if name in inspect.signature(DistributedDataParallel.__init__).parameters
)
Item = TypeVar("Item")


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a process stands: its number among all, and among those of its machine."""

    rank: int
    count: int
    local_rank: int
    local_count: int


class Joined(Processes):
    """One of several processes, each with a whole copy of the network."""

    def __init__(self, place: Place, words: Any) -> None:
        """Join at ``place``; ``words`` is the patient group of gloo that control goes over."""
        self.place = place
        self.rank, self.count, self.local_count = place.rank, place.count, place.local_count
        self._words = words
        self._exchanges_every_time = False
        self.has_announced = False

    # -- beginning --------------------------------------------------------------------------

    def announce(self, words: Mapping[str, Any]) -> None:
        """Send ``words`` from number 0 to the others, which :meth:`hear` them."""
        if not self.is_writer:
            return
        self.has_announced = True
        self._exchange_text(json.dumps(words))

    def hear(self) -> dict[str, Any]:
        """Wait for what number 0 has to say."""
        words: dict[str, Any] = json.loads(self._exchange_text(""))
        return words

    def arranged(self, parallel: str) -> Processes:
        """Return the same processes, with copies or with shares of the network."""
        if parallel != "shard":
            return self
        from sslstudio.training.sharding import Sharded

        return Sharded(self.place, self._words)

    def wrapped(self, module: nn.Module) -> nn.Module:
        """Return ``module`` with its gradients averaged over all processes.

        A network in bf16 hands its gradients to its fp32 twin after every micro-batch, so there
        they are exchanged as often.
        """
        self._exchanges_every_time = any(p.dtype != torch.float32 for p in module.parameters())
        return DistributedDataParallel(module, **{_SYNCS_BUFFERS: False})  # type: ignore[arg-type]

    # -- a step -----------------------------------------------------------------------------

    def micro_batches(self, batch: Batch, rows: int) -> list[Batch]:
        """Return this process's rows, in as many micro-batches as every other process has."""
        largest_share = math.ceil(len(batch.inputs_BT) / self.count)
        mine = share_of(batch, self.rank, self.count).split(rows)
        most = math.ceil(largest_share / rows)
        return mine + [_without_targets(mine[-1])] * (most - len(mine))

    def accumulating(self, wrapped: nn.Module, is_last: bool) -> AbstractContextManager[object]:
        """Keep gradients to oneself until the last micro-batch."""
        assert isinstance(wrapped, DistributedDataParallel)
        exchanges = is_last or self._exchanges_every_time
        return contextlib.nullcontext() if exchanges else wrapped.no_sync()

    def summed(self, value: Tensor) -> Tensor:
        """Return the sum over all processes; the same bits in each."""
        total = value.detach().clone()
        dist.all_reduce(total)
        return total

    # -- between steps ----------------------------------------------------------------------

    def view_of(self, control: Control) -> Control:
        """Return a control that shows every process what number 0 was asked."""
        return AgreedControl(control, self._tell, is_writer=self.is_writer)

    def turns(self, items: Iterable[Item]) -> Iterator[tuple[Item, bool]]:
        """Deal the items out like cards; who gets none in the last round computes its first."""
        remaining = iter(items)
        while dealt := list(itertools.islice(remaining, self.count)):
            is_mine = self.rank < len(dealt)
            yield dealt[self.rank if is_mine else 0], is_mine

    def totals(self, values: Sequence[float]) -> list[float]:
        """Return the sums over all processes, added in fp64."""
        sums = torch.tensor(values, dtype=torch.float64)
        dist.all_reduce(sums, group=self._words)
        return [float(v) for v in sums.tolist()]

    def all_hold(self, holds: bool) -> bool:
        """Ask every process."""
        return self.totals([float(not holds)])[0] == 0.0

    def meet(self) -> None:
        """Wait until all have come here; not for one that has gone."""
        with contextlib.suppress(RuntimeError):
            self.totals((0.0,))

    # -- words ------------------------------------------------------------------------------

    def _tell(self, numbers: list[int]) -> list[int]:
        """Return number 0's ``numbers`` in every process."""
        message = torch.tensor(numbers, dtype=torch.int64)
        with lost_process_named():
            dist.broadcast(message, src=0, group=self._words)
        return [int(n) for n in message.tolist()]

    def _exchange_text(self, text: str) -> str:
        content = text.encode()
        (size,) = self._tell([len(content)])
        return bytes(self._tell(list(content) if self.is_writer else [0] * size)).decode()


def share_of(batch: Batch, rank: int, count: int) -> Batch:
    """Return the rows of process ``rank`` of ``count``: neighbours, in shares that differ by one.

    The first processes have the larger shares.
    """
    rows, more = divmod(len(batch.inputs_BT), count)
    first = rank * rows + min(rank, more)
    last = first + rows + (rank < more)
    return batch.part(slice(first, last))


def _without_targets(batch: Batch) -> Batch:
    """Return the first row of ``batch`` with nothing to predict: its gradient is 0."""
    return batch.part(slice(0, 1)).without_targets()


# -- joining ------------------------------------------------------------------------------------


def place_from_environment() -> Place | None:
    """Return where ``torchrun`` says that this process stands; None where it stands alone."""
    given = [os.environ.get(name, "") for name in _VARIABLES]
    if not all(given) or not all(text.isdecimal() for text in given[:3]) or int(given[1]) < 2:
        return None
    rank, count, local_rank = (int(text) for text in given[:3])
    local_count = os.environ.get("LOCAL_WORLD_SIZE", "")
    return Place(rank, count, local_rank, int(local_count) if local_count.isdecimal() else count)


@contextlib.contextmanager
def joined(device: str) -> Iterator[tuple[torch.device, Processes]]:
    """Join the others where there are any; yields this process's device and the processes.

    Raises:
        DeviceError: this machine has no such device, or too few for its processes.
    """
    place = place_from_environment()
    if place is None:
        yield choose_device(device), Processes()
        return
    chosen = own_device(device, place)
    backend = "gloo"
    if chosen.type == "cuda":
        torch.cuda.set_device(chosen)
        backend = "cpu:gloo,cuda:nccl"
    dist.init_process_group(backend)
    is_clean = False
    try:
        processes = Joined(place, dist.new_group(backend="gloo", timeout=_PATIENCE))
        with _refusal_told(processes):
            yield chosen, processes
        processes.meet()  # so that none leaves while another still talks to it
        is_clean = True
    finally:
        # NCCL waits for messages that a process in trouble will never answer
        if is_clean or backend == "gloo":
            dist.destroy_process_group()


def own_device(name: str, place: Place) -> torch.device:
    """Return the device of the process at ``place``: its own GPU, or the processor for all.

    Raises:
        DeviceError: no such device, one device for several processes, or too few of them.
    """
    device = choose_device(name)
    if device.type == "cpu":
        return device
    if device.type != "cuda":
        raise DeviceError(f"several processes cannot train on {device.type}; use --device cpu")
    if ":" in name:
        raise DeviceError(
            f"--device {name} is one device and {place.local_count} processes need one each: "
            "use --device cuda"
        )
    count = torch.cuda.device_count()
    if place.local_count > count:
        raise DeviceError(
            f"this machine has {count} CUDA devices for {place.local_count} processes: start "
            f"torchrun with --nproc-per-node={count}, or use --device cpu"
        )
    return torch.device("cuda", place.local_rank)


@contextlib.contextmanager
def _refusal_told(processes: Joined) -> Iterator[None]:
    """Let nobody wait for number 0 where it leaves before anything began."""
    sentence, status = "", 0
    try:
        yield
    except SSLStudioError as error:
        sentence, status = str(error), error.exit_status
        raise
    except BaseException as error:
        sentence, status = str(error) or type(error).__name__, 1
        raise
    finally:
        if processes.is_writer and not processes.has_announced:
            with contextlib.suppress(ProcessError):  # they have gone already
                processes.announce({"refused": sentence, "status": status})
