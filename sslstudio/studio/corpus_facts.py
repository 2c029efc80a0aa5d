"""What is known of the recipe's sources: read once each beside the window, shared by the pages.

Stands between ``sslstudio.corpora.overview`` and the pages. A source is read again only when
what decides how it is read changes (:func:`key_of`). One source is read at a time, in the
recipe's order.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from sslstudio.recipe import CorpusSource, Recipe
from sslstudio.studio import corpus_worker
from sslstudio.studio.background import Background, Task
from sslstudio.studio.workspace import Workspace

Key = tuple[object, ...]


def key_of(source: CorpusSource) -> Key:
    """Return what an overview depends on: the files, and how they become documents."""
    return (
        source.path,
        source.documents,
        source.column,
        source.encoding,
        source.include,
        source.exclude,
    )


class CorpusFacts(QObject):
    """Overviews by source. ``changed`` follows every result, error or cancellation."""

    changed = Signal()
    failed = Signal(object, object)  # CorpusSource, the exception

    def __init__(self, workspace: Workspace, background: Background, worker: Any) -> None:
        super().__init__(workspace)
        self._background = background
        self._worker = worker
        self._overviews: dict[Key, Any] = {}
        self._errors: dict[Key, str] = {}
        self._waiting: list[CorpusSource] = []
        self._task: Task | None = None
        self.reading: CorpusSource | None = None
        self.progress: tuple[Any, ...] = ()

    @classmethod
    def of(
        cls, workspace: Workspace, background: Background, worker: Any = corpus_worker
    ) -> CorpusFacts:
        """Return the one of ``workspace``."""
        found = workspace.findChild(cls)
        return found if isinstance(found, cls) else cls(workspace, background, worker)

    def overview(self, source: CorpusSource) -> Any:
        """Return the ``CorpusOverview`` of ``source``, or None where it is not known."""
        return self._overviews.get(key_of(source))

    def error(self, source: CorpusSource) -> str:
        """Return why ``source`` cannot be read, or an empty text."""
        return self._errors.get(key_of(source), "")

    def remember(self, source: CorpusSource, overview: Any) -> None:
        """Keep an overview that was made while a source was checked."""
        self._overviews[key_of(source)] = overview
        self.changed.emit()

    def want(self, sources: tuple[CorpusSource, ...]) -> None:
        """Read what is not known of ``sources``; what is no longer wanted is left off."""
        wanted = {key_of(s) for s in sources}
        if self.reading is not None and key_of(self.reading) not in wanted:
            self._leave_off()
        self._waiting = [
            s
            for s in sources
            if key_of(s) not in self._overviews
            and key_of(s) not in self._errors
            and (self.reading is None or key_of(s) != key_of(self.reading))
        ]
        self._next()

    def again(self, source: CorpusSource) -> None:
        """Read ``source`` anew."""
        self._overviews.pop(key_of(source), None)
        self._errors.pop(key_of(source), None)
        if source not in self._waiting:
            self._waiting.append(source)
        self._next()
        self.changed.emit()

    def cancel(self) -> None:
        """Leave off reading, and say so on the card."""
        if self.reading is not None:
            self._errors[key_of(self.reading)] = "reading was cancelled"
            self._leave_off()
            self.changed.emit()
            self._next()

    def source_tokens(self, recipe: Recipe) -> tuple[int, ...]:
        """Estimate the training tokens of each source with a weight; none where one is unknown."""
        overviews = [self.overview(s) for s in recipe.corpora]
        if any(o is None for o in overviews):
            return ()
        from sslstudio.corpora.estimate import sources_of

        return sources_of(recipe, [o.bytes for o in overviews])

    def train_tokens(self, recipe: Recipe) -> int | None:
        """Estimate the tokens of the training split; None where a source is not known."""
        overviews = [self.overview(s) for s in recipe.corpora]
        if not overviews or any(o is None for o in overviews):
            return None
        from sslstudio.corpora.estimate import tokens_of

        return tokens_of(recipe, [o.bytes for o in overviews])

    def _next(self) -> None:
        if self._task is not None or not self._waiting:
            return
        source = self._waiting.pop(0)
        self.reading, self.progress = source, ()
        self._task = self._background.run(
            self._worker.read_overview,
            source,
            on_done=lambda overview: self._on_done(source, overview),
            on_error=lambda error: self._on_error(source, error),
            on_progress=self._on_progress,
        )
        self.changed.emit()

    def _leave_off(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task, self.reading = None, None

    def _on_done(self, source: CorpusSource, overview: Any) -> None:
        self._task, self.reading = None, None
        self._overviews[key_of(source)] = overview
        self._next()
        self.changed.emit()

    def _on_error(self, source: CorpusSource, error: BaseException) -> None:
        self._task, self.reading = None, None
        self._errors[key_of(source)] = str(error)
        self._next()
        self.failed.emit(source, error)
        self.changed.emit()

    def _on_progress(self, *values: Any) -> None:
        self.progress = values
        self.changed.emit()
