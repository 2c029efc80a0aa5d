"""Cross-entropy of the targets of a batch, without ever storing all logits.

The head is the widest product of a small model. Positions without a target never reach it: a
masked language model pays for 15 % of them. While learning, the targets are taken in parts: the
logits of a part live only until its gradients are added up, in the forward pass (as in Liger,
Hsu et al. 2024, 2410.10989), so the memory is that of one part and nothing is computed twice.
Softmax and sums are fp32. ``F.linear_cross_entropy`` does the same for an unreduced loss; on a
CPU this was measured to be 5 % to 50 % faster (``docs/performance.md``).

Shape legend: B rows, T positions, D width, N targets, C targets of one part, V vocabulary.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from sslstudio.objectives.batch import NO_TARGET

# enough rows for a product to run at full speed, few enough for its logits to stay in the cache
_ROWS_OF_A_PART = {"cpu": 512}
_ROWS_OF_A_PART_ELSEWHERE = 4096


def summed_loss(model: Any, hidden_BTD: Tensor, targets_BT: Tensor, target_count: int) -> Tensor:
    """Return the sum of −log p over all targets, a differentiable fp32 scalar, in nats.

    Args:
        model: offers ``features``, ``head_weight`` and ``head_bias``.
        hidden_BTD: the model's hidden states.
        targets_BT: ids, ``NO_TARGET`` where nothing is predicted.
        target_count: N, known on the host.
    """
    hidden_ND, targets_N = _with_target(hidden_BTD, targets_BT, target_count)
    features_ND = model.features(hidden_ND)
    if torch.is_autocast_enabled(features_ND.device.type):
        # fp16 needs the scaled loss behind every product: gradients made here would underflow
        logits_NV = F.linear(features_ND, model.head_weight, model.head_bias)
        return F.cross_entropy(logits_NV.float(), targets_N, reduction="sum")
    result: Tensor = _SummedLoss.apply(  # type: ignore[no-untyped-call]
        features_ND, model.head_weight, model.head_bias, targets_N
    )
    return result


def target_losses(model: Any, hidden_BTD: Tensor, targets_BT: Tensor, target_count: int) -> Tensor:
    """Return −log p of every target, fp32 [N], in row order; for measuring, not for learning.

    Args:
        model: offers ``logits`` over the last dimension.
        hidden_BTD: the model's hidden states.
        targets_BT: ids, ``NO_TARGET`` where nothing is predicted.
        target_count: N, known on the host.
    """
    hidden_ND, targets_N = _with_target(hidden_BTD, targets_BT, target_count)
    rows = _rows_of_a_part(hidden_ND)
    parts = zip(hidden_ND.split(rows), targets_N.split(rows), strict=True)
    losses = [
        F.cross_entropy(model.logits(hidden_CD).float(), targets_C, reduction="none")
        for hidden_CD, targets_C in parts
    ]
    return torch.cat(losses)


class _SummedLoss(torch.autograd.Function):
    """The sum over all targets; its gradients are made beside it, part by part."""

    @staticmethod
    def forward(
        ctx: Any,
        features_ND: Tensor,
        weight_VD: Tensor,
        bias_V: Tensor | None,
        targets_N: Tensor,
    ) -> Tensor:
        # in bf16 the parts of the matrix' gradient are summed up in fp32
        features_gradient_ND = torch.empty_like(features_ND)
        weight_gradient_VD = torch.zeros_like(weight_VD, dtype=torch.float32)
        bias_gradient_V = None if bias_V is None else torch.zeros_like(bias_V, dtype=torch.float32)
        total = torch.zeros((), dtype=torch.float32, device=features_ND.device)
        rows = _rows_of_a_part(features_ND)
        for features_CD, targets_C, gradient_CD in zip(
            features_ND.split(rows),
            targets_N.split(rows),
            features_gradient_ND.split(rows),
            strict=True,
        ):
            logits_CV = F.linear(features_CD, weight_VD, bias_V).float()
            total += _turn_into_gradient(logits_CV, targets_C)
            pull_CV = logits_CV.to(features_ND.dtype)
            torch.mm(pull_CV, weight_VD, out=gradient_CD)
            _add_product(weight_gradient_VD, pull_CV.t(), features_CD)
            if bias_gradient_V is not None:
                bias_gradient_V += logits_CV.sum(0)
            del logits_CV, pull_CV  # or those of two parts would live at once
        ctx.save_for_backward(features_gradient_ND, weight_gradient_VD, bias_gradient_V)
        ctx.weight_dtype = weight_VD.dtype
        return total

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx: Any, scale: Tensor) -> tuple[Tensor | None, ...]:
        features_gradient_ND, weight_gradient_VD, bias_gradient_V = ctx.saved_tensors
        dtype = ctx.weight_dtype
        return (
            # scaled in fp32: 1 / targets in bf16 would be off by up to 0.4 %
            (features_gradient_ND.float() * scale).to(features_gradient_ND.dtype),
            (weight_gradient_VD * scale).to(dtype),
            None if bias_gradient_V is None else (bias_gradient_V * scale).to(dtype),
            None,
        )


def _turn_into_gradient(logits_CV: Tensor, targets_C: Tensor) -> Tensor:
    """Return the summed loss of a part; its logits become d loss / d logits, in place."""
    logprobs_CV = logits_CV.log_softmax(-1)
    chosen_C1 = targets_C.unsqueeze(1)
    loss = -logprobs_CV.gather(1, chosen_C1).sum()
    torch.exp(logprobs_CV, out=logits_CV)
    minus_one_C1 = torch.full_like(chosen_C1, -1.0, dtype=logits_CV.dtype)
    logits_CV.scatter_add_(1, chosen_C1, minus_one_C1)
    return loss


def _add_product(total_VD: Tensor, left_VC: Tensor, right_CD: Tensor) -> None:
    """Add a product to an fp32 total, in one pass where the factors are fp32 too."""
    if left_VC.dtype == total_VD.dtype:
        total_VD.addmm_(left_VC, right_CD)
    else:
        total_VD += left_VC @ right_CD


def _rows_of_a_part(hidden_ND: Tensor) -> int:
    return _ROWS_OF_A_PART.get(hidden_ND.device.type, _ROWS_OF_A_PART_ELSEWHERE)


def _with_target(
    hidden_BTD: Tensor, targets_BT: Tensor, target_count: int
) -> tuple[Tensor, Tensor]:
    """Return hidden states [N, D] and ids [N] of the positions that have a target."""
    if target_count == targets_BT.numel():
        return hidden_BTD.flatten(0, 1), targets_BT.flatten()
    has_target = targets_BT.flatten() != NO_TARGET
    # the count is known, so the device is not asked for it
    chosen_N = torch.nonzero_static(has_target, size=target_count).squeeze(1)
    return (
        hidden_BTD.flatten(0, 1).index_select(0, chosen_N),
        targets_BT.flatten().index_select(0, chosen_N),
    )
