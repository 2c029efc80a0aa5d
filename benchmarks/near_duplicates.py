"""How fast near duplicates are looked for, beside a well-known peer, on the same text.

    python -m benchmarks.near_duplicates [--megabytes 20]

Random words after Zipf's law, 3.3 KB a document, one in ten a copy with a few words changed. Needs
``rensa`` (MIT), which the ``test`` extra installs. Rounds alternate; the best of each is printed.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import numpy as np

from benchmarks.machine import machine
from sslstudio.corpora.duplicates.clusters import clusters
from sslstudio.corpora.duplicates.leakage import Leakage
from sslstudio.corpora.duplicates.minhash import Signer
from sslstudio.corpora.duplicates.plain import exact_key
from sslstudio.corpora.duplicates.repeated_lines import RepeatedLines
from sslstudio.corpora.duplicates.shingles import shingles

_ROUNDS = 3
_WORDS = 560


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
    ways: dict[str, Callable[[], object]] = {
        "exact keys": lambda: [exact_key(text) for text in texts],
        "shingles": lambda: [shingles(text) for text in texts],
        "shingles and signatures": lambda: [signer.signature(text) for text in texts],
        "leakage, passing by": lambda: [leakage.probe(text) for text in texts[50:]],
        "repeated lines": lambda: _lines(texts),
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
        print(f"| {name} | {size / seconds:.1f} |")
    signatures = np.stack([signer.signature(text) for text in texts])
    keys = np.array([exact_key(text) for text in texts], dtype=np.uint64)
    began = time.perf_counter()
    labels = clusters(signatures, keys)
    seconds = time.perf_counter() - began
    copies = len(texts) - len(np.unique(labels))
    print(f"joining {len(texts):,} signatures took {seconds:.2f} s, {copies:,} near duplicates")


def _lines(texts: list[str]) -> float:
    lines = RepeatedLines()
    for text in texts:
        lines.add(text.replace(" the ", "\n"))
    return lines.share


def _rensa(texts: list[str]) -> None:
    import rensa

    for text in texts:
        words = text.split()
        peer = rensa.RMinHash(num_perm=112, seed=42)
        peer.update([" ".join(words[i : i + 5]) for i in range(len(words) - 4)])


if __name__ == "__main__":
    main()
