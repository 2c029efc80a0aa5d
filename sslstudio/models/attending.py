"""The attention of all heads at once: torch's fused kernel, or composed of products.

Both give what Vaswani et al. 2017 define; which is faster depends on processor, precision and
length. The fused kernel never stores the scores, so it is the one for measuring, generating and
long rows. The composed one stores them (``B · H · T²`` numbers a block) and is worth it only
when it is compiled, on processors with bf16 products: there the fused kernel's backward pass
was measured to take twice as long. ``training/attention_choice.py`` tries both.

Shapes: B rows, T new tokens, S tokens seen, H heads, K key/value heads, E numbers per head.
"""

from __future__ import annotations

import dataclasses

import torch
import torch.nn.functional as F
from torch import Tensor


@dataclasses.dataclass(frozen=True)
class Visibility:
    """Which tokens may be seen: a plain causal triangle, an explicit mask, or everything."""

    causal: bool = False
    mask_B1TS: Tensor | None = None  # composed: True = may be seen; fused: 0 or minus infinity
    is_composed: bool = False  # which of the two kernels computes it


def attend(
    queries_BHTE: Tensor, keys_BKSE: Tensor, values_BKSE: Tensor, visibility: Visibility
) -> Tensor:
    """Return what every token gathers [B, H, T, E], in the dtype of the queries."""
    if visibility.is_composed:
        return _composed(queries_BHTE, keys_BKSE, values_BKSE, visibility)
    return F.scaled_dot_product_attention(
        queries_BHTE,
        keys_BKSE,
        values_BKSE,
        attn_mask=visibility.mask_B1TS,
        is_causal=visibility.causal,
        enable_gqa=keys_BKSE.shape[1] != queries_BHTE.shape[1],
    )


def _composed(
    queries_BHTE: Tensor, keys_BKSE: Tensor, values_BKSE: Tensor, visibility: Visibility
) -> Tensor:
    shared_by = queries_BHTE.shape[1] // keys_BKSE.shape[1]
    if shared_by > 1:
        keys_BKSE = keys_BKSE.repeat_interleave(shared_by, dim=1)
        values_BKSE = values_BKSE.repeat_interleave(shared_by, dim=1)
    scaled_BHTE = queries_BHTE * queries_BHTE.shape[-1] ** -0.5
    scores_BHTS = (scaled_BHTE @ keys_BKSE.transpose(-1, -2)).float()
    if visibility.mask_B1TS is not None:
        scores_BHTS = scores_BHTS.masked_fill(~visibility.mask_B1TS, -torch.inf)
    elif visibility.causal:
        size = scores_BHTS.shape[-2:]
        triangle_TS = torch.ones(size, dtype=torch.bool, device=scores_BHTS.device).tril()
        scores_BHTS = scores_BHTS.masked_fill(~triangle_TS, -torch.inf)
    gathered: Tensor = scores_BHTS.softmax(-1).to(values_BKSE.dtype) @ values_BKSE
    return gathered
