"""Which documents of the recipe are copies: found out once beside the window, for the Read tab.

Between ``decision_worker`` and the page. Wanted only where the recipe takes out copies or repeated
lines. A small corpus is looked through unasked, while nothing is trained; a large one when the
user asks for it. What was found for other settings is forgotten at once, so nothing stale is shown.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from sslstudio.recipe import Recipe
from sslstudio.studio import decision_worker
from sslstudio.studio.background import Background, Task
from sslstudio.studio.corpus_reports import request_of
from sslstudio.studio.report_worker import ReportRequest

SMALL_BYTES = 20_000_000  # of text; some seconds of one core


class CorpusDecisions(QObject):
    """``changed`` follows every beginning and end.

    Attributes:
        decisions: on the present recipe; None where they are not known or not needed.
        is_wanted: whether the recipe takes out what only all sources together tell.
    """

    changed = Signal()
    failed = Signal(object)  # the exception

    def __init__(
        self, background: Background, worker: Any = decision_worker, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._background = background
        self._worker = worker
        self._task: Task | None = None
        self._request: ReportRequest | None = None  # that is known, under way, or failed
        self.decisions: Any = None
        self.is_wanted = False

    @property
    def is_making(self) -> bool:
        """Whether they are being found out."""
        return self._task is not None

    def follow(self, recipe: Recipe, size_bytes: int | None, *, is_free: bool) -> None:
        """Follow the recipe.

        Args:
            recipe: the present one.
            size_bytes: of all its texts; None where that is not known yet.
            is_free: whether the cores are.
        """
        data = recipe.data
        self.is_wanted = data.deduplicate != "none" or data.repeated_lines != "keep"
        request = request_of(recipe) if self.is_wanted else None
        if request != self._request:
            self._forget()
        is_small = size_bytes is not None and size_bytes <= SMALL_BYTES
        if request is not None and self._request is None and is_small and is_free:
            self.make(recipe)

    def make(self, recipe: Recipe) -> None:
        """Find out what becomes of the documents of ``recipe``."""
        self._forget()
        request = self._request = request_of(recipe)
        self._task = self._background.run(
            self._worker.decide, request, on_done=self._on_done, on_error=self._on_error
        )
        self.changed.emit()

    def _forget(self) -> None:
        if self._task is not None:
            self._task.cancel()
        was_something = self._request is not None
        self._task, self._request, self.decisions = None, None, None
        if was_something:
            self.changed.emit()

    def _on_done(self, decisions: Any) -> None:
        self._task, self.decisions = None, decisions
        self.changed.emit()

    def _on_error(self, error: BaseException) -> None:
        self._task = None
        self.failed.emit(error)
        self.changed.emit()
