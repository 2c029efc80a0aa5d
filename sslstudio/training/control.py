"""Control: what others ask of a running trainer, and the trainer reads between steps.

Thread-safe, no torch, no Qt: a window, a signal handler or a test holds one and calls ``stop``,
``pause``, ``resume``, ``save_now`` or ``sample`` from any thread; the trainer's own thread looks
at it between two optimizer steps. A paused trainer sleeps on the condition, so requests for
samples are still answered at once.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Mapping
from typing import Any


@dataclasses.dataclass
class SampleRequest:
    """A text asked of the live model; answered between two steps.

    The callbacks run in the trainer's thread and must return quickly.

    Attributes:
        prompt: the beginning; for ``kind`` "fill", a text with <mask> at the gaps.
        kind: "continue" or "fill".
        sampling: values for the options of ``sslstudio.generation.sampling``.
        on_token: called with every ``GeneratedToken`` as it is made.
        on_done: called once, with None or with the sentence that says what went wrong.
        on_filled: called with the candidates of each gap, for ``kind`` "fill".
        step: the step the answer was made at; set before the first callback.
    """

    prompt: str
    kind: str = "continue"
    sampling: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    on_token: Callable[[Any], None] = lambda _token: None
    on_done: Callable[[str | None], None] = lambda _error: None
    on_filled: Callable[[list[Any]], None] = lambda _gaps: None
    step: int = -1
    _cancelled: threading.Event = dataclasses.field(default_factory=threading.Event)

    def cancel(self) -> None:
        """Ask the trainer to leave off; ``on_done`` is still called."""
        self._cancelled.set()

    def is_cancelled(self) -> bool:
        """Say whether :meth:`cancel` was called."""
        return self._cancelled.is_set()


class Control:
    """The switchboard between whoever watches a run and the trainer."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._stop_reason: str | None = None
        self._paused = False
        self._save = False
        self._requests: list[SampleRequest] = []
        self._is_closed = False

    def stop(self, reason: str = "you stopped it") -> None:
        """Ask for a checkpoint and the end; the first reason counts."""
        with self._changed:
            if self._stop_reason is None:
                self._stop_reason = reason
            self._changed.notify_all()

    def pause(self) -> None:
        """Hold after the current step, keeping everything in memory."""
        with self._changed:
            self._paused = True
            self._changed.notify_all()

    def resume(self) -> None:
        """Go on after a pause."""
        with self._changed:
            self._paused = False
            self._changed.notify_all()

    def save_now(self) -> None:
        """Ask for a checkpoint after the current step."""
        with self._changed:
            self._save = True
            self._changed.notify_all()

    def sample(self, request: SampleRequest) -> None:
        """Ask the live model for a text; refused at once where the run is over."""
        with self._changed:
            if not self._is_closed:
                self._requests.append(request)
                self._changed.notify_all()
                return
        request.on_done("the run has ended; choose one of its checkpoints instead")

    def look(self) -> Control:
        """Take note of what is asked; matters only where several processes must agree."""
        return self

    @property
    def is_asked_to_stop(self) -> bool:
        """Whether this process was asked for the end; others may not have heard of it yet."""
        return self.is_stopping

    @property
    def is_stopping(self) -> bool:
        """Whether somebody asked for the end."""
        return self._stop_reason is not None

    @property
    def stop_reason(self) -> str:
        """Why the end was asked for, or an empty text."""
        return self._stop_reason or ""

    @property
    def is_paused(self) -> bool:
        """Whether a pause is asked for."""
        return self._paused

    @property
    def has_requests(self) -> bool:
        """Whether a sample or a checkpoint is waited for (read without the lock: a hint)."""
        return self._save or bool(self._requests)

    def take_save(self) -> bool:
        """Return whether a checkpoint was asked for, and forget it."""
        with self._changed:
            asked, self._save = self._save, False
            return asked

    def take_samples(self) -> list[SampleRequest]:
        """Return the waiting requests and forget them."""
        with self._changed:
            waiting, self._requests = self._requests, []
            return waiting

    def wait_while_paused(self, timeout_s: float = 1.0) -> None:
        """Sleep until something is asked or the pause ends, at most ``timeout_s``."""
        with self._changed:
            self._changed.wait_for(
                lambda: not self._paused or self.is_stopping or self.has_requests, timeout_s
            )

    def close(self) -> None:
        """Refuse what is still waiting and all that comes later: the run is over."""
        with self._changed:
            self._is_closed = True
            waiting, self._requests = self._requests, []
        for request in waiting:
            request.on_done("the run has ended; choose one of its checkpoints instead")
