"""The transformer: token ids in, one vector a token out, and the matrix that predicts tokens.

One pre-norm network (rotary positions, RMSNorm, SwiGLU, grouped-query attention) as decoder
(a token sees what came before) or as encoder (it sees both sides). With ``documents_BT`` several
documents lie packed in one row without seeing each other. It knows nothing of targets and
losses: an objective takes ``features``, ``head_weight`` and ``head_bias`` from here, so that the
loss can be computed without storing all logits.

Cost per token and forward pass: ``2 · matrices + 4 · layers · width · T`` operations.

Shapes: B rows, T tokens, D width, V vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor, nn

from sslstudio.models.attending import Visibility
from sslstudio.models.attention import Attention, visible
from sslstudio.models.cache import KeyValueCache
from sslstudio.models.configuration import ModelConfig
from sslstudio.models.dropout import thinned
from sslstudio.models.feed_forward import FeedForward
from sslstudio.models.initialization import initialize
from sslstudio.models.network import Network, product_dtype
from sslstudio.models.normalization import RMSNorm
from sslstudio.models.prediction_head import PredictionHead
from sslstudio.models.rotary import RotaryTables


class Block(nn.Module):
    """Attention and feed-forward, each normed before and added to the stream."""

    def __init__(self, config: ModelConfig, layer: int) -> None:
        super().__init__()
        self.attention_norm = RMSNorm(config.width, config.norm_eps)
        self.attention = Attention(config, layer)
        self.feed_forward_norm = RMSNorm(config.width, config.norm_eps)
        self.feed_forward = FeedForward(config)
        self.dropout = config.dropout

    def forward(
        self,
        hidden_BTD: Tensor,
        tables: tuple[Tensor, Tensor],
        visibility: Visibility,
        cache: KeyValueCache | None = None,
    ) -> Tensor:
        """Return the stream [B, T, D] with this block's two contributions added."""
        gathered = self.attention(self.attention_norm(hidden_BTD), tables, visibility, cache)
        hidden_BTD = hidden_BTD + self._thinned(gathered)
        contribution = self.feed_forward(self.feed_forward_norm(hidden_BTD))
        return hidden_BTD + self._thinned(contribution)

    def _thinned(self, branch: Tensor) -> Tensor:
        if not self.training or self.dropout == 0.0:
            return branch
        return thinned(branch, self.dropout)


class Transformer(Network):
    """Decoder or encoder; ``config`` says everything about its shape."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        self.embedding = nn.Embedding(config.vocab_size, config.width)
        self.rotary = RotaryTables(config.context, config.head_dim, config.rope_theta)
        self.blocks = nn.ModuleList(Block(config, layer) for layer in range(config.layers))
        self.final_norm = RMSNorm(config.width, config.norm_eps)
        self.is_causal = config.is_decoder
        self.output: nn.Linear | None = None
        if not config.tied:
            self.output = nn.Linear(config.width, config.vocab_size, bias=False)
        self.head: PredictionHead | None = None if config.is_decoder else PredictionHead(config)
        initialize(self, config.layers)
        self.add_extras()

    def forward(
        self,
        ids_BT: Tensor,
        *,
        documents_BT: Tensor | None = None,
        seen_BTT: Tensor | None = None,
        causal: bool | None = None,
        cache: KeyValueCache | None = None,
    ) -> Tensor:
        """Return one vector per token [B, T, D], after the final norm.

        Args:
            ids_BT: token ids, int64 or int32; T is at most the context.
            documents_BT: which document each token belongs to, any integers; tokens see only
                their own document. None: a row is one document, which is faster.
            seen_BTT: what sees what, bool, instead of documents and direction.
            causal: whether tokens see only what came before; None as the architecture has it.
            cache: keys and values of the tokens before ``ids_BT``; extended in place.
        """
        before = 0 if cache is None else cache.length
        tokens = ids_BT.shape[1]
        assert before + tokens <= self.config.context, "longer than the context"
        hidden_BTD = self.embedding(ids_BT)
        if self.training and self.config.dropout > 0.0:
            hidden_BTD = thinned(hidden_BTD, self.config.dropout)
        tables = self.rotary(before, tokens, product_dtype(hidden_BTD))
        is_learning = cache is None and torch.is_grad_enabled()
        visibility = visible(
            tokens,
            causal=self.is_causal if causal is None else causal,
            documents_BT=documents_BT,
            seen_BTT=seen_BTT,
            before=before,
            device=ids_BT.device,
            dtype=product_dtype(hidden_BTD),
            is_composed=is_learning and self.composes_attention,
        )
        for block in self.blocks:
            if is_learning:
                hidden_BTD = self.run_block(block, hidden_BTD, tables, visibility)
            else:
                hidden_BTD = block(hidden_BTD, tables, visibility, cache)
        if cache is not None:
            cache.advance(tokens)
        normed_BTD: Tensor = self.final_norm(hidden_BTD)
        return normed_BTD

    def features(self, hidden_BTD: Tensor) -> Tensor:
        """Return what ``head_weight`` is multiplied with: the decoder's vectors as they are, an
        encoder's after its prediction head. Any leading shape, so [N, D] of the targets only.
        """
        if self.head is None:
            return hidden_BTD
        features: Tensor = self.head(hidden_BTD)
        return features

    @property
    def head_weight(self) -> Tensor:
        """The matrix [V, D] that turns features into logits; the embedding's where tied."""
        return self.embedding.weight if self.output is None else self.output.weight

    @property
    def head_bias(self) -> Tensor | None:
        """The bias [V] of the logits; None for a decoder."""
        return None if self.head is None else self.head.bias

    def all_blocks(self) -> Iterator[nn.Module]:
        """Yield every block."""
        yield from self.blocks

    def make_tables(self, device: torch.device) -> None:
        """Compute the rotary tables again."""
        config = self.config
        self.rotary = RotaryTables(config.context, config.head_dim, config.rope_theta).to(device)
