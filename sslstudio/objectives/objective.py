"""What every objective is: sequences in, a batch and a loss out.

An objective is a file of this room with one registered class. It declares its options once,
says what it asks the model in one question, turns raw rows into a :class:`Batch` with a random
generator it is given (so that the same seed hides the same tokens), and computes the loss. It
knows nothing of optimizers, devices, or where the rows come from.
"""

from __future__ import annotations

import abc
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

import numpy as np
from torch import Tensor

from sslstudio.objectives.batch import Batch, Loss, Rows
from sslstudio.objectives.cross_entropy import summed_loss, target_losses
from sslstudio.registry import build_options, find


class Vocabulary(Protocol):
    """What an objective must know of a tokenizer."""

    @property
    def vocab_size(self) -> int:
        """Number of ids."""

    @property
    def bos(self) -> int:
        """Id that begins every document."""

    @property
    def mask(self) -> int:
        """Id that stands for a hidden token."""

    @property
    def special_ids(self) -> frozenset[int]:
        """Ids that are not text."""


class Objective(abc.ABC):
    """A task in which a model predicts one part of its input from the rest.

    Attributes:
        Options: the frozen dataclass of the objective's options.
        architectures: which networks can train it, the default first.
        defines_bits_per_byte: whether its loss is a likelihood of the text.
        targets_in_place: whether a target is the token that stood at its own position.
    """

    Options: ClassVar[type]
    architectures: ClassVar[tuple[str, ...]]
    defines_bits_per_byte: ClassVar[bool] = False
    targets_in_place: ClassVar[bool] = False

    def __init__(self, options: Any, vocabulary: Vocabulary) -> None:
        self.options = options
        self.vocabulary = vocabulary

    @staticmethod
    @abc.abstractmethod
    def window(context: int) -> int:
        """Return how many raw tokens make one row for a model of ``context`` positions."""

    @abc.abstractmethod
    def collate(self, rows: Rows, rng: np.random.Generator) -> Batch:
        """Turn raw rows into what goes in and what must be predicted.

        Args:
            rows: ids of shape [B, window(context)].
            rng: the only source of chance; same state, same batch.
        """

    def loss(self, model: Any, batch: Batch) -> Loss:
        """Return the summed cross-entropy over the batch's targets, in nats."""
        hidden_BTD = model(batch.inputs_BT, documents_BT=batch.documents_BT)
        total = summed_loss(model, hidden_BTD, batch.targets_BT, batch.target_count)
        return Loss(total, batch.target_count)

    def target_losses(self, model: Any, batch: Batch) -> Tensor:
        """Return the cross-entropy of every target, fp32 [target_count], in row order."""
        hidden_BTD = model(batch.inputs_BT, documents_BT=batch.documents_BT)
        return target_losses(model, hidden_BTD, batch.targets_BT, batch.target_count)


def objective_class(name: str) -> type[Objective]:
    """Return the objective registered under ``name``, or raise a RecipeError with the nearest."""
    cls = find("objectives", name).cls
    assert issubclass(cls, Objective)
    return cls


def build_objective(name: str, options: Mapping[str, Any], vocabulary: Vocabulary) -> Objective:
    """Build the objective ``name`` with plain option values, checked against its declaration."""
    cls = objective_class(name)
    return cls(build_options(cls.Options, options, "objective"), vocabulary)
