"""How much of every source a run reads: shares, the epochs they come to, and what that is worth.

Pure arithmetic between the recipe and the sampler, which draws rows by these shares; a plan, the
page and the run's facts show the same figures. Sizes are tokens of the training side, or anything
proportional to them. An epoch of the whole is as many tokens as all sources hold together; a
source's own epochs follow from its share. Costs nothing; knows no text.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

from sslstudio.errors import RecipeError
from sslstudio.recipe import DataOptions, Recipe

CAUTION_EPOCHS = 4.0
BAD_EPOCHS = 16.0
_R_STAR = 15.387756  # Muennighoff et al. 2023, fitted constants of their repository


@dataclasses.dataclass(frozen=True)
class Mix:
    """What a run reads of every source.

    Attributes:
        shares: of each source, from 0 to 1, in all 1.
        epochs: how often each is read over the whole run.
    """

    shares: tuple[float, ...]
    epochs: tuple[float, ...]


def mix_for(recipe: Recipe, sizes_tokens: Sequence[int], budget_tokens: int) -> Mix:
    """Return what a run of ``recipe`` over ``budget_tokens`` reads.

    Args:
        recipe: its corpora's weights and its data options are read.
        sizes_tokens: of its sources with a weight above 0, which alone are prepared.

    Raises:
        RecipeError: see :func:`shares`.
    """
    weights = [source.weight for source in recipe.corpora if source.weight > 0]
    return mix_of(recipe.data, weights, sizes_tokens, budget_tokens)


def mix_of(
    options: DataOptions, weights: Sequence[float], sizes: Sequence[int], budget_tokens: int
) -> Mix:
    """Return shares and epochs together; see :func:`shares`."""
    found = shares(options, weights, sizes, budget_tokens)
    return Mix(found, effective_epochs(found, budget_tokens, sizes))


def shares(
    options: DataOptions,
    weights: Sequence[float],
    sizes_tokens: Sequence[int],
    budget_tokens: int,
) -> tuple[float, ...]:
    """Return the share of every source in what a run reads.

    The weight w is a plain factor in every way of mixing, and n the size: ``weights`` gives w·n,
    ``shares`` w, ``temperature`` w·n^alpha (Conneau et al. 2020, 1911.02116). ``unimax`` pours the
    budget into all sources alike, by w, and lets each stop at ``most_epochs`` readings; with equal
    weights that is Chung et al. 2023, 2304.09151, algorithm 1. A source without tokens gets none.

    Args:
        options: mixing, mixing_alpha and most_epochs are read.
        weights: of each source, above or equal to 0.
        sizes_tokens: tokens of each source's training side.
        budget_tokens: that the whole run reads; only ``unimax`` asks for it.

    Raises:
        RecipeError: nothing can be read, or the caps of ``unimax`` hold less than the budget.
    """
    pairs = list(zip(weights, sizes_tokens, strict=True))
    if options.mixing == "unimax":
        amounts = _unimax(pairs, budget_tokens, options.most_epochs)
    elif options.mixing == "temperature":
        amounts = [w * n**options.mixing_alpha if n else 0.0 for w, n in pairs]
    elif options.mixing == "shares":
        amounts = [w if n else 0.0 for w, n in pairs]
    else:
        amounts = [w * n for w, n in pairs]
    total = math.fsum(amounts)
    if total <= 0:
        raise RecipeError(
            "no source with text has a weight above 0, so there is nothing to read: raise a "
            "corpus's weight"
        )
    return tuple(amount / total for amount in amounts)


def effective_epochs(
    shares: Sequence[float], budget_tokens: int, sizes_tokens: Sequence[int]
) -> tuple[float, ...]:
    """Return how often each source is read: share · budget / size; 0 for one without tokens."""
    return tuple(
        share * budget_tokens / size if size else 0.0
        for share, size in zip(shares, sizes_tokens, strict=True)
    )


def effective_data(unique: float, epochs: float) -> float:
    """Return how much new text ``unique`` tokens are worth when they are read ``epochs`` times.

    D' = U·(1 + R*·(1 − e^(−R/R*))) with R = epochs − 1 (Muennighoff et al. 2023, eq. 5); up to
    one epoch, what is read.
    """
    if epochs <= 1:
        return unique * epochs
    return unique * (1 + _R_STAR * (1 - math.exp(-(epochs - 1) / _R_STAR)))


def worth_of(epochs: float) -> float:
    """Return what a text read ``epochs`` times is worth, as a share of as much new text."""
    return effective_data(1.0, epochs) / epochs if epochs > 0 else 1.0


def level_of(epochs: float) -> str:
    """Return "good" up to 4 readings, "caution" up to 16, "bad" beyond (reference 2.11)."""
    if epochs <= CAUTION_EPOCHS:
        return "good"
    return "caution" if epochs <= BAD_EPOCHS else "bad"


def sentence_on(
    epochs: float,
    what: str = "the text",
    *,
    remedy: str = "add text, lower its weight, or train for fewer steps",
) -> str:
    """Return in one sentence how often ``what`` is read, what that is worth, and what would help.

    Args:
        epochs: times that it is read.
        what: its name.
        remedy: told where it is read far too often.
    """
    times = f"{epochs:.0f} times" if epochs >= 10 else f"{epochs:.2g} times"
    if epochs <= 1:
        return f"{what} is read {times}: nothing is repeated"
    worth = f"{what} is read {times}, which is worth {worth_of(epochs):.0%} of as much new text"
    if level_of(epochs) == "good":
        return worth
    if level_of(epochs) == "caution":
        return f"{worth}; up to 4 times it is nearly as good"
    return f"{worth}: {remedy}"


def _unimax(pairs: Sequence[tuple[float, int]], budget: float, most: float) -> list[float]:
    """Return the tokens that each source gives; the smallest for its weight is filled first."""
    amounts = [0.0] * len(pairs)
    open_ = [i for i, (weight, size) in enumerate(pairs) if weight > 0 and size > 0]
    room = math.fsum(most * pairs[i][1] for i in open_)
    if open_ and budget > room * (1 + 1e-9):
        raise RecipeError(
            f"reading no source more than {most:g} times gives {room:,.0f} tokens, and the run "
            f"wants {budget:,.0f}: raise data.most_epochs to {_ceiling(budget * most / room):g}, "
            "shorten the run, or add text"
        )
    open_.sort(key=lambda i: (pairs[i][1] / pairs[i][0], i))
    left = float(budget)
    for place, i in enumerate(open_):
        weight, size = pairs[i]
        rest = math.fsum(pairs[j][0] for j in open_[place:])
        amounts[i] = min(left * weight / rest, most * size)
        left -= amounts[i]
    return amounts


def _ceiling(epochs: float) -> float:
    """Return ``epochs`` rounded up to a tenth, so that what is advised suffices."""
    return math.ceil(epochs * 10) / 10
