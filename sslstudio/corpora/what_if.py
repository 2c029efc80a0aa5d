"""What would another size of vocabulary do to these texts? Tried on a sample, and remembered.

Beside the preparation, for the Tokens page. Of the texts a sample of at most 10 MB is taken, in
blocks of 20,000 characters chosen by their hash, so that one book and a million letters are sampled
alike; of texts above 300 MB only the beginning is looked at. Vocabularies learn from five blocks of
six and are measured on the others. For BPE the largest is learned and the smaller ones are cut
out of it: a pair that is merged early is merged early whatever the size. Costs about three
seconds for all sizes of BPE, and milliseconds once they lie in the cache.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import tokenizers
import xxhash

from sslstudio.corpora import special_tokens as special
from sslstudio.corpora.reading import Skipped, list_files, read_documents
from sslstudio.corpora.token_measures import measure
from sslstudio.corpora.tokenizer import Tokenizer
from sslstudio.errors import Cancelled, CorpusError
from sslstudio.recipe import CorpusSource, TokenizerOptions
from sslstudio.storage import UNREADABLE, cache_dir, write_atomically

SIZES = (512, 1024, 2048, 4096, 8192, 16_384, 32_768)
_SAMPLE_CHARACTERS = 10_000_000
_LOOKED_AT_CHARACTERS = 300_000_000
_BLOCK_CHARACTERS = 20_000
_MEASURED_SHARE = 1 / 6
_FORMAT = 1
Progress = Callable[[str, int, int, str], None]


@dataclasses.dataclass(frozen=True)
class SizeTried:
    """What a vocabulary of one size does to the texts.

    Attributes:
        asked, vocab_size: the size wished for, and what came of it: little text fills no large one.
        bytes_per_token, fertility, unused: on the measured part of the sample (``token_measures``).
        tokens: of all texts, estimated.
    """

    asked: int
    vocab_size: int
    bytes_per_token: float
    fertility: float
    unused: float
    tokens: int


@dataclasses.dataclass(frozen=True)
class _Sample:
    learned: tuple[str, ...]
    measured: tuple[str, ...]
    all_bytes: int
    digest: str


def embedding_share(vocab_size: int, width: int, other_parameters: int, *, tied: bool) -> float:
    """Return which share of a model's parameters only spells tokens.

    Args:
        vocab_size: markers included.
        width: numbers a token.
        other_parameters: of the model, without embedding and output matrix.
        tied: whether one matrix serves both.
    """
    spelling = vocab_size * width * (1 if tied else 2)
    return spelling / (spelling + other_parameters)


def try_sizes(
    sources: Sequence[CorpusSource],
    options: TokenizerOptions,
    *,
    sizes: Sequence[int] = SIZES,
    on_progress: Progress = lambda _stage, _done, _total, _unit: None,
    cancelled: Callable[[], bool] = lambda: False,
    on_result: Callable[[SizeTried], None] = lambda _tried: None,
) -> tuple[SizeTried, ...]:
    """Return what vocabularies of ``sizes`` do to the texts of ``sources``.

    Args:
        sources: of a recipe; their weights do not count.
        options: kind, normaliser and pre-tokeniser; ``vocab_size`` does not count.
        sizes: to try; for kinds without a choice of size one is tried.
        on_progress: (stage, done, total, unit).
        cancelled: asked between documents and between sizes.
        on_result: told each size as soon as it is known.

    Raises:
        CorpusError: texts that cannot be read, or are blank.
        RecipeError: texts that this kind cannot learn from.
        Cancelled: ``cancelled()`` said so.
    """
    sample = _sampled(sources, on_progress, cancelled)
    if options.kind in ("bytes", "file"):
        sizes = sizes[:1]
    tried = []
    for number, size in enumerate(sorted(sizes, reverse=True)):  # the largest first: see above
        on_progress("trying sizes", number, len(sizes), "sizes")
        if cancelled():
            raise Cancelled
        tried.append(_tried(sample, dataclasses.replace(options, vocab_size=size), max(sizes)))
        on_result(tried[-1])
    on_progress("trying sizes", len(sizes), len(sizes), "sizes")
    return tuple(reversed(tried))


def vocabulary(
    sources: Sequence[CorpusSource],
    options: TokenizerOptions,
    which: int | str,
    *,
    cancelled: Callable[[], bool] = lambda: False,
) -> Tokenizer:
    """Return the vocabulary of one size, or of the kind "characters" or "bytes".

    Raises:
        CorpusError, RecipeError, Cancelled: as :func:`try_sizes`.
    """
    if isinstance(which, str):
        wanted = dataclasses.replace(options, kind=which, file="")
    else:
        wanted = dataclasses.replace(options, vocab_size=which)
    if wanted.kind in ("bytes", "file"):
        return Tokenizer.train((), wanted)
    sample = _sampled(sources, lambda _stage, _done, _total, _unit: None, cancelled)
    return _learned(sample, wanted, max(SIZES[-1], wanted.vocab_size))


def smaller(definition: str, vocab_size: int) -> str:
    """Return a vocabulary of BPE cut down to ``vocab_size``: what learning that size gives.

    Args:
        definition: a ``tokenizer.json`` made here.
        vocab_size: markers included.
    """
    content = json.loads(definition)
    first_markers = len(special.LEADING) + 256
    merges = max(0, vocab_size - len(special.SENTINELS) - first_markers)
    model = content["model"]
    kept = model["merges"][:merges]
    base = {token: i for token, i in model["vocab"].items() if i < first_markers}
    names = dict.fromkeys("".join(pair) for pair in kept)
    model["vocab"] = base | {name: first_markers + i for i, name in enumerate(names)}
    model["merges"] = kept
    content["added_tokens"] = [t for t in content["added_tokens"] if t["id"] < first_markers]
    tokenizer = tokenizers.Tokenizer.from_str(json.dumps(content))
    tokenizer.add_special_tokens(list(special.SENTINELS))
    return str(tokenizer.to_str())


def _tried(sample: _Sample, options: TokenizerOptions, largest: int) -> SizeTried:
    note = _place(sample, options).with_suffix(".measures.json")
    known = _noted(note)
    if known is not None:
        return known
    tokenizer = _learned(sample, options, largest)
    measures = measure(tokenizer, sample.measured)
    tried = SizeTried(
        asked=options.vocab_size,
        vocab_size=tokenizer.vocab_size,
        bytes_per_token=measures.bytes_per_token,
        fertility=measures.fertility,
        unused=measures.unused,
        tokens=round(sample.all_bytes / max(0.01, measures.bytes_per_token)),
    )
    write_atomically(note, json.dumps(dataclasses.asdict(tried)))
    return tried


def _learned(sample: _Sample, options: TokenizerOptions, largest: int) -> Tokenizer:
    """Return the vocabulary that the sample gives, from the cache where it lies there."""
    place = _place(sample, options)
    if place.is_file():
        return Tokenizer.load(place)
    if options.kind == "bpe" and options.vocab_size < largest:
        whole = _learned(sample, dataclasses.replace(options, vocab_size=largest), largest)
        tokenizer = Tokenizer(smaller(whole.to_json(), options.vocab_size))
    else:
        tokenizer = Tokenizer.train(sample.learned, options)
    tokenizer.save(place)
    return tokenizer


def _place(sample: _Sample, options: TokenizerOptions) -> Path:
    decisive = [_FORMAT, tokenizers.__version__, sample.digest, dataclasses.asdict(options)]
    name = hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()[:32]
    return cache_dir() / "vocabularies" / f"{name}.json"


def _noted(path: Path) -> SizeTried | None:
    try:
        content: dict[str, Any] = json.loads(path.read_bytes())
        return SizeTried(**content)
    except (*UNREADABLE, TypeError):
        return None


def _sampled(
    sources: Sequence[CorpusSource], on_progress: Progress, cancelled: Callable[[], bool]
) -> _Sample:
    total = sum(
        path.stat().st_size
        for source in sources
        for path in list_files(source, cancelled=cancelled).files
    )
    share = min(1.0, _SAMPLE_CHARACTERS / max(1, min(total, _LOOKED_AT_CHARACTERS)))
    learned: list[str] = []
    measured: list[str] = []
    digest, looked_at = hashlib.sha256(), 0
    for block in _blocks(read_documents(sources, cancelled=cancelled, on_skip=_ignore)):
        looked_at += len(block)
        on_progress("sampling", min(looked_at, total), total, "bytes")
        number = xxhash.xxh3_64_intdigest(block.encode("utf-8"), seed=1)
        if number / 2**64 < share:
            is_measured = xxhash.xxh3_64_intdigest(block.encode("utf-8"), seed=2) / 2**64
            (measured if is_measured < _MEASURED_SHARE else learned).append(block)
            digest.update(number.to_bytes(8, "big"))
        if looked_at > _LOOKED_AT_CHARACTERS:
            break
    if not learned and not measured:
        raise CorpusError("there is no text to try a vocabulary on: add some")
    # of very little text all of it serves both
    return _Sample(
        tuple(learned or measured), tuple(measured or learned), total, digest.hexdigest()
    )


def _blocks(documents: Iterable[Any]) -> Iterable[str]:
    for document in documents:
        for first in range(0, len(document.text), _BLOCK_CHARACTERS):
            yield document.text[first : first + _BLOCK_CHARACTERS]


def _ignore(_skipped: Skipped) -> None:
    """The report says what is skipped."""
