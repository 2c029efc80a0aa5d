"""Leakage: what a model is to be examined on must not stand in what it reads.

Two tests, both over the plain form (``plain.py``): a run of 13 words that both have (Brown et al.
2020, appendix C), and a run of 50 characters (GPT-4's report). Of the held-out texts every run of
13 words and every 26th window of 25 bytes is kept, so that whatever shares 50 bytes shares a
window, from which the match is then measured in full. The other side passes by; a bit map answers
most of it. Costs about 40 ms a megabyte that passes by, and about 2.5 bytes of memory for a byte
that is held out.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from sslstudio.corpora.duplicates.plain import plain_words
from sslstudio.corpora.duplicates.shingles import rolling, word_hashes

WORDS = 13
CHARACTERS = 50
_WINDOW = 25
_STRIDE = CHARACTERS - _WINDOW + 1
_MAP_BITS = 24
_SHOWN_BYTES = 400


@dataclasses.dataclass(frozen=True, slots=True)
class Match:
    """A held-out text, by its number, and what of it was met, in plain form."""

    held_out: int
    excerpt: str


class Leakage:
    """Held-out texts first, with :meth:`add_held_out`; then :meth:`probe` whatever is read."""

    def __init__(self) -> None:
        self.held_out = 0
        self._plain: list[bytes] = []
        self._added: list[tuple[NDArray[np.uint64], int, NDArray[np.int64]]] = []
        self._keys: NDArray[np.uint64] | None = None

    def add_held_out(self, text: str) -> int:
        """Keep ``text``; returns its number, from 0."""
        words = plain_words(text)
        plain = b" ".join(words)
        number, self.held_out = self.held_out, self.held_out + 1
        self._plain.append(plain)
        if len(words) >= WORDS:
            grams = rolling(word_hashes(words), WORDS)
            ends = np.cumsum([len(word) + 1 for word in words])
            begins = np.r_[0, ends[: len(grams) - 1]]
            self._added.append((grams, number, -begins - 1))
        windows = _windows(plain)[::_STRIDE]
        self._added.append((windows, number, np.arange(len(windows)) * _STRIDE))
        self._keys = None
        return number

    def probe(self, text: str) -> tuple[Match, ...]:
        """Return the held-out texts of which ``text`` holds a part, each once."""
        keys = self._index()
        if not len(keys):
            return ()
        words = plain_words(text)
        plain = b" ".join(words)
        found: dict[int, Match] = {}
        if len(words) >= WORDS:
            for _, row in self._hits(rolling(word_hashes(words), WORDS)):
                number, begin = int(self._numbers[row]), -int(self._places[row]) - 1
                if begin >= 0 and number not in found:
                    words_here = self._plain[number][begin : begin + _SHOWN_BYTES].split(b" ")
                    found[number] = _match(number, b" ".join(words_here[:WORDS]))
        for place, row in self._hits(_windows(plain)):
            number, there = int(self._numbers[row]), int(self._places[row])
            if there >= 0 and number not in found:
                run = _common(plain, place, self._plain[number], there)
                if len(run.decode("utf-8", "replace")) >= CHARACTERS:
                    found[number] = _match(number, run)
        return tuple(found[number] for number in sorted(found))

    def _index(self) -> NDArray[np.uint64]:
        if self._keys is None:
            parts = self._added or [(np.empty(0, np.uint64), 0, np.empty(0, np.int64))]
            keys = np.concatenate([part[0] for part in parts])
            numbers = np.repeat([part[1] for part in parts], [len(part[0]) for part in parts])
            places = np.concatenate([part[2] for part in parts])
            order = np.argsort(keys, kind="stable")
            self._keys, self._numbers, self._places = keys[order], numbers[order], places[order]
            self._map = np.zeros(2**_MAP_BITS, dtype=bool)
            self._map[keys >> np.uint64(64 - _MAP_BITS)] = True
        return self._keys

    def _hits(self, probes: NDArray[np.uint64]) -> list[tuple[int, int]]:
        """Return (place among the probes, row of the index) of everything that is equal."""
        assert self._keys is not None
        likely = np.flatnonzero(self._map[probes >> np.uint64(64 - _MAP_BITS)])
        low = np.searchsorted(self._keys, probes[likely], "left")
        high = np.searchsorted(self._keys, probes[likely], "right")
        return [
            (int(place), row)
            for place, first, end in zip(likely, low, high, strict=True)
            for row in range(int(first), min(int(end), int(first) + 64))
        ]


def _windows(plain: bytes) -> NDArray[np.uint64]:
    """Return a number for every window of 25 bytes."""
    if len(plain) < _WINDOW:
        return np.empty(0, np.uint64)
    numbers = np.frombuffer(plain, np.uint8).astype(np.uint64) + np.uint64(1)
    factor = 0x100000001B3
    # windows of 2, 4, 8 and 16 bytes, each from two of half the length; then 16 + 8 + 1
    known = {1: numbers}
    for length in (2, 4, 8, 16):
        half = known[length // 2]
        known[length] = _joined(half, half, length // 2, factor)
    windows = _joined(_joined(known[16], known[8], 16, factor, 8), numbers, 24, factor, 1)
    windows ^= windows >> np.uint64(32)
    windows *= np.uint64(0x9E3779B97F4A7C15)
    windows ^= windows >> np.uint64(29)
    windows *= np.uint64(0xBF58476D1CE4E5B9)
    return windows ^ (windows >> np.uint64(32))


def _joined(
    left: NDArray[np.uint64],
    right: NDArray[np.uint64],
    offset: int,
    factor: int,
    right_length: int = 0,
) -> NDArray[np.uint64]:
    """Return the polynomial hashes of ``left`` windows, each followed by the ``right`` one."""
    right = right[offset:]
    power = np.uint64(pow(factor, right_length or offset, 2**64))
    return left[: len(right)] * power + right


def _common(first: bytes, at_first: int, second: bytes, at_second: int) -> bytes:
    """Return the longest run that both texts have around two equal places."""
    begin = 0
    while (
        begin < min(at_first, at_second)
        and begin < _SHOWN_BYTES
        and first[at_first - begin - 1] == second[at_second - begin - 1]
    ):
        begin += 1
    end = 0
    most = min(len(first) - at_first, len(second) - at_second, _SHOWN_BYTES)
    while end < most and first[at_first + end] == second[at_second + end]:
        end += 1
    return first[at_first - begin : at_first + end]


def _match(number: int, run: bytes) -> Match:
    return Match(number, run.decode("utf-8", "ignore").strip())
