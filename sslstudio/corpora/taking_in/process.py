"""Keeps the child that takes files in: starts it, listens to it, buries it, and starts another.

Between ``reading`` and the child. A parser that crashes, loops or eats all memory ends the child
and one file, never the program: the file gets a sentence, an archive is read again without the
member that did it, and the next file a new child. The parent waits in a thread that may wait (the
studio comes here from its workers) and looks up ten times a second: for cancelling, for progress,
and for whether anything moves at all. One child serves many files; it costs 0.2 s to start.

A frozen bundle has no interpreter to call with ``-m``: its entry point must call
:func:`sslstudio.corpora.taking_in.child.main` when its arguments are :data:`FROZEN_WORDS`.
"""

from __future__ import annotations

import contextlib
import json
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from sslstudio.corpora import child_process
from sslstudio.corpora.taking_in.cache import TakenIn, Wanted, find, keep, sweep, temporary
from sslstudio.corpora.taking_in.child import PATIENCE_S
from sslstudio.errors import Cancelled, CorpusError, StorageError

FROZEN_WORDS = ("--take-in",)
MOST_DEATHS = 5
STILL_S = 30.0  # by the clock, for a child that waits and burns no time; and so much a megabyte:
STILL_S_PER_MB = 1.0
MOST_STILL_S = 300.0
_LOOK_S = 0.1
_ENDED: dict[str, Any] = {"ended": True}
_swept = False
# what a child died of is not noted on disk: it may have been the machine's fault
_died_of: dict[str, TakenIn] = {}


class Died(Exception):  # noqa: N818 - something that happened to the child
    """The child ended while it read; ``str()`` is the end of a sentence about the file."""


class TakingIn:
    """Takes files in, one at a time, as a context.

    Args:
        cancelled: asked ten times a second.
        on_progress: told how many bytes of the file at hand were read so far, ten times a second.
    """

    def __init__(
        self, cancelled: Callable[[], bool], on_progress: Callable[[int], None] = lambda _done: None
    ) -> None:
        self._cancelled = cancelled
        self._on_progress = on_progress
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._bury()

    def take(self, wanted: Wanted) -> TakenIn:
        """Return what is known of ``wanted``, taking it in where nothing is.

        Raises:
            CorpusError: no child can be started.
            StorageError: there is no room in the cache.
            Cancelled: ``cancelled()`` said so.
        """
        known = self.known(wanted)
        if known is not None:
            return known
        _sweep_once()
        draft = temporary(wanted)
        try:
            return self._taken(wanted, draft)
        finally:
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)

    def known(self, wanted: Wanted) -> TakenIn | None:
        """Return what is known of ``wanted`` already, or None."""
        return find(wanted) or _died_of.get(wanted.target.name)

    def _taken(self, wanted: Wanted, draft: Path) -> TakenIn:
        poisoned: dict[str, str] = {}
        for _ in range(MOST_DEATHS):
            reading = ""
            try:
                for answer in self._answers(_request(wanted, draft, poisoned), wanted.size_bytes):
                    reading = answer.get("begin", reading)
                    if "done" in answer:
                        facts = answer["done"]
                        skipped = tuple((str(n), str(r)) for n, r in facts.pop("skipped"))
                        found = TakenIn(wanted.name, wanted.key, skipped=skipped, **facts)
                        return keep(wanted, draft, found)
                    if "fault" in answer:
                        fault = " ".join(answer["fault"].split())
                        return keep(wanted, draft, TakenIn(wanted.name, wanted.key, fault=fault))
                    if "storage" in answer:
                        raise StorageError(answer["storage"])
            except Died as death:
                if reading in ("", wanted.name) or reading in poisoned:
                    return _remembered(TakenIn(wanted.name, wanted.key, fault=str(death)), wanted)
                poisoned[reading] = str(death)
        last, reason = poisoned.popitem()
        fault = f"made its reader fail {MOST_DEATHS} times, the last time in {last}, which {reason}"
        return _remembered(TakenIn(wanted.name, wanted.key, fault=fault), wanted)

    def _answers(self, request: dict[str, Any], size_bytes: int) -> Any:
        """Yield what the child says of ``request`` until it is through.

        Raises:
            Died: it ended before, or had to be ended.
        """
        if self._child is None:
            self._child = _Child()
        child = self._child
        still_s = min(STILL_S + STILL_S_PER_MB * size_bytes / 1e6, MOST_STILL_S)
        heard_s, done_bytes = time.monotonic(), 0
        child.ask(request)
        while True:
            if self._cancelled():
                self._bury()
                raise Cancelled
            answer = child.answer(_LOOK_S)
            if answer is _ENDED:
                raise Died(self._bury())
            self._on_progress(min(done_bytes, size_bytes))
            if answer is None:
                if time.monotonic() - heard_s > still_s:
                    self._bury()
                    raise Died(f"was given up: nothing moved for {still_s:.0f} s; remove it")
                continue
            heard_s = time.monotonic()
            done_bytes = answer.get("progress", done_bytes)
            yield answer

    def _bury(self) -> str:
        """End the child, if there is one; returns what it died of."""
        child, self._child = self._child, None
        return child.end() if child else ""


class _Child:
    """One process, and the thread that listens to it."""

    def __init__(self) -> None:
        self._process = _started()
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self._ear = threading.Thread(target=self._listen, name="taking-in", daemon=True)
        self._ear.start()

    def ask(self, request: dict[str, Any]) -> None:
        """Send a request; that nobody receives it shows in the answer."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()

    def answer(self, timeout_s: float) -> dict[str, Any] | None:
        """Return the next answer, ``_ENDED``, or None where none came in time."""
        try:
            return self._answers.get(timeout=timeout_s)
        except queue.Empty:
            return None

    def end(self) -> str:
        """End the process; returns the end of a sentence about the file that it died of."""
        had_ended = self._process.poll() is not None or not self._ear.is_alive()
        if had_ended:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=5)
        self._process.kill()
        status = self._process.wait()
        self._ear.join()
        for stream in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if stream:
                    stream.close()
        return _obituary(status)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with contextlib.suppress(ValueError):
                self._answers.put(json.loads(line))
        self._answers.put(_ENDED)


def _remembered(found: TakenIn, wanted: Wanted) -> TakenIn:
    """Note a death, so that this process does not try the same file again."""
    _died_of[wanted.target.name] = found
    return found


def _request(wanted: Wanted, draft: Path, poisoned: dict[str, str]) -> dict[str, Any]:
    return {
        "path": str(wanted.path),
        "name": wanted.name,
        "target": str(draft),
        "size_bytes": wanted.size_bytes,
        "column": wanted.column,
        "encoding": wanted.encoding,
        "include": wanted.include,
        "exclude": wanted.exclude,
        "relative": wanted.relative,
        "poisoned": poisoned,
    }


def _obituary(status: int) -> str:
    if hasattr(signal, "SIGPROF") and status == -signal.SIGPROF:
        return (
            f"was given up: reading it did not get on for {PATIENCE_S:.0f} s or more, so it is "
            "damaged or hostile; remove it, or save it anew"
        )
    return (
        f"made its reader fail (a process of its own, which ended with status {status}): it is "
        "damaged or hostile; remove it, or save it anew"
    )


def _started() -> subprocess.Popen[bytes]:
    try:
        return child_process.started(_command())
    except OSError as error:
        raise CorpusError(
            "files of this kind are read in a process of its own, and none can be started here "
            f"({error.strerror}): close other programs, or convert them to plain text"
        ) from error


def _command() -> list[str]:
    return child_process.command("sslstudio.corpora.taking_in.child", FROZEN_WORDS)


def _sweep_once() -> None:
    """Sweep the cache, once a process."""
    global _swept
    if not _swept:
        _swept = True
        sweep()
