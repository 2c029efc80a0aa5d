"""Which optimizer moves what, and that both are stepped, saved and forgotten as one."""

from __future__ import annotations

from typing import Any, cast

import pytest
import torch
from torch import nn

from sslstudio.models.configuration import ModelConfig
from sslstudio.models.transformer import Transformer
from sslstudio.training.optimizer import Optimizers, build_optimizers, hidden_matrices

_SHAPE: dict[str, Any] = {
    "layers": 2, "width": 16, "heads": 2, "kv_heads": 2, "ffn_width": 32,
    "vocab_size": 30, "context": 8,
}  # fmt: skip


def _model(architecture: str = "decoder", *, tied: bool = True) -> Transformer:
    torch.manual_seed(0)
    return Transformer(ModelConfig(architecture=cast(Any, architecture), tied=tied, **_SHAPE))


def _built(model: nn.Module, kind: str) -> Optimizers:
    return build_optimizers(
        model, kind=kind, learning_rate=0.01, weight_decay=0.1, beta2=0.95, has_bf16=False
    )


def _names(model: nn.Module, group: dict[str, Any]) -> set[str]:
    ids = {id(p) for p in group["params"]}
    return {name for name, p in model.named_parameters() if id(p) in ids}


@pytest.mark.parametrize(("architecture", "tied"), [("decoder", False), ("encoder", True)])
def test_muon_takes_the_matrices_inside_the_blocks_and_nothing_else(
    architecture: str, tied: bool
) -> None:
    model = _model(architecture, tied=tied)
    optimizers = _built(model, "muon")
    muon, adamw = optimizers.members
    assert isinstance(muon, torch.optim.Muon)
    inside = _names(model, muon.param_groups[0])
    matrices = ("query", "key", "value", "output")
    expected = {f"blocks.{i}.attention.{m}.weight" for i in range(2) for m in matrices}
    expected |= {f"blocks.{i}.feed_forward.{m}.weight" for i in range(2) for m in
                 ("gate", "up", "down")}  # fmt: skip
    assert inside == expected
    assert hidden_matrices(model) == sum(p.numel() for p in muon.param_groups[0]["params"])
    rest = set.union(*(_names(model, group) for group in adamw.param_groups))
    assert inside | rest == {name for name, _ in model.named_parameters()}
    assert not inside & rest


@pytest.mark.parametrize("kind", ["adamw", "muon"])
def test_weight_decay_pulls_on_matrices_only(kind: str) -> None:
    model = _model("encoder")
    for group in _built(model, kind).param_groups:
        dimensions = {p.ndim for p in group["params"]}
        assert dimensions == ({2} if group["weight_decay"] else {1})


def test_moments_are_set_aside_under_the_names_that_the_optimizers_use() -> None:
    """An optimizer that steps from our first state ends where it would with its own."""
    with_ours, with_own = _model(), _model()
    ours, own = _built(with_ours, "muon"), _built(with_own, "muon")
    ours.set_moments()
    assert not own.state
    for model, optimizers in ((with_ours, ours), (with_own, own)):
        for step in range(3):
            generator = torch.Generator().manual_seed(step)
            for parameter in model.parameters():
                parameter.grad = torch.randn(parameter.shape, generator=generator)
            optimizers.step()
    for (name, a), b in zip(with_ours.named_parameters(), with_own.parameters(), strict=True):
        assert torch.equal(a, b), name
        assert ours.state[a].keys() == own.state[b].keys(), name
        for key, value in ours.state[a].items():
            assert torch.equal(value, own.state[b][key]), (name, key)


def test_forgetting_leaves_the_moments_of_a_first_step() -> None:
    model = _model()
    optimizers = _built(model, "muon")
    optimizers.set_moments()
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)
    optimizers.step()
    assert any(bool(v.any()) for state in optimizers.state.values() for v in state.values())
    optimizers.forget_moments()
    assert len(optimizers.state) == len(list(model.parameters()))
    assert not any(bool(v.any()) for state in optimizers.state.values() for v in state.values())


def test_the_rate_reaches_every_group() -> None:
    optimizers = _built(_model(), "muon")
    optimizers.set_rate(0.125)
    assert {group["lr"] for member in optimizers.members for group in member.param_groups} == {
        0.125
    }


def test_a_step_can_be_skipped_by_a_flag_on_the_device() -> None:
    model = _model()
    optimizers = _built(model, "adamw")
    optimizers.set_moments()
    assert optimizers.can_skip_on_device
    assert not _built(_model(), "muon").can_skip_on_device
    before = [p.detach().clone() for p in model.parameters()]
    for parameter in model.parameters():
        parameter.grad = torch.full_like(parameter, torch.nan)
    optimizers.step(skip=torch.ones(()))
    assert all(torch.equal(p, old) for p, old in zip(model.parameters(), before, strict=True))
    assert not any(bool(v.any()) for state in optimizers.state.values() for v in state.values())
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)
    optimizers.step(skip=torch.zeros(()))
    assert not any(torch.equal(p, old) for p, old in zip(model.parameters(), before, strict=True))


def test_a_parameter_without_moments_is_not_in_the_state() -> None:
    model = _model()
    optimizers = _built(model, "adamw")
    with pytest.raises(KeyError):
        optimizers.state[cast(nn.Parameter, model.embedding.weight)]
    assert model.embedding.weight not in optimizers.state
