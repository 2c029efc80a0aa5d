"""Attention: each token gathers from the tokens it may see.

Grouped-query attention (Ainslie et al. 2023, 2305.13245) with rotary positions and optional
normalisation of queries and keys. Which tokens may be seen is decided once a forward pass, for
all blocks, by :func:`visible`; a block only applies it. Dropout is never put on the attention
weights: torch's CPU kernel leaves its fast path for that, and a step costs more than twice.

Cost per token: two products with ``width²`` and two with ``width · kv_heads · head_dim`` numbers,
and ``4 · T · width`` operations for what is seen.

Shapes: B rows, T new tokens, S tokens seen (T and those before), D width, H heads,
K key/value heads, E numbers per head.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from sslstudio.models.attending import Visibility, attend
from sslstudio.models.cache import KeyValueCache
from sslstudio.models.configuration import ModelConfig
from sslstudio.models.normalization import RMSNorm
from sslstudio.models.rotary import rotate


def visible(
    tokens: int,
    *,
    causal: bool,
    documents_BT: Tensor | None,
    before: int,
    device: torch.device,
    seen_BTT: Tensor | None = None,
    dtype: torch.dtype = torch.float32,
    is_composed: bool = False,
) -> Visibility:
    """Decide what ``tokens`` new tokens may see, and ``before`` that came earlier in a cache.

    A mask for the fused kernel is made of zeros and minus infinities in ``dtype``, that of its
    queries: given truth values it would make and keep such a mask of its own in every block.
    """
    if seen_BTT is not None:
        seen = Visibility(mask_B1TS=seen_BTT.unsqueeze(1))
    else:
        seen = _seen(tokens, causal=causal, documents_BT=documents_BT, before=before, device=device)
    mask = seen.mask_B1TS
    if mask is not None and not is_composed:
        zeros = torch.zeros(mask.shape, dtype=dtype, device=device)
        mask = zeros.masked_fill_(~mask, -torch.inf)
    return Visibility(seen.causal, mask, is_composed)


def _seen(
    tokens: int,
    *,
    causal: bool,
    documents_BT: Tensor | None,
    before: int,
    device: torch.device,
) -> Visibility:
    if documents_BT is not None:
        assert before == 0, "a cache holds one document"
        mask_BTT = documents_BT.unsqueeze(2) == documents_BT.unsqueeze(1)
        return Visibility(mask_B1TS=(mask_BTT.tril() if causal else mask_BTT).unsqueeze(1))
    if not causal or tokens == 1:
        return Visibility()
    if before == 0:
        return Visibility(causal=True)
    mask_TS = torch.ones(tokens, before + tokens, dtype=torch.bool, device=device)
    return Visibility(mask_B1TS=mask_TS.tril(before)[None, None])


class Attention(nn.Module):
    """One block's attention. Matrices are kept apart, as exports and optimizers want them."""

    def __init__(self, config: ModelConfig, layer: int) -> None:
        super().__init__()
        self.layer = layer
        self.heads, self.kv_heads, self.head_dim = config.heads, config.kv_heads, config.head_dim
        kv_width = config.kv_heads * config.head_dim
        self.query = nn.Linear(config.width, config.width, bias=False)
        self.key = nn.Linear(config.width, kv_width, bias=False)
        self.value = nn.Linear(config.width, kv_width, bias=False)
        self.output = nn.Linear(config.width, config.width, bias=False)
        self.query_norm: RMSNorm | None = None
        self.key_norm: RMSNorm | None = None
        if config.qk_norm:
            self.query_norm = RMSNorm(config.head_dim, config.norm_eps)
            self.key_norm = RMSNorm(config.head_dim, config.norm_eps)

    def forward(
        self,
        hidden_BTD: Tensor,
        tables: tuple[Tensor, Tensor],
        visibility: Visibility,
        cache: KeyValueCache | None = None,
    ) -> Tensor:
        """Return what each token gathers [B, T, D], to be added to ``hidden_BTD``'s stream."""
        queries_BTHE, keys_BTKE, values_BTKE = self._project(hidden_BTD, tables)
        queries = queries_BTHE.transpose(1, 2)
        keys, values = keys_BTKE.transpose(1, 2), values_BTKE.transpose(1, 2)
        if cache is not None:
            keys, values = cache.extend(self.layer, keys, values)
        if cache is not None and hidden_BTD.shape[:2] == (1, 1) and hidden_BTD.is_cpu:
            gathered_BTD = gather_for_one(queries, keys, values)
        else:
            gathered_BTD = attend(queries, keys, values, visibility).transpose(1, 2).flatten(2)
        gathered: Tensor = self.output(gathered_BTD)
        return gathered

    def _project(
        self, hidden_BTD: Tensor, tables: tuple[Tensor, Tensor]
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Return turned queries [B, T, H, E] and keys [B, T, K, E], and values [B, T, K, E]."""
        # Three products: joining the matrices first was measured and is no faster on a CPU.
        shape = (*hidden_BTD.shape[:2], -1, self.head_dim)
        queries = self.query(hidden_BTD).view(shape)
        keys = self.key(hidden_BTD).view(shape)
        values = self.value(hidden_BTD).view(shape)
        if self.query_norm is not None and self.key_norm is not None:
            queries, keys = self.query_norm(queries), self.key_norm(keys)
        return rotate(queries, tables), rotate(keys, tables), values


def gather_for_one(queries_BHTE: Tensor, keys_BKSE: Tensor, values_BKSE: Tensor) -> Tensor:
    """Return what one token (B = T = 1) gathers from all that came before [B, T, D], on a CPU.

    One small product after another, because torch's attention kernel and batched products wake
    all their threads even for one token: beside a busy program that took 8 to 16 ms a block,
    waiting for a thread that was not scheduled, instead of 30 µs.
    """
    keys, values = keys_BKSE[0].unbind(0), values_BKSE[0].unbind(0)
    queries_HE = (queries_BHTE[0, :, 0] * queries_BHTE.shape[-1] ** -0.5).to(keys_BKSE.dtype)
    shared_by = len(queries_HE) // len(keys)
    gathered = []
    for head, query_E in enumerate(queries_HE.unbind(0)):
        weights_S = (keys[head // shared_by] @ query_E).softmax(-1)
        gathered.append(weights_S.to(values_BKSE.dtype) @ values[head // shared_by])
    return torch.cat(gathered)[None, None]
