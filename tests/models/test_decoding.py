"""One token at a time gives what the whole row gives, whichever way it is computed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from sslstudio.models import decoding, native
from sslstudio.models.cache import KeyValueCache
from sslstudio.models.configuration import ModelConfig
from sslstudio.models.decoding import PAYS_FROM, OneTokenDecoder
from sslstudio.models.transformer import Transformer

WAYS = ["native", "short", "short, threads not held", "plain"]
Choose = Callable[[str], None]


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Choose:
    """Allow one way of computing only."""

    def only(way: str) -> None:
        if way == "native":
            if native._compiled() is None:
                pytest.skip("no C compiler on this machine")
            return
        monkeypatch.setattr(decoding, "native_pass", lambda model: None)
        if way == "plain":
            monkeypatch.setattr(decoding, "LARGEST_COPY_BYTES", 0)
        elif way == "short, threads not held":
            monkeypatch.setattr(decoding, "can_be_held", lambda: False)

    return only


def build(*, kv_heads: int = 2, qk_norm: bool = False, tied: bool = True) -> Transformer:
    """A small decoder with norms of its own, and sizes that are no multiples of eight."""
    torch.manual_seed(0)
    config = ModelConfig(
        architecture="decoder",
        vocab_size=53,
        context=20,
        layers=3,
        width=40,
        heads=4,
        kv_heads=kv_heads,
        ffn_width=75,
        qk_norm=qk_norm,
        tied=tied,
    )
    model = Transformer(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim == 1:
                parameter.uniform_(0.5, 1.5)
    return model


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kv_heads", [1, 2, 4])
@pytest.mark.parametrize("qk_norm", [False, True])
@pytest.mark.parametrize("tied", [False, True])
def test_logits_equal_the_full_forward_pass(
    way: str, kv_heads: int, qk_norm: bool, tied: bool, choose: Choose
) -> None:
    choose(way)
    model = build(kv_heads=kv_heads, qk_norm=qk_norm, tied=tied)
    ids_BT = torch.randint(0, 53, (1, 20))
    with torch.inference_mode():
        full_TV = model.logits(model(ids_BT))[0]
        cache = KeyValueCache(model.config)
        model(ids_BT[:, :7], cache=cache)
        decoder = OneTokenDecoder(model, cache, PAYS_FROM)
        for position in range(7, 20):
            logits_V = decoder.logits(int(ids_BT[0, position]))
            assert (logits_V - full_TV[position]).abs().max() <= 1e-5
    assert cache.length == 20


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("change", ["in place", "a new tensor"])
def test_weights_that_change_between_two_tokens_are_the_ones_used(
    way: str, change: str, choose: Choose
) -> None:
    choose(way)
    model = build()
    with torch.inference_mode():
        cache = KeyValueCache(model.config)
        decoder = OneTokenDecoder(model, cache, PAYS_FROM)
        decoder.logits(3)
    with torch.no_grad():
        for parameter in model.parameters():
            if change == "in place":
                parameter.mul_(1.5)
            else:
                parameter.data = parameter * 1.5
    with torch.inference_mode():
        cache.clear()
        logits_V = decoder.logits(5)
        expected_V = model.logits(model(torch.tensor([[5]])))[0, 0]
    assert (logits_V - expected_V).abs().max() <= 1e-5


@pytest.mark.parametrize("way", WAYS)
def test_a_network_gone_wrong_gives_no_finite_numbers(way: str, choose: Choose) -> None:
    choose(way)
    model = build()
    with torch.no_grad():
        model.final_norm.weight.fill_(torch.nan)
    with torch.inference_mode():
        decoder = OneTokenDecoder(model, KeyValueCache(model.config), PAYS_FROM)
        assert not torch.isfinite(decoder.logits(3)).any()


def test_bf16_weights_are_used_as_they_are() -> None:
    model = build().bfloat16()
    with torch.inference_mode():
        cache = KeyValueCache(model.config, dtype=torch.bfloat16)
        logits_V = OneTokenDecoder(model, cache, PAYS_FROM).logits(3)
        assert logits_V.dtype == torch.bfloat16
        assert torch.equal(logits_V, model.logits(model(torch.tensor([[3]])))[0, 0])


def test_a_compiler_that_fails_leaves_the_way_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "cc"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("SSLSTUDIO_CACHE", str(tmp_path / "cache"))
    assert native._compiled.__wrapped__() is None
    assert not list((tmp_path / "cache" / "native").iterdir())
    monkeypatch.setenv("PATH", "")
    assert native._compiled.__wrapped__() is None
