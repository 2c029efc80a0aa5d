"""What would another size of vocabulary do to these texts? Tried on a sample, and remembered.

Beside the preparation, for the Tokens page. Vocabularies learn from five sixths of a sample of at
most 10 million characters (``text_sample``) and are measured on the rest. Of BPE and WordPiece the
largest is learned and the smaller ones are cut out of it, exactly those that learning them gives;
of Unigram each is learned. Costs, beside the sample, two seconds to learn and one a size to
measure (Unigram: two to seven a size, not cancelled within), and milliseconds once everything lies
in the cache. Nothing that a run is given comes from here: it learns on its training side.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import tokenizers

from sslstudio import __version__
from sslstudio.corpora.sources import Ticker
from sslstudio.corpora.text_sample import TextSample, sample_texts
from sslstudio.corpora.token_measures import measure
from sslstudio.corpora.tokenizer import Tokenizer
from sslstudio.errors import Cancelled, RecipeError
from sslstudio.recipe import CorpusSource, TokenizerOptions
from sslstudio.registry import find
from sslstudio.storage import UNREADABLE, cache_dir, write_atomically

SIZES = (512, 1024, 2048, 4096, 8192, 16_384, 32_768)
_LEARNS_NOTHING = ("bytes", "file")
_FORMAT = 2
Progress = Callable[[str, int, int, str], None]


@dataclasses.dataclass(frozen=True)
class SizeTried:
    """What a vocabulary of one size does to the texts.

    Attributes:
        asked, vocab_size: the size wished for, and what came of it: little text fills no large one.
        bytes_per_token, fertility, unused: on the measured part of the sample (``token_measures``).
        tokens: of all texts once mended, markers aside; estimated.
        learned_bytes, measured_bytes: UTF-8, what it was tried on.
        seconds: that learning and measuring took; one that is cut out of a larger takes only the
            second.
    """

    asked: int
    vocab_size: int
    bytes_per_token: float
    fertility: float
    unused: float
    tokens: int
    learned_bytes: int
    measured_bytes: int
    seconds: float


def try_sizes(
    sources: Sequence[CorpusSource],
    options: TokenizerOptions,
    *,
    sizes: Sequence[int] = SIZES,
    on_progress: Progress = lambda _stage, _done, _total, _unit: None,
    cancelled: Callable[[], bool] = lambda: False,
    on_result: Callable[[SizeTried], None] = lambda _tried: None,
) -> tuple[SizeTried, ...]:
    """Return what vocabularies of ``sizes`` do to the texts of ``sources``, by size.

    Args:
        sources: of a recipe; those of weight 0 are left out, other weights do not count.
        options: kind, normaliser and pre-tokeniser; ``vocab_size`` does not count.
        sizes: to try; for kinds without a choice of size one is tried.
        on_progress: (stage, done, total, unit).
        cancelled: asked between documents and between sizes.
        on_result: told each size as soon as it is known, the largest first.

    Raises:
        CorpusError: texts that cannot be read, or are blank.
        RecipeError: texts that this kind cannot learn from.
        StorageError: the cache cannot be written.
        Cancelled: ``cancelled()`` said so.
    """
    ticker = Ticker(on_progress)
    sample = sample_texts(sources, progress=ticker, cancelled=cancelled)
    if options.kind in _LEARNS_NOTHING:
        sizes = sizes[:1]
    trial = _Trial(sample, options, max(sizes, default=0))
    tried = []
    for number, size in enumerate(sorted(sizes, reverse=True)):
        ticker("trying sizes", number, len(sizes), "sizes")
        if cancelled():
            raise Cancelled
        tried.append(trial.tried(size))
        on_result(tried[-1])
    ticker("trying sizes", len(sizes), len(sizes), "sizes")
    return tuple(reversed(tried))


def vocabulary(
    sources: Sequence[CorpusSource],
    options: TokenizerOptions,
    which: int | str,
    *,
    on_progress: Progress = lambda _stage, _done, _total, _unit: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Tokenizer:
    """Return the vocabulary of one size, or of the kind "characters" or "bytes".

    Raises:
        CorpusError, RecipeError, StorageError, Cancelled: as :func:`try_sizes`.
    """
    if isinstance(which, str):
        wanted = dataclasses.replace(options, kind=which, file="")
    else:
        wanted = dataclasses.replace(options, vocab_size=which)
    if wanted.kind in _LEARNS_NOTHING:
        return Tokenizer.train((), wanted)
    sample = sample_texts(sources, progress=Ticker(on_progress), cancelled=cancelled)
    return _Trial(sample, wanted, max(SIZES[-1], wanted.vocab_size)).learned(wanted.vocab_size)


class _Trial:
    """The vocabularies of one kind that a sample gives, from the cache where they lie there.

    Args:
        sample: to learn from and to measure on.
        options: of the recipe.
        largest: the size that smaller ones are cut out of, where that can be done.
    """

    def __init__(self, sample: TextSample, options: TokenizerOptions, largest: int) -> None:
        self._sample = sample
        self._options = options
        self._largest = largest

    def tried(self, size: int) -> SizeTried:
        note = self._place(size, "measures")
        known = _noted(note)
        if known is not None:
            return known
        began = time.monotonic()
        tokenizer = self.learned(size)
        found = measure(tokenizer, self._sample.texts.measured)
        facts = self._sample.facts
        tried = SizeTried(
            asked=size,
            vocab_size=tokenizer.vocab_size,
            bytes_per_token=found.bytes_per_token,
            fertility=found.fertility,
            unused=found.unused,
            # not by bytes a token, which are of the normalised text
            tokens=round(facts.all_bytes * found.tokens / facts.measured_bytes),
            learned_bytes=facts.learned_bytes,
            measured_bytes=facts.measured_bytes,
            seconds=time.monotonic() - began,
        )
        write_atomically(note, json.dumps(dataclasses.asdict(tried)))
        return tried

    def learned(self, size: int) -> Tokenizer:
        if self._given is not None:
            return self._given
        place = self._place(size, "tokenizer")
        if place.is_file():
            with contextlib.suppress(RecipeError):  # a damaged cache costs learning once more
                return Tokenizer.load(place)
        kind: Any = find("vocabularies", self._options.kind).cls
        if size < self._largest and hasattr(kind, "smaller"):
            tokenizer = Tokenizer(kind.smaller(self._whole, size))
        else:
            options = dataclasses.replace(self._options, vocab_size=size)
            tokenizer = Tokenizer.train(self._sample.texts.learned, options)
        tokenizer.save(place)
        return tokenizer

    @functools.cached_property
    def _given(self) -> Tokenizer | None:
        """The vocabulary of a kind that learns nothing."""
        if self._options.kind not in _LEARNS_NOTHING:
            return None
        return Tokenizer.train((), self._options)

    @functools.cached_property
    def _whole(self) -> str:
        """The largest vocabulary's definition."""
        return self.learned(self._largest).to_json()

    def _place(self, size: int, what: str) -> Path:
        options = dataclasses.asdict(self._options) | {"vocab_size": size, "file": ""}
        given = "" if self._given is None else self._given.to_json()
        decisive = [_FORMAT, __version__, tokenizers.__version__, options, given]
        key = json.dumps([*decisive, self._sample.facts.digest], sort_keys=True)
        name = hashlib.sha256(key.encode()).hexdigest()[:32]
        return cache_dir() / "vocabularies" / f"{name}.{what}.json"


def _noted(path: Path) -> SizeTried | None:
    try:
        content: dict[str, Any] = json.loads(path.read_bytes())
        return SizeTried(**content)
    except (*UNREADABLE, TypeError):
        return None
