"""``sslstudio plan``: what a recipe costs in memory and time, and what advises against it."""

from __future__ import annotations

import argparse
import dataclasses
from typing import TYPE_CHECKING, Any

from sslstudio.commands.arguments import add_device, add_json, add_recipe, add_settings
from sslstudio.commands.output import answer
from sslstudio.recipe import Recipe
from sslstudio.registry import register

if TYPE_CHECKING:
    from sslstudio.training.plan import Plan


@register("commands", "plan", help="what a recipe costs; trains nothing", place=70)
class PlanCommand:
    """Predicts what a run would take; with ``--measure`` after a few real steps."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the recipe and whether to measure."""
        add_json(parser)
        add_recipe(parser)
        add_settings(parser)
        add_device(parser)
        parser.add_argument(
            "--measure", action="store_true", help="take a few real steps first; some seconds"
        )

    def run(self, options: argparse.Namespace) -> int:
        """Print the plan."""
        recipe = Recipe.load(options.recipe).with_settings(options.set)
        found, measured = _plan(recipe, options.device, options.measure)
        return answer(
            options, lambda: {**dataclasses.asdict(found), **measured}, lambda: _lines(found)
        )


def _plan(recipe: Recipe, device_name: str, measures: bool) -> tuple[Plan, dict[str, Any]]:
    """Return the plan, and what was measured for the document."""
    from sslstudio.corpora.estimate import estimate_sources
    from sslstudio.models.configuration import model_config
    from sslstudio.training.memory import free_bytes
    from sslstudio.training.plan import plan
    from sslstudio.training.precision import choose_device, choose_precision
    from sslstudio.training.resolve import check_early

    device, architecture = choose_device(device_name), check_early(recipe)
    vocab_size, measured = None, {}
    source_tokens: tuple[int, ...] = ()
    if measures:
        from sslstudio.training.measuring import measure

        took = measure(recipe, device=device)
        vocab_size, source_tokens = took.config.vocab_size, took.source_tokens
        measured = {"measured": {"steps": took.steps, "peak_bytes": took.peak_bytes}}
    config = model_config(recipe.model, recipe.tokenizer.vocab_size, architecture)
    source_tokens = source_tokens or estimate_sources(recipe)
    found = plan(
        recipe,
        train_tokens=sum(source_tokens),
        source_tokens=source_tokens,
        vocab_size=vocab_size,
        architecture=architecture,
        device_type=device.type,
        available_bytes=free_bytes(device),
        precision=choose_precision(recipe.training.precision, device, config.width),
    )
    return found, measured


def _lines(plan: Plan) -> list[str]:
    """Return a plan as lines of text."""
    memory = plan.memory_bytes
    basis = {
        "measured": "measured on this device",
        "scaled": "from the speed of another run on this device; --measure knows better",
        "guessed": "a guess; --measure takes a few real steps",
    }[plan.time_source]
    lines = [
        f"parameters  {plan.parameters['total']:,} "
        f"({plan.parameters['embedding']:,} of them embedding)",
        f"memory      {memory['total'] / 1e6:,.0f} MB of {memory['available'] / 1e6:,.0f} MB free, "
        f"{plan.micro_batch} rows at once{', recomputing' if plan.recompute else ''}",
        f"time        {plan.seconds:,.0f} s for {plan.steps:,} steps ({basis})",
        f"tokens      {plan.tokens:,} ({plan.tokens_per_parameter:.1f} per parameter)",
    ]
    if plan.epochs is not None:
        lines.append(f"epochs      {plan.epochs:.2f}")
    if len(plan.source_epochs) > 1:
        pairs = zip(plan.source_shares, plan.source_epochs, strict=True)
        parts = [f"{share:.1%} ({epochs:.2f} epochs)" for share, epochs in pairs]
        lines.append(f"mix         {', '.join(parts)}")
    return lines + [f"{a.level}: {a.text} ({a.source})" for a in plan.advice]
