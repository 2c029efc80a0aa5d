"""nanoGPT's CPU setting on tinyshakespeare: validation loss, baselines, seconds.

    python -m benchmarks.tinyshakespeare [--text FILE] [--steps N]

4 layers, width 128, context 64, 12 rows a step, 2,000 steps, characters, the last tenth of the
text kept apart. nanoGPT's README reports 1.88 nats per character; reference §5.1: 1.8857.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from benchmarks.machine import machine
from sslstudio.events import EvaluationEvent, Event, MessageEvent
from sslstudio.recipe import Recipe
from sslstudio.training.control import Control
from sslstudio.training.session import train

_TEXT = Path(__file__).resolve().parents[2] / "shared/data/corpora/tinyshakespeare.txt"
RECIPE = """
name = "tinyshakespeare"
[[corpora]]
path = "{text}"
documents = "file"
[data]
split = "tail"
validation_fraction = 0.1
[tokenizer]
kind = "characters"
[model]
preset = "nano"
context = 64
[training]
steps = {steps}
batch_tokens = 768
log_every = 50
[evaluation]
every = 250
tokens = 20000
[samples]
every = 500
prompts = ["ROMEO:"]
[checkpoints]
every = 1000
"""


def main() -> None:
    """Train and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--text", type=Path, default=_TEXT)
    parser.add_argument("--steps", type=int, default=2000)
    options = parser.parse_args()
    if not options.text.exists():
        print("needs tinyshakespeare.txt: name it with --text")
        return
    evaluations: list[EvaluationEvent] = []

    def emit(event: Event) -> None:
        if isinstance(event, EvaluationEvent):
            evaluations.append(event)
            print(f"  step {event.step:5d}  validation {event.loss:.4f}", flush=True)
        elif isinstance(event, MessageEvent) and event.code == "baseline":
            print(f"  {event.text}", flush=True)

    print(machine())
    began = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        recipe = Recipe.from_toml(RECIPE.format(text=options.text, steps=options.steps))
        train(recipe, runs_dir=Path(folder), control=Control(), emit=emit)
    seconds = time.perf_counter() - began
    print(
        f"validation {evaluations[-1].loss:.4f} nats per character on {evaluations[-1].targets:,}"
        f" targets after {options.steps:,} steps in {seconds:.0f} s (nanoGPT: 1.88)"
    )


if __name__ == "__main__":
    main()
