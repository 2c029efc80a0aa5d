"""The table of runs: sorts by any column, filters by words, shows the state in words and colour.

A run that a crash left half done stands on top, whatever the table is sorted by.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)

from sslstudio.runs import RunSummary
from sslstudio.studio import sentences, theme
from sslstudio.studio.guard import guarded

Index = QModelIndex | QPersistentModelIndex
INTERRUPTED = "interrupted"  # its process is gone and it was not done
_STATES = {
    "preparing": ("preparing", "accent"),
    "training": ("training", "accent"),
    "paused": ("paused", "caution"),
    INTERRUPTED: ("interrupted", "caution"),
    "stopped": ("stopped", "quiet"),
    "finished": ("finished", "good"),
    "failed": ("failed", "bad"),
}


def _steps(run: RunSummary) -> str:
    return f"{run.step:,} of {run.steps:,}" if run.steps else f"{run.step:,}"


def _number(value: float | None) -> float:
    return math.inf if value is None or not math.isfinite(value) else value


# title, what it says, what it sorts by, explanation
_COLUMNS: tuple[tuple[str, Callable[[RunSummary], str], Callable[[RunSummary], Any], str], ...] = (
    ("Name", lambda r: r.name, lambda r: r.name.lower(), "The run's folder"),
    ("Objective", lambda r: r.objective, lambda r: r.objective, "What the model predicts"),
    (
        "Parameters",
        lambda r: sentences.count(r.parameters) if r.parameters else "–",
        lambda r: r.parameters,
        "How many numbers the model learns",
    ),
    ("Step", _steps, lambda r: r.step, "Optimizer steps done, of those asked for"),
    (
        "Bits per byte",
        lambda r: "–" if r.bits_per_byte is None else f"{r.bits_per_byte:.3f}",
        lambda r: _number(r.bits_per_byte),
        "Loss on the validation text in bits per byte of text; lower is better, and runs with "
        "different vocabularies can be compared",
    ),
    (
        "Time",
        lambda r: sentences.duration(r.seconds) if r.seconds else "–",
        lambda r: r.seconds,
        "How long it trained",
    ),
    ("State", lambda r: _STATES.get(r.state, (r.state, ""))[0], lambda r: r.state, "How it stands"),
    (
        "Started",
        lambda r: time.strftime("%Y-%m-%d %H:%M", time.localtime(r.started)),
        lambda r: r.started,
        "When it began",
    ),
)
NAME, STATE, STARTED = 0, 6, 7
_RIGHT = (2, 3, 4, 5)


class RunTableModel(QAbstractTableModel):
    """One row a run; the sort value is in ``Qt.UserRole``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[RunSummary, ...] = ()

    def set_rows(self, rows: tuple[RunSummary, ...]) -> None:
        """Show these runs; where only figures changed, the selection stays."""
        same = [r.path for r in rows] == [r.path for r in self.rows]
        if same:
            self.rows = rows
            if rows:
                last = self.index(len(rows) - 1, len(_COLUMNS) - 1)
                self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    @guarded(fallback=0)
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of runs."""
        return 0 if parent.isValid() else len(self.rows)

    @guarded(fallback=0)
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """Return the number of columns."""
        return 0 if parent.isValid() else len(_COLUMNS)

    @guarded
    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return a column's title, or what it means."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _COLUMNS[section][0]
        if role == Qt.ItemDataRole.ToolTipRole:
            return _COLUMNS[section][3]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    @guarded
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows."""
        run = self.rows[index.row()]
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return _COLUMNS[column][1](run)
        if role == Qt.ItemDataRole.UserRole:
            return _COLUMNS[column][2](run)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ForegroundRole and column == STATE:
            return theme.colour(_STATES.get(run.state, ("", "quiet"))[1])
        if role == Qt.ItemDataRole.ToolTipRole and column == NAME:
            return run.path
        return None


class RunTableProxy(QSortFilterProxyModel):
    """Filters by words anywhere in a row."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words: list[str] = []
        self.setSortRole(Qt.ItemDataRole.UserRole)

    def set_words(self, text: str) -> None:
        """Keep the rows that hold every word of ``text``."""
        self._words = text.lower().split()
        self.invalidate()

    @guarded(fallback=True)
    def filterAcceptsRow(self, source_row: int, _source_parent: Index) -> bool:
        """Say whether a row holds every word."""
        model = self.sourceModel()
        assert isinstance(model, RunTableModel)
        run = model.rows[source_row]
        text = " ".join(say(run) for _, say, _, _ in _COLUMNS).lower()
        return all(word in text for word in self._words)

    @guarded(fallback=False)
    def lessThan(self, left: Index, right: Index) -> bool:
        """Compare by what the column sorts by, among runs that were interrupted or were not."""
        here, there = self._is_interrupted(left), self._is_interrupted(right)
        if here != there:  # Qt asks the other way round where it sorts downwards
            return here if self.sortOrder() == Qt.SortOrder.AscendingOrder else there
        role = Qt.ItemDataRole.UserRole
        return bool(left.data(role) < right.data(role))

    def _is_interrupted(self, index: Index) -> bool:
        model = self.sourceModel()
        assert isinstance(model, RunTableModel)
        return model.rows[index.row()].state == INTERRUPTED


def _alignment(column: int) -> int:
    side = Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
    return int((side | Qt.AlignmentFlag.AlignVCenter).value)
