"""From a recipe with "auto" in it to one where every number stands.

Done once when a run begins, after the corpus was prepared (its size decides the length in steps
where epochs were asked for); the result is what the run folder keeps, so that the command line
repeats exactly what a window did. The only thing it asks of torch is what the device can do.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping
from typing import Any

import torch

from sslstudio.errors import RecipeError
from sslstudio.models.configuration import ModelConfig, count_parameters, model_config
from sslstudio.objectives.objective import objective_class
from sslstudio.recipe import Recipe, TrainingOptions
from sslstudio.registry import build_options
from sslstudio.training.attention_choice import choose_attention
from sslstudio.training.automatic import (
    automatic_beta2,
    automatic_learning_rate,
    automatic_warmup,
    length_of,
)
from sslstudio.training.compilation import choose_compile
from sslstudio.training.fitting import fit, require_fit
from sslstudio.training.parallel import choose_parallel, own_step, room_for
from sslstudio.training.plan import flops_per_token
from sslstudio.training.precision import choose_precision
from sslstudio.training.processes import Processes


@dataclasses.dataclass(frozen=True)
class Resolved:
    """A recipe with nothing left on "auto", and the model's configuration."""

    recipe: Recipe
    config: ModelConfig
    rows_per_step: int


def check_early(recipe: Recipe) -> str:
    """Check what can be checked before any text is read; returns the architecture.

    Raises:
        RecipeError: unknown objective or option, impossible pair or size.
    """
    if not any(source.weight for source in recipe.corpora):
        raise RecipeError("every corpus has weight 0, so there is no text: raise one of them")
    objective = objective_class(recipe.objective.name)
    build_options(objective.Options, recipe.objective.options, "objective")
    architecture = recipe.model.architecture
    if architecture == "auto":
        architecture = objective.architectures[0]
    if architecture not in objective.architectures:
        raise RecipeError(
            f"{recipe.objective.name} cannot train a model of architecture {architecture!r}; "
            f"set model.architecture to {' or '.join(objective.architectures)}"
        )
    model_config(recipe.model, recipe.tokenizer.vocab_size, architecture)
    if recipe.training.batch_tokens < recipe.model.context:
        raise RecipeError(
            f"training.batch_tokens {recipe.training.batch_tokens} is less than one row of "
            f"model.context {recipe.model.context}: raise the first or lower the second"
        )
    return architecture


_SETTLED = ("tokenizer", "data", "model")
_UNSETTLED = ("model.dropout",)


def check_settled(before: Recipe, after: Recipe) -> None:
    """Raise a :class:`RecipeError` where ``after`` changes what a run cannot change any more."""
    for table in _SETTLED:
        old, new = (dataclasses.asdict(getattr(recipe, table)) for recipe in (before, after))
        changed = [f"{table}.{key}" for key in old if old[key] != new[key]]
        for key in changed:
            if key not in _UNSETTLED:
                raise RecipeError(f"{key} cannot change in a run that has begun: begin a new run")
    if before.objective.name != after.objective.name:
        raise RecipeError("objective.name cannot change in a run that has begun: begin a new run")


def resolve(
    recipe: Recipe,
    *,
    vocab_size: int,
    train_tokens: int,
    device: torch.device,
    data: Mapping[str, Any] | None = None,
    processes: Processes | None = None,
) -> Resolved:
    """Return ``recipe`` with every "auto" replaced for this corpus and this device.

    Raises:
        RecipeError: a setting that this recipe cannot have.
        DeviceError: not enough memory, or no such precision.

    Args:
        vocab_size: of the trained tokenizer, which may be smaller than asked for.
        train_tokens: tokens of the training split.
        device: where the run will compute.
        data: the facts that preparing the corpora found.
        processes: who else will train it; None for nobody.
    """
    architecture = check_early(recipe)
    config = model_config(recipe.model, vocab_size, architecture)
    asked = recipe.training
    length = length_of(recipe, config.context, train_tokens)
    precision = choose_precision(asked.precision, device, config.width)
    processes = processes or Processes()
    settled = dataclasses.replace(asked, precision=precision)
    settled = dataclasses.replace(
        settled, parallel=choose_parallel(settled, config, device, processes)
    )
    fit_here = functools.partial(
        fit,
        config=config,
        precision=precision,
        device_type=device.type,
        free_bytes=room_for(settled, config, device, processes),
    )
    fitted = require_fit(fit_here(own_step(recipe, processes)))
    training = dataclasses.replace(
        settled,
        steps=length.steps,
        tokens=0,
        epochs=0.0,
        batch_tokens=length.batch_tokens,
        micro_batch=fitted.rows,
        learning_rate=_or(
            asked.learning_rate,
            automatic_learning_rate(
                count_parameters(config).non_embedding, length.tokens, length.batch_tokens
            ),
        ),
        beta2=_or(asked.beta2, automatic_beta2(length.tokens, length.batch_tokens)),
        warmup=_or(asked.warmup, automatic_warmup(length.steps)),
        compile=_compile(settled, device, length.tokens * flops_per_token(config), processes),
        recompute="on" if fitted.recompute else "off",
    )
    model = dataclasses.replace(
        recipe.model,
        architecture=architecture,
        layers=config.layers,
        width=config.width,
        heads=config.heads,
        kv_heads=config.kv_heads,
        ffn_width=config.ffn_width,
    )
    training = dataclasses.replace(training, attention=choose_attention(training, config, device))
    if asked.attention == "auto" and training.attention == "composed":
        here = own_step(dataclasses.replace(recipe, training=training), processes)
        if fit_here(here).complaint:  # it is faster, but there is no room for its scores
            training = dataclasses.replace(training, attention="fused")
    resolved = dataclasses.replace(recipe, training=training, model=model)
    return Resolved(_with_data(resolved, data or {}), config, length.rows)


def _compile(
    training: TrainingOptions, device: torch.device, operations: float, processes: Processes
) -> str:
    """Resolve ``training.compile``; what is shared out in parts is not compiled."""
    if training.parallel == "shard" and processes.count > 1:
        return "off"
    return choose_compile(training.compile, device, operations)


def _or(value: Any, automatic: Any) -> Any:
    return automatic if value == "auto" else value


def _with_data(recipe: Recipe, facts: Mapping[str, Any]) -> Recipe:
    """Write down which split and which documents "auto" became."""
    if not facts:
        return recipe
    read = iter(facts["sources"])  # a source of weight 0 is not among them
    corpora = tuple(
        dataclasses.replace(source, documents=next(read)["cut"]) if source.weight else source
        for source in recipe.corpora
    )
    data = dataclasses.replace(recipe.data, split=facts["split"]["kind"])
    return dataclasses.replace(recipe, corpora=corpora, data=data)
