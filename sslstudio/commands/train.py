"""``sslstudio train``: a run of a recipe, from its first step to its last."""

from __future__ import annotations

import argparse
import functools

from sslstudio.commands.arguments import (
    add_device,
    add_json,
    add_recipe,
    add_runs_dir,
    add_settings,
)
from sslstudio.commands.following import follow
from sslstudio.recipe import Recipe
from sslstudio.registry import register
from sslstudio.runs import default_runs_dir


@register("commands", "train", help="train a recipe", place=10)
class Train:
    """Begins a run and follows it."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the recipe and where the run goes."""
        add_json(parser)
        add_recipe(parser)
        add_settings(parser)
        add_runs_dir(parser)
        add_device(parser)
        parser.add_argument("--name", help="name of the run")

    def run(self, options: argparse.Namespace) -> int:
        """Train; returns 130 when a signal stopped it."""
        recipe = Recipe.load(options.recipe).with_settings(options.set)
        from sslstudio.training.session import train

        begin = functools.partial(
            train,
            recipe,
            runs_dir=options.runs or default_runs_dir(),
            name=options.name,
            device=options.device,
        )
        return follow(begin, options.json)
