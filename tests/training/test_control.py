"""The switchboard: asked from one thread, read in another."""

from __future__ import annotations

import threading
import time

from sslstudio.training.control import Control, SampleRequest


def test_the_first_reason_to_stop_counts() -> None:
    control = Control()
    assert not control.is_stopping
    control.stop("first")
    control.stop("second")
    assert control.is_stopping
    assert control.stop_reason == "first"


def test_a_pause_ends_at_once_when_somebody_resumes_stops_or_asks() -> None:
    asks = [Control.resume, Control.stop, Control.save_now]
    for ask in asks:
        control = Control()
        control.pause()
        threading.Timer(0.05, ask, [control]).start()
        began = time.monotonic()
        control.wait_while_paused(timeout_s=30)
        assert time.monotonic() - began < 10


def test_requests_are_taken_once() -> None:
    control = Control()
    request = SampleRequest("x")
    control.sample(request)
    control.save_now()
    assert control.has_requests
    assert control.take_samples() == [request]
    assert control.take_samples() == []
    assert control.take_save()
    assert not control.take_save()
    assert not control.has_requests


def test_who_asks_a_finished_run_is_told() -> None:
    control = Control()
    answers: list[str | None] = []
    control.sample(SampleRequest("waiting", on_done=answers.append))
    control.close()
    control.sample(SampleRequest("late", on_done=answers.append))
    assert len(answers) == 2
    assert all("has ended" in str(a) for a in answers)
