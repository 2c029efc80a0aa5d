"""Checks a source by reading all of it, before it is taken into the recipe.

So a broken file is refused with its line and nothing has changed, and a good one comes with its
overview already made.
"""

from __future__ import annotations

import functools
from typing import Any

from PySide6.QtCore import QObject, Signal

from sslstudio.recipe import CorpusSource
from sslstudio.studio.background import Background, Task


class SourceAdmission(QObject):
    """``changed`` follows every beginning and end of a check."""

    admitted = Signal(object, object)  # CorpusSource, its CorpusOverview
    refused = Signal(object, object)  # CorpusSource, the exception
    changed = Signal()

    def __init__(self, background: Background, worker: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._worker = worker
        self._tasks: dict[str, Task] = {}
        self.progress: tuple[float, float] = (0, 0)  # bytes done and in all of what is read

    @property
    def path(self) -> str:
        """The source that is being read, or an empty text."""
        return next(iter(self._tasks), "")

    def check(self, source: CorpusSource) -> None:
        """Begin to read ``source``, unless that is under way."""
        if source.path in self._tasks:
            return
        self._tasks[source.path] = self._background.run(
            self._worker.read_overview,
            source,
            on_done=functools.partial(self._on_read, source),
            on_error=functools.partial(self._on_failed, source),
            on_progress=self._on_progress,
        )
        self.changed.emit()

    def cancel(self) -> None:
        """Leave off everything."""
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()
        self.changed.emit()

    def _on_progress(self, done: float, total: float) -> None:
        self.progress = (done, total)
        self.changed.emit()

    def _on_read(self, source: CorpusSource, overview: Any) -> None:
        self._tasks.pop(source.path, None)
        self.progress = (0, 0)
        self.admitted.emit(source, overview)
        self.changed.emit()

    def _on_failed(self, source: CorpusSource, error: BaseException) -> None:
        self._tasks.pop(source.path, None)
        self.progress = (0, 0)
        self.refused.emit(source, error)
        self.changed.emit()
