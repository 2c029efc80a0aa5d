"""The encoder: the decoder's blocks without the causal mask, and a prediction head.

Each token sees both sides. The head (dense, GELU, norm, output bias) is that of Devlin et al.
2018, 1810.04805.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from sslstudio.models.architecture import Architecture
from sslstudio.models.architectures.decoder import count_of_blocks
from sslstudio.models.parameter_count import ParameterCount
from sslstudio.registry import register

if TYPE_CHECKING:
    from sslstudio.models.configuration import ModelConfig
    from sslstudio.models.network import Network


@register(
    "architectures",
    "encoder",
    title="Encoder",
    sees="Every token sees both sides.",
    source="Devlin et al. 2018, 1810.04805; Touvron et al. 2023, 2302.13971",
)
class Encoder(Architecture):
    """The decoder's blocks, seen through from both sides."""

    @classmethod
    def count(cls, config: ModelConfig) -> ParameterCount:
        """Count the blocks and the head: d² + d + V."""
        head = config.width * config.width + config.width + config.vocab_size
        return dataclasses.replace(count_of_blocks(config), head=head)

    @classmethod
    def build(cls, config: ModelConfig) -> Network:
        """Return the network with its first weights."""
        from sslstudio.models.transformer import Transformer

        return Transformer(config)
