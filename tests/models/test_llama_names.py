"""Against transformers: the same weights give the same logits, whoever names them."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from sslstudio.errors import UnsupportedError
from sslstudio.models.configuration import ModelConfig
from sslstudio.models.llama_names import llama_names, load_llama_state, to_llama_state
from sslstudio.models.transformer import Transformer


def configuration(*, qk_norm: bool, tied: bool, architecture: str = "decoder") -> ModelConfig:
    return ModelConfig(
        architecture="decoder" if architecture == "decoder" else "encoder",
        vocab_size=100,
        context=32,
        layers=2,
        width=32,
        heads=4,
        kv_heads=2,
        ffn_width=64,
        qk_norm=qk_norm,
        tied=tied,
    )


def theirs(config: ModelConfig, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Hugging Face's class for the same sizes, with random weights of a useful size."""
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    transformers = pytest.importorskip("transformers")
    family = "Qwen3" if config.qk_norm else "Llama"
    hf_config = getattr(transformers, f"{family}Config")(
        vocab_size=config.vocab_size,
        hidden_size=config.width,
        intermediate_size=config.ffn_width,
        num_hidden_layers=config.layers,
        num_attention_heads=config.heads,
        num_key_value_heads=config.kv_heads,
        head_dim=config.head_dim,
        max_position_embeddings=config.context,
        rms_norm_eps=config.norm_eps,
        rope_parameters={"rope_theta": config.rope_theta, "rope_type": "default"},
        tie_word_embeddings=config.tied,
        attention_bias=False,
    )
    torch.manual_seed(3)
    model = getattr(transformers, f"{family}ForCausalLM")(hf_config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn_like(parameter) * 0.1 + (parameter.ndim == 1))
    return model


@pytest.mark.parametrize("qk_norm", [False, True])
@pytest.mark.parametrize("tied", [False, True])
def test_logits_equal_those_of_transformers(
    qk_norm: bool, tied: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = configuration(qk_norm=qk_norm, tied=tied)
    their_model = theirs(config, monkeypatch)
    model = Transformer(config).eval()
    load_llama_state(model, their_model.state_dict())
    ids_BT = torch.randint(0, 100, (3, 32))
    with torch.no_grad():
        expected = their_model(ids_BT, use_cache=False).logits
        logits = model.logits(model(ids_BT))
    assert (logits - expected).abs().max() <= 1e-5


@pytest.mark.parametrize("qk_norm", [False, True])
@pytest.mark.parametrize("tied", [False, True])
def test_every_weight_has_a_name_there_and_comes_back(
    qk_norm: bool, tied: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = configuration(qk_norm=qk_norm, tied=tied)
    model, again = Transformer(config), Transformer(config)
    state = to_llama_state(model)
    missing = {"lm_head.weight"} if tied else set()
    assert set(theirs(config, monkeypatch).state_dict()) - set(state) == missing
    load_llama_state(again, state)
    for ours, copied in zip(model.parameters(), again.parameters(), strict=True):
        assert torch.equal(ours, copied)


def test_an_encoder_has_no_llama_layout() -> None:
    with pytest.raises(UnsupportedError, match="train a decoder"):
        llama_names(configuration(qk_norm=False, tied=True, architecture="encoder"))
