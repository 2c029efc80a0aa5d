"""A trainer that learns nothing: real events, the real control, and no torch.

``pytest`` imports this file by its path through the fixtures of ``conftest``.
"""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sslstudio.events import (
    CheckpointEvent,
    EvaluationEvent,
    Event,
    MessageEvent,
    SampleEvent,
    StateEvent,
    StepEvent,
)
from sslstudio.recipe import Recipe
from sslstudio.run_writer import RunWriter
from sslstudio.runs import RunFolder

START = 1_790_000_000.0


def loss_at(step: int) -> float:
    return 1.5 + 7.0 * math.exp(-step / 40)


def step_event(step: int, **changes: Any) -> StepEvent:
    values: dict[str, Any] = {
        "time": START + step,
        "step": step,
        "tokens": step * 4096,
        "loss": loss_at(step),
        "learning_rate": 1e-3 * min(1.0, step / 10),
        "gradient_norm": 0.5,
        "tokens_per_second": 4096.0,
        "epoch": step / 100,
    }
    return StepEvent(**(values | changes))


def evaluation_event(step: int, **changes: Any) -> EvaluationEvent:
    values: dict[str, Any] = {
        "time": START + step,
        "step": step,
        "tokens": step * 4096,
        "loss": loss_at(step) + 0.1,
        "perplexity": math.exp(loss_at(step) + 0.1),
        "targets": 1000,
        "bits_per_byte": loss_at(step) / 3,
        "epoch": step / 100,
    }
    return EvaluationEvent(**(values | changes))


def baseline_event(name: str, loss: float) -> MessageEvent:
    data = {"name": name, "loss": loss, "bits_per_byte": loss / 3}
    text = f"{name}: {loss} nats per token"
    return MessageEvent(time=START, step=0, level="info", text=text, code="baseline", data=data)


def spike_event(step: int, loss: float, documents: tuple[str, ...] = ()) -> MessageEvent:
    data = {"step": step, "loss": loss, "usual": 3.0, "deviation": 0.1}
    return MessageEvent(
        time=START + step,
        step=step,
        level="caution",
        text=f"the loss jumped to {loss}",
        code="spike",
        data={**data, "documents": list(documents)},
    )


def turned_back_event(step: int, given_up: int) -> MessageEvent:
    text = f"went back from step {given_up} to {step}"
    data = {"step": step, "from": given_up, "rate_share": 0.5}
    return MessageEvent(
        time=START + given_up, step=step, level="caution", text=text, code="resumed", data=data
    )


def events_of(steps: int, *, first: int = 1, every: int = 20) -> list[Event]:
    """What a run of ``steps`` steps tells, without its states."""
    events: list[Event] = []
    for step in range(first, steps + 1):
        events.append(step_event(step))
        if step % every == 0:
            events.append(evaluation_event(step))
            events.append(
                SampleEvent(time=START + step, step=step, prompt="Mira", text=f"Mira at {step}")
            )
            events.append(
                CheckpointEvent(
                    time=START + step,
                    step=step,
                    path=f"step-{step:06d}",
                    seconds=0.1,
                    size_bytes=4_200_000,
                )
            )
    return events


@dataclasses.dataclass(frozen=True)
class Result:
    state: str
    step: int
    path: Path | None


def write_run(
    runs_dir: Path, name: str, *, steps: int = 100, done: int = 60, state: str = "stopped"
) -> RunFolder:
    """Put a run folder on the disk, as a trainer would leave it."""
    recipe = Recipe.default().with_settings([f"training.steps={steps}", "samples.every=20"])
    run = RunFolder.create(runs_dir, dataclasses.replace(recipe, name=name), name)
    run.write_facts(
        {
            "started": START,
            "parameters": {"total": 1_300_000},
            "last": {"bits_per_byte": 1.234, "loss": 3.2, "seconds": 75.0},
        }
    )
    writer = RunWriter(run)
    writer.write(StateEvent(time=START, step=0, state="training", steps=steps))
    for event in events_of(done):
        writer.write(event)
    writer.set_status(state=state, step=done, steps=steps, force=True)
    writer.close()
    return run


class FakeTrainer:
    """A session: ``steps`` quick steps that obey the control, written to a real run folder."""

    def __init__(self, runs_dir: Path, *, steps: int = 100, pause_s: float = 0.002) -> None:
        self.runs_dir, self.steps, self.pause_s = runs_dir, steps, pause_s
        self.error: BaseException | None = None
        self.saved_at = -1

    def __call__(
        self, control: Any, emit: Callable[[Event], None], on_run: Callable[[Path], None]
    ) -> Result:
        run = RunFolder.create(self.runs_dir, Recipe.default(), None)
        on_run(run.path)
        with run.lock():
            writer = RunWriter(run)

            def tell(event: Event) -> None:
                writer.write(event)
                emit(event)

            try:
                return self._train(run, writer, control, tell)
            finally:
                writer.close()

    def _train(
        self, run: RunFolder, writer: RunWriter, control: Any, tell: Callable[[Event], None]
    ) -> Result:
        if self.error is not None:
            raise self.error
        tell(baseline_event("unigram", 6.3))
        tell(StateEvent(time=time.time(), step=0, state="training", steps=self.steps))
        writer.set_status(state="training", steps=self.steps)
        step = 0
        while step < self.steps and not control.is_stopping:
            if control.is_paused:
                tell(StateEvent(time=time.time(), step=step, state="paused", steps=self.steps))
                while control.is_paused and not control.is_stopping:
                    control.wait_while_paused(0.05)
                tell(StateEvent(time=time.time(), step=step, state="training", steps=self.steps))
                continue
            step += 1
            time.sleep(self.pause_s)
            for event in events_of(step, first=step):
                tell(dataclasses.replace(event, time=time.time()))
            if control.take_save():
                self.saved_at = step
        state = "stopped" if control.is_stopping else "finished"
        writer.set_status(state=state, step=step, steps=self.steps, force=True)
        tell(
            StateEvent(
                time=time.time(),
                step=step,
                state=state,
                steps=self.steps,
                text=control.stop_reason or "all steps are done",
            )
        )
        return Result(state, step, run.path)
