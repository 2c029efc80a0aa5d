"""From logits to one token: temperature, top-k, top-p and min-p, in that order.

Works on one row of logits in the CPU's memory with a generator of its own, so the same seed
gives the same text on every device, and a run that is training beside it stays bit-identical.
Knows nothing of text or of the network. Costs one softmax a token, and a partial sort with top-p
(a whole one where the distribution is flat).

Shapes: V vocabulary.
"""

from __future__ import annotations

import dataclasses

import torch
from torch import Tensor

from sslstudio.errors import RunError
from sslstudio.registry import check_options, option

_USUALLY_ENOUGH = 256
"""So many likeliest tokens hold top-p's sum in most texts; finding them costs a tenth of a sort."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class SamplingOptions:
    """How the next token is chosen, and how many are wanted."""

    temperature: float = option(
        0.8,
        minimum=0.0,
        maximum=10.0,
        help="0 always takes the likeliest token; 1 follows the model; above 1 is wilder.",
    )
    top_k: int = option(
        0, minimum=0, maximum=1_000_000, help="Choose among so many likeliest tokens; 0 means all."
    )
    top_p: float = option(
        1.0,
        minimum=0.0,
        maximum=1.0,
        help="Choose among the fewest tokens whose probabilities reach this sum; 1 means all.",
        source="Holtzman et al. 2019, 1904.09751",
    )
    min_p: float = option(
        0.0,
        minimum=0.0,
        maximum=1.0,
        help="Leave out tokens less likely than this share of the likeliest; 0 means none.",
        source="Nguyen et al. 2024, 2407.01082",
    )
    max_tokens: int = option(128, minimum=1, maximum=1_000_000, help="Most tokens to write.")
    seed: int = option(
        0, minimum=0, maximum=2**63 - 1, help="The same seed and prompt give the same text."
    )
    alternatives: int = option(
        0, minimum=0, maximum=100, help="How many likely tokens to show beside each one."
    )

    def __post_init__(self) -> None:
        check_options(self, "sampling")


def choose(logits_V: Tensor, options: SamplingOptions, generator: torch.Generator) -> int:
    """Return the id of the next token; ids at minus infinity are never chosen.

    Raises:
        RunError: the logits are not numbers, as after a training that diverged.
    """
    if not torch.isfinite(logits_V.max()):
        raise RunError(
            "the model gives no finite numbers, its training diverged: "
            "take an earlier checkpoint, or train again with a lower learning rate"
        )
    if options.temperature == 0.0:
        return int(logits_V.argmax())
    return _draw(probabilities(logits_V, options), generator)


def _draw(weights_V: Tensor, generator: torch.Generator) -> int:
    """Return an id with the probability of its weight, by one uniform number.

    ``torch.multinomial`` draws an exponential number for every token of the vocabulary: 120 µs
    for 4,096, where this takes 15. In fp64, or rare tokens would be lost in the sum's rounding.
    """
    sums_V = weights_V.double().cumsum(0)
    drawn = torch.rand(1, dtype=torch.float64, generator=generator) * sums_V[-1:]
    found = int(torch.searchsorted(sums_V, drawn, right=True))
    # the product may be rounded up to the whole sum
    return found if found < len(weights_V) else int(weights_V.argmax())


def probabilities(logits_V: Tensor, options: SamplingOptions) -> Tensor:
    """Return what is drawn from [V]: the tempered distribution, filtered, summing to one.

    Top-k keeps exactly k tokens, also among equals. Every filter keeps the likeliest token.
    """
    # The largest is taken off first: a tiny temperature would otherwise overflow.
    scaled_V = (logits_V - logits_V.max()) / options.temperature
    if 0 < options.top_k < len(scaled_V):
        kept, ids = scaled_V.topk(options.top_k)
        scaled_V = torch.full_like(scaled_V, -torch.inf).scatter(0, ids, kept)
    weights_V = scaled_V.softmax(-1)
    if options.top_p < 1.0:
        weights_V = _top_p(weights_V, options.top_p)
    if options.min_p > 0.0:
        unlikely_V = weights_V < options.min_p * weights_V.max()
        weights_V = weights_V.masked_fill(unlikely_V, 0.0)
    return weights_V / weights_V.sum()


def _top_p(weights_V: Tensor, top_p: float) -> Tensor:
    """Zero every token before which, in falling order, ``top_p`` is already reached."""
    falling, ids = weights_V.topk(min(_USUALLY_ENOUGH, len(weights_V)))
    if len(falling) < len(weights_V) and falling.cumsum(-1)[-1] < top_p:
        falling, ids = weights_V.sort(descending=True, stable=True)
    reached_before = falling.cumsum(-1) - falling >= top_p
    reached_before[0] = False
    return torch.zeros_like(weights_V).scatter(0, ids, falling.masked_fill(reached_before, 0.0))
