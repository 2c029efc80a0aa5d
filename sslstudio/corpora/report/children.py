"""The processes that a report is made in: how they are started, asked and ended.

A report computes for seconds to minutes in Python, which in the studio's own process would make
its window stutter (hazards no. 7). So one child makes it, and has workers of its own that measure
batches of documents. A child is ``python -m sslstudio.corpora.report.child ROLE``: it imports
neither torch nor Qt, inherits no handle but its three streams, and ends when its input does, so
that none is left behind when the studio is killed. A frozen bundle has no interpreter to call with
``-m``: its entry point must call ``child.main`` when its arguments begin with
:data:`FROZEN_WORDS`.
"""

from __future__ import annotations

import collections
import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any

from sslstudio.corpora import child_process
from sslstudio.corpora.report import frames
from sslstudio.errors import ProcessError

FROZEN_WORDS = ("--report-child",)
MOST_WORKERS = 8
_END_SECONDS = 5.0


class Child:
    """One process that answers messages.

    Raises (constructor):
        ProcessError: the system starts no more processes.
    """

    def __init__(self, role: str) -> None:
        words = child_process.command("sslstudio.corpora.report.child", FROZEN_WORDS)
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the child lives
        try:
            # Ctrl-C is for whoever started us: it ends us in its own way
            self._process = child_process.started(
                [*words, role], errors=self._said, own_session=True
            )
        except OSError as error:
            self._said.close()
            raise ProcessError(
                f"a report is made in processes of its own, and none can be started here "
                f"({error.strerror}): close other programs and try again"
            ) from error

    def send(self, meta: dict[str, Any], body: bytes = b"") -> None:
        """Send one message.

        Raises:
            ProcessError: the child is gone.
        """
        assert self._process.stdin is not None
        try:
            frames.send(self._process.stdin, meta, body)  # type: ignore[arg-type]
        except (OSError, ValueError) as error:
            raise self._gone() from error

    def receive(self) -> frames.Message:
        """Return the next message of the child; waits for it.

        Raises:
            ProcessError: the child is gone.
        """
        assert self._process.stdout is not None
        try:
            message = frames.receive(self._process.stdout)  # type: ignore[arg-type]
        except (OSError, ValueError) as error:
            raise self._gone() from error
        if message is None:
            raise self._gone()
        return message

    def ask(self, meta: dict[str, Any], body: bytes = b"") -> frames.Message:
        """Send one message and return the answer.

        Raises:
            ProcessError: the child is gone.
            RuntimeError: it failed, with its trace.
        """
        self.send(meta, body)
        answer = self.receive()
        if "fault" in answer[0]:
            raise RuntimeError(f"a worker of the report failed:\n{answer[0]['fault']}")
        return answer

    def end(self) -> None:
        """End the process, whatever it does; its own children end with their input."""
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_SECONDS)
        for stream in (self._process.stdin, self._process.stdout, self._said):
            if stream is not None:
                with contextlib.suppress(OSError):  # what was not flushed has no reader
                    stream.close()

    def _gone(self) -> ProcessError:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_END_SECONDS)
        return ProcessError(
            f"a process that measures the text ended with status {self._process.returncode}"
            f"{self._last_words()}: close programs that need much memory and try again"
        )

    def _last_words(self) -> str:
        """Return the last line that the child wrote on standard error, in brackets."""
        with contextlib.suppress(OSError, ValueError):
            self._said.seek(0)
            lines = self._said.read().decode("utf-8", "replace").split("\n")
            said = [line.strip() for line in lines if line.strip()]
            return f" ({said[-1]})" if said else ""
        return ""


class Workers:
    """Children that answer batches, several at once; answers come in the order of the batches.

    Batches are dealt in turn, so that with one number of workers the same ones get the same
    batches, whatever the clock does. Each has a thread here that waits for it. As a context
    manager, ends them all.
    """

    def __init__(self, count: int) -> None:
        self._children = [Child("worker") for _ in range(count)]
        self._threads = [ThreadPoolExecutor(1, thread_name_prefix="report") for _ in range(count)]

    def __len__(self) -> int:
        """How many there are."""
        return len(self._children)

    def __enter__(self) -> Workers:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the children."""
        for thread in self._threads:
            thread.shutdown(wait=False, cancel_futures=True)
        for child in self._children:
            child.end()
        for thread in self._threads:
            thread.shutdown(wait=True)

    def tell(self, meta: dict[str, Any], body: bytes = b"") -> list[frames.Message]:
        """Send the same message to every worker and return their answers.

        Raises:
            ProcessError: one is gone.
        """
        asked = [self._submit(number, meta, body) for number in range(len(self._children))]
        return [future.result() for future in asked]

    def map(self, batches: Iterable[frames.Message]) -> Iterator[frames.Message]:
        """Yield the answers to ``batches`` in their order; few batches are held at once.

        Raises:
            ProcessError: a worker is gone.
        """
        waiting: collections.deque[Future[frames.Message]] = collections.deque()
        for turn, (meta, body) in enumerate(batches):
            waiting.append(self._submit(turn % len(self._children), meta, body))
            while waiting and (len(waiting) > 2 * len(self._children) or waiting[0].done()):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()

    def _submit(self, number: int, meta: dict[str, Any], body: bytes) -> Future[frames.Message]:
        return self._threads[number].submit(self._children[number].ask, meta, body)


def worker_count() -> int:
    """Return how many workers this machine is good for: its cores, at most 8."""
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # not on Windows and macOS
        cores = os.cpu_count() or 1
    return max(1, min(MOST_WORKERS, cores))
