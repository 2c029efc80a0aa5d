"""From a recipe's corpora to token shards on disk, once for every content and setting.

The last station of this room: it lists and hashes the files, and where the same files were
prepared with the same settings before, it opens what lies in the cache; otherwise it reads them
three times (survey, tokenizer, encoding). Costs about 0.4 s a megabyte from cold on two cores,
some milliseconds from the cache, and memory that does not grow with the corpus save 24 bytes a
document. One process prepares a key at a time; a folder counts only with its manifest, so a kill
leaves nothing that could be taken for whole. Knows nothing of models, save how long a block is.
"""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import filelock
import tokenizers

from sslstudio.corpora.encoding import train_tokenizer, write_shards
from sslstudio.corpora.examined import examine
from sslstudio.corpora.parts import Corpus, totals_by_side
from sslstudio.corpora.reading import Skipped, reader_of
from sslstudio.corpora.shaping import decisive_for_documents
from sslstudio.corpora.shards import TokenShards
from sslstudio.corpora.sources import Progress, SoundSource, Ticker, find_sources
from sslstudio.corpora.tokenizer import Tokenizer
from sslstudio.corpora.unfinished import Unfinished, sweep_forgotten
from sslstudio.errors import Cancelled, CorpusError
from sslstudio.recipe import Recipe
from sslstudio.storage import (
    MANIFEST,
    UNREADABLE,
    cache_dir,
    commit_folder,
    sha256_of,
    storage_guard,
    sweep_temporaries,
)

_SMALLEST_CONTEXT = 8
_LOCK_POLL_S = 0.05
_HASHED_BYTES = 32 * 2**20


@dataclasses.dataclass(frozen=True)
class PreparedData:
    """A corpus as the trainer wants it.

    Attributes:
        train, validation: the two sides of the split.
        tokenizer: trained on the training side.
        folder: where all of it lies; whoever derives something from it may keep that here.
        facts: plain values for ``run.json``: sources (path, sha256, bytes, documents, tokens by
            side), split, counts, tokenizer, skipped.
    """

    train: TokenShards
    validation: TokenShards
    tokenizer: Tokenizer
    folder: Path
    facts: dict[str, Any]


def _silent(_stage: str, _done: int, _total: int, _unit: str) -> None:
    """Report to nobody."""


def prepare(
    recipe: Recipe,
    *,
    on_progress: Progress = _silent,
    cancelled: Callable[[], bool] = lambda: False,
) -> PreparedData:
    """Return the tokens of ``recipe.corpora``, from the cache where they are known.

    Args:
        recipe: its corpora, data, tokenizer and model.context are read.
        on_progress: (stage, done, total, unit), at most twenty times a second.
        cancelled: asked several times a second.

    Raises:
        CorpusError: text that is missing, unreadable, empty, or shorter than one block.
        RecipeError: a tokenizer that does not exist or cannot be used.
        StorageError: the disk is full or may not be written.
        Cancelled: ``cancelled()`` said so; the next call goes on from there.
    """
    progress = Ticker(on_progress)
    sources = find_sources(recipe.corpora, progress=progress, cancelled=cancelled)
    home = cache_dir() / "prepared" / _key(recipe, sources)
    folder = home / "shards"
    with _locked(home, cancelled):
        if not _is_whole(folder):
            sweep_temporaries(home)
            sweep_forgotten(home.parent, home)
            _build(recipe, sources, folder, progress, cancelled)
        data = _opened(folder, sources)
    _check_length(data, recipe)
    return data


def reopen(folder: Path) -> PreparedData | None:
    """Return what an earlier :func:`prepare` left in ``folder``, or None where it is gone.

    A run goes on with the very tokens it began with, even where its texts have moved since.
    """
    return _opened(folder) if _is_whole(folder) else None


def _key(recipe: Recipe, sources: list[SoundSource]) -> str:
    """Return the name of everything that decides the shards; where files lie does not."""
    options = recipe.tokenizer
    file = Path(options.file).expanduser()
    decisive = {
        **decisive_for_documents(sources, recipe.data),
        "tokenizers": tokenizers.__version__,
        "tokenizer": {**dataclasses.asdict(options), "file": ""},
        "file": sha256_of(file) if options.kind == "file" and file.is_file() else "",
    }
    return hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()[:32]


@contextlib.contextmanager
def _locked(home: Path, cancelled: Callable[[], bool]) -> Iterator[None]:
    """Hold the lock of ``home``; it dies with its process."""
    with storage_guard(home):
        home.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(home / "lock")
        while True:
            try:
                lock.acquire(timeout=_LOCK_POLL_S)
                break
            except filelock.Timeout:
                if cancelled():
                    raise Cancelled from None
    try:
        yield
    finally:
        lock.release()


def _is_whole(folder: Path) -> bool:
    """Return whether every file of the manifest is there in its size.

    The content is checked too, at about a millisecond a megabyte; not of files above 32 MB, as
    the tokens of a large corpus are.
    """
    try:
        files = json.loads((folder / MANIFEST).read_bytes())["files"]
        return {"facts.json", "tokenizer.json"} <= files.keys() and all(
            (folder / name).stat().st_size == file["size"]
            and (file["size"] > _HASHED_BYTES or sha256_of(folder / name) == file["sha256"])
            for name, file in files.items()
        )
    except (*UNREADABLE, KeyError, TypeError, AttributeError):
        return False


def _build(
    recipe: Recipe,
    sources: list[SoundSource],
    folder: Path,
    progress: Ticker,
    cancelled: Callable[[], bool],
) -> None:
    unfinished = Unfinished(folder.parent)
    examined = unfinished.examined()
    if examined is None:
        examined = examine(
            sources, recipe.data, unfinished.folder, progress=progress, cancelled=cancelled
        )
        unfinished.keep_examined(examined)
    corpus = examined.corpus(sources, recipe.data)
    tokenizer = unfinished.tokenizer()
    if tokenizer is None:
        tokenizer = train_tokenizer(
            corpus, recipe.tokenizer, progress=progress, cancelled=cancelled
        )
        unfinished.keep_tokenizer(tokenizer)
    counts = write_shards(corpus, tokenizer, unfinished, progress=progress, cancelled=cancelled)
    tokenizer.save(unfinished.shards / "tokenizer.json")
    facts = _facts(recipe, corpus, tokenizer, counts)
    with storage_guard(folder):
        (unfinished.shards / "facts.json").write_text(json.dumps(facts, indent=1), "utf-8")
    if cancelled():
        raise Cancelled
    commit_folder(unfinished.shards, folder)
    unfinished.remove()


def _facts(
    recipe: Recipe, corpus: Corpus, tokenizer: Tokenizer, counts: list[dict[str, Any]]
) -> dict[str, Any]:
    sides = totals_by_side(counts)
    return {
        "documents": corpus.documents,
        "characters": corpus.characters,
        "bytes": sum(side["bytes"] for side in sides.values()),
        "split": {
            "kind": corpus.split,
            "asked": recipe.data.split,
            "validation_fraction": corpus.fraction,
        },
        **sides,
        "tokenizer": {"kind": recipe.tokenizer.kind, "vocab_size": tokenizer.vocab_size},
        "sources": [
            _source_facts(source.sound, {**corpus.figures(i), **counts[i]})
            for i, source in enumerate(corpus.sources)
        ],
        "removed": corpus.removal_rows(),
        "skipped_lines": [dataclasses.asdict(skipped) for skipped in corpus.survey.skipped],
    }


def _source_facts(source: SoundSource, figures: dict[str, Any]) -> dict[str, Any]:
    return {
        "path": source.source.path,
        "cut": _cut(source),
        "files": len(source.files),
        "sha256": source.sha256,
        "bytes": source.own_bytes,
        **figures,
    }


def _cut(source: SoundSource) -> str:
    """Return what one document was; "auto" only where files of several kinds lie together."""
    kinds = {reader_of(path).automatic for path in source.files}
    asked = source.source.documents
    return str(kinds.pop()) if asked == "auto" and len(kinds) == 1 else asked


def _opened(folder: Path, sources: Sequence[SoundSource] = ()) -> PreparedData:
    facts = json.loads((folder / "facts.json").read_bytes())
    for fact, source in zip(facts["sources"], sources, strict=False):
        fact["path"] = source.source.path  # the same text may lie elsewhere today
        fact["weight"] = source.source.weight
        fact["licence"] = source.source.licence
    listed: list[Skipped] = [skipped for source in sources for skipped in source.skipped]
    facts["skipped"] = [dataclasses.asdict(s) for s in listed] + facts.pop("skipped_lines")
    return PreparedData(
        train=TokenShards.open(folder, "train"),
        validation=TokenShards.open(folder, "validation"),
        tokenizer=Tokenizer.load(folder / "tokenizer.json"),
        folder=folder,
        facts=facts,
    )


def _check_length(data: PreparedData, recipe: Recipe) -> None:
    """Raise where there is less than one block to train on, or nothing to validate on."""
    context, tokens = recipe.model.context, data.train.tokens
    if tokens <= context:  # a causal row reads one token more than it predicts
        lower = 2 ** (max(tokens - 1, 1).bit_length() - 1)
        remedy = f"lower the context to {lower}, or add text"
        if lower < _SMALLEST_CONTEXT:
            remedy = "add text"
        tenths = 10 * tokens // (context + 1)
        raise CorpusError(
            f"the corpus holds {tenths / 10} of one block of {context} tokens: {remedy}"
        )
    if not data.validation.documents:
        raise CorpusError(
            "no text was kept apart for validation: set data.split to tail, "
            "raise data.validation_fraction, or add text"
        )
