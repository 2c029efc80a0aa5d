"""An encoder's head for predicting hidden tokens (Devlin et al. 2018, 1810.04805).

One dense layer with GELU and a norm between the encoder and the output matrix, and a bias per
token of the vocabulary. The output matrix itself belongs to the transformer, so that a loss can
work on (features, matrix, bias) without ever storing all logits.

Shapes: B rows, T tokens, D width, V vocabulary.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sslstudio.models.configuration import ModelConfig
from sslstudio.models.normalization import RMSNorm


class PredictionHead(nn.Module):
    """Dense, GELU, norm; and the output bias [V]."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.dense = nn.Linear(config.width, config.width, bias=False)
        self.norm = RMSNorm(config.width, config.norm_eps)
        self.bias = nn.Parameter(torch.zeros(config.vocab_size))

    def forward(self, hidden_BTD: Tensor) -> Tensor:
        """Return features [B, T, D]; any leading shape will do."""
        features: Tensor = self.norm(F.gelu(self.dense(hidden_BTD)))
        return features
