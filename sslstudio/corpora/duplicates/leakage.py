"""Leakage: what a model is to be examined on must not stand in what it reads.

Two tests, both over the plain form (``plain.py``): a run of 13 words that both have (Brown et al.
2020, appendix C), and a run of 50 characters (GPT-4's report). Of the held-out texts every run of
13 words is kept, and every third window of 27 bytes; of the texts that pass by every eighth window
is looked up. As 3 and 8 have no common divisor, two texts that share 50 bytes share one of these
windows in the same place of the run, wherever it begins; the run is then measured in full. A held-
out text is reported when it is first met, and looked for no more, so that a notice that stands in
a thousand of them is dealt with a thousand times and not a million. Costs about 30 ms a megabyte
that passes by, and 12 bytes of memory for a byte that is held out, 40 while they are put in order.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sslstudio.corpora.duplicates.plain import plain
from sslstudio.corpora.duplicates.shingles import word_bounds
from sslstudio.corpora.duplicates.spans import numbers_in_parts

WORDS = 13
CHARACTERS = 50
_STRIDE, _PROBED_STRIDE = 3, 8
_WINDOW = CHARACTERS - _STRIDE * _PROBED_STRIDE + 1
_SHOWN_BYTES = 400
_MAP_BITS = (16, 32)  # least and most, as powers of two
_MAP_TIMES = 32  # of the keys: at most three probes in a hundred are looked for in vain
_BITS = 1 << np.arange(8, dtype=np.uint8)
_MOST_PLACES, _MOST_TEXTS = 8, 64  # that are looked at for one window of one text


@dataclasses.dataclass(frozen=True, slots=True)
class Match:
    """A held-out text, by its number, and what of it was met, in plain form."""

    held_out: int
    excerpt: str


@dataclasses.dataclass(frozen=True)
class _Rows:
    """What is known of held-out texts, ascending by key: text and place, −1 − place of words."""

    keys: NDArray[np.uint64]
    numbers: NDArray[np.int32]
    places: NDArray[np.int32]


class Leakage:
    """Held-out texts first, with :meth:`add_held_out`; then :meth:`probe` whatever is read.

    Attributes:
        held_out: how many texts are held out.
    """

    def __init__(self) -> None:
        self.held_out = 0
        self._plain: list[bytes] = []
        self._is_met = bytearray()
        self._added: list[_Rows] = []
        self._index: _Index | None = None

    def add_held_out(self, text: str) -> int:
        """Keep ``text``; returns its number, from 0."""
        number, self.held_out = self.held_out, self.held_out + 1
        data = plain(text)
        self._plain.append(data)
        self._is_met.append(False)
        for keys, places in _known(data):
            numbers = np.full(len(keys), number, np.int32)
            self._added.append(_Rows(keys, numbers, places.astype(np.int32)))
        self._index = None
        return number

    def probe(self, text: str) -> tuple[Match, ...]:
        """Return the held-out texts of which ``text`` holds a part and that no text did before."""
        if self._index is None:
            self._index = _Index(self._added)
            self._added = [self._index.rows]
        if not len(self._index.rows.keys):
            return ()
        data = plain(text)
        found: dict[int, Match] = {}
        begins, ends = _runs(data)
        for _, numbers in numbers_in_parts(data, begins, ends):
            for _, row in self._index.hits(numbers):
                self._meet_words(row, found)
        begins, ends = _windows(data, _PROBED_STRIDE)
        for before, numbers in numbers_in_parts(data, begins, ends):
            for place, row in self._index.hits(numbers):
                self._meet_window(data, int(begins[before + place]), row, found)
        return tuple(found[number] for number in sorted(found))

    def _meet_words(self, row: int, found: dict[int, Match]) -> None:
        assert self._index is not None
        for number, place in self._index.texts(row, self._is_met):
            if place < 0:
                run = self._plain[number][-place - 1 :][:_SHOWN_BYTES].split(b" ")[:WORDS]
                self._meet(number, b" ".join(run), found)

    def _meet_window(self, data: bytes, begin: int, row: int, found: dict[int, Match]) -> None:
        assert self._index is not None
        for number, place in self._index.texts(row, self._is_met)[:_MOST_TEXTS]:
            if place >= 0 and not self._is_met[number]:
                run = _common(data, begin, self._plain[number], place)
                # what is left of a character that was cut does not count
                if len(run.decode("utf-8", "ignore")) >= CHARACTERS:
                    self._meet(number, run, found)

    def _meet(self, number: int, run: bytes, found: dict[int, Match]) -> None:
        self._is_met[number] = True
        found.setdefault(number, Match(number, run.decode("utf-8", "ignore").strip()))


class _Index:
    """Finds rows by their keys."""

    def __init__(self, parts: list[_Rows]) -> None:
        keys = np.concatenate([np.empty(0, np.uint64), *(part.keys for part in parts)])
        order = np.argsort(keys, kind="stable")
        none = np.empty(0, np.int32)
        self.rows = _Rows(
            keys[order],
            np.concatenate([none, *(part.numbers for part in parts)])[order],
            np.concatenate([none, *(part.places for part in parts)])[order],
        )
        bits = int(np.clip((_MAP_TIMES * len(keys)).bit_length(), *_MAP_BITS))
        self._shift = np.uint64(64 - bits)
        self._map = np.zeros(2**bits // 8, np.uint8)
        places = (keys >> self._shift).astype(np.int64)
        np.bitwise_or.at(self._map, places >> 3, _BITS[places & 7])
        self._is_done = np.zeros(len(keys), dtype=bool)  # at the first row of a key

    def hits(self, probes: NDArray[np.uint64]) -> list[tuple[int, int]]:
        """Return (place among the probes, first row) of what is known and not done.

        Of one key only the first few places.
        """
        places = (probes >> self._shift).astype(np.int64)
        likely = np.flatnonzero(self._map[places >> 3] & _BITS[places & 7])
        if not len(likely):
            return []
        rows = np.searchsorted(self.rows.keys, probes[likely])
        rows = np.minimum(rows, len(self.rows.keys) - 1)
        is_hit = (self.rows.keys[rows] == probes[likely]) & ~self._is_done[rows]
        likely, rows = likely[is_hit], rows[is_hit]
        order = np.argsort(rows, kind="stable")
        likely, rows = likely[order], rows[order]
        is_few = np.ones(len(rows), dtype=bool)
        is_few[_MOST_PLACES:] = rows[_MOST_PLACES:] != rows[:-_MOST_PLACES]
        return list(zip(likely[is_few].tolist(), rows[is_few].tolist(), strict=True))

    def texts(self, row: int, is_met: bytearray) -> list[tuple[int, int]]:
        """Return (text, place) of the rows with the key of ``row`` whose texts are not met yet."""
        if self._is_done[row]:
            return []
        key = self.rows.keys[row]
        end = row + int(np.searchsorted(self.rows.keys[row:], key, "right"))
        numbers = self.rows.numbers[row:end]
        is_new = np.frombuffer(bytes(is_met), dtype=bool)[numbers] == 0
        self._is_done[row] = not is_new.any()
        places = self.rows.places[row:end][is_new]
        return list(zip(numbers[is_new].tolist(), places.tolist(), strict=True))


def _known(data: bytes) -> Iterator[tuple[NDArray[np.uint64], NDArray[np.int64]]]:
    """Yield (keys, places) of the runs of words, and of the windows, of a held-out text."""
    begins, ends = _runs(data)
    for before, numbers in numbers_in_parts(data, begins, ends):
        yield numbers, -1 - begins[before : before + len(numbers)]
    begins, ends = _windows(data, _STRIDE)
    for before, numbers in numbers_in_parts(data, begins, ends):
        yield numbers, begins[before : before + len(numbers)]


def _runs(data: bytes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the runs of 13 words begin and end."""
    begins, ends = word_bounds(data)
    return begins[: max(0, len(begins) - WORDS + 1)], ends[WORDS - 1 :]


def _windows(data: bytes, stride: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    begins = np.arange(0, max(0, len(data) - _WINDOW + 1), stride)
    return begins, begins + _WINDOW


def _common(first: bytes, at_first: int, second: bytes, at_second: int) -> bytes:
    """Return the run that both texts have around two equal places, of some 800 bytes at most."""
    before = min(at_first, at_second, _SHOWN_BYTES)
    a = np.frombuffer(first[at_first - before : at_first + _SHOWN_BYTES], np.uint8)
    b = np.frombuffer(second[at_second - before : at_second + _SHOWN_BYTES], np.uint8)
    length = min(len(a), len(b))
    differ = np.flatnonzero(a[:length] != b[:length])
    cut = int(np.searchsorted(differ, before))
    begin = int(differ[cut - 1]) + 1 if cut else 0
    end = int(differ[cut]) if cut < len(differ) else length
    return first[at_first - before + begin : at_first - before + end]
