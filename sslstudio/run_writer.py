"""RunWriter: the one who writes a run's events and its status, under the run's lock.

Stands between the session and the run folder. An event costs one flushed line, a heartbeat one
small atomic file every two seconds. Reading is in ``runs``.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import time
from typing import Any, TextIO

from sslstudio import events
from sslstudio.events import Event
from sslstudio.runs import RunFolder, RunStatus
from sslstudio.storage import storage_guard


class RunWriter:
    """Appends events and keeps the status of a run whose lock is held.

    ``heartbeat_s`` bounds how often a mere heartbeat rewrites the status file.
    """

    def __init__(self, run: RunFolder, heartbeat_s: float = 2.0) -> None:
        self.run = run
        self.heartbeat_s = heartbeat_s
        before = run.status()  # a run that goes on stands where it stood
        self._status = RunStatus(pid=os.getpid(), step=before.step, steps=before.steps)
        self._written = 0.0
        with storage_guard(run.events_path):
            self._cut_torn_line()
            self._file: TextIO = run.events_path.open("a", encoding="utf-8")

    def write(self, event: Event) -> None:
        """Append ``event`` as one line and flush it.

        Raises:
            StorageError: the disk is full; the line may be torn, which readers skip.
        """
        with storage_guard(self.run.events_path):
            self._file.write(events.to_json(event) + "\n")
            self._file.flush()

    @property
    def status(self) -> RunStatus:
        """The status as it stands, written or not."""
        return self._status

    def set_status(self, *, force: bool = False, **changes: Any) -> None:
        """Change the status; written at once on a new state or error, else as a heartbeat."""
        before, now = self._status, time.time()
        self._status = dataclasses.replace(before, heartbeat=now, **changes)
        is_news = (self._status.state, self._status.error) != (before.state, before.error)
        if force or is_news or now - self._written >= self.heartbeat_s:
            self.run.write_status(self._status)
            self._written = now

    def close(self) -> None:
        """Close the event file."""
        with contextlib.suppress(OSError):
            self._file.close()

    def _cut_torn_line(self) -> None:
        """Drop what a killed writer left of a last line, so that the next one stands alone."""
        path = self.run.events_path
        if path.exists() and (content := path.read_bytes()) and not content.endswith(b"\n"):
            with path.open("r+b") as file:
                file.truncate(content.rfind(b"\n") + 1)
