"""The studio from its start to its end: the window first, then the engine.

The window is on the screen before torch is imported; a worker thread imports it then, and the
other pages are made one by one. At the end nothing is left: the run is stopped and saved, every
thread is joined.
"""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from sslstudio.neighbours import wait_briefly
from sslstudio.runs import default_runs_dir
from sslstudio.studio import theme
from sslstudio.studio.background import Background
from sslstudio.studio.engine import Engine, load_engine
from sslstudio.studio.faults import Faults
from sslstudio.studio.interrupts import Interrupts
from sslstudio.studio.main_window import MainWindow
from sslstudio.studio.workspace import Workspace

SWITCH_INTERVAL_S = 0.0005  # the window stays smooth beside a training thread (hazards no. 7)
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Open the studio, on a recipe or a run if ``argv`` names one; returns the exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    problem = _display_problem()
    if problem:
        sys.stderr.write(problem + "\n")
        return 1
    wait_briefly()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    application = QApplication(sys.argv[:1] or ["sslstudio"])
    application.setApplicationName("sslstudio")
    application.setApplicationDisplayName("SSL Studio")
    application.setDesktopFileName("sslstudio")
    theme.install(application)
    studio = Studio()
    studio.open(words)
    try:
        status = application.exec()
    finally:
        studio.close()
    return INTERRUPTED if studio.was_interrupted else int(status)


class Studio(QObject):
    """Everything that lives as long as the window."""

    def __init__(self) -> None:
        super().__init__()
        self.was_interrupted = False
        self.faults = Faults(self)
        self.faults.install()
        self.interrupts = Interrupts(self)
        self.background = Background(self)
        self.workspace = Workspace(self)
        self.workspace.restore_draft()
        self.window = MainWindow(self.workspace, self.background)
        self.faults.reported.connect(self.window.show_fault)
        self.faults.interrupted.connect(self._on_interrupt)
        self.interrupts.interrupted.connect(self._on_interrupt)
        self.window.painted.connect(self._warm_up)
        self._pages = QTimer(self, interval=0)
        self._pages.timeout.connect(self._make_page)

    def open(self, words: Sequence[str]) -> None:
        """Show the window, with the recipe or run of the command line."""
        self.window.show()
        if words:
            path = Path(words[0])
            if not path.exists() and (default_runs_dir() / path).exists():
                path = default_runs_dir() / path
            self.window.open_path(path)

    def close(self) -> None:
        """Stop the run, join every thread, give the hooks back."""
        self._pages.stop()
        self.workspace.close()
        self.background.close()
        self.interrupts.close()
        self.faults.remove()

    @Slot()
    def _warm_up(self) -> None:
        self._pages.start()
        self.background.run(load_engine, on_done=self._on_engine, on_error=self._on_no_engine)

    @Slot()
    def _make_page(self) -> None:
        if not self.window.make_next_page():
            self._pages.stop()

    def _on_engine(self, engine: Engine) -> None:
        self.workspace.set_engine(engine)
        self.workspace.say(f"The engine is ready (torch {engine.torch_version}).")
        # What is alive now stays alive: later collections need not look at it (hazards no. 7).
        gc.freeze()

    def _on_no_engine(self, error: BaseException) -> None:
        self.window.show_error(error)

    @Slot()
    def _on_interrupt(self, number: int = signal.SIGINT) -> None:
        self.was_interrupted = True
        self.window.leave(
            "you pressed Ctrl-C" if number == signal.SIGINT else "it was asked to end"
        )


def _display_problem() -> str | None:
    from sslstudio.display import display_problem

    return display_problem()


if __name__ == "__main__":
    sys.exit(main())
