"""Which documents are copies of others, over all sources in order.

Beside the survey, which hands every text on once; nothing is read twice for it. Exact: of texts of
one plain form the first stays. Near: of a cluster the longest. Twins: a document kept apart for
validation that is nearly one on the training side is left out of both, so that nothing leaks, no
training text is lost and old documents stay on their sides. Whichever goes is noted with the
document that it repeats. Signatures lie in a file of 448 bytes
a document while they are compared. What is alike, ``duplicates/`` knows.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from sslstudio.corpora.duplicates.clusters import clusters, kept
from sslstudio.corpora.duplicates.minhash import DEFAULT_BANDS, Signer, estimate
from sslstudio.corpora.duplicates.plain import exact_key
from sslstudio.corpora.duplicates.twins import Twins
from sslstudio.corpora.mended import MendedSource
from sslstudio.corpora.mending.outcome import EXACT_DUPLICATE, NEAR_DUPLICATE, TWIN
from sslstudio.corpora.parts import NO_SPLIT, Corpus
from sslstudio.corpora.sources import Ticker
from sslstudio.corpora.split import SCALE, Key, is_validation
from sslstudio.corpora.survey import Survey
from sslstudio.errors import Cancelled
from sslstudio.storage import storage_guard

COMPARING = "comparing documents"
_AT_ONCE = 512


class Copies:
    """Gathers keys and signatures of all texts that mending leaves, and says which are copies.

    A context manager; its file goes at the end.

    Args:
        folder: where the signatures may lie meanwhile.
        near: whether near duplicates are wanted, or only exact ones.
    """

    def __init__(self, folder: Path, *, near: bool) -> None:
        self._path = folder / "signatures"
        self._near = near
        self._keys = array("Q")
        self._signer = Signer()

    def __enter__(self) -> Copies:
        """Create the file."""
        with storage_guard(self._path):
            self._file = self._path.open("w+b")
        return self

    def add(self, text: str) -> None:
        """Take the next text."""
        self._keys.append(exact_key(text))
        if self._near:
            with storage_guard(self._path):
                self._file.write(self._signer.signature(text).tobytes())

    def taken_out(self, found: Survey, progress: Ticker, cancelled: Callable[[], bool]) -> Survey:
        """Return ``found`` without copies; its documents that stay are those that were added."""
        places = np.flatnonzero(found.kept)
        keys = np.frombuffer(self._keys, dtype=np.uint64)
        firsts = _first_of_equals(keys)
        is_copy = firsts != np.arange(len(keys))
        found = found.without(places[is_copy], EXACT_DUPLICATE, places[firsts[is_copy]])
        if not self._near:
            return found
        done = 0

        def look() -> None:
            nonlocal done
            progress(COMPARING, done, DEFAULT_BANDS.bands, "bands")
            done += 1
            if cancelled():
                raise Cancelled

        lengths = np.where(is_copy, -1, found.characters[places])  # a copy never represents
        labels = clusters(self._signatures(), keys, cancelled=look)
        stays = kept(labels, lengths, keys)
        progress(COMPARING, DEFAULT_BANDS.bands, DEFAULT_BANDS.bands, "bands")
        representatives = np.zeros(len(labels), dtype=np.int64)
        representatives[labels[stays]] = places[stays]
        return found.without(places[~stays], NEAR_DUPLICATE, representatives[labels[~stays]])

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove the file."""
        self._file.close()
        self._path.unlink(missing_ok=True)

    def _signatures(self) -> NDArray[np.uint32]:
        with storage_guard(self._path):
            self._file.flush()
        shape = (len(self._keys), DEFAULT_BANDS.size)
        if not shape[0]:
            return np.empty(shape, np.uint32)
        return np.memmap(self._path, dtype=np.uint32, mode="r", shape=shape)


def _first_of_equals(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return for every key where it stands first."""
    order = np.argsort(keys, kind="stable")
    is_new = np.ones(len(keys), dtype=bool)
    is_new[1:] = keys[order[1:]] != keys[order[:-1]]
    firsts = np.empty(len(keys), dtype=np.int64)
    firsts[order] = order[is_new][np.cumsum(is_new) - 1]
    return firsts


class HeldOut:
    """The texts that would be kept apart for validation, and which of them have twins.

    Costs 2 ms a megabyte of all text while they are gathered, and 700 bytes of memory each.

    Args:
        fraction: of the validation.
    """

    def __init__(self, fraction: float) -> None:
        self._fraction = fraction
        self._signer = Signer()
        self._signatures = bytearray()

    def add(self, text: str, key: Key) -> None:
        """Take the next text that mending leaves."""
        if is_validation(key.side, self._fraction):
            self._signatures += self._signer.signature(text).tobytes()

    def taken_out(
        self,
        sources: Sequence[MendedSource],
        added: NDArray[np.bool_],
        found: Survey,
        progress: Ticker,
        cancelled: Callable[[], bool],
    ) -> Survey:
        """Return ``found`` without held-out texts that nearly stand on the training side.

        Costs another pass over the text, about 25 ms a megabyte beside its mending.

        Args:
            sources: as they were surveyed.
            added: for each document that was read, whether it was added.
            found: what is left of them.
            progress, cancelled: as ever.

        Raises:
            CorpusError: a source changed meanwhile.
            Cancelled: ``cancelled()`` said so.
        """
        held_out = held_out_of(found, self._fraction)
        if not (held_out & found.kept).any():
            return found
        shape = (-1, DEFAULT_BANDS.size)
        signatures = np.frombuffer(self._signatures, dtype=np.uint32).reshape(shape)
        places = np.flatnonzero(held_out & added)
        still = found.kept[places]
        twins = _Pairs(signatures[still])
        training = found.without(np.flatnonzero(held_out), TWIN)
        total, done = int(training.characters[training.kept].sum()), 0
        for place, text in texts_of(sources, training, cancelled):
            twins.add(place, self._signer.signature(text))
            done += len(text)
            progress(COMPARING, done, total, "characters")
        twins.end()
        is_twin = twins.like >= 0
        return found.without(places[still][is_twin], TWIN, twins.like[is_twin])


class _Pairs:
    """Finds for every held-out text which training text it is like.

    Attributes:
        like: place of that training text, -1 where there is none.
    """

    def __init__(self, held_out: NDArray[np.uint32]) -> None:
        self._held_out = held_out
        self._twins = Twins(held_out)
        self._waiting: list[NDArray[np.uint32]] = []
        self._places: list[int] = []
        self.like = np.full(len(held_out), -1, dtype=np.int64)

    def add(self, place: int, signature: NDArray[np.uint32]) -> None:
        self._waiting.append(signature)
        self._places.append(place)
        if len(self._waiting) == _AT_ONCE:
            self.end()

    def end(self) -> None:
        """Look up what waits."""
        if not self._waiting:
            return
        training = np.stack(self._waiting)
        self._twins.probe(training)
        for new in np.flatnonzero(self._twins.is_twin & (self.like < 0)).tolist():
            nearest = int(np.argmax(estimate(training, self._held_out[new])))
            self.like[new] = self._places[nearest]
        self._waiting.clear()
        self._places.clear()


def held_out_of(found: Survey, fraction: float) -> NDArray[np.bool_]:
    """Return for each document that was read whether its key keeps it apart."""
    return np.asarray(found.sides.astype(np.float64) / SCALE < fraction)


def texts_of(
    sources: Sequence[MendedSource], found: Survey, cancelled: Callable[[], bool]
) -> Iterator[tuple[int, str]]:
    """Yield the texts that stay, in order, each with its place.

    Raises:
        CorpusError: a source changed since it was surveyed.
        Cancelled: ``cancelled()`` said so.
    """
    whole = Corpus(sources, found, NO_SPLIT, 0.0)
    for number in range(len(sources)):
        for place, text, _ in whole.parts(number, cancelled):
            yield place, text
