"""A trained model from a run folder, ready to be used or measured."""

from __future__ import annotations

import dataclasses

import torch

from sslstudio.corpora.tokenizer import Tokenizer
from sslstudio.errors import RecipeError, RunError
from sslstudio.models.configuration import ModelConfig
from sslstudio.models.network import Network, build_network
from sslstudio.recipe import Recipe
from sslstudio.runs import RunFolder
from sslstudio.training.checkpoint import choose_checkpoint, load_weights
from sslstudio.training.prepared import own_tokenizer

_DAMAGED = "is damaged: it does not describe the model; put it back from a copy"


@dataclasses.dataclass(frozen=True)
class Trained:
    """A model in evaluation mode with what belongs to it."""

    model: Network
    tokenizer: Tokenizer
    recipe: Recipe
    step: int
    device: torch.device


def load_trained(
    run: RunFolder, checkpoint: str | int = "last", device: torch.device | None = None
) -> Trained:
    """Load the weights of ``checkpoint`` ("last", "best" or a step) of ``run``.

    Raises:
        SSLStudioError: no such checkpoint, or a file of the run is damaged.
    """
    chosen = choose_checkpoint(run, checkpoint)
    config = run.facts().get("model")
    if not isinstance(config, dict):
        raise RunError(f"{run.path / 'run.json'} {_DAMAGED}")
    recipe, tokenizer = run.recipe(), own_tokenizer(run)
    try:
        described = ModelConfig.from_dict(config)
    except (TypeError, RecipeError) as error:
        raise RunError(f"{run.path / 'run.json'} {_DAMAGED}") from error
    if tokenizer.vocab_size > described.vocab_size:
        raise RunError(
            f"{run.tokenizer_path} has {tokenizer.vocab_size} tokens and the model "
            f"{described.vocab_size}: it is not this run's; put its own back from a copy"
        )
    place = device or torch.device("cpu")
    model = _empty_network(described, place)
    load_weights(model, chosen.path)
    model.eval()
    return Trained(model, tokenizer, recipe, chosen.step, place)


def _empty_network(config: ModelConfig, device: torch.device) -> Network:
    """Return a network whose weights are yet to be loaded.

    Nothing is drawn for them: torch's generator may be in use by a run in another thread.
    """
    with torch.device("meta"):
        model = build_network(config)
    model.to_empty(device=device)
    model.make_tables(device)
    return model
