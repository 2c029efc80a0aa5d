"""All that a trainer works with, and the two copies of the weights that bf16 needs.

In fp32 there is one network. In bf16 the network that computes holds bf16 weights, and a twin in
fp32 (the master) takes the updates: small steps would be lost in bf16's eight bits. Checkpoints
hold the master. Costs 6 bytes a parameter instead of 4, and no casts in the middle of a step.
"""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from sslstudio.corpora.tokenizer import Tokenizer
from sslstudio.models.network import Network
from sslstudio.models.running import recomputed, run_plainly
from sslstudio.objectives.batch import Batch, Loss
from sslstudio.objectives.objective import Objective
from sslstudio.recipe import Recipe
from sslstudio.runs import RunFolder
from sslstudio.training.optimizer import Optimizers
from sslstudio.training.processes import Processes
from sslstudio.training.sampler import Sampler


@dataclasses.dataclass
class Materials:
    """All that a trainer works with; ``recipe`` has nothing left on "auto".

    Attributes:
        model: the network that computes, in the run's precision.
        master: the network that is updated and saved, fp32; the same object where that is so.
        wrapped: ``model`` and its loss in one module, as processes and compilers want it.
        first_weights: makes the network's very first weights once more.
        scaler: for fp16 only.
        processes: who else trains this run.
    """

    recipe: Recipe
    run: RunFolder
    model: Network
    master: Network
    wrapped: nn.Module
    optimizers: Optimizers
    first_weights: Callable[[], Mapping[str, Tensor]]
    scaler: torch.amp.GradScaler | None
    objective: Objective
    tokenizer: Tokenizer
    sampler: Sampler
    validation_ids: NDArray[np.integer]
    device: torch.device
    processes: Processes

    @property
    def can_generate(self) -> bool:
        """Whether this process writes the samples: number 0, where it holds the whole network."""
        return self.processes.is_writer and not self.processes.is_sharded

    def progress_at(self, step: int) -> float:
        """Return the share of the run that is done before the update ``step``."""
        return step / max(1, self.recipe.training.steps)

    def rng(self, step: int) -> np.random.Generator:
        """Return the chance of a step's masks."""
        return np.random.default_rng([self.recipe.seed, 2, step])

    def whole(self) -> tuple[Any, Any]:
        """Return network and moments as a checkpoint keeps them; for all processes together."""
        return self.processes.whole(self.master, self.optimizers)

    def loadable(self) -> tuple[Any, Any]:
        """Return network and moments as a checkpoint is loaded into them."""
        return self.processes.loadable(self.master, self.optimizers)

    def begin_anew(self) -> None:
        """Put the first weights back, and forget all moments."""
        network, _ = self.loadable()
        network.load_state_dict(self.first_weights())
        self.optimizers.forget_moments()
        self.publish_weights()

    @torch.no_grad()
    def are_weights_finite(self) -> bool:
        """Whether every weight is a number; asks the device."""
        norms = torch._foreach_norm(self.processes.own_parts(self.master), float("inf"))
        is_finite = bool(torch.isfinite(torch.stack(norms)).all()) if norms else True
        return self.processes.all_hold(is_finite)

    def run_blocks_plainly(self) -> None:
        """Do without the compiler from now on, and with the kernel that needs none."""
        is_recomputed = self.recipe.training.recompute == "on"
        self.model.run_block = recomputed(run_plainly) if is_recomputed else run_plainly
        self.model.composes_attention = False

    def collect_gradients(self) -> None:
        """Add the network's gradients to the master's, and forget them."""
        if self.master is self.model:
            return
        pairs = zip(self.model.parameters(), self.master.parameters(), strict=True)
        for low, high in pairs:
            if low.grad is None:
                continue
            if high.grad is None:
                high.grad = low.grad.float()
            else:
                high.grad += low.grad
            low.grad = None

    @torch.no_grad()
    def publish_weights(self) -> None:
        """Give the network the master's weights, rounded."""
        if self.master is not self.model:
            torch._foreach_copy_(list(self.model.parameters()), list(self.master.parameters()))


class WithLoss(nn.Module):
    """A network and its objective as one module: a batch in, a loss out."""

    def __init__(self, model: Network, objective: Objective) -> None:
        super().__init__()
        self.model = model
        self._objective: Any = objective

    def forward(self, batch: Batch) -> Loss:
        """Return the loss of one micro-batch."""
        loss: Loss = self._objective.loss(self.model, batch)
        return loss


def low_twin(master: Network, dtype: torch.dtype) -> Network:
    """Return a copy of ``master`` with weights in ``dtype``, which computes in it throughout."""
    twin = copy.deepcopy(master).to(dtype)
    twin.run_block, twin.composes_attention = master.run_block, master.composes_attention
    return twin
