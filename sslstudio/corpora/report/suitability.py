"""How well a source suits a purpose that the user names by a file of example texts.

A measure on the sample of each source. After DSIR: words and pairs of neighbouring words are hashed
into 10,000 buckets; a text is scored by the mean of ln(p/q) over its features, where p is their
distribution in the purpose and q that in all sources together. DSIR resamples by the product over
a document; the mean per feature is used here, so that long texts are not favoured. It
is a likeness of words, not a judgement of quality.

That figure depends on what else lies among the sources. For showing, a source also gets a number
from 0 to 1: (1 − d) / (1 − d₀), where d is the Jensen-Shannon divergence between purpose and source
over the same buckets and d₀ that between two halves of the purpose, all on equally many
features: 1 is as like the purpose as its halves are like each other.

Source: Xie et al. 2023, 2302.03169, section 3.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Sequence

import numpy as np
import xxhash
from numpy.typing import NDArray

from sslstudio.corpora.report.divergence import jensen_shannon
from sslstudio.corpora.report.facts import CorpusReport
from sslstudio.corpora.report.words import words_of

BUCKETS = 10_000
_SMOOTHING = 0.5
_WEIGHT_STEP = 0.05
_CHUNK_WORDS = 50  # the purpose is dealt to its two halves in runs of so many


@dataclasses.dataclass(frozen=True)
class Suitability:
    """How well each source suits the purpose.

    Attributes:
        shown: of each source, 0 to 1.
        importance: of each source, mean ln(p/q) over its features, in nats.
        scores: of each text, the same.
    """

    shown: tuple[float, ...]
    importance: tuple[float, ...]
    scores: tuple[float, ...]


def features_of(text: str) -> NDArray[np.int64]:
    """Return the bucket of each word of ``text``, and of each pair of neighbouring words."""
    words = words_of(text)
    pairs = [f"{a} {b}" for a, b in itertools.pairwise(words)]
    hashes = [xxhash.xxh32_intdigest(feature.encode()) for feature in (*words, *pairs)]
    return np.array(hashes, dtype=np.int64) % BUCKETS


def suitability(
    purpose: Sequence[str], texts: Sequence[str], source_of_text: Sequence[int], sources: int
) -> Suitability:
    """Score sources and texts against ``purpose``.

    Args:
        purpose: example texts.
        texts: samples of all sources.
        source_of_text: number of the source of each, from 0.
        sources: how many there are.
    """
    features = [features_of(text) for text in texts]
    of_sources = [
        _joined([f for f, s in zip(features, source_of_text, strict=True) if s == number])
        for number in range(sources)
    ]
    wanted = _joined([features_of(text) for text in purpose])
    ratios = np.log(_smoothed(wanted)) - np.log(_smoothed(_joined(of_sources)))
    return Suitability(
        shown=_likeness(purpose, of_sources),
        importance=tuple(_mean(ratios, f) for f in of_sources),
        scores=tuple(_mean(ratios, f) for f in features),
    )


def propose_weights(report: CorpusReport) -> tuple[float, ...]:
    """Return a weight for each source: its importance beside the best one's, in steps of 0.05.

    exp of the difference of their mean importances, which is how much likelier one word of the
    source is in the purpose, beside one of the best source. All are 1 where no purpose was named.
    A source with nothing in common still keeps 0.05, for a person to remove.
    """
    found = [source.importance for source in report.sources]
    best = max((value for value in found if value is not None), default=0.0)
    shares = (1.0 if value is None else math.exp(value - best) for value in found)
    steps = (max(1, round(share / _WEIGHT_STEP)) for share in shares)
    return tuple(round(step * _WEIGHT_STEP, 2) for step in steps)


def _likeness(purpose: Sequence[str], of_sources: Sequence[NDArray[np.int64]]) -> tuple[float, ...]:
    """Return (1 − d) / (1 − d₀) for each source."""
    first, second = _halves(purpose)
    alike = 1.0 - _distance(first, second)
    size = min(len(first), len(second))
    return tuple(
        min(1.0, (1.0 - _distance(first, _evenly(features, size))) / max(alike, 1e-9))
        if len(features)
        else 0.0
        for features in of_sources
    )


def _halves(purpose: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the features of every other run of words of the purpose, and of the rest."""
    words = [word for text in purpose for word in words_of(text)]
    runs = [words[i : i + _CHUNK_WORDS] for i in range(0, len(words), _CHUNK_WORDS)]
    return (
        _joined([features_of(" ".join(run)) for run in runs[::2]]),
        _joined([features_of(" ".join(run)) for run in runs[1::2]]),
    )


def _evenly(features: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Return ``size`` of ``features``, taken at even distances."""
    if len(features) <= size:
        return features
    return features[(np.arange(size) * len(features)) // size]


def _distance(first: NDArray[np.int64], second: NDArray[np.int64]) -> float:
    if not len(first) or not len(second):
        return 1.0
    return jensen_shannon(
        np.bincount(first, minlength=BUCKETS), np.bincount(second, minlength=BUCKETS)
    )


def _joined(parts: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def _smoothed(features: NDArray[np.int64]) -> NDArray[np.float64]:
    counts = np.bincount(features, minlength=BUCKETS) + _SMOOTHING
    return np.asarray(counts / counts.sum())


def _mean(ratios: NDArray[np.float64], features: NDArray[np.int64]) -> float:
    return float(ratios[features].mean()) if len(features) else float(ratios.min())
