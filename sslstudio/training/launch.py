"""Start a run on all devices of this machine, and follow it: ``torchrun`` as a child.

The same face as ``session.py``, so whoever can follow a run in this process can follow one in
several. The child is ``sslstudio train --json`` under ``torch.distributed.run``: its events come
line by line over its standard output, its fault as the one sentence on its standard error. Of
what a control asks, only stopping reaches it (SIGTERM: a checkpoint, then the end). Where this
process dies, the child notices that nobody reads, saves and ends.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from sslstudio.errors import DeviceError, ProcessError, RunError
from sslstudio.events import Event, StateEvent, from_json
from sslstudio.recipe import Recipe
from sslstudio.training.control import Control
from sslstudio.training.journal import Emit, RunResult

RUN_FOLDER = "run folder: "  # how a child says on its standard error where it writes
_FAULT = "sslstudio: "
_LOOK_EVERY_S = 0.1
_MOST_LINES = 200
_NO_ANSWER = (
    "a run on several devices answers no texts while it trains: choose one of its checkpoints"
)


@dataclasses.dataclass(frozen=True)
class Following:
    """How many processes to start, on which kind of device, and who steers and hears them."""

    count: int
    device: str
    control: Control
    emit: Emit
    on_run: Callable[[Path], None] = lambda _path: None


def train_on_all(recipe: Recipe, runs_dir: Path, follow: Following) -> RunResult:
    """Begin a run of ``recipe`` in several processes on this machine; blocks until it ends.

    Raises:
        SSLStudioError: it failed, in the words of its first process.
    """
    with tempfile.TemporaryDirectory(prefix="sslstudio-") as folder:
        path = Path(folder) / "recipe.toml"
        recipe.save(path)
        return _followed(["train", str(path), "--runs", str(runs_dir.absolute())], follow)


def resume_on_all(path: Path, settings: Sequence[str], follow: Following) -> RunResult:
    """Go on with the run at ``path`` in several processes; blocks until it ends.

    Raises:
        SSLStudioError: it failed, in the words of its first process.
    """
    changes = [word for setting in settings for word in ("--set", setting)]
    return _followed(["resume", str(path.absolute()), *changes], follow)


def every_card() -> tuple[int, str]:
    """Return how many devices of CUDA this machine has, and what ``--device`` calls their kind.

    Raises:
        DeviceError: fewer than two, so that there is nothing to share.
    """
    import torch

    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if count < 2:
        raise DeviceError(f"this machine has {count} CUDA devices, not several: choose one device")
    return count, "cuda"


class _Child:
    """``torchrun`` with its two outputs, read by threads so that nothing can block."""

    def __init__(self, words: list[str], count: int) -> None:
        command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
        command += [f"--nproc-per-node={count}", "-m", "sslstudio", *words, "--json"]
        source = str(Path(__file__).resolve().parents[2])
        paths = [source, *filter(None, [os.environ.get("PYTHONPATH")])]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            start_new_session=True,  # Ctrl-C in a terminal is for us alone; we pass it on
        )
        # lines with where they came from; None: an output has ended
        self.lines: queue.Queue[tuple[bool, bytes | None]] = queue.Queue()
        for is_event, stream in ((True, self.process.stdout), (False, self.process.stderr)):
            threading.Thread(target=self._read, args=(is_event, stream), daemon=True).start()

    def stop(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)

    def _read(self, is_event: bool, stream: IO[bytes]) -> None:
        with stream:
            for line in stream:
                self.lines.put((is_event, line))
        self.lines.put((is_event, None))


def _followed(words: list[str], follow: Following) -> RunResult:
    control, told = follow.control, _Told(follow.emit, follow.on_run)
    child = _Child([*words, "--device", follow.device], follow.count)
    open_outputs, is_stopped = 2, False
    try:
        while open_outputs:
            with contextlib.suppress(queue.Empty):
                is_event, line = child.lines.get(timeout=_LOOK_EVERY_S)
                if line is None:
                    open_outputs -= 1
                else:
                    told.take(is_event, line.decode("utf-8", "replace").rstrip("\n"))
            for request in control.take_samples():
                request.on_done(_NO_ANSWER)
            if control.is_stopping and not is_stopped:
                is_stopped = True
                child.stop()
    finally:
        child.stop()
        child.process.wait()
        control.close()
    return told.result(child.process.returncode, is_stopped)


class _Told:
    """What the child has told so far."""

    def __init__(self, emit: Callable[[Event], None], on_run: Callable[[Path], None]) -> None:
        self._emit, self._on_run = emit, on_run
        self._path: Path | None = None
        self._state: StateEvent | None = None
        self._fault = ""
        self._errors: list[str] = []

    def take(self, is_event: bool, line: str) -> None:
        """Take one line of an output."""
        if is_event:
            event = from_json(line)
            if isinstance(event, StateEvent):
                self._state = event
            if event is not None:
                self._emit(event)
        elif line.startswith(RUN_FOLDER):
            self._path = Path(line.removeprefix(RUN_FOLDER))
            self._on_run(self._path)
        elif line.startswith(_FAULT) and not self._fault:
            self._fault = line.removeprefix(_FAULT)
        else:
            self._errors = [*self._errors[-_MOST_LINES:], line]

    def result(self, status: int, is_stopped: bool) -> RunResult:
        """Return how it ended, or raise its fault."""
        state = self._state
        if state is not None and state.state in ("finished", "stopped"):
            return RunResult(state.state, state.step, self._path)
        if is_stopped and not self._fault and (state is None or state.state == "preparing"):
            return RunResult("stopped", 0, None)
        if self._fault:
            raise RunError(self._fault)
        last = "\n".join(self._errors)
        raise ProcessError(f"torchrun ended with status {status} and said why:\n{last}")
