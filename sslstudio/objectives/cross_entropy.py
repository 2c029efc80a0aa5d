"""Cross-entropy of the targets of a batch, computed only where there is a target.

The head is the widest product of a small model, so positions without a target never reach it:
a masked language model pays for 15 % of them. Logits are taken to fp32 before the softmax.

Shape legend: B rows, T positions, D width, N targets, V vocabulary.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from sslstudio.objectives.batch import NO_TARGET


def target_losses(model: Any, hidden_BTD: Tensor, targets_BT: Tensor, target_count: int) -> Tensor:
    """Return −log p of every target, fp32 [N], in row order.

    Args:
        model: offers ``features`` and ``logits`` over the last dimension.
        hidden_BTD: the model's hidden states.
        targets_BT: ids, ``NO_TARGET`` where nothing is predicted.
        target_count: N, known on the host.
    """
    if target_count == targets_BT.numel():
        hidden_ND, targets_N = hidden_BTD.flatten(0, 1), targets_BT.flatten()
    else:
        chosen_N = _chosen(targets_BT, target_count)
        hidden_ND = hidden_BTD.flatten(0, 1).index_select(0, chosen_N)
        targets_N = targets_BT.flatten().index_select(0, chosen_N)
    logits_NV = model.logits(hidden_ND)
    return F.cross_entropy(logits_NV.float(), targets_N, reduction="none")


def _chosen(targets_BT: Tensor, target_count: int) -> Tensor:
    """Return the flat positions that have a target, int64 [N], without asking the device."""
    has_target = targets_BT.flatten() != NO_TARGET
    return torch.nonzero_static(has_target, size=target_count).squeeze(1)
