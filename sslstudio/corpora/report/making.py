"""Make a report: the one call that the command line and the studio make.

The caller's end of the report's processes. A child makes the report (``assembling``), this side
hands on its progress and ends it when it is no longer wanted, within a tenth of a second. So the
calling process computes nothing; it may wait in any thread but the window's.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sslstudio import errors
from sslstudio.corpora.report.children import Child
from sslstudio.corpora.report.facts import CorpusReport
from sslstudio.corpora.report.facts_json import load_report
from sslstudio.corpora.report.frames import Message
from sslstudio.corpora.report.request import Request
from sslstudio.errors import Cancelled, CorpusError, ProcessError, SSLStudioError
from sslstudio.recipe import CorpusSource, DataOptions

Progress = Callable[[str, int, int, str], None]
_POLL_SECONDS = 0.1
_SILENCE_SECONDS = 1.0


def _silent(_stage: str, _done: int, _total: int, _unit: str) -> None:
    """Report to nobody."""


def make_report(
    sources: Sequence[CorpusSource],
    data: DataOptions = DataOptions(),  # noqa: B008 - frozen
    *,
    purpose: Path | None = None,
    evaluation_files: Sequence[Path] = (),
    on_progress: Progress = _silent,
    cancelled: Callable[[], bool] = lambda: False,
) -> CorpusReport:
    """Return the report on ``sources``, from the cache where nothing has changed since.

    Args:
        sources: of a recipe, at least one.
        data: settings of the corpora together: split, deduplication, repeated lines.
        purpose: a file, in any format that is read, with texts of the kind that the model is for.
        evaluation_files: files whose texts must not be in the corpora.
        on_progress: told (stage, done, total, unit), at least once a second.
        cancelled: asked ten times a second.

    Raises:
        CorpusError: a source is missing, cannot be read, or holds nothing but blank text.
        RecipeError: a setting that does not exist, such as the name of a rule.
        ProcessError: a child could not be started, or ended.
        Cancelled: ``cancelled()`` said so.
    """
    if not sources:
        raise CorpusError("there is no corpus to report on: add a file or a folder")
    request = Request(
        tuple(sources),
        data,
        str(purpose) if purpose is not None else "",
        tuple(str(path) for path in evaluation_files),
    )
    child = Child("report")
    try:
        child.send(request.to_json())
        return _follow(child, on_progress, cancelled)
    finally:
        child.end()


def _follow(child: Child, on_progress: Progress, cancelled: Callable[[], bool]) -> CorpusReport:
    messages: queue.SimpleQueue[Message | ProcessError] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(child, messages), daemon=True).start()
    last, told = ("starting", 0, 0, ""), time.monotonic()
    while True:
        if cancelled():
            raise Cancelled
        try:
            message = messages.get(timeout=_POLL_SECONDS)
        except queue.Empty:
            if time.monotonic() - told >= _SILENCE_SECONDS:
                on_progress(*last)
                told = time.monotonic()
            continue
        if isinstance(message, ProcessError):
            raise message
        meta, body = message
        if "progress" not in meta:
            return _result(meta, body)
        stage, done, total, unit = meta["progress"]
        last, told = (stage, done, total, unit), time.monotonic()
        on_progress(*last)


def _listen(child: Child, messages: queue.SimpleQueue[Message | ProcessError]) -> None:
    """Hand on what the child sends, until it has no more to say."""
    try:
        while True:
            message = child.receive()
            messages.put(message)
            if "progress" not in message[0]:
                return
    except ProcessError as error:
        messages.put(error)


def _result(meta: dict[str, object], body: bytes) -> CorpusReport:
    if "report" in meta:
        return load_report(body)
    if "error" in meta:
        kind = getattr(errors, str(meta["error"]), SSLStudioError)
        raise kind(str(meta["text"]))
    raise RuntimeError(f"the process that makes the report failed:\n{meta.get('fault')}")
