"""The trainer: rows in, better weights and events out.

``Trainer.run(control, emit)`` blocks until the run is finished, stopped, or cannot go on. It
knows no Qt, no command line and no corpus files: it is given a model, an objective, two streams
of token ids and a run folder. Between two optimizer updates (``update.py``) it looks at the
control, logs, measures, samples and saves; what the guard found (``guard.py``) it tells, and
turns back to the last good checkpoint where going on is no use (``turning_back.py``).
"""

from __future__ import annotations

import dataclasses
import gc
import math
import time
from collections.abc import Callable
from typing import cast

import psutil
import torch

from sslstudio.errors import RunError
from sslstudio.events import (
    CheckpointEvent,
    EvaluationEvent,
    Event,
    MessageEvent,
    SampleEvent,
    StateEvent,
    StepEvent,
)
from sslstudio.training import reports
from sslstudio.training.checkpoint import Progress, prune_checkpoints, save_checkpoint
from sslstudio.training.control import Control
from sslstudio.training.guard import Guard
from sslstudio.training.live import answer_all, fill_sample, write_sample
from sslstudio.training.materials import Materials
from sslstudio.training.schedule import learning_rate_at
from sslstudio.training.tally import Tally
from sslstudio.training.turning_back import turn_back
from sslstudio.training.update import Updater
from sslstudio.training.validation import Validation, validate

Emit = Callable[[Event], None]


class Trainer:
    """Takes optimizer steps from where ``progress`` stands to the recipe's last one."""

    def __init__(self, materials: Materials, progress: Progress) -> None:
        self.materials = materials
        self.progress = progress
        self.recipe = materials.recipe
        self.steps = materials.recipe.training.steps
        self._saved_step = progress.step if progress.step else -1
        self._process = psutil.Process()
        self._helped: list[Event] = []
        self._updater = Updater(
            materials,
            progress.micro_batch,
            on_shrink=lambda *rows: self._helped.append(reports.shrunk(self.progress.step, *rows)),
            on_plain=lambda why: self._helped.append(reports.uncompiled(self.progress.step, why)),
        )
        self._take_up(progress)

    def _take_up(self, progress: Progress) -> None:
        """Stand where ``progress`` says: its sums since the last point, what was usual."""
        self.progress = progress
        self._tally = Tally(self.materials.device, progress.logged)
        self._guard = Guard(
            step=progress.step,
            in_a_row=progress.skipped_in_a_row,
            usual=progress.usual_losses,
            looks_at_once=self.materials.device.type == "cpu",
        )

    def run(self, control: Control, emit: Emit) -> str:
        """Train until done or asked to stop; returns the state, "finished" or "stopped".

        Raises:
            SSLStudioError: the run cannot go on (full disk, loss no longer a number ...).
        """
        control = self.materials.processes.view_of(control)
        self.materials.model.train()
        self._announce(emit, "training", reports.where(self.materials))
        if self.progress.step == 0:
            self._evaluate(control, emit)
            self._write_samples(control, emit)
        while self.progress.step < self.steps:
            self._attend(control, emit)
            if control.is_stopping:
                break
            self._take_step()
            if not self._turn_back_if_needed(emit):
                self._after_step(control, emit)
        return self._finish(control, emit)

    # -- one step ---------------------------------------------------------------------------

    def _take_step(self) -> None:
        """One optimizer update, and what the next logged point shall say of it."""
        began, step = time.perf_counter(), self.progress.step
        outcome = self._updater.take(step, self._learning_rate())
        self._guard.note(step + 1, outcome.mean_loss, outcome.is_fault)
        self.progress = dataclasses.replace(
            self.progress,
            step=step + 1,
            tokens=self.progress.tokens + outcome.tokens,
            loss=None,  # that was of the weights before
            bits_per_byte=None,
            micro_batch=self._updater.shrunk_to,
        )
        self._tally.add(outcome, time.perf_counter() - began)

    def _learning_rate(self) -> float:
        training = self.recipe.training
        rate = learning_rate_at(
            min(self.progress.step, self.steps - 1),
            self.steps,
            cast(float, training.learning_rate),
            cast(int, training.warmup),
            training.schedule,
        )
        return float(rate * 0.5**self.progress.halvings)

    # -- between steps ----------------------------------------------------------------------

    def _attend(self, control: Control, emit: Emit) -> None:
        """Do what the control asks for; returns at once when it asks for nothing."""
        control.look()
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
        answer_all(self.materials, control, self.progress.step)
        if control.take_save():
            self._save(emit)

    def _is_logged(self) -> bool:
        step = self.progress.step
        return step in (1, self.steps) or step % self.recipe.training.log_every == 0

    def _after_step(self, control: Control, emit: Emit) -> None:
        """Log, evaluate, sample and save on their schedules."""
        step, recipe = self.progress.step, self.recipe
        is_last = step == self.steps
        if self._is_logged():
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
        if not self._save(emit):
            raise RunError(
                f"the weights are no longer numbers at step {self.progress.step:,}, so they were "
                "not saved: resume from the checkpoint before with a lower training.learning_rate"
            )
        answer_all(self.materials, control, self.progress.step)
        return "finished" if is_done else "stopped"

    def _turn_back_if_needed(self, emit: Emit) -> bool:
        """Go back to the last good checkpoint after three updates in a row that were skipped."""
        if self._is_logged():
            self._guard.look()
        if not self._guard.must_turn_back:
            return False
        self._tell_findings(emit)
        given_up, began = self.progress.step, self._guard.row_began
        batch = reports.named_batch(self.materials, began)
        self._take_up(turn_back(self.materials, self.progress, began, batch))
        self._saved_step = self.progress.step
        emit(reports.turned_back(self.progress.step, given_up, 0.5**self.progress.halvings))
        return True

    def _tell_findings(self, emit: Emit) -> None:
        """Tell what was skipped, what jumped, and what had to be helped; asks the device."""
        for event in (*self._helped, *reports.found(self.materials, self._guard.take())):
            emit(event)
        self._helped.clear()

    def _log(self, emit: Emit) -> None:
        """Emit the means since the last point; the only place that waits for the device."""
        self._tell_findings(emit)
        means, m = self._tally.means(), self.materials
        self.progress = dataclasses.replace(
            self.progress, seconds=self.progress.seconds + self._tally.busy_s
        )
        emit(
            StepEvent(
                time=time.time(),
                step=self.progress.step,
                tokens=self.progress.tokens,
                loss=means.loss,
                learning_rate=float(m.optimizers.param_groups[0]["lr"]),
                gradient_norm=means.norm,
                tokens_per_second=means.tokens_per_second,
                epoch=m.sampler.epoch_at(self.progress.step),
                memory_bytes=self._memory_bytes(),
                parts=means.parts,
            )
        )
        self._tally = Tally(m.device, {})
        # collected here, between steps, and never in the middle of one
        gc.collect(0)

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
        is_best = math.isfinite(compared.loss) and (
            best_before is None or compared.loss < best_before
        )
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
                parts=told.parts,
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
            is_cancelled=lambda: control.look().is_stopping,
            processes=m.processes,
        )

    def _write_samples(self, control: Control, emit: Emit) -> None:
        m, options, step = self.materials, self.recipe.samples, self.progress.step
        if not options.every or not m.can_generate:
            return
        if m.objective.targets_in_place:
            passage = m.validation_ids[: options.max_tokens]
            prompt, text = fill_sample(m.model, m.tokenizer, m.objective, passage, self.recipe.seed)
            emit(SampleEvent(time=time.time(), step=step, prompt=prompt, text=text))
            return
        for prompt in options.prompts:
            if control.is_asked_to_stop:
                return
            text = write_sample(
                m.model,
                m.tokenizer,
                options,
                prompt,
                self.recipe.seed,
                lambda: control.is_asked_to_stop,
            )
            emit(SampleEvent(time=time.time(), step=step, prompt=prompt, text=text))

    def _save(self, emit: Emit) -> bool:
        """Save a checkpoint where there is none yet; returns whether there is one now."""
        if self.progress.step == self._saved_step:
            return True
        m = self.materials
        if not m.are_weights_finite():
            return False  # it would push the last good one out; the next steps turn back
        self._tell_findings(emit)  # or a kill before the next logged point would lose them
        progress = dataclasses.replace(
            self.progress,
            logged=self._tally.to_dict(),
            skipped_in_a_row=self._guard.in_a_row,
            usual_losses=self._guard.usual,
        )
        network, moments = m.whole()
        self._saved_step = self.progress.step
        if not m.processes.is_writer:
            return True
        path, seconds, size = save_checkpoint(m.run, progress, network, moments, m.scaler)
        if self._guard.in_a_row == 0:  # else the last good one might have to make room
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
        return True

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
