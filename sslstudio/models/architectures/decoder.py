"""The decoder: each token sees what came before it (Llama, Touvron et al. 2023, 2302.13971).

Pre-norm blocks with rotary positions, RMSNorm, SwiGLU and grouped-query attention; the same
weights as an encoder, without a prediction head. Where an objective asks for both sides, the
causal mask is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sslstudio.models.architecture import Architecture
from sslstudio.models.parameter_count import ParameterCount
from sslstudio.registry import register

if TYPE_CHECKING:
    from sslstudio.models.configuration import ModelConfig
    from sslstudio.models.network import Network


@register(
    "architectures",
    "decoder",
    title="Decoder",
    sees="Every token sees what came before it.",
    source="Touvron et al. 2023, 2302.13971",
)
class Decoder(Architecture):
    """Llama's layout."""

    is_causal = True

    @classmethod
    def count(cls, config: ModelConfig) -> ParameterCount:
        """Count: V·d·(1 or 2) + L·(2·d·q + 2·d·kv + 3·d·f + 2·d) + d (reference §4.2)."""
        return count_of_blocks(config)

    @classmethod
    def build(cls, config: ModelConfig) -> Network:
        """Return the network with its first weights."""
        from sslstudio.models.transformer import Transformer

        return Transformer(config)


def count_of_blocks(config: ModelConfig) -> ParameterCount:
    """Count what decoder and encoder have in common: everything but the prediction head."""
    width, layers = config.width, config.layers
    kv_width = config.kv_heads * config.head_dim
    norms_of_heads = 2 * config.head_dim if config.qk_norm else 0
    return ParameterCount(
        embedding=config.vocab_size * width * (1 if config.tied else 2),
        attention=layers * 2 * (width * width + width * kv_width),
        feed_forward=layers * 3 * width * config.ffn_width,
        norms=layers * (2 * width + norms_of_heads) + width,
    )
