"""Muon for the hidden matrices: steps whose singular values are all about one.

``torch.optim.Muon`` (Jordan et al. 2024) orthogonalises each momentum by Newton–Schulz in bf16.
Where a processor has no bf16 products that takes fifty times as long as in fp32, so there, and
only there, the same iteration runs in fp32 (:class:`PlainMuon`). Costs about 15 products of the
matrix' smaller side a step. It knows nothing of which matrices it is given: ``optimizer.py``
does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

MOMENTUM = 0.95
_COEFFICIENTS = (3.4445, -4.7750, 2.0315)
_ROUNDS = 5
_EPSILON = 1e-7


def build_muon(
    matrices: Iterable[nn.Parameter], *, learning_rate: float, weight_decay: float, in_fp32: bool
) -> torch.optim.Muon:
    """Return Muon with steps as large as AdamW's, so that rate and decay mean the same.

    Args:
        matrices: parameters of two dimensions.
        learning_rate: AdamW's; each step is scaled by 0.2 · √max(rows, columns).
        weight_decay: AdamW's.
        in_fp32: orthogonalise in fp32 instead of bf16.
    """
    cls = PlainMuon if in_fp32 else torch.optim.Muon
    return cls(
        list(matrices),
        lr=learning_rate,
        weight_decay=weight_decay,
        momentum=MOMENTUM,
        adjust_lr_fn="match_rms_adamw",
    )


class PlainMuon(torch.optim.Muon):
    """``torch.optim.Muon`` with the iteration in fp32; the same state, the same settings."""

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        """Take one step for every matrix that has a gradient."""
        assert closure is None
        for group in self.param_groups:
            for matrix in group["params"]:
                if matrix.grad is not None:
                    self._move(matrix, group)

    def _move(self, matrix: Tensor, group: dict[str, Any]) -> None:
        state = self.state[matrix]
        if "momentum_buffer" not in state:
            state["momentum_buffer"] = torch.zeros_like(matrix)
        momentum, momentum_buffer = group["momentum"], state["momentum_buffer"]
        assert matrix.grad is not None
        momentum_buffer.lerp_(matrix.grad, 1 - momentum)
        direction = matrix.grad.lerp(momentum_buffer, momentum)
        matrix.mul_(1 - group["lr"] * group["weight_decay"])
        step_size = group["lr"] * 0.2 * max(matrix.shape) ** 0.5
        matrix.add_(orthogonalised(direction), alpha=-step_size)


def orthogonalised(matrix: Tensor) -> Tensor:
    """Return the nearest matrix whose singular values lie in about 0.7 to 1.15, fp32.

    Five rounds of the quintic Newton–Schulz iteration; rows and columns stay.
    """
    a, b, c = _COEFFICIENTS
    is_tall = matrix.shape[0] > matrix.shape[1]
    wide = (matrix.T if is_tall else matrix).float()
    wide = wide / wide.norm().clamp(min=_EPSILON)
    for _ in range(_ROUNDS):
        gram = wide @ wide.T
        wide = torch.addmm(wide, torch.addmm(gram, gram, gram, beta=b, alpha=c), wide, beta=a)
    return wide.T if is_tall else wide
