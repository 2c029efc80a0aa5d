"""What nobody caught: shown in the window, written to a file, never swallowed.

``sys.excepthook`` gets errors of slots, of guarded overrides and of the main thread;
``threading.excepthook`` those of threads. Both may be called anywhere, so the window hears of
them by a queued signal.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Signal

from sslstudio.errors import SSLStudioError
from sslstudio.storage import data_dir

_LOG_BYTES = 1_000_000


def log_file() -> Path:
    """Return the file that keeps the tracebacks."""
    return data_dir() / "studio.log"


class Faults(QObject):
    """``reported`` carries one sentence and the traceback."""

    reported = Signal(str, str)
    interrupted = Signal()  # a KeyboardInterrupt came through after all

    def install(self) -> None:
        """Take over both hooks."""
        self._before = sys.excepthook, threading.excepthook
        sys.excepthook = self.report
        threading.excepthook = lambda args: self.report(
            args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback
        )

    def remove(self) -> None:
        """Give the hooks back."""
        sys.excepthook, threading.excepthook = self._before

    def report(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Show and log one exception; callable from any thread."""
        if issubclass(kind, KeyboardInterrupt):
            self.interrupted.emit()
            return
        text = "".join(traceback.format_exception(kind, error, trace))
        sys.stderr.write(text)
        with contextlib.suppress(OSError):
            _append(text)
        if isinstance(error, SSLStudioError):
            self.reported.emit(str(error), "")
            return
        self.reported.emit(
            f"Something went wrong inside SSL Studio ({kind.__name__}: {error}). What you made "
            f"is not lost; the details are in {log_file()}.",
            text,
        )


def _append(text: str) -> None:
    path = log_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = "w" if path.exists() and path.stat().st_size > _LOG_BYTES else "a"
    with path.open(mode, encoding="utf-8") as file:
        file.write(time.strftime("%Y-%m-%d %H:%M:%S\n") + text + "\n")
