"""Talks to a model for the playground, live or from a checkpoint, and never blocks the window.

One conversation at a time. Tokens cross from the trainer's or a worker's thread through a queue
that a timer of the window drains thirty times a second; whatever belongs to an earlier question
is dropped. The live model answers between two optimizer steps.
"""

from __future__ import annotations

import dataclasses
import queue
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from sslstudio.errors import RunError
from sslstudio.studio import generation_worker
from sslstudio.studio.background import Background, Task
from sslstudio.studio.generation_worker import CheckpointChoice, LoadedModel
from sslstudio.studio.live_run import LiveRun

DRAIN_MS = 33
ALTERNATIVES = 10
_NOT_LIVE = "the live model answers only while it trains or pauses: choose a checkpoint instead"


@dataclasses.dataclass(frozen=True)
class _Done:
    error: BaseException | None
    step: int


@dataclasses.dataclass(frozen=True)
class _Filled:
    gaps: list[list[tuple[str, float]]]


class Conversation(QObject):
    """Signals arrive in the GUI thread."""

    written = Signal(object)  # list[WrittenToken]
    filled = Signal(object)  # list of candidates for each gap
    ended = Signal(int)  # the step of the model that answered, or -1
    failed = Signal(object)  # the exception

    def __init__(
        self,
        background: Background,
        live: LiveRun,
        worker: Any = generation_worker,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._background = background
        self._live = live
        self._worker = worker
        self._loaded = LoadedModel()
        self._queue: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()
        self._number = 0
        self._request: Any = None
        self._task: Task | None = None
        self.is_busy = False
        self._timer = QTimer(self, interval=DRAIN_MS)
        self._timer.timeout.connect(self._drain)

    def continue_text(
        self, choice: CheckpointChoice | None, prompt: str, sampling: Mapping[str, Any]
    ) -> None:
        """Ask for a continuation; ``choice`` None means the live model."""
        values = {**sampling, "alternatives": ALTERNATIVES}
        number = self._begin()
        if choice is None:
            self._ask_live(
                number,
                prompt=prompt,
                sampling=values,
                on_token=lambda token: self._queue.put((number, generation_worker.written(token))),
            )
            return
        self._task = self._background.run(
            self._worker.continue_checkpoint,
            self._loaded,
            choice,
            prompt,
            values,
            lambda token: self._queue.put((number, token)),
            on_done=lambda step: self._queue.put((number, _Done(None, step))),
            on_error=lambda error: self._queue.put((number, _Done(error, -1))),
        )

    def fill(self, choice: CheckpointChoice | None, text: str) -> None:
        """Ask what may stand at each <mask>; ``choice`` None means the live model."""
        number = self._begin()
        if choice is None:
            self._ask_live(
                number,
                prompt=text,
                kind="fill",
                on_filled=lambda gaps: self._queue.put((number, _Filled(gaps))),
            )
            return

        def on_done(answer: Any) -> None:
            step, gaps = answer
            self._queue.put((number, _Filled(gaps)))
            self._queue.put((number, _Done(None, step)))

        self._task = self._background.run(
            self._worker.fill_checkpoint,
            self._loaded,
            choice,
            text,
            on_done=on_done,
            on_error=lambda error: self._queue.put((number, _Done(error, -1))),
        )

    def stop(self) -> None:
        """Leave off; what still arrives is dropped."""
        if not self.is_busy:
            return
        self._number += 1
        if self._request is not None:
            self._request.cancel()
        if self._task is not None:
            self._task.cancel()
        self._finish(-1)

    def _begin(self) -> int:
        self.stop()
        self._number += 1
        self.is_busy = True
        self._timer.start()
        return self._number

    def _ask_live(self, number: int, **facts: Any) -> None:
        def on_done(error: str | None) -> None:
            fault = None if error is None else RunError(error)
            self._queue.put((number, _Done(fault, request.step)))

        request = self._worker.new_request(on_done=on_done, **facts)
        self._request = request
        if not self._live.sample(request):
            self._queue.put((number, _Done(RunError(_NOT_LIVE), -1)))

    def _drain(self) -> None:
        tokens: list[Any] = []
        done: _Done | None = None
        while True:
            try:
                number, item = self._queue.get_nowait()
            except queue.Empty:
                break
            if number != self._number:
                continue
            if isinstance(item, _Done):
                done = item
            elif isinstance(item, _Filled):
                self.filled.emit(item.gaps)
            else:
                tokens.append(item)
        if tokens:
            self.written.emit(tokens)
        if done is not None:
            self._finish(done.step)
            if done.error is not None:
                self.failed.emit(done.error)

    def _finish(self, step: int) -> None:
        self.is_busy = False
        self._timer.stop()
        self._request, self._task = None, None
        self.ended.emit(step)
