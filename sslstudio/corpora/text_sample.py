"""A sample of a recipe's texts, remembered: what vocabularies are tried on.

Beside the preparation. Which texts are in it, ``text_sampling`` says; here it is kept in the cache,
a few megabytes, under the names, sizes and times of change of the files and the options that shape
their text. Costs one reading the first time; after that, while no file has changed, one look at
each file's beginning and its time of change. Knows no vocabularies.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import time
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sslstudio import __version__
from sslstudio.corpora import text_sampling
from sslstudio.corpora.inspection import unreadable
from sslstudio.corpora.mended import shaping_versions
from sslstudio.corpora.reading import list_files
from sslstudio.corpora.sources import Ticker
from sslstudio.corpora.text_sampling import SampleFacts, SampleTexts, take_sample
from sslstudio.errors import CorpusError
from sslstudio.recipe import CorpusSource
from sslstudio.storage import UNREADABLE, cache_dir, write_atomically

_FORMAT = 1
_FRESH_SECONDS = 2.0
_SHAPELESS = frozenset({"path", "weight", "licence"})  # options that leave the text as it is


class TextSample:
    """A sample whose texts are fetched when they are first asked for.

    Attributes:
        facts: known at once.
    """

    def __init__(self, facts: SampleFacts, fetch: Callable[[], SampleTexts]) -> None:
        self.facts = facts
        self._fetch = fetch

    @functools.cached_property
    def texts(self) -> SampleTexts:
        """The texts.

        Raises:
            CorpusError: they had to be read again, and have changed.
        """
        return self._fetch()


def sample_texts(
    sources: Sequence[CorpusSource], *, progress: Ticker, cancelled: Callable[[], bool]
) -> TextSample:
    """Return a sample of ``sources``, from the cache where their files are as they were.

    Args:
        sources: of a recipe; those of weight 0 are left out, other weights do not count.
        progress: told of bytes.
        cancelled: asked once a document and while files are looked at.

    Raises:
        CorpusError: texts that cannot be read, or are blank.
        StorageError: there is no room for the sample in the cache.
        Cancelled: ``cancelled()`` said so.
    """
    place = _place(sources, progress, cancelled)
    known = _facts_in(place)
    if known is None:
        facts, texts = take_sample(sources, progress, cancelled)
        # else a file was changed meanwhile
        if place is not None and place == _place(sources, progress, cancelled):
            _store(place, facts, texts)
        return TextSample(facts, lambda: texts)

    def fetch() -> SampleTexts:
        stored = _texts_in(place)
        if stored is not None:
            return stored
        facts, texts = take_sample(sources, progress, cancelled)
        if facts.digest != known.digest:
            raise CorpusError(f"{sources[0].path} changed while it was read: try again")
        return texts

    return TextSample(known, fetch)


def _place(
    sources: Sequence[CorpusSource], progress: Ticker, cancelled: Callable[[], bool]
) -> Path | None:
    """Return where the sample of these very files lies; None where one was changed just now."""
    used = [source for source in sources if source.weight > 0]
    decisive = []
    for source in used:
        listed = list_files(
            source,
            cancelled=cancelled,
            on_progress=lambda done, total: progress("building the sample", done, total, "bytes"),
        )
        options = {k: v for k, v in dataclasses.asdict(source).items() if k not in _SHAPELESS}
        decisive.append((options, [_stamp(path) for path in listed.files]))
    newest = max((changed for _, files in decisive for _, _, changed in files), default=0)
    # a file changed within the clock's grain could change again and keep its stamp
    if time.time() - newest / 1e9 < _FRESH_SECONDS:
        return None
    limits = (
        text_sampling.SAMPLE_CHARACTERS,
        text_sampling.LOOKED_AT_BYTES,
        text_sampling.BLOCK_CHARACTERS,
        text_sampling.MEASURED_SHARE,
    )
    key = json.dumps([_FORMAT, __version__, shaping_versions(used), limits, decisive])
    return cache_dir() / "vocabularies" / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.sample"


def _stamp(path: Path) -> tuple[str, int, int]:
    try:
        stat = path.stat()
    except OSError as error:
        raise CorpusError(unreadable(path, error)) from error
    return str(path.absolute()), stat.st_size, stat.st_mtime_ns


def _store(place: Path, facts: SampleFacts, texts: SampleTexts) -> None:
    """Write a line of facts, and the texts, compressed, behind it."""
    head = json.dumps(dataclasses.asdict(facts)).encode() + b"\n"
    body = json.dumps(dataclasses.asdict(texts)).encode()
    write_atomically(place, head + zlib.compress(body, 1))


def _facts_in(place: Path | None) -> SampleFacts | None:
    try:
        if place is None:
            return None
        with place.open("rb") as file:
            content: dict[str, Any] = json.loads(file.readline())
        return SampleFacts(**content)
    except (*UNREADABLE, TypeError):
        return None


def _texts_in(place: Path | None) -> SampleTexts | None:
    try:
        if place is None:
            return None
        _head, _, body = place.read_bytes().partition(b"\n")
        content = json.loads(zlib.decompress(body))
        return SampleTexts(tuple(content["learned"]), tuple(content["measured"]))
    except (*UNREADABLE, TypeError, KeyError, zlib.error):
        return None
