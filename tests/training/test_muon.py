"""Muon: our fp32 iteration against torch's own, and what it does to singular values."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from sslstudio.training.muon import MOMENTUM, PlainMuon, build_muon, orthogonalised


@pytest.mark.parametrize("shape", [(48, 48), (32, 96), (96, 32)])
def test_singular_values_become_about_one_and_directions_stay(shape: tuple[int, int]) -> None:
    matrix = torch.randn(shape, generator=torch.Generator().manual_seed(1)).double()
    left, singular, right = torch.linalg.svd(matrix, full_matrices=False)
    # what five rounds cannot lift is left out: the smallest of a square matrix are near 0
    singular = singular.clamp(min=0.05 * float(singular.max()))
    matrix = left @ torch.diag(singular) @ right
    result = orthogonalised(matrix.float()).double()
    lifted = torch.linalg.svdvals(result)
    assert 0.68 < float(lifted.min()) <= float(lifted.max()) < 1.14
    # the same singular vectors: left' · result · right is diagonal
    turned = left.T @ result @ right.T
    assert float((turned - torch.diag(turned.diag())).abs().max()) < 1e-4


@pytest.mark.parametrize("shape", [(24, 24), (16, 40), (40, 16)])
def test_fp32_steps_are_those_of_torch_within_bf16(shape: tuple[int, int]) -> None:
    generator = torch.Generator().manual_seed(2)
    first = torch.randn(shape, generator=generator)
    ours, theirs = nn.Parameter(first.clone()), nn.Parameter(first.clone())
    settings = {"learning_rate": 0.02, "weight_decay": 0.1}
    plain = build_muon([ours], **settings, in_fp32=True)
    torchs = build_muon([theirs], **settings, in_fp32=False)
    assert isinstance(plain, PlainMuon)
    assert type(torchs) is torch.optim.Muon
    for _ in range(5):
        gradient = torch.randn(shape, generator=generator)
        ours.grad, theirs.grad = gradient.clone(), gradient.clone()
        plain.step()
        torchs.step()
    ours_end, theirs_end = ours.detach(), theirs.detach()
    assert float((ours_end - theirs_end).norm() / (theirs_end - first).norm()) < 0.03
    ours_state, theirs_state = plain.state[ours], torchs.state[theirs]
    assert ours_state.keys() == theirs_state.keys()
    torch.testing.assert_close(ours_state["momentum_buffer"], theirs_state["momentum_buffer"])


def test_weight_decay_alone_shrinks_by_rate_times_decay() -> None:
    matrix = nn.Parameter(torch.ones(4, 4))
    matrix.grad = torch.zeros(4, 4)
    build_muon([matrix], learning_rate=0.5, weight_decay=0.1, in_fp32=True).step()
    torch.testing.assert_close(matrix.detach(), torch.full((4, 4), 0.95))


def test_the_first_step_is_as_large_as_adamws() -> None:
    """An orthogonal matrix r x c has entries of root mean square 1/√max(r, c): 0.2 of the rate."""
    matrix = nn.Parameter(torch.zeros(64, 64))
    matrix.grad = torch.linalg.qr(torch.randn(64, 64, generator=torch.Generator().manual_seed(3)))[
        0
    ]
    build_muon([matrix], learning_rate=1.0, weight_decay=0.0, in_fp32=True).step()
    root_mean_square = float(matrix.detach().square().mean().sqrt())
    assert 0.68 * 0.2 < root_mean_square < 1.14 * 0.2


def test_a_matrix_without_gradient_stays() -> None:
    matrix = nn.Parameter(torch.ones(3, 3))
    optimizer = build_muon([matrix], learning_rate=0.5, weight_decay=0.1, in_fp32=True)
    optimizer.step()
    assert torch.equal(matrix.detach(), torch.ones(3, 3))
    assert optimizer.param_groups[0]["momentum"] == MOMENTUM
