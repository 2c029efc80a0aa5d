"""Near duplicates among many documents: candidates by band, confirmed, joined into clusters.

Behind the signatures. All documents are sorted by one band after the other; within a run of equal
bands all pairs are compared that are not joined yet, and where a run is long, each document with
the first of it, and those that are not like it with the first of themselves, a few times. A pair
counts where the estimate from the signatures reaches the threshold and, where the texts can be
asked for, their true likeness does. Costs ``bands`` sorts: about 3 s for a million documents, and
85 bytes a document beside its signature. A hundred thousand copies of one text cost a hundred
thousand comparisons of signatures, not of pairs.

The order in which documents come does not matter: runs are sorted by the documents' own keys.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sslstudio.corpora.duplicates.minhash import DEFAULT_BANDS, Bands, band_keys, estimate

THRESHOLD = 0.7
_SHORT_RUN = 32  # documents; pairs of longer ones are too many
_MOST_FIRSTS = 8  # of a long run, with which its documents are compared
_AT_ONCE = 65_536
_PAIRS_AT_ONCE = 8_192
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
    by_key = np.argsort(keys, kind="stable")
    is_alike = _IsAlike(signatures, threshold, confirm)
    for band in range(bands.bands):
        cancelled()
        of_band = _keys_of_band(signatures, bands, band)
        order = by_key[np.argsort(of_band[by_key], kind="stable")]
        _join_runs(*_shared(order, of_band[order]), joined, is_alike)
    return joined.labels


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


def _shared(
    order: NDArray[np.int64], of_band: NDArray[np.uint64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the documents whose neighbour has the same band, and the number of their run."""
    is_new = np.ones(len(order) + 1, dtype=bool)
    is_new[1:-1] = of_band[1:] != of_band[:-1]
    is_shared = ~(is_new[:-1] & is_new[1:])
    return order[is_shared], np.cumsum(is_new[:-1])[is_shared]


def _join_runs(
    members: NDArray[np.int64], runs: NDArray[np.int64], joined: _Joined, is_alike: _IsAlike
) -> None:
    """Join what is alike among ``members``, which share a band where their ``runs`` are equal."""
    if not len(members):
        return
    lengths = np.bincount(runs)[runs]
    is_short = lengths <= _SHORT_RUN
    _join_pairs(members[is_short], runs[is_short], joined, is_alike)
    _join_with_firsts(members[~is_short], runs[~is_short], joined, is_alike)


def _join_pairs(
    members: NDArray[np.int64], runs: NDArray[np.int64], joined: _Joined, is_alike: _IsAlike
) -> None:
    """Compare every document with its neighbour in its run, then with the next but one, and on."""
    for distance in range(1, _SHORT_RUN):
        places = np.flatnonzero(runs[distance:] == runs[:-distance])
        if not len(places):
            return
        firsts, others = members[places], members[places + distance]
        is_joined = is_alike(firsts, others, joined)
        joined.join(firsts[is_joined], others[is_joined])


def _join_with_firsts(
    members: NDArray[np.int64], runs: NDArray[np.int64], joined: _Joined, is_alike: _IsAlike
) -> None:
    """Compare every document with the first of its run; those that differ once more, and on."""
    for _ in range(_MOST_FIRSTS):
        begins = np.flatnonzero(np.diff(runs, prepend=-1))
        lengths = np.diff(begins, append=len(runs))
        firsts = np.repeat(members[begins], lengths)
        is_other = np.ones(len(runs), dtype=bool)
        is_other[begins] = False
        firsts, members, runs = firsts[is_other], members[is_other], runs[is_other]
        if not len(members):
            return
        is_joined = is_alike(firsts, members, joined)
        joined.join(firsts[is_joined], members[is_joined])
        members, runs = members[~is_joined], runs[~is_joined]


class _IsAlike:
    """Says which pairs count: one already, equal, or alike enough and confirmed."""

    def __init__(
        self, signatures: NDArray[np.uint32], threshold: float, confirm: Confirm | None
    ) -> None:
        self._signatures, self._threshold, self._confirm = signatures, threshold, confirm

    def __call__(
        self, firsts: NDArray[np.int64], others: NDArray[np.int64], joined: _Joined
    ) -> NDArray[np.bool_]:
        alike = joined.are_one(firsts, others)
        for begin in range(0, len(alike), _PAIRS_AT_ONCE):
            part = np.flatnonzero(~alike[begin : begin + _PAIRS_AT_ONCE]) + begin
            likeness = estimate(self._signatures[firsts[part]], self._signatures[others[part]])
            alike[part] = likeness >= self._threshold
            if self._confirm is not None:
                for pair in part[(likeness >= self._threshold) & (likeness < 1.0)].tolist():
                    alike[pair] = self._confirm(int(firsts[pair]), int(others[pair]))
        return alike


class _Joined:
    """Which documents are one: for each the smallest it is known to be one with."""

    def __init__(self, count: int) -> None:
        self.labels = np.arange(count, dtype=np.int64)

    def are_one(self, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.bool_]:
        return np.asarray(self.labels[first] == self.labels[second])

    def join(self, first: NDArray[np.int64], second: NDArray[np.int64]) -> None:
        """Join pairs: larger labels point at smaller ones until all pairs have one label."""
        labels = self.labels
        while True:
            a, b = labels[first], labels[second]
            differ = a != b
            if not differ.any():
                return
            first, second, a, b = first[differ], second[differ], a[differ], b[differ]
            np.minimum.at(labels, np.maximum(a, b), np.minimum(a, b))
            self._shorten()

    def _shorten(self) -> None:
        """Let every document point at a label that points at itself."""
        while True:
            above = self.labels[self.labels]
            if np.array_equal(above, self.labels):
                return
            self.labels[:] = above
