"""How varied the words of a sample are: distinct n-grams, MATTR, Heaps, Zipf, compression.

Measures on the sample of fixed size, because all of them depend on how much text there is; the
formulas are those of reference 2.7. Everything is computed on arrays of word numbers
(:class:`~sslstudio.corpora.report.words.WordTable`): about 1 s for 5 MB.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from sslstudio.corpora.report.words import WordTable

MATTR_WINDOW = 500
HEAPS_FROM = 1000
ZIPF_FROM, ZIPF_TO = 10, 10_000
_POINTS = 100
_FEWEST_POINTS = 5


def distinct(table: WordTable, most: int = 4) -> dict[int, float]:
    """Return unique n-grams / n-grams for n = 1..``most``; n-grams do not span two texts.

    Source: Li et al. 2016, 1510.03055, section 5.
    """
    shares: dict[int, float] = {}
    owners = table.owners
    numbers = table.ids.astype(np.int64)
    for n in range(1, most + 1):
        if n > 1:
            if len(numbers) < 2:
                break
            # the n-gram from i is the (n-1)-gram from i and the word at its end, numbered anew
            numbers = numbers[:-1] * (len(table.vocabulary) + 1) + table.ids[n - 1 :]
        whole = owners[: len(numbers)] == owners[n - 1 :]
        if not whole.any():
            break
        _, numbers = np.unique(numbers, return_inverse=True)
        shares[n] = len(np.unique(numbers[whole])) / int(whole.sum())
    return shares


def mattr(ids: NDArray[np.int32], window: int = MATTR_WINDOW) -> float | None:
    """Return the moving-average type-token ratio; None where there are fewer words than one window.

    The mean over all windows of different words / ``window``. A word counts in a window where it
    is its first occurrence there, so every position adds the number of windows that begin after
    its previous occurrence: linear, without a moving table.

    Source: Covington and McFall 2010.
    """
    count = len(ids)
    if count < window or count == 0:
        return None
    at = np.arange(count)
    first_window = np.maximum(previous_occurrence(ids) + 1, np.maximum(at - window + 1, 0))
    last_window = np.minimum(at, count - window)
    first_times = np.maximum(last_window - first_window + 1, 0).sum()
    return float(first_times / (window * (count - window + 1)))


def previous_occurrence(ids: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return where each word stood the last time before, -1 for the first time."""
    order = np.argsort(ids, kind="stable")
    before = np.full(len(ids), -1, dtype=np.int64)
    same = ids[order[1:]] == ids[order[:-1]]
    before[order[1:][same]] = order[:-1][same]
    return before


def heaps(ids: NDArray[np.int32]) -> dict[str, float]:
    """Return k, beta and r2 of V(n) = k·n^beta; empty where there are too few words.

    Least squares on the logarithms, at points equal on that scale from n = 1,000 on.
    """
    if len(ids) <= HEAPS_FROM:
        return {}
    vocabulary = np.cumsum(previous_occurrence(ids) < 0)
    at = np.unique(np.geomspace(HEAPS_FROM, len(ids), _POINTS).astype(np.int64))
    if len(at) < _FEWEST_POINTS:
        return {}
    slope, intercept, r2 = _line(np.log(at), np.log(vocabulary[at - 1]))
    return {"k": float(np.exp(intercept)), "beta": slope, "r2": r2}


def zipf(counts: NDArray[np.int64]) -> float | None:
    """Return s of frequency ~ rank^-s over ranks 10 to 10,000; None with fewer than 100 words.

    Least squares on the logarithms, at ranks equal on that scale.
    """
    ranked = np.sort(counts[counts > 0])[::-1]
    last = min(ZIPF_TO, len(ranked))
    if last < 10 * ZIPF_FROM:
        return None
    ranks = np.unique(np.geomspace(ZIPF_FROM, last, _POINTS).astype(np.int64))
    slope, _, _ = _line(np.log(ranks), np.log(ranked[ranks - 1]))
    return -slope


def compression_ratio(parts: Iterable[bytes]) -> float | None:
    """Return bytes / bytes after zlib's level 9; higher is more redundant. None without text."""
    raw = compressed = 0
    deflate = zlib.compressobj(9)
    for part in parts:
        raw += len(part)
        compressed += len(deflate.compress(part))
    compressed += len(deflate.flush())
    return raw / compressed if raw else None


def entropy(parts: Iterable[bytes]) -> float | None:
    """Return the entropy of single bytes, in bits, from 0 to 8. None without text.

    Source: Shannon 1948, section 6.
    """
    counts = np.zeros(256, dtype=np.int64)
    for part in parts:
        counts += np.bincount(np.frombuffer(part, dtype=np.uint8), minlength=256)
    total = int(counts.sum())
    if not total:
        return None
    shares = counts[counts > 0] / total
    return float(-(shares * np.log2(shares)).sum())


def _line(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return slope, intercept and R² of the line of least squares."""
    slope, intercept = np.polyfit(x, y, 1)
    spread = float(((y - y.mean()) ** 2).sum())
    rest = float(((y - slope * x - intercept) ** 2).sum())
    return float(slope), float(intercept), 1.0 - rest / spread if spread else 1.0
