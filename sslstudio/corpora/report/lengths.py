"""How long documents are: quantiles, and a histogram on a logarithmic scale.

Cheap measures over the whole corpus: 8 bytes a document while it is read. The histogram of the
report has the shape of the overview's.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

BINS = 24
_SPACES = np.isin(np.arange(256), [*range(9, 14), *range(28, 33)])  # what str.split takes for one
_SMALL_CHARACTERS = 400


def word_count(text: str) -> int:
    """Return ``len(text.split())``; four times as fast where the text is long and ASCII."""
    if len(text) < _SMALL_CHARACTERS or not text.isascii():
        return len(text.split())
    is_space = _SPACES[np.frombuffer(text.encode("ascii"), dtype=np.uint8)]
    begins = is_space[:-1] & ~is_space[1:]
    return int(np.count_nonzero(begins)) + int(not is_space[0])


def quantiles(lengths: NDArray[Any]) -> dict[str, float]:
    """Return p5, p50, p95 and max."""
    p5, p50, p95 = np.quantile(lengths, (0.05, 0.5, 0.95)).tolist()
    return {"p5": p5, "p50": p50, "p95": p95, "max": float(lengths.max())}


def histogram(lengths: NDArray[Any]) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Return the edges, one more than there are counts, and the counts."""
    low, high = int(lengths.min()), int(lengths.max())
    edges = np.geomspace(low, max(high, low + 1), BINS + 1)
    edges[0], edges[-1] = low, max(high, low + 1)  # geomspace may miss its ends by a rounding
    counts, _ = np.histogram(lengths, edges)
    return tuple(edges.tolist()), tuple(counts.tolist())
