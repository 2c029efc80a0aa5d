"""Numbers for stretches of bytes, equal where the bytes are: the hash of Karp and Rabin (1987).

Between the plain form and whatever compares stretches of it (shingles, runs of words, windows).
With P(p) = Σ_{i<p} byte_i · F^i mod 2^64, the stretch [b, e) has the number
(P(e) − P(b)) · F^−b, whose bits are then mixed; so a stretch costs the same however long it is, and
no word becomes an object of Python. Costs 3 ms a megabyte and 15 ns a stretch, and memory for a
block of 32 KB beside 40 bytes a stretch. Equal on every machine. Two given stretches that differ
have the same number with odds of about 2^−64, unless somebody made them to (a Thue-Morse word of
1,024 bytes): whoever removes something on account of one long stretch asks xxh3 (``exact_key``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

_BITS = 15
_BLOCK = 2**_BITS  # what belongs to one block stays in the cache
_AT_ONCE = 2048  # stretches, that is some 12 KB of words
_FACTOR = 0x9E3779B97F4A7C15  # odd, and 5 mod 8: its powers repeat only after 2^62
_INVERSE = pow(_FACTOR, -1, 2**64)


def _powers(factor: int, count: int) -> NDArray[np.uint64]:
    """Return factor^0, factor^1, … mod 2^64."""
    powers = np.full(count, factor % 2**64, np.uint64)
    powers[:1] = 1
    return np.multiply.accumulate(powers)


_POWERS, _INVERSES = _powers(_FACTOR, _BLOCK), _powers(_INVERSE, _BLOCK)


def numbers_in_parts(
    data: bytes, begins: NDArray[np.int64], ends: NDArray[np.int64]
) -> Iterator[tuple[int, NDArray[np.uint64]]]:
    """Yield the numbers of some stretches at once, and how many came before (:func:`numbers_of`).

    So a text of any length is done within the cache.
    """
    for first in range(0, len(begins), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        start = begins[first]
        part = data[start : ends[some][-1]]
        yield first, numbers_of(part, begins[some] - start, ends[some] - start)


def numbers_of(
    data: bytes, begins: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.uint64]:
    """Return a number for each stretch of ``data`` from ``begins`` up to ``ends``, both ascending.

    Raises:
        IndexError: a stretch reaches beyond a short text.
    """
    if len(data) < _BLOCK:
        sums = _sums_of_block(np.frombuffer(data, np.uint8))
        numbers = sums[ends]
        numbers -= sums[begins]
        numbers *= _INVERSES[begins]
        return mixed(numbers)
    at_begins, numbers = _sums_at(data, (begins, ends))
    numbers -= at_begins
    numbers *= _INVERSES[begins & (_BLOCK - 1)]
    numbers *= _powers(pow(_INVERSE, _BLOCK, 2**64), (len(data) >> _BITS) + 1)[begins >> _BITS]
    return mixed(numbers)


def mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread the bits of ``numbers``; changes and returns them (Steele et al. 2014)."""
    numbers ^= numbers >> np.uint64(30)
    numbers *= np.uint64(0xBF58476D1CE4E5B9)
    numbers ^= numbers >> np.uint64(27)
    numbers *= np.uint64(0x94D049BB133111EB)
    numbers ^= numbers >> np.uint64(31)
    return numbers


def _sums_of_block(block: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return P(0) … P(len(block)) of one block."""
    sums = np.empty(len(block) + 1, np.uint64)
    sums[0] = 0
    np.multiply(block, _POWERS[: len(block)], out=sums[1:])
    np.cumsum(sums[1:], out=sums[1:])
    return sums


def _sums_at(data: bytes, wanted: Sequence[NDArray[np.int64]]) -> list[NDArray[np.uint64]]:
    """Return P at ascending places, one block of ``data`` after the other."""
    found = [np.zeros(len(places), np.uint64) for places in wanted]
    carry, scale = np.zeros(1, np.uint64), np.ones(1, np.uint64)
    for start in range(0, len(data), _BLOCK):
        sums = _sums_of_block(np.frombuffer(data[start : start + _BLOCK], np.uint8))
        sums *= scale
        sums += carry
        for places, values in zip(wanted, found, strict=True):
            first, end = np.searchsorted(places, (start + 1, start + len(sums)))
            values[first:end] = sums[places[first:end] - start]
        carry, scale = sums[-1:].copy(), scale * np.uint64(pow(_FACTOR, _BLOCK, 2**64))
    return found
