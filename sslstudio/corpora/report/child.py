"""What runs in the processes of a report: ``python -m sslstudio.corpora.report.child ROLE``.

``report`` makes one report: it is sent a request, sends progress, and at the end the report or an
error. ``examination`` makes the preparation's examination likewise, and sends the file that it
lies in. ``worker`` answers batches of documents. All end as soon as whoever started them is gone.
The one edge where everything is caught: what goes wrong is sent back and raised over there.
"""

from __future__ import annotations

import os
import sys
import threading
import traceback
from collections.abc import Callable
from typing import Any, BinaryIO

from sslstudio.corpora.report import frames

Tell = Callable[[str, int, int, str], None]


def main(role: str) -> int:
    """Do the work of ``role`` until there is none left; returns the exit status."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # a library that prints must not write into the messages
    try:
        if role in _ANSWERS:
            _answer(_ANSWERS[role], source, sink)
        else:
            _work(source, sink)
    except (BrokenPipeError, KeyboardInterrupt):
        return 1
    except Exception:  # the edge of a process
        traceback.print_exc()
        return 1
    return 0


def _report(plain: dict[str, Any], tell: Tell) -> frames.Message:
    from sslstudio.corpora.report.assembling import assemble
    from sslstudio.corpora.report.facts_json import dump_report
    from sslstudio.corpora.report.request import Request

    report = assemble(Request.from_json(plain), tell)
    return {"report": True}, dump_report(report).encode()


def _examination(plain: dict[str, Any], tell: Tell) -> frames.Message:
    from sslstudio.corpora.examination import examination
    from sslstudio.corpora.report.request import Request
    from sslstudio.corpora.sources import Ticker

    request = Request.from_json(plain)
    path, _ = examination(
        request.sources, request.data, progress=Ticker(tell), cancelled=lambda: False
    )
    return {"examination": str(path)}, b""


_ANSWERS: dict[str, Callable[[dict[str, Any], Tell], frames.Message]] = {
    "report": _report,
    "examination": _examination,
}


def _answer(
    answer: Callable[[dict[str, Any], Tell], frames.Message], source: BinaryIO, sink: BinaryIO
) -> None:
    message = frames.receive(source)
    if message is None:
        return
    threading.Thread(target=_leave_with_owner, args=(source,), daemon=True).start()
    from sslstudio.errors import SSLStudioError

    def tell(stage: str, done: int, total: int, unit: str) -> None:
        frames.send(sink, {"progress": [stage, done, total, unit]})

    try:
        frames.send(sink, *answer(message[0], tell))
    except SSLStudioError as error:
        frames.send(sink, {"error": type(error).__name__, "text": str(error)})
    except BrokenPipeError:
        raise
    except Exception:  # the edge of a process
        frames.send(sink, {"fault": traceback.format_exc()})


def _leave_with_owner(source: BinaryIO) -> None:
    """End this process when the one that started it has gone."""
    source.read()
    os._exit(1)


def _work(source: BinaryIO, sink: BinaryIO) -> None:
    from sslstudio.corpora.report.tasks import TASKS, Task

    task: Task | None = None
    while (message := frames.receive(source)) is not None:
        meta, body = message
        answer: tuple[dict[str, Any], bytes] = ({}, b"")
        try:
            if "begin" in meta:
                task = TASKS[meta["begin"]](meta)
            else:
                assert task is not None
                answer = task.run(meta, body)
        except Exception:  # the edge of a process
            answer = ({"fault": traceback.format_exc()}, b"")
        frames.send(sink, *answer)


def leave(role: str) -> None:
    """Do the work of ``role`` and end the process at once, whatever its threads wait for."""
    status = main(role)
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    leave(sys.argv[-1])
