"""Which rows an optimizer step reads: a pure function of seed, epoch and step.

Stands between the token shards and the objective. A source's tokens are cut into rows from a
start that differs every epoch, and the rows are read in an order that differs every epoch; every
epoch of a source reads every row of it once. Where there are several sources, ``draw.py`` says
which of them a row comes from, so that their shares hold at every moment; each has epochs of its
own, and no row lies in two. There is no cursor to save: a resumed run asks for its next step.
Costs one permutation an epoch (8 bytes a row) and one gather a step; no Python per token.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sslstudio.objectives.batch import Rows
from sslstudio.training.draw import Draw


class Sampler:
    """Cuts rows of ``window`` tokens, ``stride`` apart, out of a stream of token ids.

    Args:
        ids: the stream, any integer type, memory-mapped or not; the sources one after the other.
        window: tokens of a row.
        stride: tokens between the starts of neighbouring rows.
        rows_per_step: rows of one optimizer step.
        seed: of the run.
        bos: id that begins every document.
        source_tokens: tokens of each source, which make up ``ids``; none for one stream.
        shares: of each source among the rows, in all 1.
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
        source_tokens: Sequence[int] = (),
        shares: Sequence[float] = (),
    ) -> None:
        assert len(ids) >= window, "the corpus was checked to hold one row"
        self.ids = ids
        self.window = window
        self.rows_per_step = rows_per_step
        self.bos = bos
        self.rows_per_epoch = rows_in(len(ids), window, stride)
        tokens = tuple(source_tokens) if len(source_tokens) > 1 else (len(ids),)
        self.source_tokens = tokens
        assert sum(tokens) == len(ids)
        firsts = np.concatenate([[0], np.cumsum(tokens)])
        # one stream is walked as it was before there were sources, so that its runs go on
        names: list[tuple[int, ...]] = (
            [()] if len(tokens) == 1 else [(i + 1,) for i in range(len(tokens))]
        )
        self._walks = [
            _Walk(first, count, window, stride, seed, name)
            for first, count, name in zip(firsts.tolist(), tokens, names, strict=False)
        ]
        self._draw = Draw(shares) if len(tokens) > 1 else None

    def rows(self, step: int) -> Rows:
        """Return the rows of the ``step``-th update (counted from 0), ids [rows, window]."""
        numbers = step * self.rows_per_step + np.arange(self.rows_per_step)
        if self._draw is None:
            return cut_rows(self.ids, self._walks[0].starts(numbers), self.window, self.bos)
        sources, numbers = self._draw.sources(numbers)
        places_BW = np.empty((self.rows_per_step, self.window), dtype=np.int64)
        for source in np.unique(sources):
            inside = sources == source
            places_BW[inside] = self._walks[source].places(numbers[inside])
        return _gathered(self.ids, places_BW, self.bos)

    def epoch_at(self, step: int) -> float:
        """Return how many epochs are read after ``step`` updates.

        An epoch of several sources is as many rows as all of them hold together, whatever the
        shares; how often each source is read then, ``corpora/mixing.py`` says.
        """
        return step * self.rows_per_step / self.rows_per_epoch


class _Walk:
    """The order in which the rows of one source are read.

    A source shorter than one row is read round and round within it: ``<bos> … <eos> <bos> …``.

    Args:
        first: token at which the source begins.
        tokens: that it holds.
        window, stride: of rows.
        seed: of the run.
        name: tells sources apart, not 0, which a seed would not show.
    """

    def __init__(
        self, first: int, tokens: int, window: int, stride: int, seed: int, name: tuple[int, ...]
    ) -> None:
        self._first = first
        self._tokens = tokens
        self._window = window
        self._stride = stride
        self._seed = seed
        self._name = name
        self._rows = rows_in(tokens, window, stride)
        self._orders: dict[int, NDArray[np.int64]] = {}

    def starts(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the starts of the rows with these numbers, counted from the run's beginning."""
        starts = np.empty(len(numbers), dtype=np.int64)
        epochs, places = numbers // self._rows, numbers % self._rows
        for epoch in np.unique(epochs):
            inside = epochs == epoch
            starts[inside] = self._order(int(epoch))[places[inside]]
        return starts

    def places(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the places in the stream of all tokens of the rows [rows, window]."""
        within = self.starts(numbers)[:, None] + np.arange(self._window)
        return self._first + (within if self._tokens >= self._window else within % self._tokens)

    def _order(self, epoch: int) -> NDArray[np.int64]:
        """Return the starts of the rows of ``epoch`` in reading order; keeps the last two."""
        if epoch not in self._orders:
            rng = np.random.default_rng([self._seed, 1, epoch, *self._name])
            room = self._tokens - self._window - (self._rows - 1) * self._stride
            # what is read round has as many starts as tokens
            free = room + 1 if room >= 0 else self._tokens
            shift = int(rng.integers(0, min(self._stride, free)))
            while len(self._orders) >= 2:
                del self._orders[min(self._orders)]
            self._orders[epoch] = rng.permutation(self._rows) * self._stride + shift
        return self._orders[epoch]


def rows_in(tokens: int, window: int, stride: int) -> int:
    """Return how many rows an epoch of ``tokens`` has."""
    # a free start in [0, stride) must leave room for the last row, hence not one row more
    return max(1, (tokens - window) // stride)


def cut_rows(ids: NDArray[np.integer], starts: NDArray[np.int64], window: int, bos: int) -> Rows:
    """Return the rows of ``window`` ids that begin at ``starts``, with their document numbers."""
    return _gathered(ids, starts[:, None] + np.arange(window), bos)


def _gathered(ids: NDArray[np.integer], places_BW: NDArray[np.int64], bos: int) -> Rows:
    ids_BW = np.asarray(ids[places_BW], dtype=np.int64)
    documents_BW = np.cumsum(ids_BW == bos, axis=1)
    return Rows(ids_BW, documents_BW)
