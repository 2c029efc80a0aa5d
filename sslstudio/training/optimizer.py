"""AdamW over a model's parameters.

Weight decay pulls on matrices only, never on norms and biases (Loshchilov and Hutter 2019;
Brown et al. 2020, appendix B).
"""

from __future__ import annotations

import torch
from torch import nn

_BETA1, _EPSILON = 0.9, 1e-8


def build_optimizer(
    model: nn.Module, learning_rate: float, weight_decay: float, beta2: float
) -> torch.optim.AdamW:
    """Return AdamW with decay on parameters of two and more dimensions."""
    parameters = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in parameters if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in parameters if p.ndim < 2], "weight_decay": 0.0},
    ]
    is_fused = all(p.device.type in ("cpu", "cuda") for p in parameters)
    return torch.optim.AdamW(
        groups, lr=learning_rate, betas=(_BETA1, beta2), eps=_EPSILON, fused=is_fused
    )
