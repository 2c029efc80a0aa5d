"""Blocks computed twice or compiled give the gradients of blocks that ran plainly."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import cast

import pytest
import torch
from torch import Tensor

from sslstudio.models.configuration import ModelConfig
from sslstudio.models.running import RunBlock, recomputed, run_plainly
from sslstudio.models.transformer import Transformer


def _model(dropout: float, layers: int = 3) -> Transformer:
    torch.manual_seed(0)
    return Transformer(
        ModelConfig(
            architecture="decoder",
            layers=layers,
            width=32,
            heads=4,
            kv_heads=2,
            ffn_width=64,
            vocab_size=40,
            context=16,
            dropout=dropout,
        )
    )


def _gradients(
    model: Transformer, run: RunBlock, documents: Tensor | None = None
) -> tuple[Tensor, list[Tensor]]:
    model.run_block = run
    model.zero_grad()
    torch.manual_seed(1)
    ids = torch.arange(4 * 16).view(4, 16) % 40
    result = model(ids, documents_BT=documents)
    result.square().sum().backward()
    return result.detach(), [p.grad for p in model.parameters() if p.grad is not None]


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_computed_twice_gives_the_same_bits(dropout: float) -> None:
    model = _model(dropout)
    documents = (torch.arange(16) // 5).expand(4, 16)
    plain, plain_gradients = _gradients(model, run_plainly, documents)
    twice, twice_gradients = _gradients(model, recomputed(run_plainly), documents)
    assert torch.equal(plain, twice)
    assert len(plain_gradients) == len(twice_gradients) == len(list(model.parameters()))
    for a, b in zip(plain_gradients, twice_gradients, strict=True):
        assert torch.equal(a, b)


def _kept_bytes(forward: Callable[[], Tensor], but: set[int]) -> int:
    """Count what a forward pass keeps for the gradient, save what is a parameter anyway."""
    kept: dict[int, int] = {}

    def pack(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in but:
            kept[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        result = forward()
    assert result.requires_grad
    return sum(kept.values())


def test_computed_twice_keeps_one_stream_a_block() -> None:
    ids = torch.arange(4 * 16).view(4, 16) % 40
    stream = 4 * 16 * 32 * 4
    a_block = {}
    for name, run in (("plain", run_plainly), ("twice", recomputed(run_plainly))):
        kept = []
        for layers in (2, 6):
            model = _model(0.1, layers)
            model.run_block = run
            weights = {
                t.untyped_storage().data_ptr() for t in (*model.parameters(), *model.buffers())
            }
            kept.append(_kept_bytes(partial(model, ids), weights))
        a_block[name] = (kept[1] - kept[0]) / 4
    assert a_block["twice"] <= 1.2 * stream  # the stream, and the state of the generator
    assert a_block["plain"] > 10 * stream


def test_measuring_and_generating_never_go_through_it() -> None:
    model = _model(0.3)

    def refuse(*_: object) -> Tensor:
        raise AssertionError("only a pass that wants gradients may be run this way")

    model.run_block = cast(RunBlock, refuse)
    model.eval()
    ids = torch.arange(16)[None]
    with torch.inference_mode():
        model(ids)
    with torch.no_grad():
        model(ids)
    with pytest.raises(AssertionError, match="only a pass"):
        model(ids)
