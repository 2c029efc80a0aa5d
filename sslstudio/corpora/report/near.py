"""Near duplicates of the documents: signatures are gathered, clusters found at the end.

In the process that makes the report. Holds 448 bytes a document and its title, of at most 500,000
documents: with more, those with the larger half of the keys are let go, again and again, so the
sample depends on nothing but the texts. Pairs are confirmed by the estimate from their signatures
(standard deviation 0.04 at 0.8), for the texts are not kept.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sslstudio.corpora.duplicates.clusters import clusters, kept
from sslstudio.corpora.report.facts import Cluster, Example

MOST_DOCUMENTS = 500_000
ALL_KEYS = 2**64 - 1
_SHOWN_CLUSTERS = 30
_SHOWN_DOCUMENTS = 20


@dataclasses.dataclass(frozen=True)
class NearFound:
    """What was found: documents too many, groups, and the largest groups."""

    duplicates: int
    groups: int
    clusters: tuple[Cluster, ...]


class NearSample:
    """The signatures of the documents whose keys are below :attr:`below`.

    Attributes:
        below: what workers are told; becomes smaller when there are too many documents.
    """

    def __init__(self, share: float, most_documents: int = MOST_DOCUMENTS) -> None:
        self.below = min(ALL_KEYS, int(share * 2.0**64))
        self._most = most_documents
        self._signatures: list[NDArray[np.uint32]] = []
        self._keys: list[NDArray[np.uint64]] = []
        self._lengths: list[NDArray[np.int64]] = []
        self._examples: list[Example] = []
        self._sizes: list[int] = []

    def __len__(self) -> int:
        """How many documents there are."""
        return len(self._examples)

    def add(
        self,
        signatures: NDArray[np.uint32],
        keys: NDArray[np.uint64],
        lengths: NDArray[np.int64],
        sizes: list[int],
        examples: list[Example],
    ) -> None:
        """Add some documents; those that are no longer below the limit are left out."""
        inside = keys <= np.uint64(self.below)
        self._signatures.append(signatures[inside])
        self._keys.append(keys[inside])
        self._lengths.append(lengths[inside])
        chosen = np.flatnonzero(inside).tolist()
        self._examples += [examples[i] for i in chosen]
        self._sizes += [sizes[i] for i in chosen]
        while len(self) > self._most:
            self._halve()

    @property
    def sample_bytes(self) -> int:
        """How much text stands behind it."""
        return sum(self._sizes)

    def find(self, cancelled: Callable[[], None] = lambda: None) -> NearFound:
        """Return the clusters; ``cancelled`` is called once a band."""
        if not len(self):
            return NearFound(0, 0, ())
        signatures, keys = np.concatenate(self._signatures), np.concatenate(self._keys)
        lengths = np.concatenate(self._lengths)
        labels = clusters(signatures, keys, cancelled=cancelled)
        pairs = np.unique(np.stack([labels.astype(np.uint64), keys], axis=1), axis=0)
        different = np.unique(pairs[:, 0], return_counts=True)[1]
        return NearFound(
            duplicates=int((different - 1).sum()),
            groups=int((different > 1).sum()),
            clusters=self._largest(labels, kept(labels, lengths, keys)),
        )

    def _largest(
        self, labels: NDArray[np.int64], is_kept: NDArray[np.bool_]
    ) -> tuple[Cluster, ...]:
        numbers, sizes = np.unique(labels, return_counts=True)
        order = np.lexsort((numbers, -sizes))[:_SHOWN_CLUSTERS]
        found = []
        for label, size in zip(numbers[order].tolist(), sizes[order].tolist(), strict=True):
            if size > 1:
                members = np.flatnonzero(labels == label)
                members = members[np.argsort(~is_kept[members], kind="stable")]
                shown = members[:_SHOWN_DOCUMENTS].tolist()
                found.append(Cluster(tuple(self._examples[i] for i in shown), size))
        return tuple(found)

    def _halve(self) -> None:
        self.below //= 2
        keys = np.concatenate(self._keys)
        inside = keys <= np.uint64(self.below)
        self._signatures = [np.concatenate(self._signatures)[inside]]
        self._lengths = [np.concatenate(self._lengths)[inside]]
        self._keys = [keys[inside]]
        chosen = np.flatnonzero(inside).tolist()
        self._examples = [self._examples[i] for i in chosen]
        self._sizes = [self._sizes[i] for i in chosen]


def exact_copies(keys: NDArray[Any]) -> int:
    """Return how many of ``keys`` are equal to an earlier one; sorts them in place."""
    keys.sort()
    return int(np.count_nonzero(keys[1:] == keys[:-1]))
