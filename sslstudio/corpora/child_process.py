"""Starts a Python process of this room: the one way in which all of its children are started.

Below whatever keeps a child (``taking_in.process``, ``report.children``, ``column_trial``,
``tokenizer_trial``). A child finds this very package, computes on one thread, for several work
side by side, speaks UTF-8, and inherits no handle but its three streams. Costs what the system
takes to start Python, 0.05 s, and the child's own imports. Knows nothing of what is said; how a
child limits itself is in ``process_limits``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO

_PACKAGES = Path(__file__).resolve().parents[2]
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS")


def command(module: str, frozen_words: Sequence[str]) -> list[str]:
    """Return the words that start ``module``.

    Args:
        module: run as ``python -m`` runs it, without the working folder on its path.
        frozen_words: arguments that mean the same to the entry point of a frozen bundle, which
            has no interpreter to call with ``-m``.
    """
    if getattr(sys, "frozen", False):
        return [sys.executable, *frozen_words]
    return [sys.executable, "-P", "-m", module]


def started(
    words: Sequence[str], *, errors: int | IO[bytes] = subprocess.DEVNULL, own_session: bool = False
) -> subprocess.Popen[bytes]:
    """Return the process that ``words`` start, with pipes for input and output.

    Args:
        words: of :func:`command`.
        errors: where its standard error goes.
        own_session: whether Ctrl-C does not reach it.

    Raises:
        OSError: the system starts no more processes.
    """
    path = os.pathsep.join(filter(None, (str(_PACKAGES), os.environ.get("PYTHONPATH"))))
    own = {**dict.fromkeys(_THREADS, "1"), "PYTHONPATH": path, "PYTHONUTF8": "1"}
    return subprocess.Popen(
        words,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        env={**os.environ, **own},
        start_new_session=own_session,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
