"""``sslstudio rates``: which learning rate suits a recipe, tried out. Beside ``cli``; thin."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sslstudio.recipe import Recipe

if TYPE_CHECKING:
    from sslstudio.training.rate_range import RateRange

_ROWS = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("recipe", type=Path, metavar="RECIPE.toml")
    parser.add_argument("--steps", type=_steps, default=100, help="how many rates, 20 to 1000")
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="change a setting"
    )
    parser.add_argument("--device", default="auto", help="auto, cpu, cuda, cuda:1, mps")


def rates(options: argparse.Namespace) -> dict[str, Any] | list[str]:
    """Run the test; returns the document for ``--json``, else lines of text."""
    recipe = Recipe.load(options.recipe).with_settings(options.set)
    from sslstudio.training.precision import choose_device
    from sslstudio.training.rate_range import try_rates

    found = try_rates(recipe, device=choose_device(options.device), steps=options.steps)
    return dataclasses.asdict(found) if options.json else lines(found)


def lines(found: RateRange) -> list[str]:
    """Return a short table and the two suggestions."""
    every = max(1, -(-len(found.points) // _ROWS))
    table = [f"{p.rate:10.1e}  {p.smoothed:8.4f}" for p in found.points[::every]]
    end = "the loss rose fourfold, so the test ended" if found.stopped_early else ""
    return [
        "      rate      loss",
        *table,
        *([end] if end else []),
        f"suggested   {found.suggested:g}  (a tenth of the rate where the loss is least)",
        f"steepest    {found.steepest:g}  (where the loss falls fastest)",
        f"use it with --set training.learning_rate={found.suggested:g}",
    ]


def _steps(text: str) -> int:
    if not text.isdecimal() or not 20 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 20 to 1000")
    return int(text)
