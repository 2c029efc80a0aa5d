"""From nothing to readable sentences: `sample:tales` with the default recipe, cold.

    python -m benchmarks.tales

Builds the sample, the tokenizer and the tokens in an empty cache, trains the default recipe, and
prints after how many seconds what could be read. The aim is two minutes on two cores.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from sslstudio.neighbours import wait_briefly

wait_briefly()

from benchmarks.machine import machine  # noqa: E402
from sslstudio.events import EvaluationEvent, Event, SampleEvent, StepEvent  # noqa: E402
from sslstudio.recipe import CorpusSource, Recipe  # noqa: E402
from sslstudio.training.control import Control  # noqa: E402
from sslstudio.training.session import train  # noqa: E402


def main() -> None:
    """Train and print what could be read when."""
    began = time.perf_counter()
    first: list[float] = []

    def emit(event: Event) -> None:
        seconds = time.perf_counter() - began
        if isinstance(event, StepEvent) and not first:
            first.append(seconds)
            print(f"{seconds:6.1f} s  first point on the curve", flush=True)
        elif isinstance(event, EvaluationEvent):
            bits = event.bits_per_byte or 0.0
            print(f"{seconds:6.1f} s  step {event.step}: {event.loss:.3f} nats a token, "
                  f"{bits:.3f} bits per byte", flush=True)  # fmt: skip
        elif isinstance(event, SampleEvent):
            print(f"{seconds:6.1f} s  {event.text!r}", flush=True)

    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        os.environ["SSLSTUDIO_CACHE"] = f"{folder}/cache"
        recipe = Recipe(name="tales", corpora=(CorpusSource(path="sample:tales"),))
        train(recipe, runs_dir=Path(folder), control=Control(), emit=emit)
    print(f"{time.perf_counter() - began:6.1f} s  finished")


if __name__ == "__main__":
    main()
