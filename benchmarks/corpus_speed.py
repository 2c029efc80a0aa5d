"""Preparing a corpus beside the bare ``tokenizers`` library, on the same text in one run.

    python -m benchmarks.corpus_speed [--megabytes 64 | --gigabytes 2] [--set KEY=VALUE]…

A synthetic corpus (documents of about 3.3 KB, of sentences of our samples in random order) is
written as JSON lines. One child prepares it, from cold, and says how long each stage took and how
much memory it had at its fullest; another learns and encodes with nothing but the library, from a
list in memory, before and after; of a larger corpus the first 64 MB have to do. Rates are of
UTF-8 bytes; the learning reads at most 200 million characters. Where others use the machine, the
seconds of the processor are the fairer comparison. The aims: 80 % of the bare rates, and under
1 GB for 2 GB of text.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.machine import machine

_BARE_BYTES = 64_000_000
_DOCUMENT_CHARACTERS = 3_300


def main() -> None:
    """Print a table of seconds, megabytes a second and peak memory."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=float, default=64)
    parser.add_argument("--gigabytes", type=float, default=0)
    parser.add_argument("--vocab-size", type=int, default=8192)
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("--child", choices=("prepare", "bare"), help=argparse.SUPPRESS)
    parser.add_argument("--corpus", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        found = prepared(asked) if asked.child == "prepare" else bare(asked)
        print(json.dumps(found))
        return
    size = int(asked.gigabytes * 1e9 or asked.megabytes * 1e6)
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.jsonl"
        written = write_corpus(corpus, size)
        before, ours, after = (_child(c, corpus, folder) for c in ("bare", "prepare", "bare"))
    _print(ours, {name: (before[name] + after[name]) / 2 for name in before}, written)


def write_corpus(path: Path, size_bytes: int) -> int:
    """Write about ``size_bytes`` of text as JSON lines; returns how many there are."""
    from sslstudio.corpora.reading import read_documents
    from sslstudio.recipe import CorpusSource

    texts = read_documents(
        [CorpusSource(path="sample:handbook"), CorpusSource(path="sample:tales")],
        cancelled=lambda: False,
        on_skip=print,
    )
    sentences = sorted({s.strip() for d in texts for s in d.text.split(". ") if len(s) > 20})
    chance, written = random.Random(20261126), 0
    count = _DOCUMENT_CHARACTERS * len(sentences) // sum(map(len, sentences))
    with path.open("w", encoding="utf-8") as file:
        while written < size_bytes:
            # numbers as texts have them, so that the words are not all known after a while
            number = f" No. {chance.getrandbits(40)}. "
            text = ". ".join(chance.choices(sentences, k=max(2, count))) + number
            file.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")
            written += len(text.encode("utf-8"))
    return written


def prepared(asked: argparse.Namespace) -> dict[str, Any]:
    """Prepare the corpus from cold; the seconds of each stage and the peak of memory."""
    from sslstudio.corpora.preparation import prepare

    began, starts, ends = _now(), dict[str, list[float]](), dict[str, list[float]]()
    last = began

    def note(stage: str, _done: int, _total: int, _unit: str) -> None:
        nonlocal last
        starts.setdefault(stage, last)
        last = ends[stage] = _now()

    data = prepare(_recipe(asked), on_progress=note)
    starts["all"], ends["all"] = began, _now()
    return {
        "seconds": {
            stage: [end - start for start, end in zip(starts[stage], ends[stage], strict=True)]
            for stage in ends
        },
        "peak_bytes": _peak(),
        "tokens": data.train.tokens + data.validation.tokens,
        "documents": data.facts["documents"],
        "removed": data.facts["removed"],
    }


def _now() -> list[float]:
    """Return seconds of the clock and of the processor."""
    return [time.perf_counter(), time.process_time()]


def bare(asked: argparse.Namespace) -> dict[str, Any]:
    """Learn and encode the first part of the corpus with the library alone."""
    import tokenizers

    from sslstudio.corpora.vocabularies.cutting import empty, room

    options = _recipe(asked).tokenizer
    texts = list(_first_texts(asked.corpus))
    size = sum(len(text.encode("utf-8")) for text in texts)
    tokenizer = empty(tokenizers.models.BPE(), options)
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=room(options.vocab_size, 256), min_frequency=2, show_progress=False
    )
    began = _now()
    tokenizer.train_from_iterator(texts, trainer)
    learned = _now()
    for first in range(0, len(texts), 1000):
        tokenizer.encode_batch_fast(texts[first : first + 1000], add_special_tokens=False)
    encoded = _now()
    return {
        "bytes": size,
        "learning": learned[0] - began[0],
        "learning_cpu": learned[1] - began[1],
        "encoding": encoded[0] - learned[0],
        "encoding_cpu": encoded[1] - learned[1],
    }


def _first_texts(corpus: Path) -> Iterator[str]:
    read = 0
    with corpus.open(encoding="utf-8") as file:
        for line in file:
            text = json.loads(line)["text"]
            read += len(text)
            yield text
            if read > _BARE_BYTES:
                return


def _recipe(asked: argparse.Namespace) -> Any:
    from sslstudio.recipe import Recipe

    settings = [
        f"corpora.0.path={asked.corpus}",
        f"tokenizer.vocab_size={asked.vocab_size}",
        "data.split=documents",
        *asked.set,
    ]
    return Recipe.default().with_settings(settings)


def _child(child: str, corpus: Path, folder: str) -> dict[str, Any]:
    words = [*sys.argv[1:], "--child", child, "--corpus", str(corpus)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.corpus_speed", *words],
        env={**os.environ, "SSLSTUDIO_CACHE": f"{folder}/cache"},
        stdout=subprocess.PIPE,
        check=True,
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _peak() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _print(ours: dict[str, Any], bare: dict[str, float], size: int) -> None:
    peers = {"training the tokenizer": "learning", "encoding": "encoding"}
    print(f"{machine()}, {size / 1e6:,.0f} MB in {ours['documents']:,} documents")
    print("| stage | seconds | of the processor | MB/s | of bare | of bare, by the processor |")
    print("|---|---|---|---|---|---|")
    for stage, (taken, processor) in ours["seconds"].items():
        read = min(size, 200_000_000) if stage.startswith("training") else size
        ratios = ""
        if peer := peers.get(stage):
            each = bare["bytes"] / read
            wall, cpu = bare[peer] / taken / each, bare[f"{peer}_cpu"] / processor / each
            ratios = f" {wall:.0%} | {cpu:.0%} |"
        print(f"| {stage} | {taken:.1f} | {processor:.1f} | {read / taken / 1e6:.1f} |{ratios}")
    for row in ours["removed"]:
        print(f"taken out: {row['documents']:,} documents by {row['rule']}")
    print(f"{ours['tokens']:,} tokens; {ours['peak_bytes'] / 1e6:,.0f} MB at the fullest")


if __name__ == "__main__":
    assert Path("benchmarks").is_dir(), "run it from the project's root"
    main()
