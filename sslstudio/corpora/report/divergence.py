"""How far apart two texts are by their words, and which words tell them apart.

A measure on the sample of each source. Jensen-Shannon divergence in bits, from 0 (the same words
as often) to 1 (no word in common); words that tell apart by Dunning's log-likelihood ratio.
Both samples should have about the same size: two small samples of one text differ too.

Source: Lin 1991; Dunning 1993; reference 2.7.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sslstudio.corpora.report.facts import Difference
from sslstudio.corpora.report.words import WordTable

_TELLING_WORDS = 12
_FEWEST = 3


def jensen_shannon(first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
    """Return the divergence of two distributions given as counts over one vocabulary, in bits."""
    p, q = first / first.sum(), second / second.sum()
    middle = (p + q) / 2
    return float(min(1.0, max(0.0, (_kl(p, middle) + _kl(q, middle)) / 2)))


def _kl(p: NDArray[np.float64], q: NDArray[np.float64]) -> float:
    inside = p > 0
    return float((p[inside] * np.log2(p[inside] / q[inside])).sum())


def log_likelihood(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return G² of each word: how surely its frequency differs; negative where it is rarer.

    Args:
        first, second: counts over one vocabulary.
    """
    total_first, total_second = max(1, int(first.sum())), max(1, int(second.sum()))
    both = (first + second) / (total_first + total_second)
    scores = np.zeros(len(first))
    for counts, total in ((first, total_first), (second, total_second)):
        inside = counts > 0
        scores[inside] += 2 * counts[inside] * np.log(counts[inside] / (both[inside] * total))
    is_rarer = first / total_first < second / total_second
    return np.where(is_rarer, -scores, scores)


def differences(
    titles: Sequence[str], table: WordTable, source_of_text: NDArray[np.int64]
) -> tuple[Difference, ...]:
    """Return every pair of sources, compared.

    Args:
        titles: of the sources.
        table: words of the samples of all sources.
        source_of_text: the source's number of each text of the table.
    """
    size = len(table.vocabulary)
    owners = source_of_text[table.owners]
    counts = [np.bincount(table.ids[owners == n], minlength=size) for n in range(len(titles))]
    pairs = itertools.combinations(range(len(titles)), 2)
    return tuple(
        Difference(
            titles[a],
            titles[b],
            jensen_shannon(counts[a], counts[b]),
            *_telling(counts[a], counts[b], table.vocabulary),
        )
        for a, b in pairs
        if counts[a].sum() and counts[b].sum()
    )


def _telling(
    first: NDArray[np.int64], second: NDArray[np.int64], vocabulary: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words that are surest more frequent in the first, and in the second."""
    scores = np.where(first + second >= _FEWEST, log_likelihood(first, second), 0.0)
    order = np.argsort(-scores, kind="stable")
    best = [vocabulary[i] for i in order[:_TELLING_WORDS] if scores[i] > 0]
    worst = [vocabulary[i] for i in order[::-1][:_TELLING_WORDS] if scores[i] < 0]
    return tuple(best), tuple(worst)
