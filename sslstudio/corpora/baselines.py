"""What a plain count of the text already achieves: the dashed lines under a loss curve.

Stands beside ``shards``: token ids of the two sides of a split go in, three figures come out, in
nats per target token and in bits per byte, so that they can be drawn into the same plot as the
model's validation loss (reference 0, trap 12: a 5-gram beats a tiny transformer).

* ``unigram``: how often each token occurs, add-1.
* ``5-gram``: for alphabets of at most 512 symbols the add-0.01 estimate of reference 5.1; for
  larger vocabularies, where that is hopeless, interpolated modified Kneser–Ney (Chen and Goodman
  1999, section 3), what KenLM builds.
* ``zlib``: bits that the validation text costs a compressor that has just read the training text.

What is a target: every token that is not special, and ``<eos>``; never ``<bos>``. A split of one
document into head and tail stores one ``<bos>`` and one ``<eos>`` a side, which say nothing about
the text: there both are left out. Small alphabets are the symbols seen on either side, large ones
the whole vocabulary without specials. Bits per byte leave out the loss of tokens without bytes,
which is ``<eos>`` (reference 2.8).

Costs about a second a million tokens. Of more than ``TRAIN_TOKENS`` or ``VALIDATION_TOKENS`` the
first are taken, and the note says so. Knows no tokenizer, no shard and no model on purpose.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sslstudio.corpora.ngrams import (
    ORDER,
    Flags,
    Floats,
    Ints,
    Symbols,
    add_delta,
    check,
    kneser_ney,
    lay_out,
)

SMALL_ALPHABET = 512
TRAIN_TOKENS = 5_000_000
VALIDATION_TOKENS = 1_000_000
_ZLIB_WINDOW_BYTES = 32_768

_UNIGRAM = "How often each token occurs in the training text, add-1."
_ADD_DELTA = "The four symbols before decide, add-0.01."
_KNESER_NEY = "The four tokens before decide, modified Kneser–Ney."
_ZLIB = "Compressed by zlib -9 that knows the last 32 KB of the training text."


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """One line to draw under the curve."""

    name: str
    """``unigram``, ``5-gram`` or ``zlib``."""
    loss: float
    """Nats per validation target."""
    bits_per_byte: float
    """Bits per UTF-8 byte of the validation text; NaN where that text has no bytes."""
    note: str
    """How it was computed, in plain sentences."""


@dataclass(frozen=True)
class _Targets:
    """The validation targets in order."""

    ids: Ints
    byte_lengths: Ints

    def baseline(self, name: str, losses: Floats, scored: Flags, note: str) -> Baseline:
        """Average ``losses`` [scored] over targets and over bytes."""
        sizes = self.byte_lengths[scored]
        nats = float(losses[sizes > 0].sum())
        return Baseline(
            name=name,
            loss=float(losses.mean()),
            bits_per_byte=_bits_per_byte(nats, int(sizes.sum())),
            note=note,
        )


def baselines(
    train_ids: NDArray[Any],
    validation_ids: NDArray[Any],
    *,
    special_ids: frozenset[int],
    bos: int,
    eos: int,
    byte_lengths: NDArray[Any],
    decode: Callable[[NDArray[Any]], bytes],
    cancelled: Callable[[], bool] = lambda: False,
) -> list[Baseline]:
    """Compute unigram, 5-gram and zlib on the two sides of a split.

    Args:
        train_ids: [tokens] of the training side, documents as ``<bos> ids <eos>``.
        validation_ids: [tokens] of the validation side, likewise.
        special_ids: ids that are never targets, ``eos`` excepted.
        bos: id that opens a document.
        eos: id that closes a document.
        byte_lengths: [vocabulary] UTF-8 bytes of each token, 0 for specials.
        decode: ids without specials -> their UTF-8 bytes.
        cancelled: asked before each sort, a few times a second on usual corpora.

    Returns:
        ``unigram``, ``5-gram`` and ``zlib`` in this order; nothing where a side has no target,
        no 5-gram where a lone validation document is shorter than five tokens.

    Raises:
        Cancelled: ``cancelled()`` said so.
    """
    train = np.asarray(train_ids[:TRAIN_TOKENS], dtype=np.int64)
    validation = np.asarray(validation_ids[:VALIDATION_TOKENS], dtype=np.int64)
    symbols, ids_of_symbols = _symbols(
        train, validation, specials=special_ids, bos=bos, eos=eos, vocabulary=len(byte_lengths)
    )
    if not symbols.train.any() or not len(symbols.validation):
        return []
    ids = ids_of_symbols[symbols.values[symbols.validation]]
    targets = _Targets(ids, np.asarray(byte_lengths, dtype=np.int64)[ids])
    cut = _cut_note("Measured", "validation", VALIDATION_TOKENS, len(validation_ids))
    counted = _cut_note("Counted", "training", TRAIN_TOKENS, len(train_ids)) + cut
    found = _counted_baselines(symbols, targets, counted, cancelled)
    check(cancelled)
    end_of_train = np.asarray(train_ids[-_ZLIB_WINDOW_BYTES:], dtype=np.int64)
    window = decode(end_of_train[~np.isin(end_of_train, sorted(special_ids | {bos, eos}))])
    text = decode(targets.ids[targets.byte_lengths > 0])
    nats = zlib_bits(window, text) * math.log(2)
    found.append(
        Baseline(
            name="zlib",
            loss=nats / len(targets.ids),
            bits_per_byte=_bits_per_byte(nats, int(targets.byte_lengths.sum())),
            note=_ZLIB + cut,
        )
    )
    return found


def _counted_baselines(
    symbols: Symbols, targets: _Targets, cut: str, cancelled: Callable[[], bool]
) -> list[Baseline]:
    """Score the validation targets with the unigram and the 5-gram."""
    unigram = add_delta(symbols, 1, 1.0, cancelled)
    if symbols.alphabet <= SMALL_ALPHABET:
        longer, note = add_delta(symbols, ORDER, 0.01, cancelled), _ADD_DELTA
    else:
        longer, note = kneser_ney(symbols, ORDER, cancelled), _KNESER_NEY
    found = [targets.baseline("unigram", *unigram, note=_UNIGRAM + cut)]
    if len(longer[0]):
        found.append(targets.baseline(f"{ORDER}-gram", *longer, note=note + cut))
    return found


def _bits_per_byte(nats: float, size_bytes: int) -> float:
    return nats / math.log(2) / size_bytes if size_bytes else math.nan


def _cut_note(verb: str, side: str, limit: int, tokens: int) -> str:
    """Say what was cut off, in plain words; empty where nothing was."""
    if tokens <= limit:
        return ""
    return f" {verb} on the first {limit:,} of {tokens:,} {side} tokens."


def _symbols(
    train: Ints,
    validation: Ints,
    *,
    specials: frozenset[int],
    bos: int,
    eos: int,
    vocabulary: int,
) -> tuple[Symbols, Ints]:
    """Lay both sides in one line; also return the id of each target symbol."""
    sides = [_without_ends(side, bos, eos) for side in (train, validation)]
    lone = not any(np.isin(side, (bos, eos)).any() for side in sides)
    if not lone:
        sides = [train, validation]
    never = np.array([i for i in sorted(specials | {bos, eos}) if i < vocabulary], dtype=np.int64)
    is_target = np.ones(vocabulary, dtype=bool)
    is_target[never] = False
    is_target[eos] = not lone
    seen = np.zeros(vocabulary, dtype=bool)
    for side in sides:
        seen[side] = True
    if (seen & is_target).sum() <= SMALL_ALPHABET:
        is_target &= seen
    ids_of_symbols = np.flatnonzero(is_target)
    alphabet = len(ids_of_symbols)
    others = np.flatnonzero(~is_target)
    symbol_of_id = np.empty(vocabulary, dtype=np.int64)
    symbol_of_id[ids_of_symbols] = np.arange(alphabet)
    symbol_of_id[others] = np.arange(len(others)) + alphabet + 1
    symbol_of_id[bos] = alphabet
    laid_out = lay_out(symbol_of_id[sides[0]], symbol_of_id[sides[1]], alphabet=alphabet, lone=lone)
    return laid_out, ids_of_symbols


def _without_ends(ids: Ints, bos: int, eos: int) -> Ints:
    """Return ``ids`` without one leading ``<bos>`` and one closing ``<eos>``."""
    start = int(len(ids) > 0 and ids[0] == bos)
    end = len(ids) - int(len(ids) > start and ids[-1] == eos)
    return ids[start:end]


def zlib_bits(train_text: bytes, validation_text: bytes) -> float:
    """Return the bits of ``validation_text`` compressed with the end of ``train_text`` known."""
    window = train_text[-_ZLIB_WINDOW_BYTES:]
    packer = zlib.compressobj(9, zdict=window) if window else zlib.compressobj(9)
    return 8.0 * (len(packer.compress(validation_text)) + len(packer.flush()))
