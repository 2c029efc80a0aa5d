"""Progress is told seldom, on standard error, and says how far the bytes are."""

from __future__ import annotations

import time

import pytest

from sslstudio.commands.progress import Progress, say_event
from sslstudio.events import MessageEvent


def test_progress_is_told_every_two_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    progress = Progress()
    for second, done in ((0.5, 10), (2.5, 25), (3.0, 30), (5.0, 50)):
        now[0] = 100 + second
        progress("reading", done, 100, "bytes")
    now[0] = 108.0
    progress("measuring", 1, 4, "documents")
    captured = capsys.readouterr()
    assert captured.err == "reading 25%\nreading 50%\nmeasuring\n"
    assert captured.out == ""


@pytest.mark.parametrize(("code", "line"), [("", "info: all is well\n"), ("progress", "")])
def test_messages_are_said_but_those_of_progress(
    code: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    say_event(MessageEvent(time=0.0, step=1, level="info", text="all is well", code=code))
    assert capsys.readouterr().err == line
