"""``sslstudio rates``: which learning rate suits a recipe, tried out."""

from __future__ import annotations

import argparse
import dataclasses
from typing import TYPE_CHECKING

from sslstudio.commands.arguments import add_device, add_json, add_recipe, add_settings
from sslstudio.commands.output import answer
from sslstudio.recipe import Recipe
from sslstudio.registry import register

if TYPE_CHECKING:
    from sslstudio.training.rate_range import RateRange

_ROWS = 12


@register("commands", "rates", help="try which learning rate suits a recipe", place=80)
class Rates:
    """Trains a little with rising rates, and suggests one."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the recipe and how many rates are tried."""
        add_json(parser)
        add_recipe(parser)
        parser.add_argument("--steps", type=_steps, default=100, help="how many rates, 20 to 1000")
        add_settings(parser)
        add_device(parser)

    def run(self, options: argparse.Namespace) -> int:
        """Run the test, and print what it found."""
        recipe = Recipe.load(options.recipe).with_settings(options.set)
        from sslstudio.training.precision import choose_device
        from sslstudio.training.rate_range import try_rates

        found = try_rates(recipe, device=choose_device(options.device), steps=options.steps)
        return answer(options, lambda: dataclasses.asdict(found), lambda: _lines(found))


def _lines(found: RateRange) -> list[str]:
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
