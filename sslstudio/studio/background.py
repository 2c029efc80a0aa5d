"""Runs slow functions beside the window and brings their results back to it.

Panes give a function and callbacks; the function runs in a worker thread of a pool, the
callbacks in the GUI thread. What crosses is the function's arguments and its result, which must
be frozen or never touched again by the sender. Progress is picked up by a timer of the GUI ten
times a second, so no flood of signals can build up (hazards no. 6). Knows nothing of engines.
"""

from __future__ import annotations

import inspect
import queue
import sys
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QRunnable, QThreadPool, QTimer, Signal, Slot

from sslstudio.errors import Cancelled
from sslstudio.studio.guard import guarded

PROGRESS_MS = 100
STACK_BYTES = 16 * 1024 * 1024  # macOS gives threads 512 KB


class Task:
    """One function under way; every method may be called from the GUI thread."""

    def __init__(
        self,
        on_done: Callable[[Any], None] | None,
        on_error: Callable[[BaseException], None] | None,
        on_progress: Callable[..., None] | None,
    ) -> None:
        self.on_done = on_done
        self.on_error = on_error
        self.on_progress = on_progress
        self._cancelled = threading.Event()
        self._progress: tuple[Any, ...] | None = None
        self.running = True

    def cancel(self) -> None:
        """Ask the function to end; none of the callbacks is called from now on."""
        self._cancelled.set()

    def cancelled(self) -> bool:
        """Say whether the result is no longer wanted; the function asks this between pieces."""
        return self._cancelled.is_set()

    def report(self, *values: Any) -> None:
        """Called in the worker: remember the newest progress until the window looks."""
        self._progress = values

    def take_progress(self) -> tuple[Any, ...] | None:
        """Return progress that was not taken yet."""
        newest, self._progress = self._progress, None
        return newest


class _Worker(QRunnable):
    def __init__(
        self, task: Task, work: Callable[[], Any], finish: Callable[[Task, bool, Any], None]
    ) -> None:
        super().__init__()
        self._task, self._work, self._finish = task, work, finish

    @guarded
    def run(self) -> None:
        """Run the function; whatever it raises travels to the GUI thread as a value."""
        try:
            if self._task.cancelled():
                raise Cancelled
            succeeded, value = True, self._work()
        except BaseException as error:  # the edge of a thread
            succeeded, value = False, error
        self._finish(self._task, succeeded, value)


class Background(QObject):
    """The pool of worker threads of one window."""

    _finished = Signal()

    def __init__(self, parent: QObject | None = None, threads: int = 4) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(threads)
        self._pool.setStackSize(STACK_BYTES)
        self._pool.setObjectName("background")
        self._results: queue.SimpleQueue[tuple[Task, bool, Any]] = queue.SimpleQueue()
        self._tasks: set[Task] = set()
        self._closed = False
        self._timer = QTimer(self, interval=PROGRESS_MS)
        self._timer.timeout.connect(self._deliver_progress)
        self._finished.connect(self._deliver_results)

    def run(
        self,
        function: Callable[..., Any],
        *args: Any,
        on_done: Callable[[Any], None] | None = None,
        on_error: Callable[[BaseException], None] | None = None,
        on_progress: Callable[..., None] | None = None,
        **kwargs: Any,
    ) -> Task:
        """Call ``function(*args, **kwargs)`` in a worker thread.

        A function with a parameter ``cancelled`` gets a callable that turns true when
        :meth:`Task.cancel` was called; one with ``on_progress`` gets a callable whose newest
        arguments reach the callback ``on_progress`` at most ten times a second. Without
        ``on_error`` an exception goes to ``sys.excepthook``; ``Cancelled`` is silent.
        """
        task = Task(on_done, on_error, on_progress)
        if self._closed:
            task.cancel()
            task.running = False
            return task
        parameters = _parameters_of(function)
        if "cancelled" in parameters and "cancelled" not in kwargs:
            kwargs["cancelled"] = task.cancelled
        if "on_progress" in parameters:
            kwargs["on_progress"] = task.report
        self._tasks.add(task)
        if on_progress is not None and not self._timer.isActive():
            self._timer.start()
        worker = _Worker(task, lambda: function(*args, **kwargs), self._take)
        self._pool.start(worker)
        return task

    def is_idle(self) -> bool:
        """Say whether nothing is under way."""
        return not self._tasks

    def close(self) -> None:
        """Cancel everything, wait until every thread has ended, call nobody back."""
        self._closed = True
        self._timer.stop()
        for task in self._tasks:
            task.cancel()
        self._pool.clear()
        self._pool.waitForDone()
        self._tasks.clear()

    def _take(self, task: Task, succeeded: bool, value: Any) -> None:
        """Called in the worker."""
        self._results.put((task, succeeded, value))
        self._finished.emit()

    @Slot()
    def _deliver_results(self) -> None:
        while not self._closed:
            try:
                task, succeeded, value = self._results.get_nowait()
            except queue.Empty:
                return
            self._tasks.discard(task)
            task.running = False
            if not any(t.on_progress for t in self._tasks):
                self._timer.stop()
            _call_back(task, succeeded, value)

    @Slot()
    def _deliver_progress(self) -> None:
        for task in tuple(self._tasks):
            values = task.take_progress()
            if values is not None and task.on_progress and not task.cancelled():
                task.on_progress(*values)


def _parameters_of(function: Callable[..., Any]) -> set[str]:
    try:
        return set(inspect.signature(function).parameters)
    except ValueError:  # some functions written in C do not tell
        return set()


def _call_back(task: Task, succeeded: bool, value: Any) -> None:
    if task.cancelled():
        return
    if succeeded:
        if task.on_done:
            task.on_done(value)
    elif isinstance(value, Cancelled):
        return
    elif task.on_error:
        task.on_error(value)
    else:
        sys.excepthook(type(value), value, value.__traceback__)


class Latest:
    """One request at a time, and of those that wait only the newest: for live previews.

    With ``cancel_running`` a new request also ends the one under way and its result is dropped;
    without it every finished result is shown, so that a picture follows a moving slider.
    """

    def __init__(self, background: Background, *, cancel_running: bool = False) -> None:
        self._background = background
        self._cancel_running = cancel_running
        self._running: Task | None = None
        self._waiting: Callable[[], Task] | None = None

    def run(
        self,
        function: Callable[..., Any],
        *args: Any,
        on_done: Callable[[Any], None],
        on_error: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Run ``function(*args)`` now, or as soon as the one under way has ended."""

        def start() -> Task:
            return self._background.run(
                function, *args, on_done=self._then(on_done), on_error=self._then(on_error)
            )

        if self._running is None or not self._running.running:
            self._running = start()
            return
        if self._cancel_running:
            self._running.cancel()
            self._running = start()
            return
        self._waiting = start

    def cancel(self) -> None:
        """Forget what waits and end what runs."""
        self._waiting = None
        if self._running is not None:
            self._running.cancel()
            self._running = None

    def _then(self, callback: Callable[[Any], None] | None) -> Callable[[Any], None]:
        def and_next(value: Any) -> None:
            waiting, self._waiting = self._waiting, None
            if waiting is not None:
                self._running = waiting()
            if callback is not None:
                callback(value)
            elif isinstance(value, BaseException):
                sys.excepthook(type(value), value, value.__traceback__)

        return and_next
