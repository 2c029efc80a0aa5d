"""The journal of a run: every event goes to the run's folder and to whoever listens.

Stands between the trainer, which knows of neither, and the disk and the window. It keeps the
status, the figures that the list of runs shows, and the history of a run that went on; and it
writes down how a run ended, even when it ended badly.
"""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sslstudio.corpora.preparation import PreparedData
from sslstudio.errors import SSLStudioError
from sslstudio.events import EvaluationEvent, Event, MessageEvent, StateEvent, StepEvent
from sslstudio.recipe import Recipe
from sslstudio.run_writer import RunWriter
from sslstudio.runs import RunFolder
from sslstudio.storage import write_atomically
from sslstudio.training.circumstances import differences
from sslstudio.training.control import Control
from sslstudio.training.going_on import changes, consequences
from sslstudio.training.memory import out_of_memory_named
from sslstudio.training.processes import lost_process_named
from sslstudio.training.speeds import remember_speed
from sslstudio.training.trainer import Trainer

Emit = Callable[[Event], None]
_SECONDS_BETWEEN_PROGRESS = 0.1
_SECONDS_THAT_TELL_THE_SPEED = 3.0


@dataclasses.dataclass(frozen=True)
class RunResult:
    """How a run ended: "finished" or "stopped"; ``path`` is None where nothing was begun."""

    state: str
    step: int
    path: Path | None


class Journal:
    """Writes every event of a run to its folder and hands it on."""

    def __init__(self, run: RunFolder, control: Control, emit: Emit) -> None:
        self.run = run
        self._writer = RunWriter(run)
        self._control = control
        self._emit = emit
        self._last_progress = 0.0
        self._last: dict[str, Any] = dict(run.facts().get("last", {}))
        self.has_begun = False
        status = run.path / "status.json"
        self._status_before = status.read_bytes() if status.is_file() else None

    def event(self, event: Event) -> None:
        """Take one event: to disk, into the status, and on to whoever watches."""
        if isinstance(event, StateEvent):
            self._writer.set_status(
                state=event.state, step=event.step, steps=event.steps, force=True
            )
        elif isinstance(event, StepEvent):
            self._last.update(tokens=event.tokens)
            self._writer.set_status(step=event.step)
        elif isinstance(event, EvaluationEvent):
            self._last.update(loss=event.loss, bits_per_byte=event.bits_per_byte)
        is_fleeting = isinstance(event, MessageEvent) and event.code in ("progress", "heartbeat")
        if is_fleeting:
            self._writer.set_status()
        else:
            self._writer.write(event)
        self._emit(event)

    def state(self, state: str, text: str, step: int = 0, steps: int = 0) -> None:
        """Announce a state."""
        self.event(StateEvent(time=time.time(), step=step, state=state, text=text, steps=steps))

    def prepare(self) -> None:
        """Announce the first state, at the step where the run stands."""
        status = self._writer.status
        self.state("preparing", "reading the text", status.step, status.steps)

    def message(self, level: str, text: str, *, code: str = "", data: Any = None) -> None:
        """Add a sentence to the log."""
        self.event(
            MessageEvent(
                time=time.time(), step=0, level=level, text=text, code=code, data=data or {}
            )
        )

    def progress(self, stage: str, done: int, total: int, unit: str) -> None:
        """Tell how far the preparation is, ten times a second at most; not kept on disk."""
        now = time.monotonic()
        if now - self._last_progress < _SECONDS_BETWEEN_PROGRESS and done < total:
            return
        self._last_progress = now
        facts = {"stage": stage, "done": done, "total": total, "unit": unit}
        self.message("info", stage, code="progress", data=facts)

    def record_resumption(
        self,
        step: int,
        settings: list[str],
        recipe: Recipe,
        data: PreparedData,
        now: dict[str, Any],
    ) -> None:
        """Keep in the run's history where it went on, with what changes, and on what."""
        facts = self.run.facts()
        for sentence in differences(facts, now):
            self.message("caution", f"{sentence}: its figures will differ in the last digits")
        before = self.run.recipe()
        changed = changes(before, recipe)
        entry = {
            "time": time.time(),
            "step": step,
            "settings": settings,
            "changes": changed,
            **now,
        }
        earlier = facts.get("history", [])
        history = [*(earlier if isinstance(earlier, list) else []), entry]
        tokens = {"corpora": data.facts, "prepared": str(data.folder)}
        self.run.write_facts({**facts, **tokens, "history": history})
        write_atomically(self.run.path / "recipe.toml", recipe.to_toml())
        facts_told = {"step": step, "changes": changed}
        self.message("info", f"going on from step {step:,}", code="resumed", data=facts_told)
        for sentence in consequences(before, recipe, step):
            self.message("info", sentence)

    def follow(self, trainer: Trainer) -> RunResult:
        """Run ``trainer`` and write down how it ended."""
        self.has_begun = True
        with out_of_memory_named(), lost_process_named():
            state = trainer.run(self._control, self.event)
        reason = self._control.stop_reason if state == "stopped" else "all steps are done"
        step = trainer.progress.step
        self._last["seconds"] = trainer.progress.seconds
        is_alone = trainer.materials.processes.count == 1
        if is_alone and trainer.progress.seconds >= _SECONDS_THAT_TELL_THE_SPEED:
            with contextlib.suppress(SSLStudioError, OSError):  # a plan can do without it
                remember_speed(
                    trainer.recipe,
                    trainer.materials.model.config,
                    trainer.materials.device.type,
                    trainer.progress.seconds / trainer.progress.step,
                )
        self.run.write_facts({**self.run.facts(), "last": self._last})
        self.state(state, reason, step, trainer.steps)
        return RunResult(state, step, self.run.path)

    def restore(self) -> None:
        """Put the status back to what it was before: this run was not gone on with."""
        if self._status_before is not None:
            with contextlib.suppress(SSLStudioError):
                write_atomically(self.run.path / "status.json", self._status_before)

    def fail(self, error: BaseException) -> None:
        """Write down that the run cannot go on, as far as the disk allows."""
        with contextlib.suppress(SSLStudioError, OSError):
            self._writer.set_status(state="failed", error=str(error), force=True)
        status = self.run.status()
        event = StateEvent(
            time=time.time(),
            step=status.step,
            state="failed",
            text=str(error),
            steps=status.steps,
        )
        with contextlib.suppress(SSLStudioError, OSError):
            self._writer.write(event)
        self._emit(event)

    def close(self) -> None:
        """Close the event file."""
        self._writer.close()


@contextlib.contextmanager
def open_journal(run: RunFolder, control: Control, emit: Emit) -> Iterator[Journal]:
    """Open the run's journal; note a failure; refuse later requests when the run is over."""
    journal = Journal(run, control, emit)
    try:
        journal.prepare()
        yield journal
    except BaseException as error:
        if journal.has_begun:
            journal.fail(error)
        else:
            journal.restore()
        raise
    finally:
        control.close()
        journal.close()
