"""Put together all that a trainer needs: networks, optimizers, sampler, out of a resolved recipe.

Stands between the session, which has found text and settings, and the trainer. The seed alone
decides the first weights. Costs the memory that the run will hold: what does not fit is refused
here and not in the middle of a step.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from sslstudio.corpora.mixing import mix_for
from sslstudio.corpora.preparation import PreparedData
from sslstudio.models.configuration import ModelConfig
from sslstudio.models.network import Network, build_network
from sslstudio.models.running import compiled, recomputed, run_plainly
from sslstudio.objectives.objective import Objective, build_objective
from sslstudio.recipe import Recipe, TrainingOptions
from sslstudio.runs import RunFolder
from sslstudio.training.checkpoint import check_room
from sslstudio.training.materials import Materials, WithLoss, low_twin
from sslstudio.training.memory import check_memory
from sslstudio.training.optimizer import Optimizers, build_optimizers
from sslstudio.training.precision import dtype_of_weights, precisions
from sslstudio.training.processes import Processes
from sslstudio.training.resolve import Resolved
from sslstudio.training.sampler import Sampler


def assemble(
    resolved: Resolved,
    run: RunFolder,
    data: PreparedData,
    device: torch.device,
    processes: Processes,
) -> Materials:
    """Build everything on ``device``.

    Raises:
        DeviceError: the parameters alone do not fit there.
        StorageError: the disk has no room for one checkpoint.
    """
    recipe, config = resolved.recipe, resolved.config
    processes = processes.arranged(recipe.training.parallel)
    check_memory(config, device, shares=processes.count if processes.is_sharded else 1)
    check_room(run, config)
    use_algorithms(recipe.training.deterministic)
    master = first_network(recipe, config)
    processes.placed(master, device, recipe.training.precision)
    prepare_blocks(master, recipe.training)
    dtype = dtype_of_weights(recipe.training.precision)
    # shares are gathered in the dtype that computes, and need no twin
    needs_twin = dtype != torch.float32 and not processes.is_sharded
    model = master if not needs_twin else low_twin(master, dtype)
    objective = build_objective(recipe.objective.name, recipe.objective.options, data.tokenizer)
    with_loss = WithLoss(model, objective)
    return Materials(
        recipe=recipe,
        run=run,
        model=model,
        master=master,
        wrapped=processes.wrapped(with_loss),
        optimizers=_optimizers(master, recipe.training, device),
        first_weights=lambda: first_weights(recipe, config),
        scaler=torch.amp.GradScaler(device.type) if recipe.training.precision == "fp16" else None,
        objective=objective,
        tokenizer=data.tokenizer,
        sampler=_sampler(resolved, data, objective),
        validation_ids=data.validation.ids,
        device=device,
        processes=processes,
    )


def _sampler(resolved: Resolved, data: PreparedData, objective: Objective) -> Sampler:
    """Return what cuts rows out of the training tokens, by the recipe's shares of its sources."""
    recipe, sources = resolved.recipe, data.train.source_tokens
    training = recipe.training
    # tokens of an older release are one stream, in which weights are copies
    mix = mix_for(recipe, sources, training.steps * training.batch_tokens) if sources else None
    return Sampler(
        data.train.ids,
        window=objective.window(resolved.config.context),
        stride=objective.stride(resolved.config.context),
        rows_per_step=resolved.rows_per_step,
        seed=recipe.seed,
        bos=data.tokenizer.bos,
        source_tokens=sources,
        shares=mix.shares if mix else (),
    )


def first_network(recipe: Recipe, config: ModelConfig) -> Network:
    """Return the network as the seed makes it, in the CPU's memory."""
    torch.manual_seed(recipe.seed)
    return build_network(config)


def first_weights(recipe: Recipe, config: ModelConfig) -> Mapping[str, Tensor]:
    """Return the weights that the seed makes."""
    weights: Mapping[str, Tensor] = first_network(recipe, config).state_dict()
    return weights


def prepare_blocks(model: Network, training: TrainingOptions) -> None:
    """Decide how the blocks run while a gradient is wanted."""
    run = compiled(run_plainly) if training.compile == "on" else run_plainly
    model.run_block = recomputed(run) if training.recompute == "on" else run
    model.composes_attention = training.attention == "composed"


def use_algorithms(deterministic: bool) -> None:
    """Let torch choose the fastest algorithms, or only those that repeat bit for bit."""
    if deterministic:
        # cuBLAS reads it when it is first used in a process
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    # asked first: setting it, even to what it is, imports torch's compiler (1.5 s)
    if deterministic != torch.are_deterministic_algorithms_enabled():
        torch.use_deterministic_algorithms(deterministic)


def _optimizers(master: nn.Module, training: TrainingOptions, device: torch.device) -> Optimizers:
    assert isinstance(training.learning_rate, float)
    assert isinstance(training.beta2, float)
    optimizers = build_optimizers(
        master,
        kind=training.optimizer,
        learning_rate=training.learning_rate,
        weight_decay=training.weight_decay,
        beta2=training.beta2,
        has_bf16="bf16" in precisions(device),
    )
    optimizers.set_moments()
    return optimizers
