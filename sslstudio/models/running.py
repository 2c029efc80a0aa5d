"""How the blocks of a network run while it is trained: plainly, compiled, or computed twice.

Stands between the transformer, which asks for one block after another, and torch's compiler and
activation checkpointing. Only a pass that wants gradients goes through here; validation and
generation run the blocks plainly, so they need no compiler and change nothing in what training
computes. Compiling costs some seconds once; the compiled code is kept on disk by torch. Shapes
are static: the same shapes give the same code, and so the same digits, in whatever order they
are met (code for "any" shape would depend on which came first).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, cast

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

# one variant each for ragged last micro-batches and for rows with and without a document mask
_MOST_VARIANTS = 64


class RunBlock(Protocol):
    """Runs one block over the stream [B, T, D] and whatever else it is given."""

    def __call__(self, block: nn.Module, hidden_BTD: Tensor, *given: Any) -> Tensor:
        """Return the stream after ``block``."""


def run_plainly(block: nn.Module, hidden_BTD: Tensor, *given: Any) -> Tensor:
    """Call the block."""
    result: Tensor = block(hidden_BTD, *given)
    return result


def compiled(run: RunBlock) -> RunBlock:
    """Return ``run`` compiled by torch; the compiler is met at the first call of each shape.

    What earlier runs of this process compiled is forgotten: torch counts all variants of one
    function together, and beyond its limit would silently compile no more.
    """
    torch.compiler.reset()
    torch._dynamo.config.cache_size_limit = max(
        _MOST_VARIANTS, torch._dynamo.config.cache_size_limit
    )
    return cast(RunBlock, torch.compile(run, dynamic=False))


def recomputed(run: RunBlock) -> RunBlock:
    """Return ``run`` with only a block's input kept: the rest is computed again for the gradient.

    Chen et al. 2016, 1604.06174: memory falls to one stream a block, time grows by a third.
    """

    def run_twice(block: nn.Module, hidden_BTD: Tensor, *given: Any) -> Tensor:
        result: Tensor = checkpoint(
            cast(Callable[..., Any], run), block, hidden_BTD, *given, use_reentrant=False
        )
        return result

    return run_twice
