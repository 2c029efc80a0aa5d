"""How several processes share one network: each holds a copy of it, or a share of every matrix.

Resolves ``training.parallel`` once when a run begins. A copy each (DDP) exchanges gradients once
a step and is faster wherever it fits; shares (FSDP2) gather each block's weights just before they
are needed, so a model may be larger than any one device. Knows the sizes, not the modules.
"""

from __future__ import annotations

import dataclasses
import math

import torch

from sslstudio.errors import RecipeError
from sslstudio.models.configuration import ModelConfig, count_parameters
from sslstudio.recipe import Recipe, TrainingOptions
from sslstudio.training.memory import free_bytes, memory_of
from sslstudio.training.memory_model import moment_bytes, weight_bytes
from sslstudio.training.processes import Processes

_SHARE_FOR_A_COPY = 0.8  # of a device's memory; the rest is left to activations


def check_shares(recipe: Recipe, processes: Processes) -> None:
    """Raise a :class:`RecipeError` where a step has not a row for every process."""
    context = recipe.model.context
    rows = recipe.training.batch_tokens // context
    if rows < processes.count:
        raise RecipeError(
            f"training.batch_tokens {recipe.training.batch_tokens:,} is {rows} rows of "
            f"model.context {context:,}, too few for {processes.count} processes: raise it to "
            f"{processes.count * context:,}, or start fewer processes"
        )


def choose_parallel(
    training: TrainingOptions, config: ModelConfig, device: torch.device, processes: Processes
) -> str:
    """Resolve ``training.parallel``; returns "replicate" or "shard".

    Args:
        training: with its precision resolved.

    Raises:
        RecipeError: shares are asked for, or needed, and the optimizer or precision forbids them.
    """
    parallel = training.parallel
    if parallel == "auto":
        is_whole = _fits_whole(training, config, device, processes)
        parallel = "replicate" if is_whole else "shard"
    if parallel == "shard" and processes.count > 1:
        _check_shard(training)
    return parallel


def bytes_of_a_copy(config: ModelConfig, training: TrainingOptions) -> int:
    """Return what weights, fp32 gradients and moments take where a process holds them whole."""
    gradients = 4 * count_parameters(config).total
    moments = moment_bytes(config, training.optimizer)
    return weight_bytes(config, training.precision) + gradients + moments


def own_step(recipe: Recipe, processes: Processes) -> Recipe:
    """Return ``recipe`` as if the rows of one process were all rows of a step."""
    training, context = recipe.training, recipe.model.context
    step_rows = training.batch_tokens // context
    rows = math.ceil(step_rows / processes.count)
    at_once = training.micro_batch
    if isinstance(at_once, int) and at_once <= step_rows:
        at_once = min(at_once, rows)
    training = dataclasses.replace(training, batch_tokens=rows * context, micro_batch=at_once)
    return dataclasses.replace(recipe, training=training)


def room_for(
    training: TrainingOptions, config: ModelConfig, device: torch.device, processes: Processes
) -> int:
    """Return how many bytes a process may use, counted as if it held the network whole.

    Args:
        training: with ``precision`` and ``parallel`` resolved.
    """
    room = free_bytes(device) // _sharing(device, processes)
    if training.parallel == "shard":
        room += round(bytes_of_a_copy(config, training) * (1 - 1 / processes.count))
    return room


def _sharing(device: torch.device, processes: Processes) -> int:
    """Return how many processes share the memory of ``device``."""
    return processes.local_count if device.type == "cpu" else 1


def _fits_whole(
    training: TrainingOptions, config: ModelConfig, device: torch.device, processes: Processes
) -> bool:
    if processes.count == 1:
        return True
    there = memory_of(device) // _sharing(device, processes)
    return bytes_of_a_copy(config, training) <= _SHARE_FOR_A_COPY * there


def _check_shard(training: TrainingOptions) -> None:
    if training.optimizer == "muon":
        raise RecipeError(
            "training.optimizer=muon needs whole matrices, and training.parallel=shard cuts "
            "them: set training.optimizer to adamw, or training.parallel to replicate"
        )
    if training.precision == "fp16":
        raise RecipeError(
            "training.precision=fp16 cannot be used with training.parallel=shard: set "
            "training.precision to fp32 or bf16, or training.parallel to replicate"
        )
