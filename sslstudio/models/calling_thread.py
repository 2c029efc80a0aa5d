"""Products on the calling thread alone, where waking a second one costs more than it brings.

For products as small as one token's. MKL, which multiplies in torch on x86, splits even those
among its threads; they sleep between two products, and waking them takes 60 to 120 µs (two
cores, measured) where the product itself takes 5, or milliseconds beside a busy program.
``torch.set_num_threads`` would help, but reaches every thread of the process and so changes the
last digits of a training beside it; MKL's own setting for one thread does not. torch exports it
on Linux. Where it is missing, :func:`can_be_held` says so and nothing is held.

Costs half a microsecond. It knows nothing of torch's own kernels, only of MKL's.
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import torch


@contextmanager
def on_the_calling_thread() -> Iterator[None]:
    """Inside, MKL multiplies on this thread only; afterwards its setting is what it was."""
    set_threads = _mkl_setting()
    if set_threads is None:
        yield
        return
    before = set_threads(1)
    try:
        yield
    finally:
        set_threads(before)  # 0 = as everywhere in the process


def can_be_held() -> bool:
    """Whether this torch lets one thread multiply alone."""
    return _mkl_setting() is not None


@functools.cache
def _mkl_setting() -> Callable[[int], int] | None:
    """Return MKL's ``mkl_set_num_threads_local`` (it returns the value before), or None."""
    try:
        library = ctypes.CDLL(str(Path(torch.__file__).parent / "lib" / "libtorch_cpu.so"))
        setting = library.MKL_Set_Num_Threads_Local
    except (OSError, AttributeError):
        return None
    setting.argtypes, setting.restype = [ctypes.c_int], ctypes.c_int
    found: Callable[[int], int] = setting
    return found
