"""Learning and encoding beside the bare ``tokenizers`` library, on the same text in one run.

    python -m benchmarks.tokenizer_speed [--megabytes 16] [--kind bpe] [--normalizer none] …

The bare library gets whole documents, all in one call or half a megabyte at a time, and its ids
are taken; ours comes from ``Tokenizer.train``, ``Tokenizer.encode_batch``, and the shards' way
(``encode_pieces``). Rounds alternate, medians are printed, and each rate is compared with the
faster of the bare ones in the same round. Where others use the machine, the seconds of the
processor are the fairer comparison. The aim is 80 %.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import tokenizers

from benchmarks.machine import machine
from sslstudio.corpora import special_tokens as special
from sslstudio.corpora.pieces import pieces
from sslstudio.corpora.reading import read_documents
from sslstudio.corpora.tokenizer import GROUP_CHARACTERS, Tokenizer, grouped
from sslstudio.corpora.vocabularies.bpe import FEWEST_OCCURRENCES
from sslstudio.corpora.vocabularies.cutting import ALPHABET, empty, room
from sslstudio.recipe import CorpusSource, TokenizerOptions

Seconds = tuple[float, float]  # of the clock, of the processor
_LIBRARY_NAMES = {
    "bpe": ("BPE", "BpeTrainer"),
    "wordpiece": ("WordPiece", "WordPieceTrainer"),
    "unigram": ("Unigram", "UnigramTrainer"),
}


def main() -> None:
    """Print a table of megabytes a second."""
    asked = _asked()
    options = TokenizerOptions(
        kind=asked.kind,
        vocab_size=asked.vocab_size,
        normalizer=asked.normalizer,
        pre_tokenizer=asked.pre_tokenizer,
    )
    texts = documents(asked.megabytes)
    size = sum(len(text.encode()) for text in texts) / 1e6
    ways = ways_of(texts, options)
    taken: dict[str, list[Seconds]] = {name: [] for name in ways}
    for _ in range(asked.rounds):
        for name, way in ways.items():
            taken[name].append(seconds_of(way))
    print(f"{machine()}, {size:.1f} MB, {len(texts):,} documents, {asked.rounds} rounds")
    print(f"{options}\n\n| what | MB/s | of bare, by clock | by processor |\n|---|---|---|---|")
    for name, own in taken.items():
        rate = size / statistics.median(clock for clock, _ in own)
        peers = [v for k, v in taken.items() if k.startswith(f"{name.partition(',')[0]}, bare")]
        shares = [f"{share(own, peers, which):.0%}" for which in (0, 1)]
        print(f"| {name} | {rate:.1f} | {' | '.join(shares)} |")


def ways_of(texts: list[str], options: TokenizerOptions) -> dict[str, Callable[[], object]]:
    """Return what is timed, by name; the part before the comma says what is compared."""
    ours = Tokenizer.train(texts, options)
    bare = tokenizers.Tokenizer.from_str(ours.to_json())
    bare.encode_special_tokens = True

    def bare_ids(group: list[str]) -> list[list[int]]:
        encodings = bare.encode_batch_fast(group, add_special_tokens=False)
        return [encoding.ids for encoding in encodings]

    def in_groups(encode: Callable[[list[str]], Any]) -> int:
        return sum(len(ids) for group in grouped(texts, GROUP_CHARACTERS) for ids in encode(group))

    return {
        "learning, bare": lambda: bare_learning(texts, options),
        "learning, ours": lambda: Tokenizer.train(texts, options),
        "encoding, bare, at once": lambda: sum(map(len, bare_ids(texts))),
        "encoding, bare, in groups": lambda: in_groups(bare_ids),
        "encoding, ours": lambda: in_groups(ours.encode_batch),
        "encoding, ours, as for shards": lambda: sum(as_for_shards(ours, texts)),
    }


def seconds_of(way: Callable[[], object]) -> Seconds:
    """Return what one call takes."""
    clock, processor = time.perf_counter(), time.process_time()
    way()
    return time.perf_counter() - clock, time.process_time() - processor


def share(own: list[Seconds], peers: list[list[Seconds]], which: int) -> float:
    """Return the median over the rounds of the best peer's seconds over our own."""
    ratios: list[float] = [
        min(peer[which] for peer in round_peers) / mine[which]
        for mine, *round_peers in zip(own, *peers, strict=True)
    ]
    return statistics.median(ratios)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=float, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kind", default="bpe", choices=tuple(_LIBRARY_NAMES))
    parser.add_argument("--vocab-size", type=int, default=8192)
    parser.add_argument("--normalizer", default="none")
    parser.add_argument("--pre-tokenizer", default="words")
    return parser.parse_args()


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
    """Learn with nothing of ours around it but the same choices."""
    library: Any = tokenizers
    model, trainer = _LIBRARY_NAMES[options.kind]
    more = {"min_frequency": FEWEST_OCCURRENCES} if options.kind == "bpe" else {}
    tokenizer = empty(getattr(library.models, model)(), options)
    made = getattr(library.trainers, trainer)(
        vocab_size=room(options.vocab_size, len(ALPHABET)),
        special_tokens=list(special.LEADING),
        initial_alphabet=list(ALPHABET),
        show_progress=False,
        **more,
    )
    tokenizer.train_from_iterator(texts, made)


def as_for_shards(tokenizer: Tokenizer, texts: list[str]) -> Iterator[int]:
    """Encode as the preparation does: in pieces, half a megabyte at a time."""
    parts = (piece for text in texts for piece in pieces(text))
    for group in grouped(parts, GROUP_CHARACTERS):
        yield sum(map(len, tokenizer.encode_pieces(group)))


if __name__ == "__main__":
    assert Path("benchmarks").is_dir(), "run it from the project's root"
    main()
