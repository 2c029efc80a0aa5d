"""The columns of the recipe's tables: looked up once each beside the window.

For sources whose text stands in a column or field, so that the page can say which one is read and
offer the others. Says nothing of sources that are no tables.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QObject, Signal

from sslstudio.corpora.column_trial import Columns
from sslstudio.recipe import CorpusSource
from sslstudio.studio.background import Background
from sslstudio.studio.corpus_worker import is_table

Key = tuple[str, str, tuple[str, ...], tuple[str, ...]]


class CorpusTables(QObject):
    """``changed`` follows every table that became known."""

    changed = Signal()

    def __init__(self, background: Background, worker: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._worker = worker
        self._known: dict[Key, Columns | None] = {}
        self._asked: set[Key] = set()

    def of(self, source: CorpusSource) -> Columns | None:
        """Return the columns of ``source``; None where it is no table, or not looked at yet."""
        return self._known.get(_key(source))

    def column(self, source: CorpusSource) -> str:
        """Return the column that is read, or an empty text where that is not known."""
        table = self.of(source)
        if source.column != "auto" or table is None:
            return "" if table is None else source.column
        return table.guessed

    def want(self, sources: Iterable[CorpusSource]) -> None:
        """Look at those of ``sources`` that are tables and not known."""
        for source in sources:
            key = _key(source)
            if key not in self._asked and is_table(source.path):
                self._asked.add(key)
                self._background.run(
                    self._worker.read_columns,
                    source,
                    on_done=functools.partial(self._on_done, key),
                    on_error=functools.partial(self._on_error, key),
                )

    def _on_done(self, key: Key, table: Columns | None) -> None:
        self._known[key] = table
        self.changed.emit()

    def _on_error(self, key: Key, _error: BaseException) -> None:
        """Reading the source says what is wrong with it; this only offers columns."""
        self._known[key] = None


def _key(source: CorpusSource) -> Key:
    return source.path, source.encoding, source.include, source.exclude
