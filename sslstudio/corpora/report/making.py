"""Make a report: the one call that the command line and the studio make.

The caller's end of the report's processes. A child makes the report (``assembling``), so the
calling process computes nothing; it may wait in any thread but the window's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from sslstudio.corpora.report.asking import Progress, ask_child
from sslstudio.corpora.report.facts import CorpusReport
from sslstudio.corpora.report.facts_json import load_report
from sslstudio.corpora.report.request import Request
from sslstudio.errors import CorpusError
from sslstudio.recipe import CorpusSource, DataOptions


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
    _, body = ask_child("report", request.to_json(), on_progress, cancelled)
    return load_report(body)
