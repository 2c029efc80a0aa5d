"""How fast near duplicates are looked for, beside a well-known peer, on the same text.

    python -m benchmarks.near_duplicates [--megabytes 20]

Random words after Zipf's law, 3.3 KB a document, one in ten a copy with a few words changed. Needs
``rensa`` (MIT), which the ``test`` extra installs. Rounds alternate; the best of each is printed.
"""

from __future__ import annotations

import argparse
import textwrap
import time
import tracemalloc
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from benchmarks.machine import machine
from sslstudio.corpora.duplicates.clusters import clusters
from sslstudio.corpora.duplicates.leakage import Leakage
from sslstudio.corpora.duplicates.minhash import Signer
from sslstudio.corpora.duplicates.plain import exact_key
from sslstudio.corpora.duplicates.repeated_lines import RepeatedLines
from sslstudio.corpora.duplicates.shingles import shingles

_ROUNDS = 3
_WORDS = 560
_TO_RUSSIAN = str.maketrans("abcdefghijklmnopqrstuvwxyz", "абвгдежзийклмнопрстуфхцчшщ")


def documents(megabytes: float) -> list[str]:
    """Return about so many megabytes of text."""
    draw = np.random.default_rng(0)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    words = ["".join(draw.choice(letters, int(n))) for n in draw.integers(2, 10, 30_000)]
    shares = 1 / np.arange(1, len(words) + 1)
    texts: list[str] = []
    while sum(map(len, texts)) < megabytes * 1e6:
        chosen = draw.choice(len(words), (100, _WORDS), p=shares / shares.sum())
        for number, row in enumerate(chosen):
            if number % 10 == 9 and texts:
                changed = texts[-1].split(" ")
                for place in draw.integers(0, _WORDS, 5):
                    changed[place] = words[row[0]]
                texts.append(" ".join(changed))
            else:
                texts.append(" ".join(words[i] for i in row))
    return texts


def main() -> None:
    """Print a table of megabytes a second."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=float, default=20)
    texts = documents(parser.parse_args().megabytes)
    size = sum(map(len, texts)) / 1e6
    signer = Signer()
    leakage = Leakage()
    for text in texts[:50]:
        leakage.add_held_out(text)
    russian = [text.translate(_TO_RUSSIAN) for text in texts]
    size_russian = sum(len(text.encode()) for text in russian) / 1e6
    lines = ["\n".join(textwrap.wrap(text, 70)) for text in texts]
    ways: dict[str, Callable[[], object]] = {
        "exact keys": lambda: [exact_key(text) for text in texts],
        "shingles": lambda: [shingles(text) for text in texts],
        "shingles and signatures": lambda: [signer.signature(text) for text in texts],
        "the same, in Russian letters": lambda: [signer.signature(text) for text in russian],
        "leakage, passing by": lambda: [leakage.probe(text) for text in texts[50:]],
        "repeated lines": lambda: _lines(lines),
        "rensa, RMinHash of 112": lambda: _rensa(texts),
    }
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(_ROUNDS):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            best[name] = min(best[name], time.perf_counter() - began)
    print(f"{machine()}, one thread, {len(texts):,} documents, {size:.0f} MB")
    print("| what | MB/s |\n|---|---|")
    for name, seconds in best.items():
        print(f"| {name} | {(size_russian if 'Russian' in name else size) / seconds:.1f} |")
    _print_clusters(np.stack([signer.signature(text) for text in texts]))
    _print_memory(" ".join(texts)[: 2**24])


def _print_clusters(signatures: NDArray[np.uint32]) -> None:
    """Join the signatures, repeated with some of their numbers changed, up to 200,000."""
    draw = np.random.default_rng(1)
    many = np.resize(signatures, (200_000, signatures.shape[1]))
    for first in range(0, len(many), len(signatures)):  # each round is another corpus
        many[first : first + len(signatures)] ^= draw.integers(0, 2**32, dtype=np.uint32)
    keys = draw.integers(0, 2**64, len(many), dtype=np.uint64)
    began = time.perf_counter()
    labels = clusters(many, keys)
    seconds = time.perf_counter() - began
    copies = len(many) - len(np.unique(labels))
    print(f"joining {len(many):,} signatures took {seconds:.2f} s, {copies:,} near duplicates")


def _print_memory(text: str) -> None:
    """Print what the longest document that there is needs, beside itself."""
    for name, way in (("signature", Signer().signature), ("leakage", _leakage(text).probe)):
        exact_key("another")  # the plain form of the last text is remembered
        tracemalloc.start()
        way(text)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        print(f"{name} of {len(text) / 1e6:.1f} MB at once: at most {peak / 1e6:.0f} MB beside it")


def _leakage(text: str) -> Leakage:
    leakage = Leakage()
    leakage.add_held_out(text[:10_000])
    leakage.probe("")
    return leakage


def _lines(texts: list[str]) -> float:
    lines = RepeatedLines()
    for text in texts:
        lines.add(text)
    return lines.share


def _rensa(texts: list[str]) -> None:
    import rensa

    for text in texts:
        words = text.split()
        peer = rensa.RMinHash(num_perm=112, seed=42)
        peer.update([" ".join(words[i : i + 5]) for i in range(len(words) - 4)])


if __name__ == "__main__":
    main()
