"""Whose turn it is to train in this process: one run or one trial at a time.

Threads of computing and "only exact algorithms" are settings of the whole process. A trial that
ended inside a run would put back what it found before the run began, and so change the run's last
digits. So whoever takes steps holds the turn meanwhile; a run that begins cancels the trial
(``panes/model_trials.py``) and waits here for its end. Imports nothing.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator

from sslstudio.errors import Cancelled

_POLL_S = 0.05
_turn = threading.Lock()


def _never() -> bool:
    return False


@contextlib.contextmanager
def my_turn(cancelled: Callable[[], bool] = _never) -> Iterator[None]:
    """Wait until nobody else takes steps, and keep others waiting inside the block.

    Raises:
        Cancelled: ``cancelled()`` said so while waiting.
    """
    while not _turn.acquire(timeout=_POLL_S):
        if cancelled():
            raise Cancelled
    try:
        yield
    finally:
        _turn.release()
