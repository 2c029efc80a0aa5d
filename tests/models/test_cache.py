"""A cache changes what generation costs, never what it computes."""

from __future__ import annotations

import pytest
import torch

from sslstudio.models.cache import KeyValueCache
from sslstudio.models.configuration import ModelConfig
from sslstudio.models.transformer import Transformer


def build(kv_heads: int, qk_norm: bool) -> Transformer:
    torch.manual_seed(0)
    config = ModelConfig(
        architecture="decoder",
        vocab_size=50,
        context=20,
        layers=3,
        width=32,
        heads=4,
        kv_heads=kv_heads,
        ffn_width=48,
        qk_norm=qk_norm,
    )
    return Transformer(config).eval()


@pytest.mark.parametrize("kv_heads", [1, 2, 4])
@pytest.mark.parametrize("qk_norm", [False, True])
@pytest.mark.parametrize("rows", [1, 2])
@pytest.mark.parametrize("pieces", [[1] * 20, [20], [7, 1, 1, 5, 6], [1, 19]])
def test_cached_steps_equal_the_full_forward_pass(
    kv_heads: int, qk_norm: bool, rows: int, pieces: list[int]
) -> None:
    model = build(kv_heads, qk_norm)
    ids_BT = torch.randint(0, 50, (rows, 20))
    with torch.inference_mode():
        full = model(ids_BT)
        cache = KeyValueCache(model.config, rows=rows)
        parts = [model(piece, cache=cache) for piece in torch.split(ids_BT, pieces, 1)]
    assert cache.length == 20
    assert (torch.cat(parts, 1) - full).abs().max() < 1e-5


def test_a_cleared_cache_remembers_nothing() -> None:
    model = build(2, False)
    first, second = torch.randint(0, 50, (2, 1, 12))
    with torch.inference_mode():
        cache = KeyValueCache(model.config)
        model(first, cache=cache)
        cache.clear()
        assert model(second, cache=cache).sub(model(second)).abs().max() < 1e-6
