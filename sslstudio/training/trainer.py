"""The trainer: rows in, better weights and events out.

``Trainer.run(control, emit)`` blocks until the run is finished, stopped, or cannot go on. It
knows no Qt, no command line and no corpus files: it is given a model, an objective, two streams
of token ids and a run folder. Between two optimizer steps it looks at the control. Nothing asks
the device for a number between two logged points. Losses are summed over targets and divided
once by the count of the whole step.
"""

from __future__ import annotations

import dataclasses
import gc
import time
from collections.abc import Callable
from typing import cast

import numpy as np
import psutil
import torch
from numpy.typing import NDArray
from torch import Tensor

from sslstudio.corpora.tokenizer import Tokenizer
from sslstudio.errors import SSLStudioError
from sslstudio.events import (
    CheckpointEvent,
    EvaluationEvent,
    Event,
    MessageEvent,
    SampleEvent,
    StateEvent,
    StepEvent,
)
from sslstudio.models.transformer import Transformer
from sslstudio.objectives.batch import Batch
from sslstudio.objectives.objective import Objective
from sslstudio.recipe import Recipe
from sslstudio.runs import RunFolder
from sslstudio.training.checkpoint import Progress, prune_checkpoints, save_checkpoint
from sslstudio.training.control import Control
from sslstudio.training.live import answer_all, fill_sample, write_sample
from sslstudio.training.precision import autocast
from sslstudio.training.sampler import Sampler
from sslstudio.training.schedule import learning_rate_at
from sslstudio.training.validation import Validation, validate

Emit = Callable[[Event], None]


@dataclasses.dataclass
class Materials:
    """All that a trainer works with; ``recipe`` has nothing left on "auto"."""

    recipe: Recipe
    run: RunFolder
    model: Transformer
    optimizer: torch.optim.Optimizer
    scaler: torch.amp.GradScaler | None  # fp16 only
    objective: Objective
    tokenizer: Tokenizer
    sampler: Sampler
    validation_ids: NDArray[np.integer]
    device: torch.device


class Trainer:
    """Takes optimizer steps from where ``progress`` stands to the recipe's last one."""

    def __init__(self, materials: Materials, progress: Progress) -> None:
        self.materials = materials
        self.progress = progress
        self.recipe = materials.recipe
        self.steps = materials.recipe.training.steps
        zero = torch.zeros((), device=materials.device)
        # sums since the last logged point, kept on the device
        self._loss_sum: Tensor = zero + progress.logged.get("loss_sum", 0.0)
        self._norm_sum: Tensor = zero + progress.logged.get("norm_sum", 0.0)
        self._targets = int(progress.logged.get("targets", 0))
        self._updates = int(progress.logged.get("updates", 0))
        self._busy_s = progress.logged.get("busy_s", 0.0)
        self._saved_step = progress.step if progress.step else -1
        self._process = psutil.Process()

    def run(self, control: Control, emit: Emit) -> str:
        """Train until done or asked to stop; returns the state, "finished" or "stopped".

        Raises:
            SSLStudioError: the run cannot go on (full disk, loss no longer a number ...).
        """
        self.materials.model.train()
        self._announce(emit, "training", f"training on {self.materials.device}")
        if self.progress.step == 0:
            self._evaluate(control, emit)
            self._write_samples(control, emit)
        while self.progress.step < self.steps:
            self._attend(control, emit)
            if control.is_stopping:
                break
            self._take_step()
            self._after_step(control, emit)
        return self._finish(control, emit)

    # -- one step ---------------------------------------------------------------------------

    def _take_step(self) -> None:
        """One optimizer update over the whole batch, in micro-batches."""
        began = time.perf_counter()
        m, training, step = self.materials, self.recipe.training, self.progress.step
        rng = np.random.default_rng([self.recipe.seed, 2, step])
        batch = m.objective.collate(m.sampler.rows(step), rng)
        for group in m.optimizer.param_groups:
            group["lr"] = self._learning_rate()
        for part in batch.split(cast(int, training.micro_batch)):
            self._accumulate(part, batch.target_count)
        self._norm_sum += self._clip()
        self._update()
        self._targets += batch.target_count
        self._updates += 1
        self.progress = dataclasses.replace(
            self.progress,
            step=step + 1,
            tokens=self.progress.tokens + batch.inputs_BT.numel(),
            loss=None,  # that was of the weights before
            bits_per_byte=None,
        )
        self._busy_s += time.perf_counter() - began

    def _accumulate(self, part: Batch, target_count: int) -> None:
        """Add one micro-batch's share of the gradient of the mean loss over the step."""
        m = self.materials
        with autocast(m.device, self.recipe.training.precision):
            loss = m.objective.loss(m.model, part.to(m.device))
        self._loss_sum += loss.sum.detach()
        mean = loss.sum / max(1, target_count)
        (m.scaler.scale(mean) if m.scaler else mean).backward()

    def _clip(self) -> Tensor:
        """Return the gradient norm before clipping; clip where the recipe asks for it."""
        m, limit = self.materials, self.recipe.training.clip
        if m.scaler:
            m.scaler.unscale_(m.optimizer)
        parameters = [p for p in m.model.parameters() if p.grad is not None]
        return torch.nn.utils.clip_grad_norm_(parameters, limit or float("inf"), foreach=True)

    def _update(self) -> None:
        m = self.materials
        if m.scaler:
            m.scaler.step(m.optimizer)
            m.scaler.update()
        else:
            m.optimizer.step()
        m.optimizer.zero_grad(set_to_none=True)

    def _learning_rate(self) -> float:
        training = self.recipe.training
        return learning_rate_at(
            min(self.progress.step, self.steps - 1),
            self.steps,
            cast(float, training.learning_rate),
            cast(int, training.warmup),
            training.schedule,
        )

    # -- between steps ----------------------------------------------------------------------

    def _attend(self, control: Control, emit: Emit) -> None:
        """Do what the control asks for; returns at once when it asks for nothing."""
        if control.has_requests:
            self._serve(control, emit)
        if not control.is_paused or control.is_stopping:
            return
        self._save(emit)
        self._announce(emit, "paused", "paused; everything stays in memory")
        while control.is_paused and not control.is_stopping:
            control.wait_while_paused()
            self._serve(control, emit)
            self._beat(emit)
        self._announce(emit, "training", "going on")

    def _serve(self, control: Control, emit: Emit) -> None:
        """Answer who waits for a text, and save where somebody asked for it."""
        answer_all(self.materials.model, self.materials.tokenizer, control, self.progress.step)
        if control.take_save():
            self._save(emit)

    def _after_step(self, control: Control, emit: Emit) -> None:
        """Log, evaluate, sample and save on their schedules."""
        step, recipe = self.progress.step, self.recipe
        is_last = step == self.steps
        if step == 1 or step % recipe.training.log_every == 0 or is_last:
            self._log(emit)
        if step % recipe.evaluation.every == 0 and not is_last:
            self._evaluate(control, emit)
        if recipe.samples.every and step % recipe.samples.every == 0 and not is_last:
            self._write_samples(control, emit)
        if step % recipe.checkpoints.every == 0 and not is_last:
            self._save(emit)

    def _finish(self, control: Control, emit: Emit) -> str:
        """Measure and save the end, or save where it was stopped."""
        is_done = self.progress.step >= self.steps
        if is_done:
            self._evaluate(control, emit, whole=True)
            is_done = not control.is_stopping  # or the last figure is missing: resume makes it
        if is_done:
            self._write_samples(control, emit)
        self._save(emit)
        answer_all(self.materials.model, self.materials.tokenizer, control, self.progress.step)
        return "finished" if is_done else "stopped"

    def _log(self, emit: Emit) -> None:
        """Emit the means since the last point; the only place that waits for the device."""
        loss = float(self._loss_sum.item()) / max(1, self._targets)
        norm = float(self._norm_sum.item()) / max(1, self._updates)
        tokens = self._updates * self.recipe.training.batch_tokens
        self.progress = dataclasses.replace(
            self.progress, seconds=self.progress.seconds + self._busy_s
        )
        emit(
            StepEvent(
                time=time.time(),
                step=self.progress.step,
                tokens=self.progress.tokens,
                loss=loss,
                learning_rate=float(self.materials.optimizer.param_groups[0]["lr"]),
                gradient_norm=norm,
                tokens_per_second=tokens / max(1e-9, self._busy_s),
                epoch=self.materials.sampler.epoch_at(self.progress.step),
                memory_bytes=self._memory_bytes(),
            )
        )
        self._loss_sum.zero_()
        self._norm_sum.zero_()
        self._targets = self._updates = 0
        self._busy_s = 0.0
        # collected here, between steps, and never in the middle of one
        gc.collect(0)
        self._check_finite(loss)

    def _evaluate(self, control: Control, emit: Emit, *, whole: bool = False) -> None:
        """Measure the validation loss and tell it; with ``whole``, tell that of all the text.

        Which checkpoint is best is always decided on the same part of the text.
        """
        m, began, limit = self.materials, time.perf_counter(), self.recipe.evaluation.tokens
        compared = told = self._validate(control, limit)
        if whole and limit and len(m.validation_ids) > limit:
            told = self._validate(control, 0)
        if compared is None or told is None:
            return
        best_before = self.progress.best_loss
        is_best = best_before is None or compared.loss < best_before
        self.progress = dataclasses.replace(
            self.progress,
            loss=compared.loss,
            bits_per_byte=compared.bits_per_byte,
            best_loss=compared.loss if is_best else best_before,
            best_step=self.progress.step if is_best else self.progress.best_step,
        )
        emit(
            EvaluationEvent(
                time=time.time(),
                step=self.progress.step,
                tokens=self.progress.tokens,
                loss=told.loss,
                perplexity=told.perplexity,
                targets=told.targets,
                bits_per_byte=told.bits_per_byte,
                best=is_best,
                seconds=time.perf_counter() - began,
                epoch=m.sampler.epoch_at(self.progress.step),
            )
        )

    def _validate(self, control: Control, token_limit: int) -> Validation | None:
        m = self.materials
        return validate(
            m.model,
            m.objective,
            m.validation_ids,
            context=self.recipe.model.context,
            byte_lengths=m.tokenizer.byte_lengths,
            device=m.device,
            precision=self.recipe.training.precision,
            token_limit=token_limit,
            is_cancelled=lambda: control.is_stopping,
        )

    def _write_samples(self, control: Control, emit: Emit) -> None:
        m, options, step = self.materials, self.recipe.samples, self.progress.step
        if not options.every:
            return
        if m.objective.targets_in_place:
            passage = m.validation_ids[: options.max_tokens]
            prompt, text = fill_sample(m.model, m.tokenizer, m.objective, passage, self.recipe.seed)
            emit(SampleEvent(time=time.time(), step=step, prompt=prompt, text=text))
            return
        for prompt in options.prompts:
            if control.is_stopping:
                return
            text = write_sample(
                m.model,
                m.tokenizer,
                options,
                prompt,
                self.recipe.seed,
                lambda: control.is_stopping,
            )
            emit(SampleEvent(time=time.time(), step=step, prompt=prompt, text=text))

    def _save(self, emit: Emit) -> None:
        if self.progress.step == self._saved_step:
            return
        m, loss_sum = self.materials, float(self._loss_sum.item())
        self._check_finite(loss_sum)  # or it would push the last good checkpoint out
        kept = {
            "loss_sum": loss_sum,
            "norm_sum": float(self._norm_sum.item()),
            "targets": float(self._targets),
            "updates": float(self._updates),
            "busy_s": self._busy_s,
        }
        progress = dataclasses.replace(self.progress, logged=kept)
        path, seconds, size = save_checkpoint(m.run, progress, m.model, m.optimizer, m.scaler)
        self._saved_step = self.progress.step
        prune_checkpoints(m.run, self.recipe.checkpoints.keep)
        emit(
            CheckpointEvent(
                time=time.time(),
                step=self.progress.step,
                path=path.relative_to(m.run.path).as_posix(),
                seconds=seconds,
                size_bytes=size,
            )
        )

    def _check_finite(self, loss: float) -> None:
        if not np.isfinite(loss):
            raise SSLStudioError(
                f"the loss is no longer a number at step {self.progress.step}: resume from the "
                "last checkpoint with a lower training.learning_rate"
            )

    # -- small things -----------------------------------------------------------------------

    def _announce(self, emit: Emit, state: str, text: str) -> None:
        emit(
            StateEvent(
                time=time.time(),
                step=self.progress.step,
                state=state,
                text=text,
                steps=self.steps,
            )
        )

    def _beat(self, emit: Emit) -> None:
        """Let whoever watches know that a paused run is alive."""
        emit(
            MessageEvent(
                time=time.time(), step=self.progress.step, level="info", text="", code="heartbeat"
            )
        )

    def _memory_bytes(self) -> int:
        if self.materials.device.type == "cuda":
            return int(torch.cuda.memory_allocated(self.materials.device))
        return int(self._process.memory_info().rss)
