"""Does it fit? Refuse a model that cannot, know when memory ran out, and give back what is free.

Stands between the resolved recipe and the modules: checked before the first of them is built,
because a system that promises more memory than it has would sooner kill the process than refuse.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator

import psutil
import torch

from sslstudio.errors import DeviceError
from sslstudio.models.configuration import ModelConfig, count_parameters

_LEAST_BYTES_PER_PARAMETER = 16  # fp32 weights and gradients, and AdamW's two moments
# torch's allocator for processors, and a few libraries, have no class of their own for it
_SIGNS = ("not enough memory", "out of memory", "can't allocate memory")


def is_out_of_memory(error: BaseException) -> bool:
    """Say whether ``error`` means that memory was used up."""
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)):
        return True
    text = str(error).lower()
    return type(error) is RuntimeError and any(sign in text for sign in _SIGNS)


def free_memory(device: torch.device) -> None:
    """Give back what nobody holds any more."""
    gc.collect()
    if device.type == "cuda":
        torch.cuda.empty_cache()


def memory_of(device: torch.device) -> int:
    """Return how many bytes ``device`` has in all."""
    if device.type == "cuda":
        return int(torch.cuda.get_device_properties(device).total_memory)
    return int(psutil.virtual_memory().total)


def free_bytes(device: torch.device) -> int:
    """Return how many bytes of ``device`` could be used now."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    return int(psutil.virtual_memory().available)


def check_memory(config: ModelConfig, device: torch.device, shares: int = 1) -> None:
    """Raise a :class:`DeviceError` where the parameters alone do not fit on ``device``.

    With ``shares`` above 1, each device holds one of so many shares of them.
    """
    needed = count_parameters(config).total * _LEAST_BYTES_PER_PARAMETER // shares
    there = memory_of(device)
    if needed > there:
        raise DeviceError(
            f"the model needs {needed / 1e9:,.1f} GB and {device} has {there / 1e9:,.1f} GB: "
            "choose a smaller model.preset, model.width, model.layers or tokenizer.vocab_size"
        )


@contextlib.contextmanager
def out_of_memory_named() -> Iterator[None]:
    """Turn what torch and Python raise when memory is used up into a :class:`DeviceError`."""
    try:
        yield
    except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
        raise DeviceError(
            "there is not enough memory for one row of a step: resume with "
            "training.recompute=on, or begin anew with a smaller model.context or model.width"
        ) from error
