"""The studio's own update on random ids, without a corpus and a run folder, to be timed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from sslstudio.models.configuration import ModelConfig
from sslstudio.objectives.objective import build_objective
from sslstudio.recipe import Recipe
from sslstudio.runs import RunFolder
from sslstudio.training.assembly import first_network, prepare_blocks
from sslstudio.training.materials import Materials, WithLoss, low_twin
from sslstudio.training.optimizer import build_optimizers
from sslstudio.training.precision import dtype_of_weights, precisions
from sslstudio.training.processes import Processes
from sslstudio.training.sampler import Sampler
from sslstudio.training.update import Updater


class Numbers:
    """A vocabulary without text: only what an objective asks for."""

    def __init__(self, vocab_size: int, bos: int) -> None:
        self.vocab_size = vocab_size
        self.bos, self.mask = bos, vocab_size - 2
        self.special_ids: frozenset[int] = frozenset()


def build_updater(
    config: ModelConfig,
    ids: NDArray[np.integer],
    *,
    rows: int,
    precision: str = "fp32",
    compile_: str = "off",
    device: str = "cpu",
    micro_batch: int = 0,
    optimizer: str = "adamw",
    recompute: str = "off",
    seed: int = 1,
    objective: str = "causal_lm",
    attention: str = "fused",
    bos: int = -1,
) -> Updater:
    """Return the studio's update for ``config`` on ``ids``, ``rows`` rows a step.

    ``bos`` begins a document; -1, which no id is, makes every row one document.
    """
    recipe = Recipe.default().with_settings(
        [
            f"training.batch_tokens={rows * config.context}",
            f"training.micro_batch={micro_batch or rows}",
            f"training.precision={precision}",
            f"training.compile={compile_}",
            f"training.recompute={recompute}",
            f"training.optimizer={optimizer}",
            f"training.attention={attention}",
            f"seed={seed}",
            "training.learning_rate=0.0001",
            "training.beta2=0.95",
            f"model.context={config.context}",
        ]
    )
    place = torch.device(device)
    master = first_network(recipe, config).to(place)
    prepare_blocks(master, recipe.training)
    dtype = dtype_of_weights(precision)
    model = master if dtype == torch.float32 else low_twin(master, dtype)
    numbers: Any = Numbers(config.vocab_size, bos)
    task = build_objective(objective, {}, numbers)
    sampler = Sampler(
        ids,
        window=task.window(config.context),
        stride=config.context,
        rows_per_step=rows,
        seed=seed,
        bos=numbers.bos,
    )
    optimizers = build_optimizers(
        master,
        kind=optimizer,
        learning_rate=1e-4,
        weight_decay=0.1,
        beta2=0.95,
        has_bf16="bf16" in precisions(place),
    )
    optimizers.set_moments()
    materials = Materials(
        recipe=recipe,
        run=RunFolder(Path()),
        model=model,
        master=master,
        wrapped=WithLoss(model, task),
        optimizers=optimizers,
        first_weights=master.state_dict,
        scaler=None,
        objective=task,
        tokenizer=numbers,
        sampler=sampler,
        validation_ids=np.asarray(ids[:0]),
        device=place,
        processes=Processes(),
    )
    return Updater(materials)
