"""How fast a report is made, stage by stage, on a synthetic corpus.

    python -m benchmarks.corpus_report [--megabytes 200]

The corpus is ``corpus_speed``'s: JSON lines of 3.3 KB. It is reported on from cold. Stages that
read all text (counts, lengths, duplicates, repeated lines, rules, personal data) are to reach 20
MB/s on two cores; the dearer ones stand on a sample and take the same time whatever the size.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from benchmarks.corpus_speed import write_corpus
from benchmarks.machine import machine
from sslstudio.corpora.report import make_report
from sslstudio.recipe import CorpusSource


def main() -> None:
    """Print the seconds of each stage and its rate."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=float, default=200)
    size = int(parser.parse_args().megabytes * 1e6)
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.jsonl"
        written = write_corpus(corpus, size)
        os.environ["SSLSTUDIO_CACHE"] = f"{folder}/cache"
        began = time.perf_counter()
        ends: dict[str, float] = {}

        def note(stage: str, _done: int, _total: int, _unit: str) -> None:
            ends[stage] = time.perf_counter() - began

        report = make_report([CorpusSource(path=str(corpus))], on_progress=note)
        seconds = time.perf_counter() - began
    print(f"{machine()}, {written / 1e6:.0f} MB, {report.documents:,} documents")
    print("| stage | seconds | MB/s |\n|---|---|---|")
    before = 0.0
    for stage, end in ends.items():
        print(f"| {stage} | {end - before:.1f} | {written / 1e6 / max(1e-9, end - before):.1f} |")
        before = end
    print(f"| all | {seconds:.1f} | {written / 1e6 / seconds:.1f} |")


if __name__ == "__main__":
    main()
