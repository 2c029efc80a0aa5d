"""The gated feed-forward part of a block (SwiGLU, Shazeer 2020, 2002.05202).

Cost per token: three products with ``width · ffn_width`` numbers; over half of a block's time.

Shapes: B rows, T tokens, D width.
"""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from sslstudio.models.configuration import ModelConfig


class FeedForward(nn.Module):
    """``down(silu(gate(x)) · up(x))``."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.gate = nn.Linear(config.width, config.ffn_width, bias=False)
        self.up = nn.Linear(config.width, config.ffn_width, bias=False)
        self.down = nn.Linear(config.ffn_width, config.width, bias=False)

    def forward(self, hidden_BTD: Tensor) -> Tensor:
        """Return the part's contribution [B, T, D]."""
        contribution: Tensor = self.down(F.silu(self.gate(hidden_BTD)) * self.up(hidden_BTD))
        return contribution
