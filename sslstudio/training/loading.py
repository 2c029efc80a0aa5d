"""A trained model from a run folder, ready to be used or measured."""

from __future__ import annotations

import dataclasses

import torch

from sslstudio.corpora.tokenizer import Tokenizer
from sslstudio.errors import RunError
from sslstudio.models.configuration import ModelConfig
from sslstudio.models.transformer import Transformer
from sslstudio.recipe import Recipe
from sslstudio.runs import RunFolder
from sslstudio.training.checkpoint import choose_checkpoint, load_weights


@dataclasses.dataclass(frozen=True)
class Trained:
    """A model in evaluation mode with what belongs to it."""

    model: Transformer
    tokenizer: Tokenizer
    recipe: Recipe
    step: int
    device: torch.device


def load_trained(
    run: RunFolder, checkpoint: str | int = "last", device: torch.device | None = None
) -> Trained:
    """Load the weights of ``checkpoint`` ("last", "best" or a step) of ``run``.

    Raises:
        RunError: no such checkpoint, or it is damaged.
    """
    chosen = choose_checkpoint(run, checkpoint)
    config = run.facts().get("model")
    if not isinstance(config, dict):
        raise RunError(f"{run.path / 'run.json'} does not describe the model; it is damaged")
    place = device or torch.device("cpu")
    model = Transformer(ModelConfig.from_dict(config)).to(place)
    load_weights(model, chosen.path)
    model.eval()
    return Trained(model, Tokenizer.load(run.tokenizer_path), run.recipe(), chosen.step, place)
