"""What a user does on the corpora page, by mouse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from sslstudio.studio.panes.corpora import CorporaPane
from sslstudio.studio.panes.corpora_source_card import SourceCard


def drop(pane: CorporaPane, *paths: Path) -> None:
    """Drop files on the page."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(p)) for p in paths])
    pane.dropEvent(
        QDropEvent(
            QPointF(10, 10),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )


def click(qtbot: Any, widget: Any, pos: QPoint | None = None) -> None:
    """Click the middle of ``widget``, or another place in it."""
    places = {} if pos is None else {"pos": pos}
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, **places)


def choose_in_menu(qtbot: Any, card: SourceCard, name: str) -> None:
    """Open the menu of a card and click one entry."""
    click(qtbot, card.more)
    assert card.menu.isVisible()
    place = card.menu.actionGeometry(card.actions_[name]).center()
    click(qtbot, card.menu, place)
