"""Which device, and in which numbers it computes.

Chosen by the hardware (reference: measured on AMX). In bf16 the network itself is in bf16 and a
twin in fp32 takes the updates (``materials.py``). In fp16, for cards before 2020, weights stay
in fp32, products run in fp16 under autocast, and the loss is scaled (Micikevicius et al. 2018).
"""

from __future__ import annotations

import contextlib
from contextlib import AbstractContextManager

import torch

from sslstudio.errors import DeviceError
from sslstudio.training.plan import SMALLEST_WIDTH_FOR_BF16_ON_CPU


def choose_device(name: str = "auto") -> torch.device:
    """Return the device ``name``: "auto", "cpu", "cuda", "cuda:1", "mps".

    Raises:
        DeviceError: this machine has no such device.
    """
    if name == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda", 0)
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise DeviceError(f"there is no device {name!r}; choose cpu, cuda or mps") from error
    if device.type == "cuda":
        count = torch.cuda.device_count() if torch.cuda.is_available() else 0
        if (device.index or 0) >= count:
            raise DeviceError(
                f"this machine has no device {name!r} (it has {count} CUDA devices); "
                "use --device cpu, or see 'sslstudio doctor'"
            )
        return torch.device("cuda", device.index or 0)
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise DeviceError(f"this machine has no device {name!r}; use --device cpu")
    if device.type in ("cpu", "mps") and (device.index or 0) > 0:
        raise DeviceError(f"this machine has no device {name!r}; use --device {device.type}")
    if device.type not in ("cpu", "mps"):
        raise DeviceError(f"devices of kind {device.type!r} cannot train; use cpu, cuda or mps")
    return torch.device(device.type)


def choose_precision(asked: str, device: torch.device, width: int) -> str:
    """Resolve "auto" and check what is asked for; returns "fp32", "bf16" or "fp16".

    Raises:
        DeviceError: the device does not compute in the precision asked for.
    """
    available = precisions(device)
    if asked == "auto":
        if device.type == "cpu":
            wide = width >= SMALLEST_WIDTH_FOR_BF16_ON_CPU
            return "bf16" if "bf16" in available and wide else "fp32"
        return next(p for p in ("bf16", "fp16", "fp32") if p in available)
    if asked not in available:
        raise DeviceError(
            f"{device} does not compute in {asked}; set training.precision to "
            f"{' or '.join(available)}"
        )
    return asked


def precisions(device: torch.device) -> tuple[str, ...]:
    """Return the precisions that ``device`` computes natively."""
    if device.type == "cuda":
        major, _ = torch.cuda.get_device_capability(device)
        return ("fp32", "bf16", "fp16") if major >= 8 else ("fp32", "fp16")
    if device.type == "mps":
        return ("fp32",)
    has_bf16 = torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported()
    return ("fp32", "bf16") if has_bf16 else ("fp32",)


def autocast(device: torch.device, precision: str) -> AbstractContextManager[object]:
    """Return the context of a forward pass: autocast for fp16; else weights say it all."""
    if precision != "fp16":
        return contextlib.nullcontext()
    return torch.autocast(device.type, dtype=torch.float16)


def dtype_of_weights(precision: str) -> torch.dtype:
    """Return the dtype of the weights of the network that computes in ``precision``."""
    return torch.bfloat16 if precision == "bf16" else torch.float32
