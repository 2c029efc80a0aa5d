"""The loss on text that was never trained on, in nats per target and in bits per byte.

Rows lie side by side over the validation split, so nothing is scored twice; with a limit they
are spread evenly over it. Masks are drawn from a seed of their own, the same at every step, so
that two checkpoints answer the same questions. Bits per byte count only targets that are text:
a special token has no bytes and its loss is left out (reference §2.8).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from sslstudio.objectives.batch import Rows
from sslstudio.objectives.objective import Objective
from sslstudio.training.precision import autocast
from sslstudio.training.processes import Processes
from sslstudio.training.sampler import cut_rows

_SEED = 20_240_917
_TOKENS_AT_ONCE = 8_192


@dataclasses.dataclass(frozen=True)
class Validation:
    """What a pass over the validation split found.

    Attributes:
        loss: nats, divided as the objective divides, mostly by the targets.
        targets: what it was divided by.
        bits_per_byte: None where the objective is no likelihood of the text.
        bytes: UTF-8 bytes of the targets that are text.
        parts: of each part in its own measure, where the objective has several.
    """

    loss: float
    targets: int
    bits_per_byte: float | None
    bytes: int
    parts: dict[str, float] = dataclasses.field(default_factory=dict)

    @property
    def perplexity(self) -> float:
        """exp(loss), infinite where it does not fit a float."""
        return math.exp(self.loss) if self.loss < 700 else math.inf


def validate(
    model: nn.Module,
    objective: Objective,
    ids: NDArray[np.integer],
    *,
    context: int,
    byte_lengths: NDArray[np.int32],
    device: torch.device,
    precision: str = "fp32",
    token_limit: int = 0,
    is_cancelled: Callable[[], bool] = lambda: False,
    processes: Processes | None = None,
) -> Validation | None:
    """Return the loss of ``model`` over ``ids``; None when it was cancelled.

    Args:
        ids: the validation stream.
        context: positions of the model.
        byte_lengths: UTF-8 bytes of each id, 0 for special tokens.
        token_limit: read about so many tokens, 0 for all.
        processes: each computes its share, and all learn the same figures.
    """
    processes = processes or Processes()
    # sums of the loss, of the text's, what both are divided by; then of each part, and its count
    sums = np.zeros(4)
    parts: dict[str, NDArray[np.float64]] = {}
    was_training = model.training
    model.eval()
    try:
        windows = enumerate(_windows(objective, ids, context, token_limit))
        for (number, rows), counts in processes.turns(windows):
            if is_cancelled():
                return None
            batch = objective.collate(rows, np.random.default_rng([_SEED, number]))
            if batch.target_count == 0 and processes.count == 1:
                continue
            with processes.looking(model), autocast(device, precision):
                torch.manual_seed(_SEED + number)  # for objectives that draw in the model
                found = objective.measure(model, batch.to(device), batch.targets_BT, byte_lengths)
            sums += counts * np.array(
                [found.loss_sum, found.text_loss_sum, found.divisor, found.text_bytes]
            )
            for name, (value, of) in found.parts.items():
                parts[name] = parts.get(name, np.zeros(2)) + counts * np.array([value, of])
    finally:
        model.train(was_training)
    numbers = processes.totals((*sums.tolist(), *np.ravel(list(parts.values())).tolist()))
    (total, text_total, count, byte_count), of_parts = numbers[:4], numbers[4:]
    bits: float | None = None
    if objective.defines_bits_per_byte and byte_count:
        bits = text_total / math.log(2) / byte_count
    means = zip(parts, of_parts[::2], of_parts[1::2], strict=True)
    return Validation(
        loss=total / max(1, count),
        targets=int(count),
        bits_per_byte=bits,
        bytes=int(byte_count),
        parts={name: value / of for name, value, of in means if of},
    )


def _windows(
    objective: Objective, ids: NDArray[np.integer], context: int, token_limit: int
) -> Iterator[Rows]:
    """Yield rows side by side, several at once; the last, shorter one alone."""
    window, stride, bos = objective.window(context), objective.stride(context), _bos(objective)
    starts = np.arange(0, max(1, len(ids) - window + 1), stride, dtype=np.int64)
    if len(ids) < window:
        yield cut_rows(ids, np.zeros(1, dtype=np.int64), len(ids), bos)
        return
    covered = int(starts[-1]) + stride
    if token_limit and len(starts) * stride > token_limit:
        wanted = max(1, token_limit // stride)
        starts = starts[np.linspace(0, len(starts) - 1, wanted).astype(np.int64)]
        covered = len(ids)
    rows_at_once = max(1, _TOKENS_AT_ONCE // context)
    for first in range(0, len(starts), rows_at_once):
        yield cut_rows(ids, starts[first : first + rows_at_once], window, bos)
    rest = len(ids) - covered
    if rest >= 2:
        yield cut_rows(ids, np.array([covered], dtype=np.int64), rest, bos)


def _bos(objective: Any) -> int:
    return int(objective.vocabulary.bos)
