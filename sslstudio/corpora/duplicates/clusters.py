"""Near duplicates among many documents: candidates by band, confirmed, joined into clusters.

Behind the signatures. All documents are sorted by one band after the other; within a run of equal
bands each document is compared with the first of it that it is not yet joined with, and with a few
others that were not like that first. A pair counts where the estimate from the signatures reaches
the threshold and, where the texts can be asked for, their true likeness does. Costs
``bands`` sorts, and 24 bytes a document beside its signature. A hundred thousand copies of one
text cost a hundred thousand comparisons of signatures, not of pairs.

The order in which documents come does not matter: runs are sorted by the documents' own keys.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sslstudio.corpora.duplicates.minhash import DEFAULT_BANDS, Bands, band_keys, estimate

THRESHOLD = 0.7
_MOST_FIRSTS = 8  # of one run that a document is compared with
_AT_ONCE = 65_536
Confirm = Callable[[int, int], bool]


def clusters(
    signatures: NDArray[np.uint32],
    keys: NDArray[np.uint64],
    *,
    bands: Bands = DEFAULT_BANDS,
    threshold: float = THRESHOLD,
    confirm: Confirm | None = None,
    cancelled: Callable[[], None] = lambda: None,
) -> NDArray[np.int64]:
    """Return for every document the number of its cluster, which is that of one of its members.

    Args:
        signatures: uint32 [documents, bands.size], in memory or mapped.
        keys: of the documents (``exact_key``), which decide order.
        bands: of the signatures.
        threshold: least estimated likeness of a pair.
        confirm: asked about a pair whose signatures differ, by number; None trusts the estimate.
        cancelled: called once a band; raises where nobody wants the answer.
    """
    joined = _Joined(len(keys))
    for band in range(bands.bands):
        cancelled()
        of_band = _keys_of_band(signatures, bands, band)
        order = np.lexsort((keys, of_band))
        for first, end in _runs(of_band[order]):
            _join_run(order[first:end], signatures, joined, threshold, confirm)
    return joined.labels()


def kept(
    labels: NDArray[np.int64], lengths: NDArray[np.int64], keys: NDArray[np.uint64]
) -> NDArray[np.bool_]:
    """Return which documents represent their cluster: the longest, of equals the smallest key.

    Of documents that are alike in both, the first is taken.
    """
    order = np.lexsort((np.arange(len(labels)), keys, -lengths, labels))
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = labels[order][1:] != labels[order][:-1]
    chosen = np.zeros(len(labels), dtype=bool)
    chosen[order[is_first]] = True
    return chosen


def _keys_of_band(signatures: NDArray[np.uint32], bands: Bands, band: int) -> NDArray[np.uint64]:
    one = Bands(1, bands.rows)
    columns = slice(band * bands.rows, (band + 1) * bands.rows)
    parts = [
        band_keys(np.ascontiguousarray(signatures[first : first + _AT_ONCE, columns]), one)[:, 0]
        for first in range(0, len(signatures), _AT_ONCE)
    ]
    return np.concatenate(parts) if parts else np.empty(0, np.uint64)


def _runs(ordered: NDArray[np.uint64]) -> list[tuple[int, int]]:
    """Return (first, end) of every run of at least two equal numbers."""
    changes = np.flatnonzero(np.diff(ordered)) + 1
    starts, ends = np.r_[0, changes], np.r_[changes, len(ordered)]
    long = ends - starts > 1
    return list(zip(starts[long].tolist(), ends[long].tolist(), strict=True))


def _join_run(
    run: NDArray[np.int64],
    signatures: NDArray[np.uint32],
    joined: _Joined,
    threshold: float,
    confirm: Confirm | None,
) -> None:
    """Join what is alike among the documents of ``run``, which share a band."""
    rest = run
    for _ in range(_MOST_FIRSTS):
        if len(rest) < 2:
            return
        first, others = int(rest[0]), rest[1:]
        likeness = np.concatenate(
            [
                estimate(signatures[first], signatures[others[at : at + _AT_ONCE]])
                for at in range(0, len(others), _AT_ONCE)
            ]
        )
        is_left = np.ones(len(others), dtype=bool)
        for place in np.flatnonzero(likeness >= threshold):
            other = int(others[place])
            is_left[place] = not (
                joined.are_one(first, other)
                or likeness[place] == 1.0
                or confirm is None
                or confirm(first, other)
            )
            if not is_left[place]:
                joined.join(first, other)
        rest = others[is_left]


class _Joined:
    """Union-find over numbers from 0; the smaller root stays."""

    def __init__(self, count: int) -> None:
        self._parents = np.arange(count, dtype=np.int64)

    def root(self, number: int) -> int:
        parents = self._parents
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = int(parents[number])
        return number

    def are_one(self, first: int, second: int) -> bool:
        return self.root(first) == self.root(second)

    def join(self, first: int, second: int) -> None:
        a, b = self.root(first), self.root(second)
        self._parents[max(a, b)] = min(a, b)

    def labels(self) -> NDArray[np.int64]:
        parents = self._parents
        while True:
            above = parents[parents]
            if np.array_equal(above, parents):
                return parents
            parents = above
