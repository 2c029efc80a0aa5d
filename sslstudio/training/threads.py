"""How many threads compute: measured once per machine, and remembered.

More threads are not always faster: two hardware threads of one core share its multipliers, and a
barrier waits for the slowest. The first run tries a small network's step with all threads torch
finds, with one for each real core, and with one; fewer than all are taken where they are clearly
faster. Takes about half a second, once; the answer lies in the cache. A machine that is busy
with something else is not measured: all threads are taken, and the next run looks again. Another
thread count gives other last digits (hazards no. 14), so a run that goes on takes the count it
began with.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator

import psutil
import torch

from sslstudio.training.machine_notes import note, recall

_ROUNDS = 5
_CLEARLY_FASTER = 0.9
_BUSY_PERCENT = 20.0


def best_threads(*, may_measure: bool = True) -> int:
    """Return how many threads to compute with on this machine.

    Args:
        may_measure: False where every run has to take the same: a stopwatch does not repeat.
    """
    if os.environ.get("OMP_NUM_THREADS") or not may_measure:
        return torch.get_num_threads()  # the user's word stands
    known = recall("threads", "")
    if isinstance(known, int) and 1 <= known <= (os.cpu_count() or 1):
        return known
    if psutil.cpu_percent(interval=0.1) > _BUSY_PERCENT:
        return torch.get_num_threads()
    found = _measured(_candidates())
    note("threads", "", found)
    return found


@contextlib.contextmanager
def settings_put_back() -> Iterator[None]:
    """Leave torch as it was: threads and choice of algorithms hold for the whole process."""
    threads = torch.get_num_threads()
    is_deterministic = torch.are_deterministic_algorithms_enabled()
    try:
        yield
    finally:
        torch.set_num_threads(threads)
        # setting it, even to what it is, imports torch's compiler (1.5 s)
        if torch.are_deterministic_algorithms_enabled() != is_deterministic:
            torch.use_deterministic_algorithms(is_deterministic)


def use_threads(count: int) -> None:
    """Compute with ``count`` threads in this thread from now on."""
    torch.set_num_threads(count)


def _candidates() -> list[int]:
    everything = torch.get_num_threads()
    cores = psutil.cpu_count(logical=False) or everything
    return sorted({1, min(cores, everything), everything})


def _measured(candidates: list[int]) -> int:
    """Return all threads, or fewer where those are clearly faster; the count is put back."""
    before = torch.get_num_threads()
    step = _small_step()
    seconds: dict[int, list[float]] = {count: [] for count in candidates}
    try:
        for round_number in range(_ROUNDS + 1):
            for count in candidates:  # in turn, so that a busy moment meets them all
                torch.set_num_threads(count)
                step()  # wakes the threads
                began = time.perf_counter()
                step()
                if round_number:
                    seconds[count].append(time.perf_counter() - began)
    finally:
        torch.set_num_threads(before)
    # the least of several: a neighbour can only make a step slower
    least = {count: min(times) for count, times in seconds.items()}
    best, everything = min(least, key=lambda count: least[count]), max(candidates)
    return best if least[best] < _CLEARLY_FASTER * least[everything] else everything


def _small_step() -> Callable[[], None]:
    """Return a forward and backward pass about as wide as a small network's."""
    generator = torch.Generator().manual_seed(0)
    rows = torch.randn(1024, 256, generator=generator)
    first = torch.randn(256, 704, generator=generator, requires_grad=True)
    second = torch.randn(704, 256, generator=generator, requires_grad=True)

    def step() -> None:
        hidden = torch.nn.functional.silu(rows @ first) @ second
        hidden.square().mean().backward()

    return step
