"""Which blocks of a recipe's texts are a fair sample of them, in one reading.

Below ``text_sample``, which remembers it. Texts are taken in blocks of 20,000 characters, so that
one book and a million letters are sampled alike. Of all blocks those with the smallest hashes are
kept, 10 million characters of them, whatever the order of the files. Of more than 300 MB that much
is looked at: whole files in the order of their digests, each source by its size; of one huge file
the beginning. Blocks are then mended as their source asks for, each as if it were a document; what
takes out twins and repeated lines is not applied. Both sides of the split are sampled, since
nothing that is trained is judged by this.

Costs one reading of the texts, about 100 MB of JSON lines a second. Holds the sample and one
document.
"""

from __future__ import annotations

import dataclasses
import hashlib
import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence

import xxhash

from sslstudio.corpora.document import well_formed
from sslstudio.corpora.mended import with_mender
from sslstudio.corpora.reading import Skipped
from sslstudio.corpora.sources import SoundSource, Ticker, find_sources
from sslstudio.errors import CorpusError
from sslstudio.recipe import CorpusSource

SAMPLE_CHARACTERS = 10_000_000
LOOKED_AT_BYTES = 300_000_000
BLOCK_CHARACTERS = 20_000
MEASURED_SHARE = 1 / 6


@dataclasses.dataclass(frozen=True)
class SampleFacts:
    """What is known of a sample without its texts.

    Attributes:
        digest: SHA-256 of the texts.
        all_bytes: UTF-8 bytes of all texts once mended; estimated where the sample is a part.
        learned_bytes, measured_bytes: UTF-8 bytes of the two parts of the sample.
    """

    digest: str
    all_bytes: int
    learned_bytes: int
    measured_bytes: int


@dataclasses.dataclass(frozen=True)
class SampleTexts:
    """The texts: five blocks of six to learn from, the others to measure on.

    The same block is never in both, except that of a single block all of it serves twice.
    """

    learned: tuple[str, ...]
    measured: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True, order=True)
class _Block:
    """A block that may be kept; the largest hash comes first, for it is the first to go."""

    rank: int  # the hash, negative
    text: str = dataclasses.field(compare=False)
    size_bytes: int = dataclasses.field(compare=False)
    source: int = dataclasses.field(compare=False)


class _Smallest:
    """Keeps the blocks with the smallest hashes, up to so many characters of them."""

    def __init__(self) -> None:
        self._heap: list[_Block] = []
        self._characters = 0

    def offer(self, text: str, size_bytes: int, number: int, source: int) -> None:
        if self._characters >= SAMPLE_CHARACTERS and -number < self._heap[0].rank:
            return
        heapq.heappush(self._heap, _Block(-number, text, size_bytes, source))
        self._characters += len(text)
        while self._characters - len(self._heap[0].text) >= SAMPLE_CHARACTERS:
            self._characters -= len(heapq.heappop(self._heap).text)

    def blocks(self) -> list[_Block]:
        return sorted(self._heap, reverse=True)


def take_sample(
    sources: Sequence[CorpusSource], progress: Ticker, cancelled: Callable[[], bool]
) -> tuple[SampleFacts, SampleTexts]:
    """Read ``sources`` and return a sample; arguments and errors as ``text_sample`` says."""
    found = find_sources(sources, progress=progress, cancelled=cancelled)
    total = sum(sound.size_bytes for sound in found)
    share = min(1.0, LOOKED_AT_BYTES / max(1, total))
    kept, done, all_bytes = _Smallest(), 0, 0
    for number, sound in enumerate(found):
        read = size_bytes = 0
        for read, text in _looked_at(sound, share * sound.size_bytes, cancelled):
            if text:
                data = text.encode("utf-8", "surrogatepass")
                size_bytes += len(data)
                kept.offer(text, len(data), xxhash.xxh3_64_intdigest(data), number)
            progress("sampling the texts", done + read, round(total * share), "bytes")
        all_bytes += size_bytes * sound.size_bytes // max(1, read)
        done += round(sound.size_bytes * share)
    blocks = kept.blocks()
    mended = list(_mended(blocks, found))
    texts = _parted(mended)
    size = sum(block.size_bytes for block in blocks)
    left = sum(len(text.encode("utf-8")) for _, text in mended)
    return _facts(texts, all_bytes * left // max(1, size)), texts


def _looked_at(
    sound: SoundSource, most_bytes: float, cancelled: Callable[[], bool]
) -> Iterator[tuple[int, str]]:
    """Yield blocks with the bytes that were read up to their document's end, as far as allowed.

    The last pair holds an empty block and what was read in all.
    """
    order = sorted(range(len(sound.files)), key=lambda place: sound.digests[place])
    by_digest = dataclasses.replace(
        sound,
        files=tuple(sound.files[place] for place in order),
        stamps=tuple(sound.stamps[place] for place in order),
    )
    read = 0
    for before, document in by_digest.documents(cancelled, _ignore):
        read = before + document.offset
        if read >= most_bytes and read:
            yield read, ""
            return
        for first in range(0, len(document.text), BLOCK_CHARACTERS):
            yield read, document.text[first : first + BLOCK_CHARACTERS]
    yield sound.size_bytes, ""


def _mended(blocks: Iterable[_Block], found: Sequence[SoundSource]) -> Iterator[tuple[int, str]]:
    """Yield hash and text of what mending leaves of the blocks."""
    menders = [with_mender(sound).mender for sound in found]
    for block in blocks:
        mender, text = menders[block.source], well_formed(block.text)
        if mender is not None:
            mended = mender.mend(text)
            text = "" if mended.removed_by else mended.text
        if text.strip():
            yield -block.rank, text


def _parted(mended: Sequence[tuple[int, str]]) -> SampleTexts:
    """Part by a second hash, so that the same block is on one side however often it occurs.

    Raises:
        CorpusError: nothing is left.
    """
    if not mended:
        raise CorpusError("there is no text to try a vocabulary on: add some, or mend less")
    order = sorted({number for number, _ in mended}, key=_second_hash)
    measured = set(order[: max(1, round(len(order) * MEASURED_SHARE))])
    learned = set(order) - measured or measured
    return SampleTexts(
        tuple(text for number, text in mended if number in learned),
        tuple(text for number, text in mended if number in measured),
    )


def _second_hash(number: int) -> int:
    return xxhash.xxh3_64_intdigest(number.to_bytes(8, "big"), seed=1)


def _facts(texts: SampleTexts, all_bytes: int) -> SampleFacts:
    digest, sizes = hashlib.sha256(), []
    for part in (texts.learned, texts.measured):
        size = 0
        for text in part:
            data = text.encode("utf-8")
            size += len(data)
            digest.update(hashlib.sha256(data).digest())
        digest.update(b"|")
        sizes.append(size)
    return SampleFacts(digest.hexdigest(), all_bytes, *sizes)


def _ignore(_skipped: Skipped) -> None:
    """The report says what is skipped."""
