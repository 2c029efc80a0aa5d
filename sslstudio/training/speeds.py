"""How fast this machine was before: remembered, so that a plan knows the time.

A run, or a measurement, leaves the seconds of its steps under everything that decides them, so
the same recipe is planned by what it really took. Other recipes are planned by the operations a
second that the latest run reached on the same kind of device. A small JSON file in the cache;
imports no torch.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from typing import Any

from sslstudio.models.architecture import architecture_of
from sslstudio.models.configuration import ModelConfig
from sslstudio.recipe import Recipe
from sslstudio.storage import UNREADABLE, cache_dir, write_atomically

_GUESSED_FLOPS = {"cpu": 25e9, "mps": 1e12, "cuda": 2e13}  # per second; per core for "cpu"
_MOST_SHAPES = 500
_MAPS = ("speeds", "shapes", "vocabularies")


@dataclasses.dataclass(frozen=True)
class Speed:
    """Seconds of a step; how they are known: "measured" here, "scaled" or "guessed"."""

    seconds_per_step: float
    source: str


def flops_per_token(config: ModelConfig) -> float:
    """Return training FLOPs a token (reference §4.3)."""
    return architecture_of(config.architecture).flops_per_token(config)


def speed_of(recipe: Recipe, config: ModelConfig, device_type: str) -> Speed:
    """Return what a step of ``recipe`` takes, as far as this machine knows."""
    known = _known()
    rows = max(1, recipe.training.batch_tokens // config.context)
    operations = rows * config.context * flops_per_token(config)
    seconds = known["shapes"].get(_key(recipe, config, device_type))
    if seconds:
        return Speed(seconds, "measured")
    speed = known["speeds"].get(device_type)
    if speed:
        return Speed(operations / speed, "scaled")
    cores = (os.cpu_count() or 1) if device_type == "cpu" else 1
    return Speed(operations / (_GUESSED_FLOPS.get(device_type, 25e9) * cores), "guessed")


def vocabulary_of(recipe: Recipe) -> int | None:
    """Return how many tokens the vocabulary of these texts came out with, where that is known.

    Few texts fill the size that a recipe asks for, and the head and its logits follow the size.
    """
    size = _known()["vocabularies"].get(_key_of_text(recipe))
    return None if size is None else int(size)


def remember_speed(
    recipe: Recipe, config: ModelConfig, device_type: str, seconds_per_step: float
) -> None:
    """Keep what a step of ``recipe`` took, so that the next plan knows it."""
    known = _known()
    rows = max(1, recipe.training.batch_tokens // config.context)
    operations = rows * config.context * flops_per_token(config)
    known["speeds"][device_type] = operations / seconds_per_step
    shapes = {k: v for k, v in known["shapes"].items() if k != _key(recipe, config, device_type)}
    shapes[_key(recipe, config, device_type)] = seconds_per_step
    sizes = {**known["vocabularies"], _key_of_text(recipe): config.vocab_size}
    document = {
        "speeds": known["speeds"],
        "shapes": dict(list(shapes.items())[-_MOST_SHAPES:]),
        "vocabularies": dict(list(sizes.items())[-_MOST_SHAPES:]),
    }
    write_atomically(cache_dir() / "speeds.json", json.dumps(document))


def _key(recipe: Recipe, config: ModelConfig, device_type: str) -> str:
    """Return the name of everything that decides how long a step takes on one machine.

    Rows at once, compiling and recomputing follow from the rest where they are on "auto", so a
    recipe and what it was resolved to have the same name.
    """
    shape = {k: v for k, v in config.to_dict().items() if k != "vocab_size"}
    decisive: dict[str, Any] = {
        "config": shape,
        # what the vocabulary will be is known by this, before it is trained
        "text": _key_of_text(recipe),
        "objective": [recipe.objective.name, dict(recipe.objective.options)],
        "batch_tokens": recipe.training.batch_tokens // config.context,
        "optimizer": recipe.training.optimizer,
        "device": device_type,
    }
    return _digest(decisive)


def _key_of_text(recipe: Recipe) -> str:
    """Return the name of what decides how many tokens the vocabulary gets."""
    return _digest(
        {
            # only what a run's own recipe says as the user's did: "auto" is replaced in it
            "corpora": [source.path for source in recipe.corpora],
            "tokenizer": dataclasses.asdict(recipe.tokenizer),
        }
    )


def _digest(decisive: dict[str, Any]) -> str:
    text = json.dumps(decisive, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _known() -> dict[str, dict[str, float]]:
    try:
        content = json.loads((cache_dir() / "speeds.json").read_bytes())
        return {
            name: {str(k): float(v) for k, v in content[name].items() if 0 < float(v) < 1e30}
            for name in _MAPS
        }
    except (*UNREADABLE, TypeError, AttributeError, KeyError):
        return {name: {} for name in _MAPS}
