"""The real peak of memory of a step: every tensor that stands, and every one that comes and goes.

Beside ``measuring.py`` and the benchmarks, as the other side of ``memory_model.py``: it shares no
figure with it. What stands between two steps is summed up over the storages of networks, moments
and buffers; what a step adds is followed by torch's own profiler, or by the allocator of a
graphics card. Costs one step, several times as long as usual.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import accumulate, chain

import torch
from torch import Tensor
from torch.profiler import ProfilerActivity, profile

from sslstudio.training.update import Updater


def peak_of_a_step(updater: Updater, step: int, rate: float) -> int:
    """Return the bytes of tensors at the fullest moment of one more step, which is taken.

    Args:
        updater: has taken a step before, so that its moments exist.
        step: the number of steps taken.
        rate: the learning rate of this one.
    """
    device = updater.materials.device
    if device.type == "cuda":
        torch.cuda.synchronize(device)
        torch.cuda.reset_peak_memory_stats(device)
        updater.take(step, rate)
        return int(torch.cuda.max_memory_allocated(device))
    standing = standing_bytes(updater)
    os.environ.setdefault("KINETO_LOG_LEVEL", "6")  # it tells the terminal of its every start
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiler:
        updater.take(step, rate)
    assert profiler.profiler is not None
    recorded = profiler.profiler.kineto_results.events()
    changes = sorted((e.start_ns(), e.nbytes()) for e in recorded if e.name() == "[memory]")
    return standing + int(max(accumulate((change for _, change in changes), initial=0)))


def standing_bytes(updater: Updater) -> int:
    """Return the bytes of all tensors that stand between two steps, each storage once."""
    sizes = {
        tensor.untyped_storage().data_ptr(): tensor.untyped_storage().nbytes()
        for tensor in _standing(updater)
    }
    return sum(sizes.values())


def _standing(updater: Updater) -> Iterator[Tensor]:
    materials = updater.materials
    for network in (materials.model, materials.master):
        for tensor in chain(network.parameters(), network.buffers()):
            yield tensor
            if tensor.grad is not None:
                yield tensor.grad
    for member in materials.optimizers.members:
        for state in member.state.values():
            yield from (value for value in state.values() if isinstance(value, Tensor))
