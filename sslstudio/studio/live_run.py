"""The run that trains inside this window: starting it, steering it, and hearing from it.

Stands between the pages and :class:`~sslstudio.studio.training_thread.TrainingThread`. Drains
the events ten times a second and hands them on in one batch; knows the run's state and how far
it is. One run at a time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from sslstudio.errors import RunError
from sslstudio.events import Event, StateEvent, StepEvent
from sslstudio.recipe import Recipe
from sslstudio.studio.training_thread import Session, TrainingThread

DRAIN_MS = 100
ALL_DEVICES = "all"  # as a device: every graphics card of this machine, a process each


def new_control() -> Any:
    """Return a fresh ``Control`` of the engine (no torch in it)."""
    from sslstudio.training.control import Control

    return Control()


class LiveRun(QObject):
    """Signals arrive in the GUI thread. ``state`` is one of:

    idle, preparing, training, paused, stopping.
    """

    state_changed = Signal(str)
    events_arrived = Signal(object)  # tuple[Event, ...], oldest first
    run_started = Signal(object)  # Path of the run folder, as soon as it exists
    ended = Signal(object)  # RunResult of the engine
    failed = Signal(object)  # the exception that ended the run

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        session_of: Callable[..., Session] | None = None,
        control_of: Callable[[], Any] = new_control,
    ) -> None:
        """Tests inject ``session_of`` (see :func:`engine_session`) and ``control_of``."""
        super().__init__(parent)
        self._session_of = session_of or engine_session
        self._control_of = control_of
        self._thread: TrainingThread | None = None
        self._timer = QTimer(self, interval=DRAIN_MS)
        self._timer.timeout.connect(self._drain)
        self.state = "idle"
        self.can_hold = True  # whether it can be paused, saved and asked for texts
        self.run_path: Path | None = None
        self.step = 0
        self.steps = 0
        self.tokens_per_second = 0.0
        self._pace: list[tuple[float, int]] = []  # (time, step) of late step events

    @property
    def is_active(self) -> bool:
        """Whether a run lives in this window, be it paused or stopping."""
        return self._thread is not None

    def start(self, recipe: Recipe, *, runs_dir: Path, device: str) -> None:
        """Begin a new run of ``recipe``."""
        session = self._session_of(recipe=recipe, runs_dir=runs_dir, device=device)
        self._begin(session, can_hold=device != ALL_DEVICES)

    def resume_run(self, path: Path, *, settings: Sequence[str] = (), device: str) -> None:
        """Go on with the run in folder ``path`` from its last checkpoint."""
        session = self._session_of(resume=path, settings=tuple(settings), device=device)
        self._begin(session, can_hold=device != ALL_DEVICES)

    def pause(self) -> None:
        """Let the trainer wait after the step under way."""
        may_hold = self.can_hold and self.state in ("training", "preparing")
        if self._thread is not None and may_hold:
            self._thread.control.pause()

    def go_on(self) -> None:
        """End the pause."""
        if self._thread is not None and self.state == "paused":
            self._thread.control.resume()

    def stop(self, reason: str = "stopped by you") -> None:
        """Save a checkpoint and end the run; ``ended`` follows."""
        if self._thread is not None and self.state != "stopping":
            self._thread.control.stop(reason)
            self._set_state("stopping")

    def save_now(self) -> None:
        """Ask for a checkpoint after the step under way."""
        if self._thread is not None and self.can_hold:
            self._thread.control.save_now()

    def sample(self, request: Any) -> bool:
        """Hand a ``SampleRequest`` to the live model; False where no run could answer it."""
        is_able = self.can_hold and self.state in ("training", "paused")
        if self._thread is None or not is_able:
            return False
        self._thread.control.sample(request)
        return True

    def seconds_left(self) -> float | None:
        """Estimate the time to the last step from the pace of late; None while unknown."""
        if len(self._pace) < 2 or not self.steps:
            return None
        (then, first), (now, last) = self._pace[0], self._pace[-1]
        if last <= first or now <= then:
            return None
        return max(0, self.steps - last) * (now - then) / (last - first)

    def close(self) -> None:
        """Stop, let the trainer save, and wait until its thread has ended."""
        self._timer.stop()
        if self._thread is None:
            return
        self._thread.control.stop("the studio was closed")
        self._thread.wait()
        self._thread = None
        self._set_state("idle")

    def _begin(self, session: Session, *, can_hold: bool) -> None:
        if self._thread is not None:
            raise RunError("a run is under way in this window: stop it before you start another")
        self.step = self.steps = 0
        self.tokens_per_second = 0.0
        self._pace = []
        self.run_path = None
        self.can_hold = can_hold
        self._thread = TrainingThread(session, self._control_of(), self)
        self._thread.finished.connect(self._finish)
        self._thread.start()
        self._timer.start()
        self._set_state("preparing")

    @Slot()
    def _drain(self) -> None:
        if self._thread is None:
            return
        if self.run_path is None and self._thread.run_path is not None:
            self.run_path = self._thread.run_path
            self.run_started.emit(self.run_path)
        events = self._thread.buffer.drain()
        if events:
            self._take_note(events)
            self.events_arrived.emit(events)

    def _take_note(self, events: tuple[Event, ...]) -> None:
        for event in events:
            if isinstance(event, StepEvent):
                self.step = event.step
                self.tokens_per_second = event.tokens_per_second
                self._pace = [*self._pace[-19:], (event.time, event.step)]
            elif isinstance(event, StateEvent):
                self.steps = event.steps or self.steps
                self._pace = []
                if event.state in ("preparing", "training", "paused") and self.state != "stopping":
                    self._set_state(event.state)

    @Slot()
    def _finish(self) -> None:
        thread = self._thread
        if thread is None:
            return
        self._timer.stop()
        thread.wait()  # run() has returned; this only lets the system thread unwind
        self._drain()
        self._thread = None
        thread.deleteLater()
        self._set_state("idle")
        if thread.error is not None:
            self.failed.emit(thread.error)
        else:
            self.ended.emit(thread.result)

    def _set_state(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)


def engine_session(
    *,
    recipe: Recipe | None = None,
    runs_dir: Path | None = None,
    resume: Path | None = None,
    settings: Sequence[str] = (),
    device: str = "auto",
) -> Session:
    """Return what the thread runs: the engine's own ``train`` or ``resume``, imported there."""
    if device == ALL_DEVICES:
        return _session_on_all(recipe, runs_dir, resume, settings)

    def run(control: Any, emit: Callable[[Event], None], on_run: Callable[[Path], None]) -> Any:
        from sslstudio.studio.engine import load_engine

        load_engine()  # waits where the window is still importing torch
        from sslstudio.training import session

        if resume is not None:
            return session.resume(
                resume,
                settings=settings,
                device=device,
                control=control,
                emit=emit,
                on_run=on_run,
            )
        assert recipe is not None
        assert runs_dir is not None
        return session.train(
            recipe,
            runs_dir=runs_dir,
            name=None,
            device=device,
            control=control,
            emit=emit,
            on_run=on_run,
        )

    return run


def _session_on_all(
    recipe: Recipe | None, runs_dir: Path | None, path: Path | None, settings: Sequence[str]
) -> Session:
    """Return the session of a run that has a process on every graphics card."""

    def run(control: Any, emit: Callable[[Event], None], on_run: Callable[[Path], None]) -> Any:
        from sslstudio.studio.engine import load_engine

        load_engine()
        from sslstudio.training import launch

        follow = launch.Following(*launch.every_card(), control, emit, on_run)
        if path is not None:
            return launch.resume_on_all(path, settings, follow)
        assert recipe is not None
        assert runs_dir is not None
        return launch.train_on_all(recipe, runs_dir, follow)

    return run


def wall_clock(seconds_from_now: float) -> str:
    """Return the time of day that lies so many seconds ahead, as "14:32"."""
    return time.strftime("%H:%M", time.localtime(time.time() + seconds_from_now))
