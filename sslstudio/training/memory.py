"""Does it fit? Refuse a model that cannot, and name the remedy where memory runs out after all.

Stands between the resolved recipe and the modules: checked before the first of them is built,
because a system that promises more memory than it has would sooner kill the process than refuse.
Counts only what surely stays (weights, gradients, moments); activations depend on too much, and
``plan`` estimates them. Costs nothing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import psutil
import torch

from sslstudio.errors import DeviceError
from sslstudio.models.configuration import ModelConfig, count_parameters
from sslstudio.training.plan import BYTES_PER_PARAMETER


def check_memory(config: ModelConfig, device: torch.device) -> None:
    """Raise a :class:`DeviceError` where the parameters alone do not fit on ``device``."""
    needed = count_parameters(config).total * sum(BYTES_PER_PARAMETER.values())
    if device.type == "cuda":
        there = int(torch.cuda.get_device_properties(device).total_memory)
    else:
        there = int(psutil.virtual_memory().total)
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
        # torch's allocator for processors has no class of its own
        if type(error) is RuntimeError and "not enough memory" not in str(error):
            raise
        raise DeviceError(
            "there is not enough memory for a step: resume with a smaller training.micro_batch, "
            "or begin anew with a smaller model.context or model.width"
        ) from error
