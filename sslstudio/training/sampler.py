"""Which rows an optimizer step reads: a pure function of seed, epoch and step.

Stands between the token shards and the objective. The stream of tokens is cut into rows from a
start that differs every epoch, and the rows are read in an order that differs every epoch; every
epoch reads every row once. There is no cursor to save: a resumed run asks for its next step.
Costs one permutation an epoch (8 bytes a row) and one gather a step; no Python per token.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sslstudio.objectives.batch import Rows


class Sampler:
    """Cuts rows of ``window`` tokens, ``stride`` apart, out of a stream of token ids.

    Args:
        ids: the stream, any integer type, memory-mapped or not.
        window: tokens of a row.
        stride: tokens between the starts of neighbouring rows.
        rows_per_step: rows of one optimizer step.
        seed: of the run.
        bos: id that begins every document.
    """

    def __init__(
        self,
        ids: NDArray[np.integer],
        *,
        window: int,
        stride: int,
        rows_per_step: int,
        seed: int,
        bos: int,
    ) -> None:
        assert len(ids) >= window, "the corpus was checked to hold one row"
        self.ids = ids
        self.window = window
        self.stride = stride
        self.rows_per_step = rows_per_step
        self.seed = seed
        self.bos = bos
        # a free start in [0, stride) must leave room for the last row, hence not one row more
        self.rows_per_epoch = max(1, (len(ids) - window) // stride)
        self._orders: dict[int, NDArray[np.int64]] = {}

    def rows(self, step: int) -> Rows:
        """Return the rows of the ``step``-th update (counted from 0), ids [rows, window]."""
        numbers = step * self.rows_per_step + np.arange(self.rows_per_step)
        starts = np.empty(self.rows_per_step, dtype=np.int64)
        epochs, places = numbers // self.rows_per_epoch, numbers % self.rows_per_epoch
        for epoch in np.unique(epochs):
            inside = epochs == epoch
            starts[inside] = self._starts(int(epoch))[places[inside]]
        return cut_rows(self.ids, starts, self.window, self.bos)

    def epoch_at(self, step: int) -> float:
        """Return how many epochs are read after ``step`` updates."""
        return step * self.rows_per_step / self.rows_per_epoch

    def _starts(self, epoch: int) -> NDArray[np.int64]:
        """Return the starts of the rows of ``epoch`` in reading order; keeps the last two."""
        if epoch not in self._orders:
            rng = np.random.default_rng([self.seed, 1, epoch])
            room = len(self.ids) - self.window - (self.rows_per_epoch - 1) * self.stride
            shift = int(rng.integers(0, min(self.stride, room + 1)))
            while len(self._orders) >= 2:
                del self._orders[min(self._orders)]
            self._orders[epoch] = rng.permutation(self.rows_per_epoch) * self.stride + shift
        return self._orders[epoch]


def cut_rows(ids: NDArray[np.integer], starts: NDArray[np.int64], window: int, bos: int) -> Rows:
    """Return the rows of ``window`` ids that begin at ``starts``, with their document numbers."""
    ids_BW = np.asarray(ids[starts[:, None] + np.arange(window)], dtype=np.int64)
    documents_BW = np.cumsum(ids_BW == bos, axis=1)
    return Rows(ids_BW, documents_BW)
