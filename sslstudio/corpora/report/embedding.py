"""Passages as points: TF-IDF of their words, reduced to some dozens of dimensions (LSA).

Between the sample and topics, the map and the Vendi score. Words in fewer than two passages or in
more than half of them tell nothing; the rest are weighted by (1 + ln tf) · ln(n/df) and the matrix
is reduced by a truncated SVD (scikit-learn, seeded), rows scaled to length 1. Costs 1 to 3 s for
5 MB. No network: it knows words, not meanings.

Source: Deerwester et al. 1990.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sslstudio.corpora.report.words import WordTable

DIMENSIONS = 64
MOST_PASSAGES = 4000
_MOST_WORDS = 20_000
_FEWEST_PASSAGES = 2
SEED = 20261126


@dataclasses.dataclass(frozen=True)
class Embedding:
    """Passages by their words.

    Attributes:
        points_PD: float64, rows of length 1, or 0 where a passage has no telling word.
        counts_PW: sparse, how often each kept word stands in each passage.
        words: the kept words, W of them.
    """

    points_PD: NDArray[np.float64]
    counts_PW: Any
    words: tuple[str, ...]


def embed(table: WordTable, dimensions: int = DIMENSIONS) -> Embedding | None:
    """Return the passages of ``table`` as points; None where too few words are shared."""
    counts_PW, kept = _telling_counts(table)
    passages, width = counts_PW.shape
    dimensions = min(dimensions, width - 1, passages - 1)
    if dimensions < 2:
        return None
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize

    weighted = counts_PW.astype(np.float64)
    weighted.data = 1.0 + np.log(weighted.data)
    appears = np.bincount(counts_PW.indices, minlength=width)
    weighted = normalize(weighted.multiply(np.log(passages / appears)[None, :]).tocsr())
    points = TruncatedSVD(dimensions, n_iter=4, random_state=SEED).fit_transform(weighted)
    return Embedding(normalize(points), counts_PW, tuple(table.vocabulary[i] for i in kept))


def _telling_counts(table: WordTable) -> tuple[Any, NDArray[np.int64]]:
    """Return passages × words with counts, and which words of the vocabulary were kept."""
    from scipy.sparse import csr_matrix

    passages = len(table.starts) - 1
    ones = np.ones(len(table.ids), dtype=np.int64)
    shape = (passages, len(table.vocabulary))
    # a copy: summing duplicates sorts what it is given in place
    counts = csr_matrix((ones, table.ids, table.starts), shape=shape, copy=True)
    counts.sum_duplicates()
    appears = np.bincount(counts.indices, minlength=len(table.vocabulary))
    is_word = np.array([len(w) > 1 and not w.isdecimal() for w in table.vocabulary], dtype=bool)
    is_telling = (appears >= _FEWEST_PASSAGES) & (appears <= passages / 2) & is_word
    kept = np.flatnonzero(is_telling)
    if len(kept) > _MOST_WORDS:
        order = np.argsort(-appears[kept], kind="stable")
        kept = np.sort(kept[order[:_MOST_WORDS]])
    return counts[:, kept], kept


def vendi(points_PD: NDArray[np.float64]) -> float | None:
    """Return the Vendi score, exp of the entropy of the eigenvalues of K/n with K = X·Xᵀ.

    The q × q matrix Xᵀ·X/n has the same eigenvalues as the n × n one, so it costs n·q².

    Args:
        points_PD: rows of length 1; rows of zeros are left out.

    Source: Friedman and Dieng 2023, 2210.02410, sections 3 and 4.
    """
    points = points_PD[np.linalg.norm(points_PD, axis=1) > 0]
    if not len(points):
        return None
    shares = np.linalg.eigvalsh(points.T @ points / len(points))
    shares = shares[shares > 1e-12]
    return float(np.exp(-(shares * np.log(shares)).sum()))
