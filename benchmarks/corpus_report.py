"""How fast a report is made, stage by stage, and how much memory its processes take together.

    python -m benchmarks.corpus_report [--megabytes 200 | --gigabytes 2]

The synthetic corpus of ``corpus_speed`` (documents of about 3.3 KB) from a cold cache. The first
reading counts documents, lengths, scripts, exact and near duplicates, repeated lines and personal
data, and tries the rules on 10 MB; the aim for it is 20 MB/s on two cores. Memory is the sum of
what each process has for itself (USS), looked at five times a second.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from pathlib import Path

import psutil

from benchmarks.corpus_speed import write_corpus
from benchmarks.machine import machine


def main() -> None:
    """Print a table of seconds and megabytes a second."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--megabytes", type=float, default=200)
    parser.add_argument("--gigabytes", type=float, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SSLSTUDIO_CACHE"] = f"{folder}/cache"
        corpus = Path(folder) / "corpus.jsonl"
        size = write_corpus(corpus, int(asked.gigabytes * 1e9 or asked.megabytes * 1e6))
        _measure(corpus, size)


def _measure(corpus: Path, size: int) -> None:
    from sslstudio.corpora.report import make_report
    from sslstudio.recipe import CorpusSource

    began = time.perf_counter()
    ends: dict[str, float] = {}
    processor: list[float] = []

    def note(stage: str, _done: int, _total: int, _unit: str) -> None:
        if "reading" in ends and stage != "reading" and not processor:
            processor.append(_processor_seconds())
        ends[stage] = time.perf_counter() - began

    with _Memory() as memory:
        report = make_report([CorpusSource(path=str(corpus))], on_progress=note)
    ends["all"] = time.perf_counter() - began
    again = time.perf_counter()
    make_report([CorpusSource(path=str(corpus))])
    ends_again = time.perf_counter() - again
    print(f"{machine()}, {size / 1e6:,.0f} MB in {report.documents:,} documents")
    print("| up to the end of | after s | MB/s |\n|---|---|---|")
    before = 0.0
    for stage, after in ends.items():
        taken = after if stage == "all" else after - before
        print(f"| {stage} | {after:.1f} | {size / max(taken, 1e-3) / 1e6:.1f} |")
        before = after
    rate = 2 * size / processor[0] / 1e6
    print(f"up to the end of reading: {processor[0]:.1f} s of processor time, {rate:.1f} MB/s on")
    print(f"two cores with nothing beside; {memory.most / 1e6:,.0f} MB at the fullest;")
    print(
        f"from the cache: {ends_again:.2f} s; near duplicates on {report.checked_documents:,} "
        f"documents, rules on {report.ruled_documents:,}; verdict {report.verdict}"
    )


def _processor_seconds() -> float:
    """Return what the processes of the report have computed so far."""
    seconds = 0.0
    for process in psutil.Process().children(recursive=True):
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        seconds += times.user + times.system
    return seconds


class _Memory:
    """Watches what the children of this process take."""

    def __init__(self) -> None:
        self.most = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> _Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.2):
            total = 0
            for process in psutil.Process().children(recursive=True):
                try:
                    total += process.memory_full_info().uss
                except psutil.Error:
                    continue
            self.most = max(self.most, total)


if __name__ == "__main__":
    main()
