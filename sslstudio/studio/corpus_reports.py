"""The report on the recipe's sources: made once beside the window, kept until they change.

Between ``report_worker`` and the Report tab. Only one report is made at a time. A report whose
sources have changed since is still shown, and :attr:`CorpusReports.stale` says in words what has
changed. Weights and mixing do not count: a report describes the texts, not how often they are read.
"""

from __future__ import annotations

import dataclasses
import time
from typing import Any

from PySide6.QtCore import QObject, Signal

from sslstudio.corpora.report.facts import CorpusReport
from sslstudio.recipe import DataOptions, Recipe
from sslstudio.studio import report_worker, sentences
from sslstudio.studio.background import Background, Task
from sslstudio.studio.report_worker import ReportRequest

_SETTLED_S = 1.5  # before that a rate says little
_MIX = {name: getattr(DataOptions(), name) for name in ("mixing", "mixing_alpha", "most_epochs")}


def request_of(recipe: Recipe, purpose: str = "") -> ReportRequest:
    """Return what a report of ``recipe`` is about: everything but weights and mixing.

    Of a weight it counts only whether the source is read at all.
    """
    sources = tuple(
        dataclasses.replace(s, weight=float(s.weight > 0), licence="") for s in recipe.corpora
    )
    return ReportRequest(sources, dataclasses.replace(recipe.data, **_MIX), purpose)


class CorpusReports(QObject):
    """``changed`` follows every beginning, step and end."""

    changed = Signal()
    failed = Signal(object)  # the exception

    def __init__(
        self, background: Background, worker: Any = report_worker, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._background = background
        self._worker = worker
        self._task: Task | None = None
        self._made_of: ReportRequest | None = None
        self._began, self._stage, self._stage_began = 0.0, "", 0.0
        self.report: CorpusReport | None = None
        self.progress: tuple[Any, ...] = ()

    @property
    def is_making(self) -> bool:
        """Whether a report is being made."""
        return self._task is not None

    @property
    def purpose(self) -> str:
        """The file of example texts that the report was measured against, or an empty text."""
        return self._made_of.purpose if self._made_of is not None else ""

    def make(self, recipe: Recipe, purpose: str = "") -> None:
        """Begin a report of ``recipe``; one under way is left off."""
        self.cancel()
        request = request_of(recipe, purpose)
        self.progress, self._began, self._stage = (), time.monotonic(), ""
        self._task = self._background.run(
            self._worker.make_report,
            request,
            on_done=lambda report: self._on_done(request, report),
            on_error=self._on_error,
            on_progress=self._on_progress,
        )
        self.changed.emit()

    def cancel(self) -> None:
        """Leave off the one that is being made; an older report stays."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self.changed.emit()

    def stale(self, recipe: Recipe) -> str:
        """Say what has changed since the report was made; an empty text where nothing has."""
        if self._made_of is None:
            return ""
        return difference(self._made_of, request_of(recipe, self._made_of.purpose))

    def sentence(self) -> str:
        """Say what is being done, how far it is, and how long it will take."""
        stage, done, total, unit = self._worker.progress_of(self.progress)
        stage = stage[:1].upper() + stage[1:] if stage else "Making the report"
        if total <= 1:
            return f"{stage}…"
        return f"{stage} · {_amounts(done, total, unit)}{self._left(done, total)}"

    def _left(self, done: float, total: float) -> str:
        spent = time.monotonic() - self._stage_began
        if spent < _SETTLED_S or done <= 0:
            return ""
        return f" · about {sentences.duration(spent * (total - done) / done)} left"

    def _on_progress(self, *values: Any) -> None:
        stage = self._worker.progress_of(values)[0]
        if stage != self._stage:
            self._stage, self._stage_began = stage, time.monotonic()
        self.progress = values
        self.changed.emit()

    def _on_done(self, request: ReportRequest, report: CorpusReport) -> None:
        self._task, self.report, self._made_of = None, report, request
        self.changed.emit()

    def _on_error(self, error: BaseException) -> None:
        self._task = None
        self.failed.emit(error)
        self.changed.emit()


def difference(before: ReportRequest, after: ReportRequest) -> str:
    """Say in a few words what differs between two requests; an empty text where nothing does."""
    if before == after:
        return ""
    old, new = {s.path: s for s in before.sources}, {s.path: s for s in after.sources}
    if len(new.keys() - old.keys()):
        return "a source was added"
    if len(old.keys() - new.keys()):
        return "a source was taken out"
    if any(new[path] != source for path, source in old.items()):
        return "how a source is read or mended has changed"
    return "what is done to all sources has changed"


def _amounts(done: float, total: float, unit: str) -> str:
    if unit == "bytes":
        return f"{sentences.size(done)} of {sentences.size(total)}"
    return f"{sentences.count(done)} of {sentences.count(total)} {unit}".rstrip()
