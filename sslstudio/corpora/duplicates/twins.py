"""Held-out documents that stand, nearly word for word, on the training side too.

The split decides every document's side by the hash of its own text, so no addition and no order
moves one. Two near duplicates may then stand on different sides, and the validation would measure
what was read. Such a held-out document is left out of both sides: nothing leaks, no training text
is lost, and old documents stay where they are. (To give a whole cluster one side instead cannot be
a function of the texts alone: any rule moves old documents when a new one joins two clusters.)

First the signatures of the held-out side, which are few; then those of the training side pass by
in groups. A held-out document that has found a twin is looked for no more, so copies by the
hundred thousand do no harm; thousands of held-out documents that share a template, and no more
than that, are compared with every training document that has it too. Costs 620 bytes a held-out
document, and about 5 microseconds a training document.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sslstudio.corpora.duplicates.clusters import THRESHOLD
from sslstudio.corpora.duplicates.minhash import DEFAULT_BANDS, Bands, band_keys, estimate

_PAIRS_AT_ONCE = 8_192


class Twins:
    """Finds held-out documents with a near duplicate on the training side.

    Args:
        held_out: their signatures, uint32 [documents, bands.size].
        bands: of the signatures.
        threshold: least estimated likeness.

    Attributes:
        is_twin: for every held-out document, whether it has one so far.
    """

    def __init__(
        self,
        held_out: Sequence[NDArray[np.uint32]] | NDArray[np.uint32],
        *,
        bands: Bands = DEFAULT_BANDS,
        threshold: float = THRESHOLD,
    ) -> None:
        self._signatures = np.asarray(held_out, dtype=np.uint32).reshape(-1, bands.size)
        self._bands, self._threshold = bands, threshold
        self.is_twin = np.zeros(len(self._signatures), dtype=bool)
        keys = np.ascontiguousarray(band_keys(self._signatures, bands).T)
        orders = np.argsort(keys, axis=1, kind="stable")
        # for every band, ascending: keys, and the documents that have them
        self._keys = np.take_along_axis(keys, orders, axis=1)
        self._documents = orders.astype(np.int32)

    def probe(self, training: NDArray[np.uint32]) -> None:
        """Mark the held-out documents that are like one of ``training`` [documents, size]."""
        if not self._documents.size or not len(training):
            return
        keys = band_keys(training, self._bands)
        for band, (known, documents) in enumerate(zip(self._keys, self._documents, strict=True)):
            low = np.searchsorted(known, keys[:, band])
            is_hit = known[np.minimum(low, len(known) - 1)] == keys[:, band]
            for number in np.flatnonzero(is_hit):
                high = np.searchsorted(known, keys[number, band], "right")
                self._compare(documents[low[number] : high], training[number])
        self._forget()

    def _compare(self, held_out: NDArray[np.int32], training: NDArray[np.uint32]) -> None:
        """Mark those of ``held_out`` that are like one training document."""
        held_out = held_out[~self.is_twin[held_out]]
        for begin in range(0, len(held_out), _PAIRS_AT_ONCE):
            some = held_out[begin : begin + _PAIRS_AT_ONCE]
            likeness = estimate(self._signatures[some], training)
            self.is_twin[some[likeness >= self._threshold]] = True

    def _forget(self) -> None:
        """Let go of those that have a twin, once they are half of what is looked through."""
        left = len(self._signatures) - int(np.count_nonzero(self.is_twin))
        if 2 * left <= self._documents.shape[1]:
            is_left = ~self.is_twin[self._documents]
            self._keys = self._keys[is_left].reshape(self._bands.bands, left)
            self._documents = self._documents[is_left].reshape(self._bands.bands, left)
