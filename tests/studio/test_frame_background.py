"""Functions beside the window: results, errors, progress and cancelling arrive as they should."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from sslstudio.errors import Cancelled, CorpusError
from sslstudio.studio.background import Background, Latest


def test_a_result_arrives_in_the_gui_thread(qtbot: Any, background: Background) -> None:
    where: list[Any] = []
    background.run(
        threading.get_ident,
        on_done=lambda worker: where.extend([worker, threading.get_ident()]),
    )
    qtbot.waitUntil(lambda: bool(where))
    assert where[0] != where[1] == threading.get_ident()


def test_an_error_arrives_as_a_value(qtbot: Any, background: Background) -> None:
    def fail() -> None:
        raise CorpusError("the folder is empty: add a text file")

    seen: list[BaseException] = []
    background.run(fail, on_error=seen.append)
    qtbot.waitUntil(lambda: bool(seen))
    assert isinstance(seen[0], CorpusError)


def test_progress_is_the_newest_and_stops_with_cancel(qtbot: Any, background: Background) -> None:
    seen: list[tuple[int, int]] = []
    ended = threading.Event()

    def count(on_progress: Callable[[int, int], None], cancelled: Callable[[], bool]) -> None:
        done = 0
        while not cancelled():
            done += 1
            on_progress(done, 10**9)
        ended.set()
        raise Cancelled

    task = background.run(
        count,
        on_progress=lambda done, total: seen.append((done, total)),
        on_done=lambda _: seen.append((-1, -1)),
    )
    qtbot.waitUntil(lambda: len(seen) >= 2)
    task.cancel()
    qtbot.waitUntil(background.is_idle)
    assert ended.is_set()
    assert seen == sorted(seen)


def test_latest_runs_the_newest_and_skips_those_between(qtbot: Any, background: Background) -> None:
    gate = threading.Event()
    started: list[int] = []
    seen: list[int] = []

    def work(number: int) -> int:
        started.append(number)
        gate.wait(10)
        return number

    latest = Latest(background)
    for number in range(50):
        latest.run(work, number, on_done=seen.append)
    gate.set()
    qtbot.waitUntil(lambda: 49 in seen)
    assert started == seen == [0, 49]


def test_latest_goes_on_after_cancel(qtbot: Any, background: Background) -> None:
    gate = threading.Event()
    seen: list[int] = []

    def work(number: int) -> int:
        gate.wait(10)
        return number

    latest = Latest(background)
    latest.run(work, 1, on_done=seen.append)
    latest.cancel()
    latest.run(work, 2, on_done=seen.append)
    gate.set()
    qtbot.waitUntil(lambda: seen == [2])


def test_close_cancels_and_joins(qtbot: Any) -> None:
    background = Background()
    seen: list[Any] = []
    began: list[int] = []
    ended: list[int] = []

    def wait(cancelled: Callable[[], bool]) -> None:
        began.append(1)
        while not cancelled():
            threading.Event().wait(0.001)
        ended.append(1)

    for _ in range(8):  # more than there are threads
        background.run(wait, on_done=seen.append, on_error=seen.append)
    qtbot.waitUntil(lambda: len(began) == 4)
    background.close()
    assert len(ended) == 4
    assert background._pool.activeThreadCount() == 0
    background.run(wait, on_done=seen.append)
    qtbot.wait(20)
    assert seen == []
