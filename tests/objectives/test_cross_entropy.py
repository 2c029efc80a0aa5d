"""The loss over targets only equals the loss over everything with the rest ignored."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F

from sslstudio.objectives.batch import NO_TARGET
from sslstudio.objectives.cross_entropy import target_losses


class Head(torch.nn.Module):
    def __init__(self, width: int, vocab_size: int) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.randn(vocab_size, width))

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        return hidden @ self.weight.T


def test_value_and_gradient_equal_those_with_ignored_places() -> None:
    torch.manual_seed(0)
    head = Head(8, 30)
    hidden = torch.randn(3, 7, 8, requires_grad=True)
    targets = torch.randint(0, 30, (3, 7))
    targets[torch.rand(3, 7) < 0.6] = NO_TARGET
    count = int((targets != NO_TARGET).sum())
    target_losses(head, hidden, targets, count).sum().backward()
    got = hidden.grad
    hidden.grad = None
    F.cross_entropy(
        head.logits(hidden).flatten(0, 1), targets.flatten(), reduction="sum"
    ).backward()
    torch.testing.assert_close(got, hidden.grad)


def test_zero_logits_cost_ln_v_each() -> None:
    head = Head(4, 65)
    torch.nn.init.zeros_(head.weight)
    losses = target_losses(head, torch.randn(1, 5, 4), torch.arange(5)[None], 5)
    torch.testing.assert_close(losses, torch.full((5,), math.log(65)))
