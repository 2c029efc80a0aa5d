"""The composed attention gathers what torch's fused kernel gathers, and so do its gradients."""

from __future__ import annotations

import pytest
import torch

from sslstudio.models.attending import Visibility, attend
from sslstudio.models.attention import visible


@pytest.mark.parametrize("kv_heads", [4, 2, 1])
@pytest.mark.parametrize("kind", ["causal", "everything", "documents"])
def test_composed_equals_fused(kind: str, kv_heads: int) -> None:
    torch.manual_seed(0)
    queries, keys, values = heads = [
        torch.randn(3, n, 9, 8, requires_grad=True) for n in (4, kv_heads, kv_heads)
    ]
    documents = torch.tensor([[0] * 4 + [1] * 5]).expand(3, 9) if kind == "documents" else None
    found = []
    for is_composed in (False, True):
        seen = visible(
            9,
            causal=kind != "everything",
            documents_BT=documents,
            before=0,
            device=torch.device("cpu"),
            is_composed=is_composed,
        )
        assert seen.is_composed == is_composed
        gathered = attend(queries, keys, values, seen)
        found.append((gathered, *torch.autograd.grad(gathered.square().sum(), heads)))
    for fused, composed in zip(*found, strict=True):
        torch.testing.assert_close(composed, fused, rtol=1e-5, atol=1e-5)


def test_a_token_alone_gathers_its_own_value() -> None:
    values = torch.randn(1, 2, 1, 4)
    one = torch.randn(1, 2, 1, 4)
    torch.testing.assert_close(attend(one, one, values, Visibility(is_composed=True)), values)
