"""RMSNorm (Zhang & Sennrich 2019, 1910.07467): scale to a root mean square of one.

Before every branch of a block, after the last block, and optionally on queries and keys. Works
on the last dimension, whatever stands before it.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class RMSNorm(nn.Module):
    """Scale the last dimension to unit root mean square, times a learned weight [size]."""

    def __init__(self, size: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, values: Tensor) -> Tensor:
        """Return ``values`` normalised; shape and dtype stay."""
        weight: Tensor = self.weight
        if values.dtype != weight.dtype:  # low-precision queries and keys under autocast
            weight = weight.to(values.dtype)
        return F.rms_norm(values, weight.shape, weight, self.eps)
