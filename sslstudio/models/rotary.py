"""Rotary positions: the cosines and sines by which queries and keys are turned.

Made once for the whole context when the network is built, sliced once a forward pass, shared by
all blocks. Half-split as in Hugging Face's Llama: the pair of a head's number ``i`` is number
``i + head_dim / 2`` (Su et al. 2021, 2104.09864). Knows nothing of attention.

Shapes: T positions, E numbers per head; heads are broadcast.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class RotaryTables(nn.Module):
    """Cosines and signed sines for positions 0 to ``context - 1``, not part of a checkpoint.

    The sines carry the sign of the rotation (minus in the first half), so that turning is one
    roll and one fused multiply-add; that is measurably faster on a CPU than joining halves.
    """

    cosines: Tensor
    signed_sines: Tensor

    def __init__(self, context: int, head_dim: int, theta: float) -> None:
        super().__init__()
        exponents = torch.arange(0, head_dim, 2, dtype=torch.int64).float() / head_dim
        angles = torch.outer(torch.arange(context).float(), 1.0 / theta**exponents)
        cosines, sines = angles.cos(), angles.sin()
        # Buffers made here, not lazily: a table first made under inference_mode could never be
        # saved for a backward pass.
        self.register_buffer("cosines", torch.cat((cosines, cosines), -1), persistent=False)
        self.register_buffer("signed_sines", torch.cat((-sines, sines), -1), persistent=False)

    def forward(self, start: int, length: int, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
        """Return cosines and signed sines [length, 1, head_dim] from position ``start`` on."""
        cosines = self.cosines[start : start + length].unsqueeze(1)
        signed_sines = self.signed_sines[start : start + length].unsqueeze(1)
        return cosines.to(dtype), signed_sines.to(dtype)


def rotate(heads_BTHE: Tensor, tables: tuple[Tensor, Tensor]) -> Tensor:
    """Turn every head by its position's angles; the shape stays."""
    cosines, signed_sines = tables
    swapped = heads_BTHE.roll(heads_BTHE.shape[-1] // 2, -1)
    return torch.addcmul(heads_BTHE * cosines, swapped, signed_sines)
