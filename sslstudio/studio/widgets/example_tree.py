"""A list of findings that open: rules with their examples, groups of duplicates, telling lines.

Two levels at most: a finding with its figure, and below it the documents that show it. A click on
a document, or Enter, opens it. As high as what it holds, up to a limit; then it scrolls. Knows
nothing of reports: it gets texts, and gives back what each stands for.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QHeaderView, QSizePolicy, QTreeWidget, QTreeWidgetItem, QWidget

from sslstudio.studio.guard import guarded

_ROW = 24  # pixels, before there is a row to measure
_WHAT = int(Qt.ItemDataRole.UserRole)


@dataclasses.dataclass(frozen=True)
class Leaf:
    """A document: ``what`` is given back when it is opened."""

    text: str
    what: Any = None
    note: str = ""


@dataclasses.dataclass(frozen=True)
class Branch:
    """A finding with its figure, and the documents that show it."""

    text: str
    figure: str = ""
    note: str = ""
    leaves: tuple[Leaf, ...] = ()


class ExampleTree(QTreeWidget):
    """``opened`` carries what the document that was clicked stands for."""

    opened = Signal(object)

    def __init__(self, name: str, *, rows: int = 9, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._most_rows = rows
        self.setAccessibleName(name)
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(True)
        self.setUniformRowHeights(True)
        self.setIndentation(16)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setStyleSheet(
            "QTreeView { border: 1px solid transparent; background: transparent; }"
            "QTreeView::item { padding: 3px 2px; border: 0; }"
        )
        header = self.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.itemClicked.connect(self._on_click)
        self.itemActivated.connect(self._open)
        self.itemExpanded.connect(self._resize)
        self.itemCollapsed.connect(self._resize)

    def show_branches(self, branches: Sequence[Branch]) -> None:
        """Show findings, closed."""
        self.clear()
        for branch in branches:
            item = QTreeWidgetItem([branch.text, branch.figure])
            item.setToolTip(0, branch.note or branch.text)
            item.setToolTip(1, branch.note)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.addChildren([_leaf_item(leaf) for leaf in branch.leaves])
            self.addTopLevelItem(item)
        self.setRootIsDecorated(any(b.leaves for b in branches))
        self._resize()

    def show_leaves(self, leaves: Sequence[Leaf]) -> None:
        """Show documents alone."""
        self.clear()
        self.addTopLevelItems([_leaf_item(leaf) for leaf in leaves])
        for place in range(self.topLevelItemCount()):
            self.setFirstColumnSpanned(place, self.rootIndex(), True)
        self.setRootIsDecorated(False)
        self._resize()

    @guarded(fallback=QSize(120, 24))
    def sizeHint(self) -> QSize:
        """As high as the rows that are open, up to the limit."""
        rows = sum(
            1 + (item.childCount() if item.isExpanded() else 0)
            for item in (self.topLevelItem(n) for n in range(self.topLevelItemCount()))
            if item is not None
        )
        return QSize(260, max(1, min(rows, self._most_rows)) * self._row_height() + 4)

    @guarded(fallback=QSize(120, 24))
    def minimumSizeHint(self) -> QSize:
        """Narrow, and as high as it wishes."""
        return QSize(140, self.sizeHint().height())

    @guarded
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page, unless the list has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _row_height(self) -> int:
        height = self.sizeHintForRow(0)
        return height if height > 0 else _ROW

    def _on_click(self, item: QTreeWidgetItem) -> None:
        if item.childCount():
            item.setExpanded(not item.isExpanded())
        else:
            self._open(item)

    def _open(self, item: QTreeWidgetItem) -> None:
        what = item.data(0, _WHAT)
        if what is not None and not item.childCount():
            self.opened.emit(what)

    def _resize(self) -> None:
        self.updateGeometry()


def _leaf_item(leaf: Leaf) -> QTreeWidgetItem:
    item = QTreeWidgetItem([leaf.text, ""])
    item.setData(0, _WHAT, leaf.what)
    item.setToolTip(0, leaf.note or (f"{leaf.text}\nClick to read" if leaf.what else leaf.text))
    return item
