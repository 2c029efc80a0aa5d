"""What every objective is: sequences in, a batch and a loss out.

An objective is a file of this room with one registered class. It declares its options once,
says what it asks the model in one question, turns raw rows into a :class:`Batch` with a random
generator it is given (so that the same seed hides the same tokens), computes the loss, and says
how one of its rows is shown. It knows nothing of optimizers, devices, or where rows come from.
"""

from __future__ import annotations

import abc
import dataclasses
import math
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from sslstudio.errors import RecipeError
from sslstudio.objectives.batch import NO_TARGET, Batch, Loss, Rows
from sslstudio.objectives.cross_entropy import summed_loss, target_losses
from sslstudio.objectives.lanes import Lane, lanes_of
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


class Speller(Vocabulary, Protocol):
    """A tokenizer, for objectives that cut text, need more markers, or are shown."""

    @property
    def pad(self) -> int:
        """Id that fills up a row and is never a target."""

    @property
    def eos(self) -> int:
        """Id that ends every document."""

    def marker(self, name: str) -> int:
        """Return the id of the marker ``name``, such as ``<extra_id_0>`` or ``[R]``."""

    def encode(self, text: str) -> list[int]:
        """Return the ids of ``text``."""

    def decode(self, ids: list[int]) -> str:
        """Return the text of ``ids``, without markers."""

    def token_text(self, token: int) -> str:
        """Return how one id is shown."""


@dataclasses.dataclass(frozen=True)
class Measured:
    """What a pass over some unseen rows found; sums in nats.

    Attributes:
        loss_sum: as the objective defines its loss.
        divisor: what it is divided by.
        text_loss_sum: −log p of the text, where the objective is a likelihood or bounds one.
        text_bytes: UTF-8 bytes of that text; 0 where it is none.
        parts: named sums with what each is divided by.
    """

    loss_sum: float
    divisor: int
    text_loss_sum: float = 0.0
    text_bytes: int = 0
    parts: Mapping[str, tuple[float, int]] = dataclasses.field(default_factory=dict)


class Objective(abc.ABC):
    """A task in which a model predicts one part of its input from the rest.

    Attributes:
        Options: the frozen dataclass of the objective's options.
        architectures: which networks can train it, the default first.
        sees_both_sides: whether every token may see both sides, in a decoder too.
        defines_bits_per_byte: whether its loss is a likelihood of the text, or bounds one.
        is_bound: whether its bits per byte are an upper bound and no more.
        targets_in_place: whether a target is the token that stood at its own position.
        extras: modules that it needs beside the network, by name; see ``models/extras``.
    """

    Options: ClassVar[type]
    architectures: ClassVar[tuple[str, ...]]
    sees_both_sides: ClassVar[bool] = False
    defines_bits_per_byte: ClassVar[bool] = False
    is_bound: ClassVar[bool] = False
    targets_in_place: ClassVar[bool] = False

    def __init__(self, options: Any, vocabulary: Any) -> None:
        self.options = options
        self.vocabulary = vocabulary

    # -- what it needs ----------------------------------------------------------------------

    @classmethod
    def extras(cls, options: Any) -> dict[str, int]:
        """Return the modules that the loss needs beside the network, and how many of each."""
        del options
        return {}

    @abc.abstractmethod
    def window(self, context: int) -> int:
        """Return how many raw tokens make one row for a model of ``context`` positions.

        Raises:
            RecipeError: no row of this objective fits into the context.
        """

    def stride(self, context: int) -> int:
        """Return how many tokens lie between the starts of neighbouring rows."""
        return context

    # -- learning ---------------------------------------------------------------------------

    @abc.abstractmethod
    def collate(self, rows: Rows, rng: np.random.Generator) -> Batch:
        """Turn raw rows into what goes in and what must be predicted.

        Args:
            rows: ids of shape [B, W], W up to ``window(context)``.
            rng: the only source of chance; same state, same batch.
        """

    def hidden(self, model: Any, batch: Batch) -> Tensor:
        """Return the model's vectors [B, T, D] at the places of ``targets_BT``."""
        hidden_BTD: Tensor = model(
            batch.inputs_BT,
            documents_BT=batch.documents_BT,
            seen_BTT=batch.seen_BTT,
            causal=False if self.sees_both_sides else None,
        )
        return hidden_BTD

    def loss(self, model: Any, batch: Batch) -> Loss:
        """Return the summed cross-entropy over the batch's targets, in nats.

        A loss of several parts names all of them at every call, or processes would wait for each
        other.
        """
        hidden_BTD = self.hidden(model, batch)
        total = summed_loss(model, hidden_BTD, batch.targets_BT, batch.target_count)
        return Loss(total, batch.target_count)

    # -- measuring --------------------------------------------------------------------------

    def target_losses(self, model: Any, batch: Batch) -> Tensor:
        """Return the cross-entropy of every target, fp32 [target_count], in row order."""
        hidden_BTD = self.hidden(model, batch)
        return target_losses(model, hidden_BTD, batch.targets_BT, batch.target_count)

    def measure(
        self, model: Any, batch: Batch, targets_BT: Tensor, byte_lengths: NDArray[np.int32]
    ) -> Measured:
        """Return the loss over rows that were never trained on, in evaluation mode.

        A likelihood's bits per byte count only targets that are text: a marker has no bytes and
        its loss is left out (reference §2.8).

        Args:
            batch: where the model is.
            targets_BT: its targets in the CPU's memory.
            byte_lengths: UTF-8 bytes of each id, 0 for markers.
        """
        if not self.defines_bits_per_byte:
            loss = self.loss(model, batch)
            parts = {
                name: (float(value), loss.part_counts.get(name, loss.count))
                for name, value in loss.parts.items()
            }
            return Measured(float(loss.sum), batch.whole_divisor, parts=parts)
        losses_N = self.target_losses(model, batch).double().cpu().numpy()
        targets = targets_BT.numpy()
        bytes_N = byte_lengths[targets[targets != NO_TARGET]]
        return Measured(
            loss_sum=float(losses_N.sum()),
            divisor=batch.target_count,
            text_loss_sum=float(losses_N[bytes_N > 0].sum()),
            text_bytes=int(bytes_N.sum()),
        )

    # -- showing ----------------------------------------------------------------------------

    def untrained_loss(self, context: int) -> float:
        """Return the loss of a model that knows nothing, in nats as :meth:`loss` divides them."""
        return math.log(self.vocabulary.vocab_size)

    def lanes(self, rows: Rows, batch: Batch) -> tuple[Lane, ...]:
        """Return the first row of ``batch`` as it is shown; ``batch`` was made of ``rows``.

        Plain: one lane of what goes in and one of what must be predicted, as long as each other.
        """
        return lanes_of(
            rows.ids_BW[0].tolist(),
            batch.inputs_BT[0].tolist(),
            batch.targets_BT[0].tolist(),
            self.vocabulary,
            in_place=self.targets_in_place,
        )


def objective_class(name: str) -> type[Objective]:
    """Return the objective registered under ``name``, or raise a RecipeError with the nearest."""
    cls = find("objectives", name).cls
    assert issubclass(cls, Objective)
    return cls


def build_objective(name: str, options: Mapping[str, Any], vocabulary: Vocabulary) -> Objective:
    """Build the objective ``name`` with plain option values, checked against its declaration."""
    cls = objective_class(name)
    return cls(build_options(cls.Options, options, "objective"), vocabulary)


def extras_of(name: str, options: Mapping[str, Any]) -> dict[str, int]:
    """Return the modules that the objective ``name`` needs beside the network.

    Raises:
        RecipeError: an unknown objective or option.
    """
    cls = objective_class(name)
    return cls.extras(build_options(cls.Options, options, "objective"))


def require_window(tokens: int, needed: int, objective: str) -> None:
    """Raise a :class:`RecipeError` where a context leaves an objective no room."""
    if tokens < needed:
        raise RecipeError(
            f"{objective} needs a model.context of {needed} tokens or more, and it is {tokens}: "
            "raise it"
        )
