"""Ask a child for one large thing, follow its progress, and end it when nobody wants it any more.

Between whoever makes a report or wants an examination, and the processes that compute it
(``child``). This side waits and hands on what it is told; a request that is cancelled ends within
a tenth of a second. Must not be called in the window's thread.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from sslstudio import errors
from sslstudio.corpora.report.children import Child
from sslstudio.corpora.report.frames import Message
from sslstudio.errors import Cancelled, ProcessError, SSLStudioError

Progress = Callable[[str, int, int, str], None]
_POLL_SECONDS = 0.1
_SILENCE_SECONDS = 1.0


def ask_child(
    role: str, request: dict[str, Any], on_progress: Progress, cancelled: Callable[[], bool]
) -> Message:
    """Return the answer of a new child to ``request``.

    Args:
        role: of the child: "report" or "examination".
        request: ``Request.to_json``.
        on_progress: told (stage, done, total, unit), at least once a second.
        cancelled: asked ten times a second.

    Raises:
        SSLStudioError: whatever kind the child met.
        ProcessError: it could not be started, or ended.
        Cancelled: ``cancelled()`` said so.
    """
    child = Child(role)
    try:
        child.send(request)
        return _follow(child, on_progress, cancelled)
    finally:
        child.end()


def _follow(child: Child, on_progress: Progress, cancelled: Callable[[], bool]) -> Message:
    messages: queue.SimpleQueue[Message | ProcessError] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(child, messages), daemon=True).start()
    last, told = ("starting", 0, 0, ""), time.monotonic()
    while True:
        if cancelled():
            raise Cancelled
        try:
            message = messages.get(timeout=_POLL_SECONDS)
        except queue.Empty:
            if time.monotonic() - told >= _SILENCE_SECONDS:
                on_progress(*last)
                told = time.monotonic()
            continue
        if isinstance(message, ProcessError):
            raise message
        meta, _ = message
        if "progress" not in meta:
            _raise_what_went_wrong(meta)
            return message
        stage, done, total, unit = meta["progress"]
        last, told = (stage, done, total, unit), time.monotonic()
        on_progress(*last)


def _listen(child: Child, messages: queue.SimpleQueue[Message | ProcessError]) -> None:
    """Hand on what the child sends, until it has no more to say."""
    try:
        while True:
            message = child.receive()
            messages.put(message)
            if "progress" not in message[0]:
                return
    except ProcessError as error:
        messages.put(error)


def _raise_what_went_wrong(meta: dict[str, Any]) -> None:
    if "error" in meta:
        kind = getattr(errors, str(meta["error"]), SSLStudioError)
        raise kind(str(meta["text"]))
    if "fault" in meta:
        raise RuntimeError(f"the process that measures the text failed:\n{meta['fault']}")
