"""The words of a document as arrays, cut once and shared by all rules that count words.

A word is what stands between white space, as in the paper of Gopher. Its hash is a polynomial in
its characters, each first replaced by 64 random bits, modulo 2^64: equal words have equal hashes,
and two different words of a text share one with a chance of about words²/2^65. Costs ten passes of
numpy over the characters, about 20 ns a character. Knows no language.
"""

from __future__ import annotations

import dataclasses
import functools
import unicodedata
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_PLAIN, _LETTER, _SPACE = 1, 2, 4
_TABLE_SIZE = 0x30001
"""Beyond the tables lie ideographs and private characters alone; all stand for letters."""
_BLOCK = 2**18
_BASE = 0x9E3779B97F4A7C15


@dataclasses.dataclass(frozen=True)
class Words:
    """Counts over all words, and two numbers for each.

    Attributes:
        count: of all words.
        plain: of the words that are more than punctuation and symbols.
        plain_characters: letters, marks and figures in those.
        alphabetic: of the words with at least one letter.
        lengths: [words] in characters.
        hashes: [words] equal for equal words.
    """

    count: int
    plain: int
    plain_characters: int
    alphabetic: int
    lengths: NDArray[np.int64]
    hashes: NDArray[np.uint64]


def words_of(text: str) -> Words:
    """Return the words of ``text``, which may be any Unicode.

    A word of more than 262,144 characters counts as several, so that memory stays bounded.
    """
    if len(text) <= _BLOCK:
        return _words_of_block(text)
    blocks = [_words_of_block(block) for block in _blocks(text)]
    return Words(
        count=sum(block.count for block in blocks),
        plain=sum(block.plain for block in blocks),
        plain_characters=sum(block.plain_characters for block in blocks),
        alphabetic=sum(block.alphabetic for block in blocks),
        lengths=np.concatenate([block.lengths for block in blocks]),
        hashes=np.concatenate([block.hashes for block in blocks]),
    )


def _blocks(text: str) -> Iterator[str]:
    """Cut ``text`` into blocks of at most 262,144 characters, between words where it can."""
    start = 0
    while start < len(text):
        end = start + _BLOCK
        if end < len(text):
            space = max(text.rfind(" ", start + 1, end), text.rfind("\n", start + 1, end))
            end = space if space > 0 else end
        yield text[start:end]
        start = end


def _words_of_block(text: str) -> Words:
    """Return the words of a short text; holds about 40 bytes a character meanwhile."""
    codes = _codes(text)
    kinds = _kinds().take(codes)
    is_space = kinds == _SPACE
    edges = np.flatnonzero(is_space[1:] != is_space[:-1]) + 1
    starts, ends = _bounds(edges, is_space)
    if not len(starts):
        empty = np.zeros(0, dtype=np.int64)
        return Words(0, 0, 0, 0, empty, empty.astype(np.uint64))
    # the spaces behind a word are summed with it: they must be of no kind, and weigh nothing
    kinds[is_space] = 0
    of_word = np.bitwise_or.reduceat(kinds, starts)
    weights, inverses = _weights()
    values = _mixed().take(codes)
    values *= weights[: len(values)]
    return Words(
        count=len(starts),
        plain=int(np.count_nonzero(of_word)),
        plain_characters=int(np.count_nonzero(kinds)),
        alphabetic=int(np.count_nonzero(of_word & _LETTER)),
        lengths=ends - starts,
        hashes=np.add.reduceat(values, starts) * inverses.take(starts),
    )


def _bounds(edges: Ints, is_space: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Return where words begin and end, from where spaces begin and end."""
    if len(is_space) and not is_space[0]:
        edges = np.concatenate(([0], edges))
    if len(edges) % 2:
        edges = np.concatenate((edges, [len(is_space)]))
    return edges[0::2], edges[1::2]


def _codes(text: str) -> NDArray[np.integer]:
    """[characters] code points, those beyond the tables as the last entry."""
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return np.minimum(codes, _TABLE_SIZE - 1)


@functools.cache
def _kinds() -> NDArray[np.uint8]:
    """[code points] whether one is space, or more than punctuation, or a letter."""
    return np.array([_kind(chr(code)) for code in range(_TABLE_SIZE)], dtype=np.uint8)


def _kind(character: str) -> int:
    if character.isspace():
        return _SPACE
    if character.isalpha():
        return _PLAIN | _LETTER
    return _PLAIN if unicodedata.category(character)[0] in "LMN" else 0


@functools.cache
def _mixed() -> NDArray[np.uint64]:
    """[code points] a number of 64 bits each, drawn once and for all; spaces weigh nothing."""
    generator = np.random.Generator(np.random.PCG64(0x5EED))
    mixed = generator.integers(1, 2**64, size=_TABLE_SIZE, dtype=np.uint64)
    mixed[_kinds() == _SPACE] = 0
    return mixed


@functools.cache
def _weights() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """[places] the powers of an odd number modulo 2^64, and their inverses."""
    powers = np.full(_BLOCK, _BASE, dtype=np.uint64)
    inverses = np.full(_BLOCK, pow(_BASE, -1, 2**64), dtype=np.uint64)
    for values in (powers, inverses):
        values[0] = 1
        np.multiply.accumulate(values, out=values)
    return powers, inverses
