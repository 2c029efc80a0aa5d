"""What runs in the processes of a report: ``python -m sslstudio.corpora.report.child ROLE``.

``report`` makes one report: it is sent a request, sends progress, and at the end the report or an
error. ``worker`` answers batches of documents. Both end as soon as whoever started them is gone.
The one edge where everything is caught: what goes wrong is sent back and raised over there.
"""

from __future__ import annotations

import os
import sys
import threading
import traceback
from typing import Any, BinaryIO

from sslstudio.corpora.report import frames


def main(role: str) -> int:
    """Do the work of ``role`` until there is none left; returns the exit status."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # a library that prints must not write into the messages
    try:
        if role == "report":
            _report(source, sink)
        else:
            _work(source, sink)
    except (BrokenPipeError, KeyboardInterrupt):
        return 1
    except Exception:  # the edge of a process
        traceback.print_exc()
        return 1
    return 0


def _report(source: BinaryIO, sink: BinaryIO) -> None:
    message = frames.receive(source)
    if message is None:
        return
    threading.Thread(target=_leave_with_owner, args=(source,), daemon=True).start()
    from sslstudio.corpora.report.assembling import assemble
    from sslstudio.corpora.report.facts_json import dump_report
    from sslstudio.corpora.report.request import Request
    from sslstudio.errors import SSLStudioError

    def tell(stage: str, done: int, total: int, unit: str) -> None:
        frames.send(sink, {"progress": [stage, done, total, unit]})

    try:
        report = assemble(Request.from_json(message[0]), tell)
        frames.send(sink, {"report": True}, dump_report(report).encode())
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
