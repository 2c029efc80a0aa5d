"""Sums since the last logged point, kept on the device until somebody asks.

Beside the trainer's loop. Kept in checkpoints too, so that a resumed run logs the same means.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import torch
from torch import Tensor

from sslstudio.training.update import Outcome

_NAMES = ("loss_sum", "norm_sum", "targets", "updates")
_PART, _COUNT = "part ", "count of "


@dataclasses.dataclass(frozen=True)
class Means:
    """What one logged point says.

    Attributes:
        loss: nats per target over the updates that were not skipped; 0 where all were.
        norm: mean of the gradient norms before clipping.
        tokens_per_second: over all updates.
        parts: of each part in its own measure, where the objective has several.
    """

    loss: float
    norm: float
    tokens_per_second: float
    parts: dict[str, float]


class Tally:
    """Adds up the outcomes of updates; ``kept`` is what :meth:`to_dict` of another one said."""

    def __init__(self, device: torch.device, kept: Mapping[str, float]) -> None:
        dtype = torch.float32 if device.type == "mps" else torch.float64
        values = [kept.get(name, 0.0) for name in _NAMES]
        self._sums = torch.tensor(values, dtype=dtype, device=device)
        self._parts: dict[str, Tensor] = {
            name.removeprefix(_PART): torch.tensor(
                [value, kept[_COUNT + name.removeprefix(_PART)]], dtype=dtype, device=device
            )
            for name, value in kept.items()
            if name.startswith(_PART)
        }
        self.tokens = int(kept.get("tokens", 0))
        self.busy_s = kept.get("busy_s", 0.0)

    def add(self, outcome: Outcome, seconds: float) -> None:
        """Take in one update, which took ``seconds``."""
        is_kept = 1 - outcome.is_skipped
        new = (outcome.loss_sum, outcome.norm, is_kept * outcome.divisor, is_kept)
        self._sums += torch.stack(new)
        for name, value in outcome.parts.items():
            zero = torch.zeros_like(self._sums[:2])
            part = torch.where(is_kept.bool(), value, torch.zeros_like(value))
            self._parts[name] = self._parts.get(name, zero) + part
        self.tokens += outcome.tokens
        self.busy_s += seconds

    def _part_values(self) -> dict[str, tuple[float, float]]:
        """Return sum and count of every part; asks the device."""
        values = {name: value.tolist() for name, value in self._parts.items()}
        return {name: (total, count) for name, (total, count) in values.items()}

    def means(self) -> Means:
        """Return the means; asks the device."""
        loss_sum, norm_sum, targets, updates = self._sums.tolist()
        return Means(
            loss=loss_sum / max(1.0, targets),
            norm=norm_sum / max(1.0, updates),
            tokens_per_second=self.tokens / max(1e-9, self.busy_s),
            parts={
                name: total / count
                for name, (total, count) in self._part_values().items()
                if count  # a part that had no target since has no mean
            },
        )

    def to_dict(self) -> dict[str, float]:
        """Return everything as plain numbers, for a checkpoint; asks the device."""
        return {
            **dict(zip(_NAMES, self._sums.tolist(), strict=True)),
            **{_PART + name: total for name, (total, _) in self._part_values().items()},
            **{_COUNT + name: count for name, (_, count) in self._part_values().items()},
            "tokens": float(self.tokens),
            "busy_s": self.busy_s,
        }
