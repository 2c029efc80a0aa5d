"""The fixed-size random sample on which the dearer measures stand: passages with small hashes.

Between the documents and the measures of diversity, language, topics and distance. Every document
is cut into passages of at most 8,000 characters, at blank lines, lines or words; the sample is the
passages with the smallest hashes that fit into its size. So it depends on nothing but the text: not
on the order of the files, and a document that is added changes only its share. Passages that are
equal count once. Costs 2 ms a megabyte, and the memory of the sample.
"""

from __future__ import annotations

import dataclasses
import heapq
from collections.abc import Iterator

import xxhash

SAMPLE_BYTES = 5_000_000
PASSAGE_CHARACTERS = 8000
_ANY = 2**64


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class Passage:
    """A piece of a document.

    Attributes:
        key: hash of its text, 64 bits.
        source, document: numbers, as in ``facts.Example``.
        start: first character in the document.
        title: of the document.
    """

    key: int
    source: int
    document: int
    start: int
    title: str
    text: str
    size_bytes: int


class PassageSample:
    """The passages with the smallest hashes, up to ``limit_bytes`` together."""

    def __init__(self, limit_bytes: int = SAMPLE_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._size_bytes = 0
        self._heap: list[tuple[int, Passage]] = []  # largest hash first
        self._keys: set[int] = set()

    @property
    def below(self) -> int:
        """A passage is only taken where its hash is smaller."""
        is_full = self._size_bytes >= self._limit_bytes
        return -self._heap[0][0] if is_full else _ANY

    def add(self, passage: Passage) -> None:
        """Take ``passage`` into the sample where its hash is small enough."""
        if passage.key in self._keys or passage.key >= self.below:
            return
        self._keys.add(passage.key)
        self._size_bytes += passage.size_bytes
        heapq.heappush(self._heap, (-passage.key, passage))
        while self._size_bytes - self._heap[0][1].size_bytes >= self._limit_bytes:
            _, largest = heapq.heappop(self._heap)
            self._keys.discard(largest.key)
            self._size_bytes -= largest.size_bytes

    def passages(self) -> list[Passage]:
        """Return the sample in the order of the hashes, which is a random one."""
        return sorted(passage for _, passage in self._heap)


def passages_of(
    text: str,
    source: int,
    document: int,
    title: str,
    *,
    most_characters: int = PASSAGE_CHARACTERS,
    below: int = _ANY,
) -> Iterator[Passage]:
    """Yield the passages of one document with a hash under ``below``; blank ones are left out."""
    start = 0
    while start < len(text):
        end = _cut(text, start, most_characters)
        piece = text[start:end]
        content = piece.encode("utf-8", "surrogatepass")
        key = xxhash.xxh3_64_intdigest(content)
        if key < below and not piece.isspace():
            yield Passage(key, source, document, start, title, piece, len(content))
        start = end


def _cut(text: str, start: int, most: int) -> int:
    end = start + most
    if end >= len(text):
        return len(text)
    for mark in ("\n\n", "\n", " "):
        place = text.rfind(mark, start + most // 4, end)
        if place > 0:
            return place + len(mark)
    return end
