"""``sslstudio evaluate``: suites over the checkpoints of a run."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from sslstudio.commands.arguments import add_checkpoint, add_device, add_json, add_run
from sslstudio.commands.output import answer
from sslstudio.registry import register
from sslstudio.runs import RunFolder


@register("commands", "evaluate", help="measure checkpoints", place=40)
class Evaluate:
    """Measures one checkpoint, or all of them."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the run, its checkpoint and the suites."""
        add_json(parser)
        add_run(parser)
        add_device(parser)
        add_checkpoint(parser)
        parser.add_argument("--suite", action="append", metavar="NAME")

    def run(self, options: argparse.Namespace) -> int:
        """Measure, and print the figures of every checkpoint."""
        RunFolder.open(options.run)  # refused before torch is imported
        from sslstudio.evaluation.suites import evaluate
        from sslstudio.training.precision import choose_device

        document = evaluate(
            options.run,
            checkpoint=options.checkpoint,
            suites=options.suite or ["perplexity"],
            device=choose_device(options.device),
        )
        return answer(options, lambda: document, lambda: _lines(document))


def _lines(document: dict[str, Any]) -> Iterator[str]:
    for checkpoint in document["checkpoints"]:
        for name, figures in checkpoint["suites"].items():
            parts = ", ".join(f"{k} {v:,.4f}".rstrip("0").rstrip(".") for k, v in figures.items())
            yield f"step {checkpoint['step']:>7,}  {name}: {parts}"
