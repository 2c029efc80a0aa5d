"""Counting n-grams of token ids, and the two smoothed models that come of it.

Stands under ``baselines``, which lays the two sides of a split out as :class:`Symbols`; losses of
the validation targets go back. All runs of n symbols get dense numbers, one order after the other,
by one sort of (number of the shorter run before, last symbol); both sides are numbered together,
so that looking a validation target up is an index. Contexts begin at the document's pad and never
reach across it.

Costs one sort of the positions an order, about 0.1 s a million, and 60 bytes a position. No Python
a token. Knows no tokenizer and no special id on purpose.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sslstudio.errors import Cancelled

Ints = NDArray[np.int64]
Indices = NDArray[np.int32]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

ORDER = 5


@dataclass(frozen=True, kw_only=True)
class Symbols:
    """Both sides of a split as one line of symbols, every document led by ``ORDER - 1`` pads.

    The repeated pad gives each target a full context that ends at its own document's beginning.
    """

    values: Indices
    """[positions] below ``alphabet`` targets, then the pad, then specials that are only context."""
    alphabet: int
    train: Flags
    """[positions] True where the symbol is a target of the training side."""
    validation: Ints
    """[targets] positions of the validation targets."""
    lone: bool
    """Each side is one document: its beginning is no pattern that could be learnt."""


@dataclass(frozen=True, kw_only=True)
class Grams:
    """All runs of ``order`` symbols, numbered densely over both sides."""

    order: int
    number: Indices
    """[positions] the number of the gram that ends here."""
    last: Indices
    """[grams] a position at which the gram ends."""
    context: Indices
    """[grams] the number, one order lower, of the gram without its last symbol."""


def lay_out(train: Ints, validation: Ints, *, alphabet: int, lone: bool) -> Symbols:
    """Pad every document of both sides; symbol ``alphabet`` opens one."""
    padded = [_padded(side, alphabet) for side in (train, validation)]
    values = np.concatenate(padded).astype(np.int32)
    is_target = values < alphabet
    boundary = len(padded[0])
    return Symbols(
        values=values,
        alphabet=alphabet,
        train=is_target & (np.arange(len(values)) < boundary),
        validation=np.flatnonzero(is_target[boundary:]) + boundary,
        lone=lone,
    )


def _padded(side: Ints, pad: int) -> Ints:
    """Repeat each pad ``ORDER - 1`` times, and lead with it where the side does not."""
    if not len(side) or side[0] != pad:
        side = np.concatenate((np.array([pad], dtype=np.int64), side))
    return np.repeat(side, np.where(side == pad, ORDER - 1, 1))


def _longer(symbols: Symbols, shorter: Grams | None) -> Grams:
    """Number the grams one symbol longer than ``shorter``; one sort of the positions."""
    values = symbols.values
    keys = values.astype(np.int64)
    before = np.zeros_like(values)
    if shorter is not None:
        before[1:] = shorter.number[:-1]
        keys += before.astype(np.int64) * (int(values.max()) + 1)
    by_key = np.argsort(keys)
    in_order = keys[by_key]
    first = np.empty(len(keys), dtype=bool)
    first[0] = True
    np.not_equal(in_order[1:], in_order[:-1], out=first[1:])
    number = np.empty(len(keys), dtype=np.int32)
    number[by_key] = np.cumsum(first, dtype=np.int32) - 1
    last = by_key[first].astype(np.int32)
    return Grams(
        order=1 if shorter is None else shorter.order + 1,
        number=number,
        last=last,
        context=before[last],
    )


def _train_counts(symbols: Symbols, grams: Grams) -> Ints:
    """[grams] how often each one ends at a target of the training side."""
    return np.bincount(grams.number[symbols.train], minlength=len(grams.last))


def _contexts_of_validation(symbols: Symbols, grams: Grams) -> Indices:
    """[targets] the number of the context before each validation target."""
    return grams.context[grams.number[symbols.validation]]


def add_delta(
    symbols: Symbols, order: int, delta: float, cancelled: Callable[[], bool] = lambda: False
) -> tuple[Floats, Flags]:
    """Score (count + delta) / (context's count + delta · alphabet), reference 5.1.

    Returns:
        Losses in nats [scored], and which validation targets are scored [targets]: all, but for
        the first ``order - 1`` of a lone document, which have no full context.
    """
    grams = None
    for _ in range(order):
        check(cancelled)
        grams = _longer(symbols, grams)
    assert grams is not None
    counts = _train_counts(symbols, grams)
    totals = np.bincount(grams.context, weights=counts)
    scored = np.ones(len(symbols.validation), dtype=bool)
    if symbols.lone:
        scored[: order - 1] = False
    count = counts[grams.number[symbols.validation]]
    total = totals[_contexts_of_validation(symbols, grams)]
    losses = np.log(total + delta * symbols.alphabet) - np.log(count + delta)
    return losses[scored], scored


def kneser_ney(
    symbols: Symbols, order: int, cancelled: Callable[[], bool] = lambda: False
) -> tuple[Floats, Flags]:
    """Score with interpolated modified Kneser–Ney.

    Lower orders count in how many contexts a gram was seen, not how often; grams that begin at
    ``<bos>`` have nothing before them and keep their plain count. The lowest order falls back to
    1/alphabet, so that every token of the vocabulary has a probability.

    Returns:
        Losses in nats [targets], and that all of them are scored [targets].
    """
    probability = np.full(len(symbols.validation), 1.0 / symbols.alphabet)
    grams = _longer(symbols, None)
    for _ in range(order):
        check(cancelled)
        counts = _train_counts(symbols, grams)
        longer = None
        if grams.order < order:
            longer = _longer(symbols, grams)
            counts = _continuation_counts(symbols, grams, longer, counts)
        discounts = discounts_of(counts)[np.minimum(counts, 3)]
        totals = np.bincount(grams.context, weights=counts)
        freed = np.bincount(grams.context, weights=discounts)
        number = grams.number[symbols.validation]
        context = grams.context[number]
        total = totals[context]
        kept = (counts - discounts)[number] + freed[context] * probability
        np.divide(kept, total, out=probability, where=total > 0)
        if longer is not None:
            grams = longer
    return -np.log(probability), np.ones(len(probability), dtype=bool)


def _continuation_counts(symbols: Symbols, grams: Grams, longer: Grams, counts: Ints) -> Ints:
    """[grams] the number of different symbols seen before each gram in the training side."""
    seen = _train_counts(symbols, longer) > 0
    continuations = np.bincount(grams.number[longer.last[seen]], minlength=len(grams.last))
    opens = symbols.values[np.maximum(grams.last - grams.order + 1, 0)] == symbols.alphabet
    return np.where(opens, counts, continuations)


def discounts_of(counts: Ints) -> Floats:
    """Return what to take off counts 0, 1, 2 and 3 or more (Chen and Goodman 1999, eq. 17).

    Where a corpus is too small or too regular for the estimate, 0.5, 1 and 1.5 stand in.
    """
    n1, n2, n3, n4 = (int((counts == count).sum()) for count in (1, 2, 3, 4))
    fallback = np.array([0.0, 0.5, 1.0, 1.5])
    if 0 in (n1, n2, n3, n4):
        return fallback
    share = n1 / (n1 + 2 * n2)
    discounts = np.array(
        [0.0, 1 - 2 * share * n2 / n1, 2 - 3 * share * n3 / n2, 3 - 4 * share * n4 / n3]
    )
    possible = bool((discounts >= 0).all()) and discounts[1:].min() > 0
    return discounts if possible else fallback


def check(cancelled: Callable[[], bool]) -> None:
    """Leave when nobody waits any longer."""
    if cancelled():
        raise Cancelled
