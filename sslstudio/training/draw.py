"""From which source every row of a run comes: shares that hold after every row, in closed form.

Beside the sampler. The sources are the leaves of a binary tree, and each fork sends every row to
its left or its right as a line is drawn on a grid (Bresenham): after k rows, exactly
⌊k·q + ½⌋ went left. So the source of row k, and how many rows that source gave before, follow
from k alone: no cursor, no table, some twenty operations a step. It is the largest deficit at
every fork. Knows nothing of tokens.

How far the rows of a source can be from its share: half a row at a fork, of which a child inherits
its own part, hence ½·(1 + p/p₁ + p/p₂ + …) over its ancestors p₁, p₂ … below the root
(:meth:`Draw.bound`). Up to four sources stand under two forks: half a row for two, below one row
for three and four. More are joined smallest first; then shares grow towards the root like
Fibonacci's numbers or faster, and the sum stays below 1.68 rows, whatever the shares.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

_SCALE_BITS = 32
_IN_PAIRS = 4


class Draw:
    """The sequence of sources.

    Args:
        shares: of each source, not negative, in all 1; a share of 0 is never drawn.
    """

    def __init__(self, shares: Sequence[float]) -> None:
        assert any(share > 0 for share in shares)
        self._tree = _tree(shares)

    def sources(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return for each row number its source, and how many rows that source gave before."""
        source = np.empty(len(rows), dtype=np.int64)
        earlier = np.empty(len(rows), dtype=np.int64)
        pending = [(self._tree, np.arange(len(rows)), np.asarray(rows, dtype=np.int64))]
        while pending:
            node, places, numbers = pending.pop()
            if isinstance(node.children, int):
                source[places], earlier[places] = node.children, numbers
                continue
            before = _taken(numbers, node.left_of_2_32)
            after = _taken(numbers + 1, node.left_of_2_32)
            is_left = after > before
            left, right = node.children
            pending.append((left, places[is_left], before[is_left]))
            pending.append((right, places[~is_left], (numbers - before)[~is_left]))
        return source, earlier

    def bound(self) -> float:
        """Return how many rows a source is from its share at most, at any moment."""
        return max(_bounds(self._tree, 0.0, is_root=True))


class _Node:
    """A source (``children`` is its number) or a fork of two."""

    def __init__(self, share: float, children: int | tuple[_Node, _Node]) -> None:
        self.share = share
        self.children = children
        if not isinstance(children, int):
            # even, so that the carry of _taken is a whole number
            self.left_of_2_32 = 2 * round(children[0].share / share * 2 ** (_SCALE_BITS - 1))


def _tree(shares: Sequence[float]) -> _Node:
    """Join up to four in pairs, and more by the two smallest again and again (Huffman)."""
    leaves = [_Node(share, i) for i, share in enumerate(shares) if share > 0]
    if len(leaves) <= _IN_PAIRS:
        while len(leaves) > 1:
            leaves = [*leaves[2:], _joined(*leaves[:2])]
        return leaves[0]
    heap = [(node.share, number, node) for number, node in enumerate(leaves)]
    heapq.heapify(heap)
    number = len(leaves)  # tells nodes of one share apart
    while len(heap) > 1:
        node = _joined(heapq.heappop(heap)[2], heapq.heappop(heap)[2])
        heapq.heappush(heap, (node.share, number, node))
        number += 1
    return heap[0][2]


def _joined(left: _Node, right: _Node) -> _Node:
    return _Node(left.share + right.share, (left, right))


def _taken(rows: NDArray[np.int64], left_of_2_32: int) -> NDArray[np.int64]:
    """Return ⌊rows · left/2³² + ½⌋ exactly, in whole numbers."""
    half = _SCALE_BITS - 1
    high, low = rows >> half, rows & (2**half - 1)
    product = low.astype(np.uint64) * np.uint64(left_of_2_32) + np.uint64(2**half)
    low_taken = (product >> np.uint64(_SCALE_BITS)).astype(np.int64)
    return np.asarray(high * (left_of_2_32 >> 1) + low_taken)


def _bounds(node: _Node, inherited: float, *, is_root: bool = False) -> Iterator[float]:
    own = 0.0 if is_root else 0.5 + inherited
    if isinstance(node.children, int):
        yield own
        return
    for child in node.children:
        yield from _bounds(child, own * child.share / node.share)
