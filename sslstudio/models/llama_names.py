"""The names that Hugging Face's Llama and Qwen3 give to our decoder's weights, both ways.

With QK-norm the layout is Qwen3's, without it Llama's. Stored the same way ([out, in],
half-split rotation), so names are all that differs and no number changes.

Used by exporters and by the tests that compare us with transformers.
"""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from sslstudio.errors import UnsupportedError
from sslstudio.models.configuration import ModelConfig
from sslstudio.models.transformer import Transformer

_TOP = {"embedding": "model.embed_tokens", "final_norm": "model.norm", "output": "lm_head"}
_BLOCK = {
    "attention_norm": "input_layernorm",
    "attention.query": "self_attn.q_proj",
    "attention.key": "self_attn.k_proj",
    "attention.value": "self_attn.v_proj",
    "attention.output": "self_attn.o_proj",
    "attention.query_norm": "self_attn.q_norm",
    "attention.key_norm": "self_attn.k_norm",
    "feed_forward_norm": "post_attention_layernorm",
    "feed_forward.gate": "mlp.gate_proj",
    "feed_forward.up": "mlp.up_proj",
    "feed_forward.down": "mlp.down_proj",
}


def llama_names(config: ModelConfig) -> dict[str, str]:
    """Return {our name: their name} for every weight of a decoder.

    Raises:
        UnsupportedError: an encoder, for which they have no class.
    """
    if not config.is_decoder:
        raise UnsupportedError("an encoder has no Llama layout: train a decoder to export it so")
    modules = {ours: theirs for ours, theirs in _TOP.items() if ours != "output" or not config.tied}
    for layer in range(config.layers):
        for ours, theirs in _BLOCK.items():
            if config.qk_norm or ours not in ("attention.query_norm", "attention.key_norm"):
                modules[f"blocks.{layer}.{ours}"] = f"model.layers.{layer}.{theirs}"
    return {f"{ours}.weight": f"{theirs}.weight" for ours, theirs in modules.items()}


def to_llama_state(model: Transformer) -> dict[str, Tensor]:
    """Return the decoder's weights under their names; the tensors are shared, not copied."""
    names = llama_names(model.config)
    return {names[ours]: tensor for ours, tensor in model.state_dict().items()}


def load_llama_state(model: Transformer, state: Mapping[str, Tensor]) -> None:
    """Copy weights under their names into ``model``; a tied ``lm_head`` is passed over."""
    names = llama_names(model.config)
    model.load_state_dict({ours: state[theirs] for ours, theirs in names.items()})
