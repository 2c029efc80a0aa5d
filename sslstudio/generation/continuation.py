"""Continue a prompt, token by token, with a decoder.

The prompt stands behind ``<bos>``, as every document does in training. Each new token costs one
row of work, thanks to the cache of keys and values, and on a CPU a short one (``OneTokenDecoder``).
When the context is full, the last half of
it is kept and computed afresh, so a long text costs about two rows a token and the model always
sees at least half a context. A prompt longer than the context keeps its last ``context - 1``
tokens. Special tokens are never written, and ``<eos>`` ends the text without being part of it.

Draws from a generator of its own: the global one, and so a training beside it, is untouched.

Shapes: B = 1 row, T tokens, V vocabulary.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from sslstudio.corpora.tokenizer import StreamDecoder, Tokenizer
from sslstudio.errors import UnsupportedError
from sslstudio.generation.sampling import SamplingOptions, choose
from sslstudio.generation.undisturbed import undisturbed
from sslstudio.models.cache import KeyValueCache
from sslstudio.models.decoding import OneTokenDecoder
from sslstudio.models.network import Network
from sslstudio.models.transformer import Transformer


@dataclasses.dataclass(frozen=True)
class GeneratedToken:
    """One token of the continuation."""

    id: int
    text: str
    """What can be shown now: empty while a character still lacks bytes."""
    logprob: float
    """Natural logarithm of the model's own probability, before temperature and filters."""
    alternatives: tuple[tuple[str, float], ...] = ()
    """The likeliest tokens with the model's own probabilities, where asked for."""


def continue_text(
    model: Network,
    tokenizer: Tokenizer,
    prompt: str,
    options: SamplingOptions,
    *,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[GeneratedToken]:
    """Yield up to ``options.max_tokens`` tokens that continue ``prompt``; it may be empty.

    Between two tokens the model is as it was before: it may be trained on in the meantime,
    though tokens already read keep the keys and values of the weights they were read with.

    Args:
        model: a decoder, on any device, in any mode.
        tokenizer: the one it was trained with.
        prompt: the text to continue.
        options: how to choose.
        cancelled: asked before every token; the text ends when it says yes.

    Raises:
        UnsupportedError: the model is an encoder. At once, not at the first token.
        RunError: the model's numbers are not finite.
    """
    if not model.config.is_decoder:
        raise UnsupportedError(
            "an encoder fills gaps and cannot continue a text: write <mask> where a word is "
            "missing and use fill, or train with a causal objective"
        )
    assert isinstance(model, Transformer)  # what is causal has its layout
    seen = [tokenizer.bos, *tokenizer.encode(prompt)]
    if len(seen) > model.config.context:
        seen = seen[-max(1, model.config.context - 1) :]
    return _continue(model, tokenizer, seen, options, cancelled or (lambda: False))


def _continue(
    model: Transformer,
    tokenizer: Tokenizer,
    seen: list[int],
    options: SamplingOptions,
    cancelled: Callable[[], bool],
) -> Iterator[GeneratedToken]:
    generator = torch.Generator().manual_seed(options.seed)
    forbidden = _forbidden(tokenizer, model.config.vocab_size)
    decoder = StreamDecoder(tokenizer)
    reader = _Reader(model, seen, options.max_tokens)
    for _ in range(options.max_tokens):
        if cancelled():
            return
        logits_V = reader.next_logits()
        chosen = choose(logits_V.index_fill(0, forbidden, -torch.inf), options, generator)
        if chosen == tokenizer.eos:
            return
        reader.read(chosen)
        logprobs_V = logits_V.log_softmax(-1)
        yield GeneratedToken(
            id=chosen,
            text=decoder.push(chosen),
            logprob=float(logprobs_V[chosen]),
            alternatives=_alternatives(logprobs_V, tokenizer, options.alternatives),
        )


class _Reader:
    """Feeds tokens to the model and keeps the window that it sees."""

    def __init__(self, model: Transformer, seen: list[int], tokens: int) -> None:
        self.model = model
        self.seen = list(seen)  # what the window holds, unread tokens included
        self.unread = list(seen)
        with undisturbed(model):
            self.cache = KeyValueCache(
                model.config, device=model.device, dtype=model.head_weight.dtype
            )
            self.one = OneTokenDecoder(model, self.cache, tokens)

    def read(self, token: int) -> None:
        """Append a token; it is computed with the next logits."""
        self.seen.append(token)
        self.unread.append(token)

    def next_logits(self) -> Tensor:
        """Return the logits [V] after everything read, fp32, in the CPU's memory."""
        if self.cache.length + len(self.unread) > self.model.config.context:
            self.seen = self.seen[-max(1, self.model.config.context // 2) :]
            self.unread = list(self.seen)
            self.cache.clear()
        with undisturbed(self.model):
            if len(self.unread) == 1:
                logits_V = self.one.logits(self.unread[0])
            else:
                ids_BT = torch.tensor([self.unread], device=self.model.device)
                hidden_BTD = self.model(ids_BT, cache=self.cache)
                logits_V = self.model.logits(hidden_BTD[0, -1])
            self.unread = []
            return logits_V.float().cpu()


def _forbidden(tokenizer: Tokenizer, vocab_size: int) -> Tensor:
    """Ids that are never written: special ones but ``<eos>``, and rows that are no token."""
    special = tokenizer.special_ids - {tokenizer.eos}
    return torch.tensor([*sorted(special), *range(tokenizer.vocab_size, vocab_size)])


def _alternatives(
    logprobs_V: Tensor, tokenizer: Tokenizer, wanted: int
) -> tuple[tuple[str, float], ...]:
    if not wanted:
        return ()
    values, ids = logprobs_V.topk(min(wanted, len(logprobs_V)))
    pairs = zip(ids.tolist(), values.exp().tolist(), strict=True)
    return tuple((tokenizer.token_text(token), probability) for token, probability in pairs)
