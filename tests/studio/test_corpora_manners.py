"""Manners of the corpora page: every control is named and explained, nothing is cut off."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QScrollBar,
    QWidget,
)

from sslstudio.recipe import CorpusSource, Recipe
from sslstudio.studio.background import Background
from sslstudio.studio.panes.corpora import CorporaPane
from sslstudio.studio.panes.corpora_tabs import TABS
from sslstudio.studio.widgets.banner import Banner
from sslstudio.studio.widgets.card_rows import CardRows
from sslstudio.studio.widgets.elided_label import ElidedLabel
from sslstudio.studio.widgets.share_bars import ShareBar, ShareBars
from sslstudio.studio.widgets.tiles import TileGrid
from sslstudio.studio.workspace import Workspace
from tests.studio.corpus_fakes import FakeReporter, FakeTokens, MendingWorker

NARROWEST = 1100 - 176 - 40  # the window at its least, without the rail and its margins
KINDS = (QAbstractButton, QAbstractSlider, QComboBox, QLineEdit, QPlainTextEdit)


@pytest.fixture
def pane(qtbot: Any, themed: Any, workspace: Workspace, tmp_path: Path) -> Any:
    sources = []
    for name in ("letters", "notes"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "1.txt").write_text("Dear Mira, drop this.", encoding="utf-8")
        sources.append(CorpusSource(path=str(folder), preset="web"))
    background = Background()
    workspace.change(dataclasses.replace(Recipe.default(), corpora=tuple(sources)), "Elsewhere")
    made = CorporaPane(workspace, background, MendingWorker(), FakeReporter(), FakeTokens())
    qtbot.addWidget(made)
    made.resize(NARROWEST, 600)
    made.show()
    qtbot.waitUntil(lambda: made.tabs.read.page is not None and background.is_idle())
    for name in TABS:
        made.show_tab(name)
    qtbot.waitUntil(lambda: made.tabs.report.reports.report is not None and background.is_idle())
    yield made
    background.close()


def test_every_control_has_a_name_and_an_explanation(pane: CorporaPane) -> None:
    unnamed, unexplained = [], []
    for kind in KINDS:
        for widget in pane.findChildren(kind):
            if isinstance(widget, QScrollBar) or _is_inner(widget):
                continue
            text = widget.text() if isinstance(widget, QAbstractButton) else ""
            path = f"{type(widget.parent()).__name__} {type(widget).__name__} {text}"
            if not (text or widget.accessibleName()):
                unnamed.append(path)
            if not widget.toolTip() and not isinstance(widget, QPlainTextEdit):
                unexplained.append(path)
    assert unnamed == []
    assert unexplained == []


def test_nothing_is_cut_off_at_the_smallest_window(qtbot: Any, pane: CorporaPane) -> None:
    for name in TABS:
        pane.show_tab(name)
        column = pane.tabs.currentWidget()
        assert isinstance(column, QScrollArea)
        content = column.widget()
        assert content is not None
        qtbot.wait(10)
        assert content.width() <= column.viewport().width(), name


def test_the_keyboard_reaches_the_tabs_and_the_cards(qtbot: Any, pane: CorporaPane) -> None:
    card = pane.left.sources.cards[1]
    card.setFocus()
    qtbot.keyClick(card, Qt.Key.Key_Return)
    assert pane.tabs.read.text.isEnabled()
    assert [c._chosen for c in pane.left.sources.cards] == [False, True]
    qtbot.keyClick(card, Qt.Key.Key_Delete)
    assert len(pane.workspace.recipe.corpora) == 1
    pane.workspace.undo_stack.undo()
    qtbot.waitUntil(pane.background.is_idle)


def test_bars_are_as_long_as_their_shares_and_pick_by_mouse_and_keys(
    qtbot: Any, themed: Any
) -> None:
    bars = ShareBars("Shares", pickable=True)
    qtbot.addWidget(bars)
    bars.resize(300, 80)
    bars.show_bars([ShareBar("one", 0.75, "75 %"), ShareBar("two", 0.25, "25 %")])
    bars.show()
    picked: list[int] = []
    bars.picked.connect(picked.append)
    middle = bars.row_rect(1).center().toPoint()
    qtbot.mouseClick(bars, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.keyClick(bars, Qt.Key.Key_Up)
    qtbot.keyClick(bars, Qt.Key.Key_Return)
    assert picked == [1, 0]
    assert bars.accessibleDescription() == "one 75 %; two 25 %"


def test_cards_stand_in_two_columns_and_in_one_where_it_is_narrow(qtbot: Any, themed: Any) -> None:
    cards = [QWidget() for _ in range(3)]
    rows = CardRows(cards, narrow=400)
    qtbot.addWidget(rows)
    rows.show_cards(cards[:2])
    rows.resize(500, 200)
    rows.show()
    assert cards[0].y() == cards[1].y()
    assert cards[2].isHidden()
    rows.resize(300, 200)
    qtbot.waitUntil(lambda: cards[1].y() > cards[0].y())


def test_the_last_row_of_tiles_fills_the_width(qtbot: Any, themed: Any) -> None:
    grid = TileGrid()
    qtbot.addWidget(grid)
    grid.resize(460, 300)
    grid.show_tiles([(str(n), "things", "a thing") for n in range(5)])
    grid.show()
    qtbot.waitUntil(lambda: grid.tiles[4].geometry().right() > 440)
    assert grid.tiles[2].geometry().right() > 440
    assert grid.tiles[3].width() > grid.tiles[0].width()


def test_a_label_without_room_keeps_its_text_for_the_tooltip(qtbot: Any, themed: Any) -> None:
    label = ElidedLabel("a text that is much too long for its place")
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.show()
    qtbot.waitUntil(lambda: label.toolTip() == label.text())


def _is_inner(widget: QWidget) -> bool:
    """Say whether it is part of another one: what clears a line, the icon of a banner."""
    inner = isinstance(widget.parent(), QLineEdit | QComboBox | Banner)
    return inner or widget.focusPolicy() == Qt.FocusPolicy.NoFocus
