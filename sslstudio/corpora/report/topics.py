"""What a corpus is about: clusters of passages, their telling words, and a map of them.

A measure on the sample, after ``embedding``. K-means on the embedded passages (scikit-learn,
seeded); a topic is named by the words that are likelier in it than elsewhere, by log-likelihood
ratio; the map is t-SNE of at most 600 passages. The most typical passages are nearest to the mean
of all, the most unusual farthest. Costs about 3 s.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sslstudio.corpora.report.divergence import log_likelihood
from sslstudio.corpora.report.embedding import SEED, Embedding
from sslstudio.corpora.report.facts import Example, TopicPoint, Topics
from sslstudio.corpora.report.passages import Passage

FEWEST_PASSAGES = 12
MOST_TOPICS = 20
MOST_POINTS = 600
_EXCERPT_CHARACTERS = 160
_WORDS = 4
_SHOWN = 5


def topics_of(passages: Sequence[Passage], embedding: Embedding | None) -> Topics:
    """Return the topics of ``passages``, which ``embedding`` has as rows; none of too few."""
    if embedding is None or len(passages) < FEWEST_PASSAGES:
        return Topics()
    points = embedding.points_PD
    labels = _clusters(points)
    sizes = np.bincount(labels)
    examples = [example_of(passage) for passage in passages]
    typical, unusual = _extremes(points, passages)
    return Topics(
        names=tuple(_name(embedding, labels == topic) for topic in range(len(sizes))),
        sizes=tuple(sizes.tolist()),
        entropy=entropy(sizes),
        points=_map(points, labels, examples),
        typical=tuple(examples[i] for i in typical),
        unusual=tuple(examples[i] for i in unusual),
    )


def example_of(passage: Passage) -> Example:
    """Return where ``passage`` is found, with its beginning."""
    excerpt = " ".join(passage.text[: 4 * _EXCERPT_CHARACTERS].split())
    return Example(
        passage.source, passage.document, passage.title, excerpt[:_EXCERPT_CHARACTERS].rstrip()
    )


def entropy(sizes: NDArray[np.int64]) -> float:
    """Return the entropy of ``sizes`` divided by the largest possible; 1 is an even spread."""
    if len(sizes) < 2:
        return 0.0
    shares = sizes[sizes > 0] / sizes.sum()
    return float(-(shares * np.log(shares)).sum() / math.log(len(sizes)))


def _clusters(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return a label for each passage; topics are numbered by size, the largest first."""
    from sklearn.cluster import KMeans

    count = min(MOST_TOPICS, max(2, round(math.sqrt(len(points) / 4))))
    raw = KMeans(count, n_init=3, random_state=SEED).fit_predict(points)
    present, raw = np.unique(raw, return_inverse=True)
    order = np.argsort(-np.bincount(raw), kind="stable")
    rank = np.empty(len(present), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[raw]


def _name(embedding: Embedding, inside: NDArray[np.bool_]) -> str:
    """Return the words that tell the passages ``inside`` from the others."""
    here = np.asarray(embedding.counts_PW[inside].sum(axis=0)).ravel()
    elsewhere = np.asarray(embedding.counts_PW[~inside].sum(axis=0)).ravel()
    scores = log_likelihood(here, elsewhere)
    best = np.argsort(-scores, kind="stable")[:_WORDS]
    return ", ".join(embedding.words[i] for i in best if scores[i] > 0)


def _map(
    points: NDArray[np.float64], labels: NDArray[np.int64], examples: Sequence[Example]
) -> tuple[TopicPoint, ...]:
    """Return the first passages (their order is random) as points in the unit square."""
    from sklearn.manifold import TSNE

    shown = points[:MOST_POINTS].astype(np.float32)
    perplexity = min(30.0, (len(shown) - 1) / 3)
    plane = TSNE(perplexity=perplexity, init="pca", max_iter=500, random_state=SEED)
    places = plane.fit_transform(shown).astype(np.float64)
    low, high = places.min(axis=0), places.max(axis=0)
    places = (places - low) / np.maximum(high - low, 1e-12)
    return tuple(
        TopicPoint(round(float(x), 4), round(float(y), 4), int(label), example)
        for (x, y), label, example in zip(places, labels, examples, strict=False)
    )


def _extremes(
    points: NDArray[np.float64], passages: Sequence[Passage]
) -> tuple[list[int], list[int]]:
    """Return the passages nearest to the mean direction and farthest from it, one a document."""
    nearness = points @ points.mean(axis=0)
    order = np.argsort(-nearness, kind="stable").tolist()
    unusual = [i for i in reversed(order) if points[i].any()]
    return _one_a_document(order, passages), _one_a_document(unusual, passages)


def _one_a_document(order: Sequence[int], passages: Sequence[Passage]) -> list[int]:
    chosen: dict[tuple[int, int], int] = {}
    for i in order:
        chosen.setdefault((passages[i].source, passages[i].document), i)
        if len(chosen) == _SHOWN:
            break
    return list(chosen.values())
