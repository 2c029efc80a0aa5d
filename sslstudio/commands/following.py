"""Train in this thread and be heard: events on the output, signals as a wish to stop.

Shared by ``train`` and ``resume``. With ``--json`` every event is one line of standard output;
without, the events are told on standard error and the last line of output names the folder.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sslstudio.commands.command import STOPPED_BY_SIGNAL
from sslstudio.commands.output import forget_output
from sslstudio.commands.progress import say, say_event
from sslstudio.events import Event, to_json

if TYPE_CHECKING:
    from sslstudio.training.session import RunResult


def follow(begin: Callable[..., RunResult], as_json: bool) -> int:
    """Train, print events, and stop with a checkpoint on SIGINT and SIGTERM.

    Args:
        begin: ``session.train`` or ``session.resume``, but for ``control``, ``emit``, ``on_run``.
        as_json: whether every event is printed as a line of JSON.

    Returns:
        The exit status: 130 when a signal stopped the run, else 0.
    """
    from sslstudio.training.control import Control

    control = Control()
    signals: list[int] = []

    def on_signal(number: int, _frame: object) -> None:
        signals.append(number)
        control.stop(f"a signal ({signal.Signals(number).name})")

    def emit(event: Event) -> None:
        try:
            write(event)
        except BrokenPipeError:  # "| head": whoever watched has gone, the run must not be lost
            forget_output()
            signals.append(signal.SIGTERM)
            control.stop("whoever read the output has gone")

    write = _print_json if as_json else say_event
    before = {s: signal.signal(s, on_signal) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        result = begin(control=control, emit=emit, on_run=_say_folder if as_json else _silent)
    finally:
        for number, handler in before.items():
            # asked twice, the process would die of the second while it leaves with status 130
            signal.signal(number, signal.SIG_IGN if signals else handler)
    if result.path is not None and not as_json:
        print(result.path)
    return STOPPED_BY_SIGNAL if signals and result.state == "stopped" else 0


def _say_folder(path: Path) -> None:
    """Say where the run is written to whoever reads its events from a pipe."""
    say(f"run folder: {path}")


def _silent(_path: Path) -> None:
    """Say nothing: the last line printed names the folder."""


def _print_json(event: Event) -> None:
    print(to_json(event), flush=True)
