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

from sslstudio.objectives.batch import NO_TARGET, Rows
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
        loss: nats per target.
        targets: how many targets.
        bits_per_byte: None where the objective is no likelihood of the text.
        bytes: UTF-8 bytes of the targets that are text.
    """

    loss: float
    targets: int
    bits_per_byte: float | None
    bytes: int

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
    total = text_total = 0.0
    count = byte_count = 0
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
                losses_N = objective.target_losses(model, batch.to(device)).double().cpu().numpy()
            if not counts:
                continue
            targets_BT = batch.targets_BT.numpy()
            bytes_N = byte_lengths[targets_BT[targets_BT != NO_TARGET]]
            total += float(losses_N.sum())
            text_total += float(losses_N[bytes_N > 0].sum())
            count += batch.target_count
            byte_count += int(bytes_N.sum())
    finally:
        model.train(was_training)
    sums = processes.totals((total, text_total, float(count), float(byte_count)))
    total, text_total, count, byte_count = sums[0], sums[1], int(sums[2]), int(sums[3])
    bits: float | None = None
    if objective.defines_bits_per_byte and byte_count:
        bits = text_total / math.log(2) / byte_count
    return Validation(total / max(1, count), count, bits, byte_count)


def _windows(
    objective: Objective, ids: NDArray[np.integer], context: int, token_limit: int
) -> Iterator[Rows]:
    """Yield rows side by side, several at once; the last, shorter one alone."""
    window, bos = objective.window(context), _bos(objective)
    starts = np.arange(0, max(1, len(ids) - window + 1), context, dtype=np.int64)
    if len(ids) < window:
        yield cut_rows(ids, np.zeros(1, dtype=np.int64), len(ids), bos)
        return
    covered = int(starts[-1]) + context
    if token_limit and len(starts) * context > token_limit:
        wanted = max(1, token_limit // context)
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
