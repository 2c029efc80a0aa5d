"""Which of the two ways of attention is faster here: tried once, and written into the recipe.

Stands beside ``resolve.py``. Only where the blocks are compiled for a processor there is a choice
at all; elsewhere the fused kernel wins or is the only one that stores no scores. Trying takes
some seconds, most of them for the compiler, once for a shape and a machine: the answer is
remembered, so that the same recipe gives the same digits. A run keeps what was chosen.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import torch
from torch import Tensor

from sslstudio.models.attending import Visibility, attend
from sslstudio.models.configuration import ModelConfig
from sslstudio.recipe import TrainingOptions
from sslstudio.training.compilation import is_compiler_failure
from sslstudio.training.machine_notes import note, recall
from sslstudio.training.precision import dtype_of_weights

_ROUNDS = 5
_MOST_SCORES = 1 << 25  # numbers of one block; 128 MB in fp32
_CLEARLY_FASTER = 0.9


def choose_attention(training: TrainingOptions, config: ModelConfig, device: torch.device) -> str:
    """Resolve ``training.attention``; returns "fused" or "composed".

    Args:
        training: with ``compile``, ``precision`` and ``micro_batch`` resolved.
    """
    if training.attention != "auto":
        return training.attention
    assert isinstance(training.micro_batch, int)
    scores = training.micro_batch * config.heads * config.context**2
    if training.compile != "on" or device.type != "cpu" or scores > _MOST_SCORES:
        return "fused"
    if training.deterministic:
        return "fused"  # a stopwatch does not repeat bit for bit
    return _remembered(training.micro_batch, config, dtype_of_weights(training.precision))


def _remembered(rows: int, config: ModelConfig, dtype: torch.dtype) -> str:
    """Return the faster way, as it was measured the first time on this machine."""
    shape = (config.heads, config.kv_heads, config.context, config.head_dim, config.is_decoder)
    key = f"{rows} {shape} {dtype} threads {torch.get_num_threads()}"
    known = recall("attention", key)
    if known in ("fused", "composed"):
        return str(known)
    try:
        fused, composed = measured(rows, config, dtype)
    except Exception as error:
        if not is_compiler_failure(error):
            raise
        return "fused"  # the run will meet the same failure, and say so
    found = "composed" if composed < _CLEARLY_FASTER * fused else "fused"
    note("attention", key, found)
    return found


def measured(rows: int, config: ModelConfig, dtype: torch.dtype) -> tuple[float, float]:
    """Return the seconds of one block's attention, forward and backward, fused and composed."""
    shapes = [
        (rows, heads, config.context, config.head_dim)
        for heads in (config.heads, config.kv_heads, config.kv_heads)
    ]
    generator = torch.Generator().manual_seed(0)
    heads = [torch.randn(s, generator=generator).to(dtype).requires_grad_() for s in shapes]
    visibilities = [Visibility(config.is_decoder, None, composed) for composed in (False, True)]
    ways = [torch.compile(attend, dynamic=False) for _ in visibilities]
    best = [float("inf")] * len(ways)
    for round_number in range(_ROUNDS + 1):  # the first one compiles
        for number, (way, visibility) in enumerate(zip(ways, visibilities, strict=True)):
            seconds = _seconds(way, heads, visibility)
            if round_number:
                best[number] = min(best[number], seconds)
    return best[0], best[1]


def _seconds(way: Callable[..., Tensor], heads: list[Tensor], visibility: Visibility) -> float:
    began = time.perf_counter()
    gathered = way(*heads, visibility)
    torch.autograd.grad(gathered, heads, torch.ones_like(gathered))
    return time.perf_counter() - began
