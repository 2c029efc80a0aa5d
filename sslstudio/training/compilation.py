"""Is there a compiler, and is it worth waiting for? The blocks of a network, compiled or not.

Stands between the recipe's ``training.compile`` and ``models/running.py``. Compiling takes ten to
thirty seconds the first time, so "auto" asks for it only where the run is long enough to win them
back; the rule looks at the recipe and the kind of device alone, so the same recipe gives the
same digits. Where there is no compiler, or it fails, the run goes on without it.
"""

from __future__ import annotations

import functools
import logging
import warnings

import torch

from sslstudio.errors import DeviceError

# about ten minutes on two cores, half a minute on a large graphics card
_OPERATIONS_THAT_REPAY_IT = {"cpu": 1e14, "cuda": 1e16}


def choose_compile(asked: str, device: torch.device, operations: float) -> str:
    """Resolve ``training.compile``; returns "on" or "off".

    Args:
        asked: "auto", "on" or "off".
        device: where the run will compute.
        operations: floating-point operations of the whole run.

    Raises:
        DeviceError: it is asked for and this machine has no compiler.
    """
    if asked == "on":
        if not can_compile(device.type):
            raise DeviceError(
                "training.compile is on and this machine has no compiler for it: install g++ "
                "(or, for a graphics card, triton), or set training.compile to auto"
            )
        return "on"
    worth = operations >= _OPERATIONS_THAT_REPAY_IT.get(device.type, float("inf"))
    return "on" if asked == "auto" and worth and can_compile(device.type) else "off"


@functools.cache
def can_compile(device_type: str) -> bool:
    """Say whether torch can compile here: tried once on two numbers, and remembered."""
    if device_type not in ("cpu", "cuda"):
        return False
    quiet = logging.getLogger("torch")
    level = quiet.level
    quiet.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch's own, about its own modules
            probe = torch.compile(lambda x: (x * 2 + 1).relu(), dynamic=False)
            probe(torch.zeros(2, device=device_type))
    except Exception:  # whatever a compiler that is not there may raise
        return False
    finally:
        quiet.setLevel(level)
    return True


def failure_named(error: BaseException) -> str:
    """Return what went wrong while compiling, in a few words."""
    cause = getattr(error, "inner_exception", error)  # torch wraps what its backend raised
    lines = [line.strip() for line in str(cause).splitlines() if line.strip()]
    return f"{type(cause).__name__}: {lines[0]}"[:160] if lines else type(cause).__name__


def is_compiler_failure(error: BaseException) -> bool:
    """Say whether ``error`` came from compiling, not from what was computed."""
    from torch._dynamo.exc import TorchDynamoException
    from torch._inductor.exc import CppCompileError, InductorError

    return isinstance(error, (TorchDynamoException, InductorError, CppCompileError))
