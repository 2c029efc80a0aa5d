"""One token at a time on a CPU: the decoder's forward pass for a single new token, made short.

Stands beside :class:`Transformer` and gives the logits that it would give with the same cache.
With one token every product is a matrix times a vector, so the time is that of reading the
weights once, and of calling torch some twenty times a block. Where the machine has a compiler,
``native.py`` does all of it in one call. Elsewhere a short pass in torch cuts both:

- Query, key and value are one product, gate and up another, with the norm's weight multiplied
  in. The norm's scale is one number, taken along as the product's factor.
- These matrices and the head's are copied column by column. MKL reads them so at 25 to 33 GB/s,
  and as they are at 13 (AMD Zen 3, one thread); matrices no taller than wide gain nothing and
  are used where they lie.
- The norms' weights of queries and keys and the scale of attention stand in the rotary tables.

The copy costs about six tokens' time and its own memory, so it is made for ``PAYS_FROM`` tokens
and up, and for ``LARGEST_COPY_BYTES`` and below. A copy forgets to learn: before every token the
weights are compared with those it was made of, by address and by torch's count of changes, and
after a change, as between two steps of a training, the network itself is asked. So it is on a
GPU, in other precisions than fp32, and under autocast.

Shapes: D width, V vocabulary, H heads, K key/value heads, G heads that share one, E numbers per
head, F feed-forward width, S positions seen, L blocks, N heads + key/value heads.
"""

from __future__ import annotations

from typing import NamedTuple, cast

import torch
import torch.nn.functional as F
from torch import Tensor

from sslstudio.models.attention import gather_for_one
from sslstudio.models.cache import KeyValueCache
from sslstudio.models.calling_thread import can_be_held, on_the_calling_thread
from sslstudio.models.native import NativePass, native_pass
from sslstudio.models.transformer import Block, Transformer

PAYS_FROM = 16
"""Fewer tokens than this are faster without a copy."""
LARGEST_COPY_BYTES = 1 << 30
"""A larger copy might not fit beside the weights."""


class OneTokenDecoder:
    """Gives the logits after one more token of a single row. Call it in inference mode."""

    def __init__(self, model: Transformer, cache: KeyValueCache, tokens: int) -> None:
        """Prepare for about ``tokens`` calls; dropout is the caller's to switch off."""
        self._model = model
        self._cache = cache
        self._native: NativePass | None = None
        self._short: ShortPass | None = None
        if tokens >= PAYS_FROM:
            self._native = native_pass(model)
            if self._native is None and _can_be_short(model):
                self._short = ShortPass(model)

    def logits(self, token: int) -> Tensor:
        """Return the logits [V] after ``token``, which the cache then holds."""
        if torch.is_autocast_enabled("cpu"):
            return self._plain(token)
        if self._native is not None:
            return self._native.logits(token, self._cache)
        if self._short is not None and not self._short.is_current():
            self._short = None
        if self._short is None:
            return self._plain(token)
        with on_the_calling_thread():
            return self._short.logits(token, self._cache)

    def _plain(self, token: int) -> Tensor:
        ids_BT = torch.tensor([[token]], device=self._model.device)
        return self._model.logits(self._model(ids_BT, cache=self._cache)[0, 0])


def _can_be_short(model: Transformer) -> bool:
    """Whether a copy is possible, small enough, and able to notice that it is old."""
    config = model.config
    heads = config.width + 2 * config.kv_heads * config.head_dim
    rows = config.layers * (heads + 2 * config.ffn_width) + config.vocab_size
    return (
        rows * config.width * 4 <= LARGEST_COPY_BYTES
        and not torch.is_autocast_enabled("cpu")
        # Tensors made in inference mode do not count their changes.
        and all(
            p.is_cpu and p.dtype == torch.float32 and not p.is_inference()
            for p in model.parameters()
        )
    )


class _BlockWeights(NamedTuple):
    """What one block multiplies with."""

    joint: Tensor  # [(H + 2K) · E, D], query, key and value, a copy by columns
    output: Tensor  # [D, D]
    gate_up: Tensor  # [2F, D], a copy by columns
    down: Tensor  # [D, F]


class ShortPass:
    """The copies, the room for what lies between two products, and the pass itself."""

    def __init__(self, model: Transformer) -> None:
        config = model.config
        self._weights = list(model.parameters())
        self._made_of = self._marks()
        blocks = [cast(Block, block) for block in model.blocks]
        self._blocks = [_block_weights(block) for block in blocks]
        self._head_VD = _by_columns([model.head_weight], model.final_norm.weight)
        self._embedding_VD = model.embedding.weight
        self._rotary = model.rotary
        self._eps, self._width, self._heads = config.norm_eps, config.width, config.heads
        self._kv_heads, self._head_dim = config.kv_heads, config.head_dim
        self._qk_norm = config.qk_norm
        self._batched = can_be_held()  # else products of several heads at once wake threads
        self._scales_LNE = torch.stack([self._scales_NE(block) for block in blocks])
        half = config.head_dim // 2
        self._halves_swapped = torch.arange(config.head_dim).roll(half)
        self._swapped_scales_LNE = self._scales_LNE.roll(half, -1)
        self._set_room_aside(config.ffn_width)

    def _marks(self) -> list[tuple[int, int]]:
        """Return what changes when a weight does: its address, and torch's count of changes."""
        return [(weight.data_ptr(), weight._version) for weight in self._weights]

    def is_current(self) -> bool:
        """Whether the weights are still those that were copied."""
        return self._marks() == self._made_of

    def _scales_NE(self, block: Block) -> Tensor:
        """Return what queries and keys are multiplied with beside the rotation."""
        attention = block.attention
        scales_NE = torch.ones(self._heads + self._kv_heads, self._head_dim)
        if attention.query_norm is not None and attention.key_norm is not None:
            scales_NE[: self._heads] = attention.query_norm.weight
            scales_NE[self._heads :] = attention.key_norm.weight
        if self._batched:
            scales_NE[: self._heads] *= self._head_dim**-0.5
        return scales_NE

    def _set_room_aside(self, ffn_width: int) -> None:
        turned = (self._heads + self._kv_heads) * self._head_dim
        self._joint = torch.empty(turned + self._kv_heads * self._head_dim)
        self._turned_NE = self._joint[:turned].view(-1, self._head_dim)
        self._values_KE = self._joint[turned:].view(-1, self._head_dim)
        self._gate_up = torch.empty(2 * ffn_width)
        self._gate_F, self._up_F = self._gate_up.chunk(2)

    def logits(self, token: int, cache: KeyValueCache) -> Tensor:
        """Return the logits [V] after ``token``, which the cache then holds."""
        position = cache.length
        hidden_D = self._embedding_VD[token].clone()
        cosines = (self._rotary.cosines[position] * self._scales_LNE).unbind(0)
        sines = (self._rotary.signed_sines[position] * self._swapped_scales_LNE).unbind(0)
        rooms = cache.rooms_for_one()
        for weights, cosines_NE, sines_NE, room in zip(
            self._blocks, cosines, sines, rooms, strict=True
        ):
            gathered_D = self._attend(hidden_D, weights.joint, cosines_NE, sines_NE, room)
            hidden_D.addmv_(weights.output, gathered_D)
            self._gate_up.addmv_(weights.gate_up, hidden_D, beta=0, alpha=self._norm(hidden_D))
            hidden_D.addmv_(weights.down, F.silu(self._gate_F).mul_(self._up_F))
        cache.advance(1)
        logits_V = torch.empty(len(self._head_VD))
        return logits_V.addmv_(self._head_VD, hidden_D, beta=0, alpha=self._norm(hidden_D))

    def _norm(self, hidden_D: Tensor) -> float:
        """Return the factor that gives ``hidden_D`` a root mean square of one."""
        return float((float(hidden_D.dot(hidden_D)) / self._width + self._eps) ** -0.5)

    def _attend(
        self,
        hidden_D: Tensor,
        joint: Tensor,
        cosines_NE: Tensor,
        sines_NE: Tensor,
        room: tuple[Tensor, Tensor, Tensor, Tensor],
    ) -> Tensor:
        """Return what the token gathers in one block [D], its keys and values stored."""
        key_room_KE, value_room_KE, keys_KSE, values_KSE = room
        self._joint.addmv_(joint, hidden_D, beta=0, alpha=self._norm(hidden_D))
        heads_NE = self._turned_NE
        if self._qk_norm:
            heads_NE = F.rms_norm(heads_NE, (self._head_dim,), None, self._eps)
        swapped_NE = heads_NE.index_select(1, self._halves_swapped)
        turned_NE = torch.addcmul(heads_NE * cosines_NE, swapped_NE, sines_NE)
        key_room_KE.copy_(turned_NE[self._heads :])
        value_room_KE.copy_(self._values_KE)
        queries_HE = turned_NE[: self._heads]
        if not self._batched:
            queries_BHTE = queries_HE[None, :, None]
            return gather_for_one(queries_BHTE, keys_KSE[None], values_KSE[None])[0, 0]
        queries_KGE = queries_HE.view(self._kv_heads, -1, self._head_dim)
        seen_KGS = torch.bmm(queries_KGE, keys_KSE.transpose(1, 2)).softmax(-1)
        return torch.bmm(seen_KGS, values_KSE).view(-1)


def _block_weights(block: Block) -> _BlockWeights:
    attention, feed_forward = block.attention, block.feed_forward
    heads = [attention.query.weight, attention.key.weight, attention.value.weight]
    gates = [feed_forward.gate.weight, feed_forward.up.weight]
    return _BlockWeights(
        joint=_by_columns(heads, block.attention_norm.weight),
        output=attention.output.weight,
        gate_up=_by_columns(gates, block.feed_forward_norm.weight),
        down=feed_forward.down.weight,
    )


def _by_columns(matrices: list[Tensor], norm_weight_D: Tensor) -> Tensor:
    """Return the matrices [*, D] one above the other, times a norm's weight, stored by columns."""
    copy = torch.empty(len(norm_weight_D), sum(len(matrix) for matrix in matrices))
    start = 0
    for matrix in matrices:
        copy[:, start : start + len(matrix)] = matrix.t()
        start += len(matrix)
    return copy.mul_(norm_weight_D[:, None]).t()
