"""Follows one run through its folder, whoever trains it: this window, a command line, nobody.

Reads ``events.jsonl`` in a worker thread, first the whole, then what was added. The run that
lives in this window is not polled: its events come from memory, sooner. Emits batches of events
in order and each once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from sslstudio.events import Event
from sslstudio.runs import RunFolder
from sslstudio.studio.background import Background, Task
from sslstudio.studio.live_run import LiveRun

POLL_MS = 1000


def read_events(path: Path, offset: int) -> tuple[list[Event], int]:
    """Read what was added to the run's events since byte ``offset``."""
    return RunFolder.open(path).events(offset)


class RunFollower(QObject):
    """``begun`` comes before the first batch of another run; then ``events`` again and again."""

    begun = Signal(object)  # Path | None
    events = Signal(object)  # tuple[Event, ...]
    failed = Signal(object)  # exception

    def __init__(self, live: LiveRun, background: Background, parent: QObject) -> None:
        super().__init__(parent)
        self._live = live
        self._background = background
        self._task: Task | None = None
        self._offset = 0
        self._is_read = False  # the whole of what the file held at first has been read
        self._held: list[Event] = []  # live events that came before that
        self._live_until = 0.0
        self.path: Path | None = None
        self._timer = QTimer(self, interval=POLL_MS)
        self._timer.timeout.connect(self._read)
        live.events_arrived.connect(self._on_live_events)

    def follow(self, path: Path | None) -> None:
        """Follow another run from its beginning."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self.path, self._offset, self._is_read = path, 0, False
        self._held, self._live_until = [], 0.0
        self.begun.emit(path)
        if path is not None:
            self._read()

    def set_polling(self, on: bool) -> None:
        """Poll only while somebody looks."""
        if on and not self._timer.isActive():
            self._timer.start()
        elif not on:
            self._timer.stop()

    @property
    def is_live(self) -> bool:
        """Whether the run lives in this window."""
        return self.path is not None and self._live.run_path == self.path and self._live.is_active

    @Slot()
    def _read(self) -> None:
        if self.path is None or self._task is not None or (self.is_live and self._is_read):
            return
        self._task = self._background.run(
            read_events, self.path, self._offset, on_done=self._on_read, on_error=self._on_error
        )

    def _on_read(self, found: tuple[list[Event], int]) -> None:
        self._task = None
        events, self._offset = found
        events = [e for e in events if e.time > self._live_until]
        if not self._is_read:
            self._is_read = True
            last = events[-1].time if events else 0.0
            held = [e for e in self._held if e.time > last]
            events, self._held = [*events, *held], []
            self._heard(held)
        if events:
            self.events.emit(tuple(events))

    def _on_error(self, error: BaseException) -> None:
        self._task = None
        self.failed.emit(error)

    def _on_live_events(self, events: Any) -> None:
        if not self.is_live:
            return
        if not self._is_read:
            self._held.extend(events)
            return
        self._heard(events)
        self.events.emit(events)

    def _heard(self, events: Any) -> None:
        """Remember how far memory told us: the file holds the same, and is read later."""
        self._live_until = max((e.time for e in events), default=self._live_until)
