"""The planned time and memory beside what a run really takes.

    python -m benchmarks.plan_accuracy [--steps N]

For each recipe: ``measure`` takes its few steps, the plan is asked, then a run of N steps is
trained by the very session that the studio uses, and its own clock is read. The aim is a planned
time within 15 % and a planned peak within 10 % of the real ones.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
from pathlib import Path

from sslstudio.neighbours import wait_briefly

wait_briefly()

import torch  # noqa: E402

from benchmarks.machine import machine  # noqa: E402
from sslstudio.events import Event, StepEvent  # noqa: E402
from sslstudio.recipe import Recipe  # noqa: E402
from sslstudio.training.control import Control  # noqa: E402
from sslstudio.training.measuring import measure  # noqa: E402
from sslstudio.training.plan import plan  # noqa: E402
from sslstudio.training.session import train  # noqa: E402

RECIPES = {
    "nano, default": ["model.preset=nano"],
    "nano, masked": ["model.preset=nano", "objective.name=masked_lm"],
    "tiny": ["model.preset=tiny", "training.batch_tokens=4096"],
    "tiny, recompute": ["model.preset=tiny", "training.recompute=on"],
    "small, muon": ["model.preset=small", "training.optimizer=muon"],
}


def seconds_per_step(recipe: Recipe) -> float:
    """Train ``recipe`` and return the middle of its own clock, the first points left out."""
    points: list[StepEvent] = []

    def emit(event: Event) -> None:
        if isinstance(event, StepEvent):
            points.append(event)

    with tempfile.TemporaryDirectory() as folder:
        train(recipe, runs_dir=Path(folder), device="cpu", control=Control(), emit=emit)
    tokens = recipe.training.batch_tokens // recipe.model.context * recipe.model.context
    return statistics.median(tokens / point.tokens_per_second for point in points[2:])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--steps", type=int, default=30)
    options = parser.parse_args()
    print(machine())
    print("| recipe | planned s/step | real s/step | error | planned MB | counted MB | error |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as cache:
        os.environ["SSLSTUDIO_CACHE"] = cache
        for name, settings in RECIPES.items():
            recipe = Recipe.default().with_settings(
                [
                    "corpora.0.path=sample:tales",
                    f"training.steps={options.steps}",
                    "training.log_every=2",
                    "samples.every=0",
                    "evaluation.every=100000",
                    "checkpoints.every=100000",
                    *settings,
                ]
            )
            found = measure(recipe, device=torch.device("cpu"))
            planned = plan(
                recipe,
                vocab_size=found.config.vocab_size,
                architecture=found.config.architecture,
            )
            real = seconds_per_step(recipe)
            memory = planned.memory_bytes["total"]
            print(
                f"| {name} | {planned.seconds_per_step:.3f} | {real:.3f} | "
                f"{planned.seconds_per_step / real - 1:+.1%} | {memory / 1e6:.1f} | "
                f"{found.peak_bytes / 1e6:.1f} | {memory / found.peak_bytes - 1:+.1%} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
