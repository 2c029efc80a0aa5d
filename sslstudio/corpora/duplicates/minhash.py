"""MinHash: a document's shingles in 112 numbers, from which likeness is estimated.

Between shingles and LSH. The share of equal numbers in two signatures estimates the Jaccard
likeness J of the documents, with a standard deviation of sqrt(J(1 − J)/112) (Broder 1997). The
permutations are h(x) = a·x + c mod 2^32 over numbers that are well mixed already. Costs about 10 ms
a megabyte of text beside the shingles, and 448 bytes a document.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from sslstudio.corpora.duplicates.shingles import shingles_in_parts

_COLUMNS = 4096  # of shingles at once: what is computed stays in the cache, whatever the length


@dataclasses.dataclass(frozen=True)
class Bands:
    """How signatures are compared: documents are candidates where one of ``bands`` is equal.

    P(candidate) = 1 − (1 − J^rows)^bands. 14 bands of 8 are FineWeb's: half of the pairs with
    J = 0.70 are found, 92 % of those with 0.80 (reference 2.3).
    """

    bands: int = 14
    rows: int = 8

    @property
    def size(self) -> int:
        """How many numbers a signature has."""
        return self.bands * self.rows

    def probability(self, likeness: float) -> float:
        """Return how likely a pair of this Jaccard likeness becomes a candidate."""
        return float(1 - (1 - likeness**self.rows) ** self.bands)


DEFAULT_BANDS = Bands()


class Signer:
    """Makes signatures; two signers of one setting and seed make the same."""

    def __init__(self, bands: Bands = DEFAULT_BANDS, seed: int = 20261126) -> None:
        self.bands = bands
        # raw: numpy promises the bits of a generator, and not what it makes of them (NEP 19)
        drawn = np.random.PCG64(seed).random_raw(bands.size)
        self._factors = (drawn >> np.uint64(32)).astype(np.uint32)[:, None] | np.uint32(1)
        self._shifts = drawn.astype(np.uint32)[:, None]

    def signature(self, text: str) -> NDArray[np.uint32]:
        """Return the signature of ``text``, uint32 [bands · rows]."""
        parts = [self.of_shingles(numbers) for numbers in shingles_in_parts(text)]
        return np.minimum.reduce(parts) if len(parts) > 1 else parts[0]

    def of_shingles(self, numbers: NDArray[np.uint64]) -> NDArray[np.uint32]:
        """Return the signature of a set of shingles; repeats change nothing."""
        short = (numbers >> np.uint64(32)).astype(np.uint32)
        least = np.full(self.bands.size, 2**32 - 1, np.uint32)
        for first in range(0, len(short), _COLUMNS):
            permuted = self._factors * short[None, first : first + _COLUMNS]
            permuted += self._shifts
            np.minimum(least, permuted.min(axis=1), out=least)
        return least


def estimate(first: NDArray[np.uint32], second: NDArray[np.uint32]) -> NDArray[np.float64]:
    """Return the estimated Jaccard likeness of signatures [..., size] that stand side by side."""
    return np.asarray((first == second).mean(axis=-1))


def band_keys(signatures: NDArray[np.uint32], bands: Bands) -> NDArray[np.uint64]:
    """Return one number a band, uint64 [documents, bands], equal where the band is."""
    parts = signatures.reshape(len(signatures), bands.bands, bands.rows).astype(np.uint64)
    keys = np.full(parts.shape[:2], 0xCBF29CE484222325, np.uint64)
    for row in range(bands.rows):
        keys ^= parts[:, :, row]
        keys *= np.uint64(0x9FB21C651E98DF25)
        keys ^= keys >> np.uint64(29)
    return keys
