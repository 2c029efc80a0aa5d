"""Sequences of words that stand in a document more than once.

Only places whose shorter sequence is repeated can begin a longer repeated one, so each order
looks at the places that the order before left: for ordinary prose a few dozen, from the fourth
order on mostly none. Costs one sort of the words for pairs, and little after that; a document
that only repeats itself costs one sort and one loop over its words an order.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sslstudio.corpora.rules.words import Words

_FEW = 100
_STEP = np.uint64(0x9E3779B97F4A7C15)


@dataclasses.dataclass(frozen=True)
class Grams:
    """The sequences of ``order`` words that occur at least twice.

    Attributes:
        order: words in each.
        places: [places] numbers of their first words, ascending.
        groups: [places] number of the sequence, equal where the words are.
        lengths: [places] in characters, without the spaces between.
    """

    order: int
    places: NDArray[np.int64]
    groups: NDArray[np.int64]
    lengths: NDArray[np.int64]


def repeated_grams(words: Words, longest: int) -> Iterator[Grams]:
    """Yield the repeated sequences of 2, 3, … ``longest`` words, ending where there are none."""
    ends = np.concatenate(([0], np.cumsum(words.lengths)))
    keys: NDArray[np.integer] = words.hashes[:-1] * _STEP + words.hashes[1:]
    places = np.arange(len(keys), dtype=np.int64)
    for order in range(2, longest + 1):
        places, groups = _repeated(places, keys)
        if not len(places):
            return
        yield Grams(order, places, groups, ends[places + order] - ends[places])
        follows = np.flatnonzero(places[1:] == places[:-1] + 1)
        keys = groups[follows] * (groups.max() + 1) + groups[follows + 1]
        places = places[follows]


def _repeated(
    places: NDArray[np.int64], keys: NDArray[np.integer]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places whose key occurs at least twice, and a dense number for each key."""
    if len(keys) < _FEW:
        return _repeated_few(places.tolist(), keys.tolist())
    by_key = keys.argsort()
    in_order = keys[by_key]
    is_same = np.zeros(len(keys) + 1, dtype=np.bool_)
    np.equal(in_order[1:], in_order[:-1], out=is_same[1:-1])
    is_repeated = np.empty(len(keys), dtype=np.bool_)
    is_repeated[by_key] = is_same[1:] | is_same[:-1]
    numbers = np.empty(len(keys), dtype=np.int64)
    numbers[by_key] = np.cumsum(~is_same[:-1])
    chosen = np.flatnonzero(is_repeated)
    return places[chosen], numbers[chosen]


def _repeated_few(
    places: list[int], keys: list[int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Do the same without numpy, whose calls cost more than a few dozen places do."""
    counts = Counter(keys)
    numbers = {key: number for number, key in enumerate(counts)}
    chosen = [(p, numbers[key]) for p, key in zip(places, keys, strict=True) if counts[key] > 1]
    found = np.array(chosen, dtype=np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def top_gram_characters(grams: Grams) -> int:
    """Return the characters of the sequence that occurs most often, times its occurrences.

    The spaces between its words count; of several that occur equally often, the longest.
    """
    counts = np.bincount(grams.groups)
    most = int(counts.max())
    length = int(grams.lengths[counts[grams.groups] == most].max()) + grams.order - 1
    return length * most


def duplicated_characters(grams: Grams) -> int:
    """Return the characters in sequences that have occurred before, each counted once.

    Goes from left to right: where a sequence was met before, its characters count, and the search
    goes on behind it (the reading of Gopher's table A1 in datatrove).
    """
    was_met = bytearray(int(grams.groups.max()) + 1)
    hits = []
    free = 0
    places, groups = grams.places.tolist(), grams.groups.tolist()
    for index, (place, group) in enumerate(zip(places, groups, strict=True)):
        if place < free:
            continue
        if was_met[group]:
            hits.append(index)
            free = place + grams.order
        else:
            was_met[group] = 1
    return int(grams.lengths[hits].sum()) if hits else 0


class GramFigures:
    """The figures of each order, made in ascending order when they are asked for.

    Only the figures are kept: in a long document that repeats itself, the places of all orders
    together would take forty times the room of its text.
    """

    def __init__(self, words: Words, longest_top: int, longest: int) -> None:
        self._grams = repeated_grams(words, longest)
        self._longest_top = longest_top
        self._figures: dict[int, int] = {}

    def characters(self, order: int) -> int:
        """Return the characters of the top sequence, or above ``longest_top`` of all repeats."""
        while order not in self._figures:
            grams = next(self._grams, None)
            if grams is None:
                return 0
            is_top = grams.order <= self._longest_top
            count = top_gram_characters if is_top else duplicated_characters
            self._figures[grams.order] = count(grams)
        return self._figures[order]
