"""RunWriter: the one who writes a run's events and its status, under the run's lock.

Stands between the session and the run folder. An event costs one flushed line, a heartbeat one
small atomic file every two seconds. Reading is in ``runs``.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import time
from pathlib import Path
from typing import Any

from sslstudio import events
from sslstudio.events import Event
from sslstudio.runs import RunFolder, RunStatus
from sslstudio.storage import storage_guard

_BLOCK_BYTES = 65536


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
            self._size_bytes = _cut_torn_line(run.events_path)
            # without a buffer: what a full disk refused must not come out later, in the middle
            self._file = run.events_path.open("ab", buffering=0)

    def write(self, event: Event) -> None:
        """Append ``event`` as one whole line.

        Raises:
            StorageError: the disk is full; the line is taken back, as far as the disk allows.
        """
        line = events.to_json(event).encode("utf-8") + b"\n"
        with storage_guard(self.run.events_path):
            try:
                written = 0
                while written < len(line):  # a disk that fills up takes a part first
                    written += self._file.write(line[written:])
            except OSError:
                with contextlib.suppress(OSError):
                    self._file.truncate(self._size_bytes)
                raise
        self._size_bytes += len(line)

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


def _cut_torn_line(path: Path) -> int:
    """Drop what a killed writer left of a last line; returns the bytes that stay."""
    if not path.exists():
        return 0
    with path.open("r+b") as file:
        size = end = file.seek(0, os.SEEK_END)
        while end:  # from the end, for the file of a long run is long
            start = max(0, end - _BLOCK_BYTES)
            file.seek(start)
            newline = file.read(end - start).rfind(b"\n")
            end = start + newline + 1 if newline >= 0 else start
            if newline >= 0:
                break
        if end < size:
            file.truncate(end)
        return end
