"""Dropout that costs little on a processor too (Srivastava et al. 2014).

torch draws a processor's random numbers one after another, a float for each value, which takes
longer than the products around them. Here one draw from torch's generator seeds a fast generator
(SFC64) that gives sixteen bits a value: the share is exact to 1/65,536 and the mask still follows
from torch's seed alone. Compiled code and other devices draw in parallel and keep torch's own.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

_LEVELS = 1 << 16


def thinned(values: Tensor, share: float) -> Tensor:
    """Return ``values`` with ``share`` of them zeroed and the rest scaled up to the same mean."""
    if torch.compiler.is_compiling() or not values.is_cpu:
        return F.dropout(values, share)
    dropped_levels = round(share * _LEVELS)
    keep_share = 1.0 - dropped_levels / _LEVELS
    is_kept = _draw(values.numel()).view(values.shape) >= dropped_levels - _LEVELS // 2
    return values * is_kept.to(values.dtype).mul_(1.0 / keep_share)


def _draw(count: int) -> Tensor:
    """Return ``count`` numbers, int16, each of the 65,536 equally likely."""
    seed = int(torch.randint(2**62, ()))
    words = np.random.SFC64(seed).random_raw(-(-count // 4))
    return torch.from_numpy(words.view(np.int16)[:count])
