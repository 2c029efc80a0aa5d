"""The network keeps its promises: who sees whom, where the loss starts, what dropout does."""

from __future__ import annotations

import dataclasses
import itertools
import math
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from sslstudio.models.configuration import model_config
from sslstudio.models.transformer import Transformer
from sslstudio.recipe import ModelOptions

V = 50


def build(architecture: str = "decoder", **changes: Any) -> Transformer:
    """A small network with weights large enough that every token matters."""
    torch.manual_seed(0)
    options = ModelOptions(preset="nano", context=24, layers=2, width=32, heads=4, kv_heads=2)
    config = dataclasses.replace(model_config(options, V, architecture), **changes)
    model = Transformer(config).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim == 2:
                parameter.mul_(5.0)
    return model


def logits_of(model: Transformer, ids_BT: Tensor, documents_BT: Tensor | None = None) -> Tensor:
    with torch.no_grad():
        return model.logits(model(ids_BT, documents_BT=documents_BT))


@pytest.mark.parametrize("qk_norm", [False, True])
def test_a_changed_token_changes_no_earlier_logit_of_a_decoder(qk_norm: bool) -> None:
    model = build(qk_norm=qk_norm)
    ids_BT = torch.randint(0, V, (1, 24))
    before = logits_of(model, ids_BT)
    for changed in (0, 7, 23):
        other_BT = ids_BT.clone()
        other_BT[0, changed] = (other_BT[0, changed] + 1) % V
        differs_T = (logits_of(model, other_BT) - before).abs().amax(-1)[0] > 1e-6
        assert int(differs_T.nonzero()[0]) == changed


def test_an_encoder_sees_both_sides_but_no_other_document() -> None:
    model = build("encoder")
    ids_BT = torch.randint(0, V, (1, 24))
    documents_BT = torch.tensor([[7] * 10 + [3] * 14])
    before = logits_of(model, ids_BT, documents_BT)
    other_BT = ids_BT.clone()
    other_BT[0, 5] = (other_BT[0, 5] + 1) % V
    differs_T = (logits_of(model, other_BT, documents_BT) - before).abs().amax(-1)[0] > 1e-6
    assert differs_T.tolist() == [True] * 10 + [False] * 14


@pytest.mark.parametrize("architecture", ["decoder", "encoder"])
def test_packed_documents_equal_separate_ones(architecture: str) -> None:
    model = build(architecture)
    ids_BT = torch.randint(0, V, (2, 24))
    lengths = ((5, 1, 18), (12, 12, 0))
    documents_BT = torch.stack(
        [torch.repeat_interleave(torch.arange(3), torch.tensor(row)) for row in lengths]
    )
    packed = logits_of(model, ids_BT, documents_BT)
    for row, row_lengths in enumerate(lengths):
        start = 0
        for end in itertools.accumulate(row_lengths):
            if start < end:
                alone = logits_of(model, ids_BT[row : row + 1, start:end])[0]
                assert (packed[row, start:end] - alone).abs().max() < 1e-5
            start = end


def test_one_document_a_row_equals_no_documents() -> None:
    model = build()
    ids_BT = torch.randint(0, V, (2, 24))
    difference = logits_of(model, ids_BT, torch.zeros_like(ids_BT)) - logits_of(model, ids_BT)
    assert difference.abs().max() < 1e-5


@pytest.mark.parametrize("preset", ["nano", "tiny"])
@pytest.mark.parametrize("architecture", ["decoder", "encoder"])
@pytest.mark.parametrize("vocab_size", [65, 4096])
def test_an_untrained_network_knows_nothing(
    preset: str, architecture: str, vocab_size: int
) -> None:
    torch.manual_seed(1)
    config = model_config(ModelOptions(preset=preset, context=64), vocab_size, architecture)
    model = Transformer(config)
    ids_BT, targets_BT = torch.randint(0, vocab_size, (2, 4, 64))
    loss = F.cross_entropy(logits_of(model, ids_BT).flatten(0, 1), targets_BT.flatten())
    assert float(loss) == pytest.approx(math.log(vocab_size), rel=0.03)


def test_a_head_of_zeros_gives_exactly_the_uniform_loss() -> None:
    model = build("encoder", tied=False)
    with torch.no_grad():
        model.head_weight.zero_()
    assert logits_of(model, torch.randint(0, V, (1, 24))).eq(0.0).all()


@pytest.mark.parametrize("architecture", ["decoder", "encoder"])
@pytest.mark.parametrize("tied", [False, True])
def test_logits_are_features_times_the_head(architecture: str, tied: bool) -> None:
    model = build(architecture, tied=tied)
    assert model.head_weight.shape == (V, 32)
    assert (model.head_weight is model.embedding.weight) == tied
    hidden_BTD = model(torch.randint(0, V, (1, 9)))
    expected = model.features(hidden_BTD) @ model.head_weight.T
    if architecture == "encoder":
        assert model.head_bias is not None
        expected = expected + model.head_bias
    else:
        assert model.head_bias is None
        assert model.features(hidden_BTD) is hidden_BTD
    torch.testing.assert_close(model.logits(hidden_BTD), expected)


def test_dropout_acts_in_training_and_never_in_evaluation() -> None:
    model = build(dropout=0.5)
    ids_BT = torch.randint(0, V, (1, 24))
    state = torch.get_rng_state()
    assert logits_of(model, ids_BT).equal(logits_of(model, ids_BT))
    assert torch.get_rng_state().equal(state), "evaluation draws no random numbers"
    model.train()
    assert not logits_of(model, ids_BT).equal(logits_of(model, ids_BT))


@pytest.mark.parametrize("architecture", ["decoder", "encoder"])
def test_every_weight_learns_and_gradients_are_right(architecture: str) -> None:
    model = build(architecture, qk_norm=True, tied=False).double()
    ids_BT, targets_BT = torch.randint(0, V, (2, 2, 12))
    documents_BT = torch.tensor([[0] * 5 + [1] * 7] * 2)

    def loss() -> Tensor:
        logits_BTV = model.logits(model(ids_BT, documents_BT=documents_BT))
        return F.cross_entropy(logits_BTV.flatten(0, 1), targets_BT.flatten())

    torch.autograd.backward(loss())
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None, name
        direction = torch.randn_like(parameter)
        slope = float((parameter.grad * direction).sum())
        with torch.no_grad():
            parameter.add_(direction, alpha=1e-5)
            above = float(loss())
            parameter.sub_(direction, alpha=2e-5)
            below = float(loss())
            parameter.add_(direction, alpha=1e-5)
        assert (above - below) / 2e-5 == pytest.approx(slope, rel=1e-3, abs=1e-7), name


def test_bf16_autocast_stays_near_fp32_and_trains() -> None:
    model = build(qk_norm=True).train()
    ids_BT = torch.randint(0, V, (2, 24))
    plain = model(ids_BT)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hidden_BTD = model(ids_BT, documents_BT=torch.zeros_like(ids_BT))
        loss = model.logits(hidden_BTD).float().logsumexp(-1).mean()
    torch.autograd.backward(loss)
    assert all(p.grad is not None and p.grad.isfinite().all() for p in model.parameters())
    assert F.cosine_similarity(hidden_BTD.float(), plain, dim=-1).min() > 0.99


def test_a_state_holds_each_weight_once_and_no_tables() -> None:
    tied = build()
    assert set(tied.state_dict()) == {name for name, _ in tied.named_parameters()}
