"""What may change when a run goes on, and what follows from it; a run knows its whole history.

Stands between the session and the journal. More steps, another learning rate, another corpus:
each is allowed, written into ``run.json`` with what was before and after, and said in the log
where its consequence is not plain. Pure functions; nothing here touches a disk.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, cast

import torch

from sslstudio.recipe import Recipe
from sslstudio.training.checkpoint import Progress
from sslstudio.training.compilation import can_compile
from sslstudio.training.schedule import COOLDOWN_SHARE, learning_rate_at


def changes(before: Recipe, after: Recipe) -> list[dict[str, Any]]:
    """Return every setting that differs: ``{"key", "before", "after"}``, None where there is none.

    Keys are written as ``--set`` takes them.
    """
    old, new = dict(_settings(before.to_tables())), dict(_settings(after.to_tables()))
    return [
        {"key": key, "before": old.get(key), "after": new.get(key)}
        for key in {**old, **new}
        if old.get(key) != new.get(key)
    ]


def with_compiler_at_hand(before: Recipe, recipe: Recipe, device: torch.device) -> Recipe:
    """Return ``recipe``, without compilation where this machine cannot compile.

    A run that ``before`` was compiled elsewhere goes on here, only slower. Who asks for the
    compiler now is refused as for a new run.
    """
    is_kept = before.training.compile == recipe.training.compile == "on"
    if not is_kept or can_compile(device.type):
        return recipe
    training = dataclasses.replace(recipe.training, compile="off", attention="fused")
    return dataclasses.replace(recipe, training=training)


def adapted(progress: Progress, before: Recipe, after: Recipe) -> Progress:
    """Return ``progress`` without what the user has just decided anew.

    A learning rate that is given counts as it stands, whatever was halved before; so does a
    micro-batch, whatever memory ran out before.
    """
    if before.training.learning_rate != after.training.learning_rate:
        progress = dataclasses.replace(progress, halvings=0, turned_back_at=-1)
    if before.training.micro_batch != after.training.micro_batch:
        progress = dataclasses.replace(progress, micro_batch=0)
    return progress


def consequences(before: Recipe, after: Recipe, step: int) -> Iterator[str]:
    """Yield a sentence for each change that has an effect which its name does not tell.

    Args:
        before, after: resolved recipes.
        step: where the run goes on.
    """
    old, new = before.training, after.training
    if old.steps != new.steps and new.schedule != "constant" and step < new.steps:
        yield _schedule_sentence(before, after, step)
    if old.batch_tokens != new.batch_tokens or before.corpora != after.corpora:
        yield (
            "the order of the text is another from here on: a row may be read twice in this "
            "epoch, or not at all"
        )
    if old.compile == "on" and new.compile == "off":
        yield "the blocks are no longer compiled: slower, and other last digits"


def _schedule_sentence(before: Recipe, after: Recipe, step: int) -> str:
    rates = [_rate(recipe, step) for recipe in (before, after)]
    training = after.training
    what = "the learning rate falls"
    if training.schedule == "wsd":
        first = training.steps - max(1, round(training.steps * COOLDOWN_SHARE))
        what = f"the cool-down begins at step {first:,}"
    return (
        f"with {training.steps:,} steps instead of {before.training.steps:,} {what}; at step "
        f"{step:,} the learning rate is {rates[1]:.3g}, it would have been {rates[0]:.3g}"
    )


def _rate(recipe: Recipe, step: int) -> float:
    training = recipe.training
    return learning_rate_at(
        min(step, training.steps - 1),
        training.steps,
        cast(float, training.learning_rate),
        cast(int, training.warmup),
        training.schedule,
    )


def _settings(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the leaves of nested tables with their dotted keys."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _settings(inner, f"{key}.{name}" if key else str(name))
    elif isinstance(value, list) and any(isinstance(inner, Mapping) for inner in value):
        for number, inner in enumerate(value):
            yield from _settings(inner, f"{key}.{number}")
    else:
        yield key, value
