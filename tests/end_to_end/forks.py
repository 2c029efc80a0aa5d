"""Runs of the command line in processes that can be killed by the hundred, and faults in them.

Importing torch takes seconds, a run of a tiny model a fraction of one. So one process imports
everything once (``python -m tests.end_to_end.forks``) and forks a child for every command; what
the child does is ``sslstudio.cli.main``, from reading its arguments on. Faults are put in through
Python's audit hooks, which see every file that is opened, made, renamed or removed:

``die_at`` n: the child kills itself (SIGKILL) before the n-th such operation that follows the
first one on a path that matches ``after``.
``full_at`` bytes: from the first operation on a path that matches ``after``, no file can grow
beyond so many bytes (RLIMIT_FSIZE), as on a disk that is full; from the start without ``after``.
``cache``: a folder of the child's own for prepared text, so that it prepares it anew.
``environment``: variables, as ``torchrun`` sets them for each of several processes.
``blind``: a save does not look for room beforehand, as if another process took it just then.
"""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]
_OPERATIONS = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate")


class Forks:
    """The process from which all others are forked; one for a test session."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.end_to_end.forks"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(_ROOT)},
        )

    def start(self, words: Sequence[str], log: Path, **fault: Any) -> int:
        """Begin ``sslstudio`` with ``words``; its output goes to ``log``; returns the process."""
        return self._ask({"words": list(words), "log": str(log), "fault": fault})

    def wait(self, pid: int) -> int:
        """Wait until the process ends; returns its status, or minus the signal that ended it."""
        return self._ask({"wait": pid})

    def run(self, words: Sequence[str], log: Path, **fault: Any) -> int:
        """Begin and wait."""
        return self.wait(self.start(words, log, **fault))

    def close(self) -> None:
        """End the process."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.close()
        self._server.wait(30)
        self._server.stdout.close()

    def _ask(self, request: dict[str, Any]) -> int:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(request) + "\n")
        self._server.stdin.flush()
        return int(self._server.stdout.readline())


def _serve() -> None:
    import torch

    import sslstudio.cli
    import sslstudio.training.session  # noqa: F401 - imported once for all children
    from sslstudio.commands.command import all_commands

    all_commands()  # imports them
    torch.use_deterministic_algorithms(False)  # imports a thousand modules of torch's compiler
    logs: dict[int, subprocess.Popen[bytes]] = {}
    for line in sys.stdin:
        request = json.loads(line)
        if "wait" in request:
            answer = os.waitstatus_to_exitcode(os.waitpid(request["wait"], 0)[1])
            logs.pop(request["wait"]).wait()
        else:
            # through a pipe, which a limit on the size of files does not touch
            with Path(request["log"]).open("ab") as file:
                log = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=file)
            assert log.stdin is not None
            answer = os.fork()
            if answer == 0:
                _become(request, log.stdin.fileno())
            log.stdin.close()
            logs[answer] = log
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


def _become(request: dict[str, Any], output: int) -> None:
    """Be the command of ``request``; never returns."""
    status = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        sys.stdin, sys.stdout = os.fdopen(0, "r"), os.fdopen(1, "w")
        sys.stderr = os.fdopen(2, "w", buffering=1)
        if request["fault"]:
            _install(**request["fault"])
        from sslstudio.cli import main

        status = main(request["words"])
        sys.stdout.flush()
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _install(
    die_at: int = -1,
    full_at: int = -1,
    after: str = "",
    cache: str = "",
    blind: bool = False,
    environment: dict[str, str] | None = None,
) -> None:
    """Put the fault into this process."""
    os.environ.update(environment or {})
    if cache:
        os.environ["SSLSTUDIO_CACHE"] = cache
    if blind:
        from sslstudio.training import checkpoint

        vars(checkpoint)["require_room"] = lambda _path, _size_bytes: None
    if full_at >= 0 and not after:
        _fill(full_at)
    if after:
        sys.addaudithook(_watch(die_at, full_at, after))


def _watch(die_at: int, full_at: int, after: str) -> Callable[[str, tuple[Any, ...]], None]:
    seen = -1

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal seen
        if event not in _OPERATIONS:
            return
        if seen < 0 and any(re.search(after, str(argument)) for argument in arguments[:2]):
            seen = 0
            if full_at >= 0:
                _fill(full_at)
        if seen >= 0:
            if seen == die_at:
                os.kill(os.getpid(), signal.SIGKILL)
            seen += 1

    return watch


def _fill(size_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, resource.RLIM_INFINITY))


if __name__ == "__main__":
    _serve()
