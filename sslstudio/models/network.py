"""What every network offers to objectives and to the engine, whatever its layout.

Ids in, one vector a token out, and the matrix that turns features into logits, so that a loss
never stores all logits. How the blocks run while a gradient is wanted (plainly, compiled, computed
twice) is put in by the engine. Modules that an objective needs beside it hang in ``extras`` and are
saved with it.

Shapes: B rows, T tokens, D width, V vocabulary.
"""

from __future__ import annotations

import abc
from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sslstudio.models.architecture import architecture_of
from sslstudio.models.configuration import ModelConfig
from sslstudio.models.extra import build_extras
from sslstudio.models.running import RunBlock, run_plainly


class Network(nn.Module, abc.ABC):
    """A network of any architecture; ``config`` says everything about its shape.

    Attributes:
        extras: modules of the objective, by name.
        run_block: how a block is run while a gradient is wanted; see ``models/running.py``.
        composes_attention: whether attention is then composed; see ``models/attending.py``.
    """

    extras: nn.ModuleDict

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.run_block: RunBlock = run_plainly
        self.composes_attention = False

    def add_extras(self) -> None:
        """Build what the objective needs beside the network; last, or first weights would move."""
        self.extras = build_extras(self.config)

    @abc.abstractmethod
    def all_blocks(self) -> Iterator[nn.Module]:
        """Yield every block, in the order of the computation; each may be shared out alone."""

    def make_tables(self, device: torch.device) -> None:
        """Compute again what is neither learned nor saved, after the network was made empty."""
        return

    def features(self, hidden_BTD: Tensor) -> Tensor:
        """Return what ``head_weight`` is multiplied with; any leading shape will do."""
        return hidden_BTD

    @property
    @abc.abstractmethod
    def head_weight(self) -> Tensor:
        """The matrix [V, D] that turns features into logits."""

    @property
    def head_bias(self) -> Tensor | None:
        """The bias [V] of the logits, where there is one."""
        return None

    def logits(self, hidden_BTD: Tensor) -> Tensor:
        """Return logits [B, T, V] of :meth:`forward`'s vectors; any leading shape will do."""
        return F.linear(self.features(hidden_BTD), self.head_weight, self.head_bias)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.head_weight.device


def build_network(config: ModelConfig) -> Network:
    """Return the network that ``config`` describes, as torch's generator draws it."""
    return architecture_of(config.architecture).build(config)


def product_dtype(hidden: Tensor) -> torch.dtype:
    """The dtype that matrix products give here: autocast's where it is on."""
    if torch.is_autocast_enabled(hidden.device.type):
        return torch.get_autocast_dtype(hidden.device.type)
    return hidden.dtype
