"""Learning and encoding beside the bare ``tokenizers`` library, on the same text in one run.

    python -m benchmarks.tokenizer_speed [--megabytes 16] [--kind bpe]

The bare library gets the text as a list of documents; ours comes from ``Tokenizer.train`` and
``Tokenizer.encode_batch``, and from the shards' way (``encode_pieces``). Rounds alternate, medians
are printed. The aim is 80 %.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import tokenizers

from benchmarks.machine import machine
from sslstudio.corpora.pieces import pieces
from sslstudio.corpora.reading import read_documents
from sslstudio.corpora.tokenizer import GROUP_CHARACTERS, Tokenizer, grouped
from sslstudio.corpora.vocabularies.cutting import empty, room
from sslstudio.recipe import CorpusSource, TokenizerOptions

_ROUNDS = 3


def main() -> None:
    """Print a table of megabytes a second."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=float, default=16)
    parser.add_argument("--kind", default="bpe", choices=("bpe", "wordpiece", "unigram"))
    parser.add_argument("--vocab-size", type=int, default=8192)
    asked = parser.parse_args()
    options = TokenizerOptions(kind=asked.kind, vocab_size=asked.vocab_size)
    texts = documents(asked.megabytes)
    size = sum(len(text.encode()) for text in texts) / 1e6
    ours = Tokenizer.train(texts, options)
    bare = tokenizers.Tokenizer.from_str(ours.to_json())
    ways: dict[str, Callable[[], object]] = {
        "learning, bare": lambda: bare_learning(texts, options),
        "learning, ours": lambda: Tokenizer.train(texts, options),
        "encoding, bare": lambda: bare.encode_batch_fast(texts, add_special_tokens=False),
        "encoding, ours": lambda: [ours.encode_batch(g) for g in grouped(texts, GROUP_CHARACTERS)],
        "encoding, as for shards": lambda: list(as_for_shards(ours, texts)),
    }
    if asked.kind != "bpe":
        del ways["learning, bare"]
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(_ROUNDS):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - began)
    print(f"{machine()}, {asked.kind}, {asked.vocab_size:,} tokens, {size:.1f} MB, {len(texts):,}")
    print("| what | MB/s | of bare |\n|---|---|---|")
    for name, taken in seconds.items():
        peers = seconds.get(f"{name.partition(',')[0]}, bare", taken)
        ratio = statistics.median(b / a for a, b in zip(taken, peers, strict=True))
        print(f"| {name} | {size / statistics.median(taken):.1f} | {ratio:.0%} |")


def documents(megabytes: float) -> list[str]:
    """Return documents of English prose and of program texts that are on every machine."""
    texts, size = [], 0
    sources = [CorpusSource(path=path) for path in ("sample:handbook", "sample:code")]
    found = [d.text for d in read_documents(sources, cancelled=lambda: False, on_skip=print)]
    place = 0
    while size < megabytes * 1e6:
        text = found[place % len(found)]
        texts.append(text if place < len(found) else text[place // len(found) :])
        size += len(text)
        place += 1
    return texts


def bare_learning(texts: list[str], options: TokenizerOptions) -> None:
    """Learn with nothing of ours around it."""
    tokenizer = empty(tokenizers.models.BPE(), options)
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=room(options.vocab_size, 256), min_frequency=2, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)


def as_for_shards(tokenizer: Tokenizer, texts: list[str]) -> Iterator[int]:
    """Encode as the preparation does: in pieces, half a megabyte at a time."""
    parts = (piece for text in texts for piece in pieces(text))
    for group in grouped(parts, GROUP_CHARACTERS):
        yield sum(map(len, tokenizer.encode_pieces(group)))


if __name__ == "__main__":
    assert Path("benchmarks").is_dir(), "run it from the project's root"
    main()
