"""The loss over targets only equals the loss over everything with the rest ignored."""

from __future__ import annotations

import math

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from sslstudio.objectives.batch import NO_TARGET
from sslstudio.objectives.cross_entropy import summed_loss, target_losses


class Head(torch.nn.Module):
    def __init__(self, width: int, vocab_size: int, *, bias: bool = False) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.randn(vocab_size, width))
        self.bias = torch.nn.Parameter(torch.randn(vocab_size)) if bias else None

    @property
    def head_weight(self) -> Tensor:
        return self.weight

    @property
    def head_bias(self) -> Tensor | None:
        return self.bias

    def features(self, hidden: Tensor) -> Tensor:
        return hidden

    def logits(self, hidden: Tensor) -> Tensor:
        return F.linear(hidden, self.weight, self.bias)


def _targets(shape: tuple[int, int], vocab_size: int, share: float) -> tuple[Tensor, int]:
    targets = torch.randint(0, vocab_size, shape)
    targets[torch.rand(shape) >= share] = NO_TARGET
    return targets, int((targets != NO_TARGET).sum())


def _gradients(loss: Tensor, hidden: Tensor, head: Head, factor: float) -> list[Tensor]:
    wanted = [hidden, *head.parameters()]
    return list(torch.autograd.grad(loss * factor, wanted))


def test_value_and_gradient_equal_those_with_ignored_places() -> None:
    torch.manual_seed(0)
    head = Head(8, 30)
    hidden = torch.randn(3, 7, 8, requires_grad=True)
    targets, count = _targets((3, 7), 30, 0.4)
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
    total = summed_loss(head, torch.randn(1, 5, 4), torch.arange(5)[None], 5)
    torch.testing.assert_close(total, torch.tensor(5 * math.log(65)))


# 40 x 33 places: with all of them targets, three parts of 512 and a ragged one
@pytest.mark.parametrize("share", [1.0, 0.6, 0.05])
@pytest.mark.parametrize("bias", [False, True])
def test_the_sum_and_its_gradients_are_torchs(share: float, bias: bool) -> None:
    torch.manual_seed(1)
    head = Head(16, 50, bias=bias)
    hidden = torch.randn(40, 33, 16, requires_grad=True)
    targets, count = _targets((40, 33), 50, share)
    ours = summed_loss(head, hidden, targets, count)
    logits = head.logits(hidden).flatten(0, 1).double()
    theirs = F.cross_entropy(logits, targets.flatten(), reduction="sum")
    torch.testing.assert_close(ours.double(), theirs, rtol=1e-6, atol=0)
    factor = 1 / count
    for a, b in zip(
        _gradients(ours, hidden, head, factor),
        _gradients(theirs, hidden, head, factor),
        strict=True,
    ):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-7)


def test_the_sum_and_its_gradients_are_those_of_linear_cross_entropy() -> None:
    torch.manual_seed(2)
    head = Head(16, 50)
    hidden = torch.randn(20, 33, 16, requires_grad=True)
    targets, count = _targets((20, 33), 50, 0.7)
    ours = summed_loss(head, hidden, targets, count)
    theirs = F.linear_cross_entropy(
        hidden.flatten(0, 1), head.weight, targets.flatten(), reduction="sum"
    )
    torch.testing.assert_close(ours, theirs)
    for a, b in zip(
        _gradients(ours, hidden, head, 0.01), _gradients(theirs, hidden, head, 0.01), strict=True
    ):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-6)


def test_the_gradient_is_the_slope_of_the_loss() -> None:
    """Central differences in float64; softmax and sums are fp32, hence the tolerance."""
    torch.manual_seed(3)
    head = Head(4, 9, bias=True).double()
    hidden = torch.randn(1, 6, 4, dtype=torch.float64, requires_grad=True)
    targets = torch.tensor([[0, NO_TARGET, 8, 3, 3, NO_TARGET]])
    gradients = _gradients(summed_loss(head, hidden, targets, 4), hidden, head, 1.0)
    step = 1e-2
    for tensor, gradient in zip([hidden, *head.parameters()], gradients, strict=True):
        flat, slopes = tensor.detach().view(-1), []
        for place in range(flat.numel()):
            values = []
            for side in (step, -step):
                flat[place] += side
                values.append(float(summed_loss(head, hidden, targets, 4).detach()))
                flat[place] -= side
            slopes.append((values[0] - values[1]) / (2 * step))
        expected = torch.tensor(slopes, dtype=torch.float64).view_as(gradient)
        torch.testing.assert_close(gradient, expected, rtol=2e-3, atol=2e-3)


@pytest.mark.parametrize("count_wanted", [1024, 1021])
def test_bf16_is_off_by_its_rounding_only(count_wanted: int) -> None:
    """Also where one over the count is no number of bf16's: it is applied in fp32."""
    torch.manual_seed(4)
    exact = Head(32, 60)
    low = Head(32, 60).to(torch.bfloat16)
    low.weight.data.copy_(exact.weight.data)
    exact.weight.data.copy_(low.weight.data)
    hidden = torch.randn(1, count_wanted, 32).bfloat16()
    low_hidden, exact_hidden = hidden.clone().requires_grad_(), hidden.float().requires_grad_()
    targets = torch.randint(0, 60, (1, count_wanted))
    ours = summed_loss(low, low_hidden, targets, count_wanted)
    theirs = summed_loss(exact, exact_hidden, targets, count_wanted)
    assert ours.dtype == torch.float32
    assert float(ours.detach()) == pytest.approx(float(theirs.detach()), rel=2e-3)
    factor = 1 / count_wanted
    for a, b in zip(
        _gradients(ours, low_hidden, low, factor),
        _gradients(theirs, exact_hidden, exact, factor),
        strict=True,
    ):
        assert a.dtype == torch.bfloat16
        difference = (a.double() - b.double()).norm() / b.double().norm()
        assert float(difference) < 8e-3
        # and no factor between them: that would be a learning rate of its own
        along = float((a.double() * b.double()).sum() / b.double().square().sum())
        assert along == pytest.approx(1.0, abs=1.2e-3)


def test_no_tensor_of_all_logits_is_made_or_kept() -> None:
    torch.manual_seed(5)
    vocab_size, places = 211, 3000
    head = Head(8, vocab_size)
    hidden = torch.randn(1, places, 8, requires_grad=True)
    targets = torch.randint(0, vocab_size, (1, places))
    largest = _LargestTensor()  # type: ignore[no-untyped-call]
    kept: list[int] = []

    def pack(tensor: Tensor) -> Tensor:
        kept.append(tensor.numel())
        return tensor

    with largest, torch.autograd.graph.saved_tensors_hooks(pack, lambda t: t):
        summed_loss(head, hidden, targets, places).backward()
    assert largest.numbers == 512 * vocab_size
    assert max(kept) <= max(places * 8, vocab_size * 8)


class _LargestTensor(torch.utils._python_dispatch.TorchDispatchMode):
    """Watches every operation and remembers the most numbers that one of them returned."""

    numbers = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):  # type: ignore[no-untyped-def]
        result = func(*args, **(kwargs or {}))
        for tensor in result if isinstance(result, tuple | list) else (result,):
            if isinstance(tensor, Tensor):
                self.numbers = max(self.numbers, tensor.numel())
        return result


def test_a_batch_without_targets_costs_nothing() -> None:
    head = Head(4, 9, bias=True)
    hidden = torch.randn(2, 3, 4, requires_grad=True)
    targets = torch.full((2, 3), NO_TARGET)
    loss = summed_loss(head, hidden, targets, 0)
    assert float(loss.detach()) == 0.0
    for gradient in _gradients(loss, hidden, head, 1.0):
        assert not bool(gradient.any())


def test_a_loss_that_is_no_number_says_so() -> None:
    head = Head(4, 9)
    hidden = torch.randn(1, 3, 4, requires_grad=True)
    with torch.no_grad():
        hidden[0, 1, 2] = math.nan
    loss = summed_loss(head, hidden, torch.zeros(1, 3, dtype=torch.long), 3)
    assert math.isnan(float(loss.detach()))
