"""One optimizer update: a batch in, gradients summed over micro-batches, better weights out.

Stands between the sampler and the trainer's loop. Losses are summed over targets and divided
once, by the count of the whole step, so neither the micro-batch nor the number of processes
changes the result beyond rounding. All chance of a step (masks, dropout) comes from the seed and
the step's number, so a step can be taken again: after memory ran out, with half the micro-batch;
after a compiler failed, without it; after a resumption, bit for bit. An update whose loss or
gradient is not finite leaves weights and moments as they were. On a graphics card nothing is
asked of the device; a processor's numbers are at hand anyway.

Cost: the forward and backward pass of every micro-batch; all else is a few per cent.
"""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import numpy as np
import torch
from torch import Tensor

from sslstudio.objectives.batch import Batch
from sslstudio.training.compilation import failure_named, is_compiler_failure
from sslstudio.training.memory import free_memory, is_out_of_memory
from sslstudio.training.precision import autocast

if TYPE_CHECKING:
    from sslstudio.training.materials import Materials


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What one update found; tensors are scalars on the device.

    Attributes:
        loss_sum: nats, not divided; 0 where the update was skipped.
        norm: of the gradient before clipping; 0 where the update was skipped.
        mean_loss: nats, divided, as it was found, finite or not.
        is_skipped: fp32, 1 where loss or gradient was not finite.
        is_fault: the same, save that an overflow of fp16's scaled gradients is none.
        divisor: what the sum over the whole step is divided by, mostly its targets.
        tokens: how many tokens it read.
        parts: named pairs of sum and count [2], where the objective has several.
    """

    loss_sum: Tensor
    norm: Tensor
    mean_loss: Tensor
    is_skipped: Tensor
    is_fault: Tensor
    divisor: int
    tokens: int
    parts: dict[str, Tensor]


class Updater:
    """Takes optimizer updates; ``micro_batch`` falls when memory runs out.

    ``on_shrink`` is called with the old and the new number of rows at once, ``on_plain`` with the
    reason why the blocks are compiled no longer.
    """

    def __init__(
        self,
        materials: Materials,
        micro_batch: int = 0,
        on_shrink: Callable[[int, int], None] = lambda _before, _after: None,
        on_plain: Callable[[str], None] = lambda _reason: None,
    ) -> None:
        self.materials = materials
        self._asked = cast(int, materials.recipe.training.micro_batch)
        self.micro_batch = micro_batch or self._asked
        self.on_shrink = on_shrink
        self.on_plain = on_plain
        self._scaler = materials.scaler
        self._may_be_compiled = materials.recipe.training.compile == "on"

    @property
    def shrunk_to(self) -> int:
        """How many rows are computed at once; 0 where that is what the recipe says."""
        return 0 if self.micro_batch == self._asked else self.micro_batch

    def take(self, step: int, rate: float) -> Outcome:
        """Take the update that follows ``step`` finished ones, at the learning rate ``rate``."""
        m = self.materials
        rows = dataclasses.replace(m.sampler.rows(step), progress=m.progress_at(step))
        batch = m.objective.collate(rows, m.rng(step))
        m.optimizers.set_rate(rate)
        loss_sum, parts = self._gradients(batch, step)
        mean = m.processes.summed(loss_sum) / batch.whole_divisor
        norm = self._clipped_norm()
        kept, zero = torch.isfinite(mean + norm), torch.zeros_like(mean)
        is_skipped = (~kept).float()
        is_fault = is_skipped if self._scaler is None else self._fault(mean, is_skipped)
        self._move(is_skipped, mean)
        return Outcome(
            loss_sum=torch.where(kept, mean * batch.whole_divisor, zero),
            norm=torch.where(kept, norm, zero),
            mean_loss=mean,
            is_skipped=is_skipped,
            is_fault=is_fault,
            divisor=batch.whole_divisor,
            tokens=batch.tokens,
            parts=parts,
        )

    # -- gradients --------------------------------------------------------------------------

    def _gradients(self, batch: Batch, step: int) -> tuple[Tensor, dict[str, Tensor]]:
        """Sum up the gradient of the step's mean loss.

        Where memory runs out it is begun again with less at once, where the compiler fails,
        without it.
        """
        while True:
            try:
                return self._accumulated(batch, step)
            except Exception as error:
                help_it = self._way_out(error)
                if help_it is None:
                    raise
            # outside the handler: the traceback held the activations
            self.materials.model.zero_grad(set_to_none=True)
            self.materials.optimizers.zero_grad()
            free_memory(self.materials.device)
            help_it()

    def _way_out(self, error: Exception) -> Callable[[], None] | None:
        """Return what makes another attempt worth it; None where nothing does."""
        if self.materials.processes.count > 1:
            return None  # the others would wait for this one forever
        if is_out_of_memory(error):
            return self._shrink if self.micro_batch > 1 else None
        if self._may_be_compiled and is_compiler_failure(error):
            return functools.partial(self._do_without_compiler, failure_named(error))
        return None

    def _shrink(self) -> None:
        before, self.micro_batch = self.micro_batch, max(1, self.micro_batch // 2)
        self.on_shrink(before, self.micro_batch)

    def _do_without_compiler(self, reason: str) -> None:
        self._may_be_compiled = False
        self.materials.run_blocks_plainly()
        self.on_plain(reason)

    def _accumulated(self, batch: Batch, step: int) -> tuple[Tensor, dict[str, Tensor]]:
        """Run all micro-batches of this process forward and backward."""
        m = self.materials
        torch.manual_seed(step_seed(m.recipe.seed, step, m.processes.rank))
        loss_sum = torch.zeros((), device=m.device)
        parts: dict[str, Tensor] = {}
        micro_batches = m.processes.micro_batches(batch, self.micro_batch)
        for number, part in enumerate(micro_batches):
            is_last = number == len(micro_batches) - 1
            with m.processes.accumulating(m.wrapped, is_last):
                with autocast(m.device, m.recipe.training.precision):
                    loss = m.wrapped(part.to(m.device))
                loss_sum += loss.sum.detach()
                for name, value in loss.parts.items():
                    count = torch.full_like(value, loss.part_counts.get(name, loss.count))
                    parts[name] = parts.get(name, 0) + torch.stack([value, count])
                # whole processes average their gradients: their number takes that back
                mean = loss.sum * (m.processes.count / batch.whole_divisor)
                (self._scaler.scale(mean) if self._scaler else mean).backward()
            m.collect_gradients()
        return loss_sum, {name: m.processes.summed(value) for name, value in parts.items()}

    def _fault(self, mean: Tensor, is_skipped: Tensor) -> Tensor:
        """Tell a fault from fp16's usual overflow: that ends as soon as the scale has fallen."""
        assert self._scaler is not None
        is_scale_small = torch.as_tensor(self._scaler._scale) <= 1
        is_fault = ~torch.isfinite(mean) | (is_scale_small & is_skipped.bool())
        return is_fault.float()

    # -- the update -------------------------------------------------------------------------

    def _clipped_norm(self) -> Tensor:
        """Return the gradient norm before clipping; clip where the recipe asks for it."""
        m, limit = self.materials, self.materials.recipe.training.clip
        if self._scaler:
            for member in m.optimizers.members:
                self._scaler.unscale_(member)
        parameters = [p for p in m.master.parameters() if p.grad is not None]
        return m.processes.clip(parameters, limit or math.inf).to(m.device)

    def _move(self, is_skipped: Tensor, mean: Tensor) -> None:
        m = self.materials
        if self._scaler:
            if bool(torch.isfinite(mean)):
                for member in m.optimizers.members:
                    self._scaler.step(member)  # leaves out what overflowed
            self._scaler.update()
        elif self._skips_on_device:
            m.optimizers.step(skip=is_skipped)
        elif not bool(is_skipped):
            m.optimizers.step()
        m.optimizers.zero_grad()
        m.publish_weights()

    @property
    def _skips_on_device(self) -> bool:
        m = self.materials
        is_whole = not m.processes.is_sharded
        return m.device.type == "cuda" and is_whole and m.optimizers.can_skip_on_device


def step_seed(seed: int, step: int, rank: int) -> int:
    """Return the seed of a step's dropout, from the run's seed; each process draws its own."""
    words = np.random.SeedSequence([seed, 3, step, rank]).generate_state(1, np.uint64)
    return int(words[0] >> np.uint64(1))
