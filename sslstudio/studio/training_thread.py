"""The thread that a run of the trainer lives in, and the way its events come out of it.

The trainer blocks inside :meth:`TrainingThread.run` and knows nothing of Qt. Its events go into
a bounded :class:`EventBuffer`; the window drains that on a timer of its own, so that no queue of
signals can grow (hazards no. 6). Requests go the other way, through a ``Control`` that the
trainer reads between steps (no. 8). Imports the engine only inside ``run``.
"""

from __future__ import annotations

import collections
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QThread

from sslstudio.events import Event, StepEvent
from sslstudio.studio.engine_turn import my_turn
from sslstudio.studio.guard import guarded

STACK_BYTES = 16 * 1024 * 1024  # macOS gives threads 512 KB (hazards no. 8)

# Called with control, emit and on_run; blocks until the run has ended; returns a RunResult.
Session = Callable[[Any, Callable[[Event], None], Callable[[Path], None]], Any]


class EventBuffer:
    """Holds events between the trainer and the window; safe for one of each."""

    def __init__(self, capacity: int = 20_000) -> None:
        self._capacity = capacity
        self._events: collections.deque[Event] = collections.deque()
        self._lock = threading.Lock()

    def put(self, event: Event) -> None:
        """Add an event; when full, every second step event goes, everything else stays."""
        with self._lock:
            self._events.append(event)
            if len(self._events) > self._capacity:
                self._thin()

    def drain(self) -> tuple[Event, ...]:
        """Return and forget everything, oldest first."""
        with self._lock:
            events = tuple(self._events)
            self._events.clear()
        return events

    def _thin(self) -> None:
        kept: collections.deque[Event] = collections.deque()
        drop = False
        for event in self._events:
            if isinstance(event, StepEvent):
                drop = not drop
                if drop:
                    continue
            kept.append(event)
        self._events = kept


class TrainingThread(QThread):
    """Runs one session to its end. Read ``result`` or ``error`` after ``finished``."""

    def __init__(self, session: Session, control: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("training")
        self.setStackSize(STACK_BYTES)
        self.control = control
        self.buffer = EventBuffer()
        self.result: Any = None
        self.error: BaseException | None = None
        self.run_path: Path | None = None
        self._session = session

    @guarded
    def run(self) -> None:
        """Block until the run has ended; whatever it raises is kept for the window to show."""
        try:
            with my_turn():  # a trial that was cancelled for it may need a moment to end
                self.result = self._session(self.control, self.buffer.put, self._remember_run)
        except BaseException as error:  # the edge of a thread
            self.error = error

    def _remember_run(self, path: Path) -> None:
        self.run_path = path
