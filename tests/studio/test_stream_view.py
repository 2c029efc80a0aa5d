"""The streaming text: tokens know their places, and rarer ones are darker."""

from __future__ import annotations

import math
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor

from sslstudio.studio.widgets.stream_view import StreamView, WrittenToken, surprise_colour


def token(text: str, probability: float = 0.5) -> WrittenToken:
    return WrittenToken(1, text, math.log(probability), ((text, probability),))


@pytest.fixture
def view(qtbot: Any, themed: Any) -> StreamView:
    made = StreamView()
    qtbot.addWidget(made)
    made.resize(400, 200)
    made.show()
    made.show_text("Mira found", [token(" a"), token(" key"), token("\n"), token("She")])
    return made


def test_the_text_is_prompt_and_tokens(view: StreamView) -> None:
    assert view.toPlainText() == "Mira found a key\nShe"
    assert view.written_text(2) == "Mira found a key"


def test_positions_find_their_token(view: StreamView) -> None:
    start = len("Mira found")
    assert view.index_at(start - 1) == -1
    assert [view.index_at(start + n) for n in range(6)] == [0, 0, 1, 1, 1, 1]
    assert view.index_at(len("Mira found a key\nShe")) == -1
    assert view.span_of(1) == (start + 2, start + 6)


def test_a_token_without_text_yet_does_not_shift_the_others(view: StreamView) -> None:
    view.show_text("", [token("a"), token(""), token("é")])
    assert view.index_at(1) == 2


def test_rarer_is_stronger() -> None:
    alphas = [surprise_colour(p).alphaF() for p in (1.0, 0.5, 0.1, 0.01, 1e-9)]
    assert alphas[0] == 0.0
    assert alphas == sorted(alphas)


def test_a_click_picks_the_token_under_the_mouse(qtbot: Any, view: StreamView) -> None:
    cursor = QTextCursor(view.document())
    cursor.setPosition(view.span_of(1)[0] + 2)
    place = view.cursorRect(cursor).center()
    with qtbot.waitSignal(view.picked) as picked:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert picked.args == [1]


def test_the_caret_points_and_enter_picks(qtbot: Any, view: StreamView) -> None:
    view.setFocus()
    cursor = QTextCursor(view.document())
    cursor.setPosition(view.span_of(0)[0])
    with qtbot.waitSignal(view.pointed) as pointed:
        view.setTextCursor(cursor)
    assert pointed.args == [0]
    with qtbot.waitSignal(view.picked) as picked:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert picked.args == [0]


def test_ctrl_z_is_for_the_text(qtbot: Any, view: StreamView) -> None:
    with qtbot.waitSignal(view.undo_asked):
        qtbot.keyClick(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def test_recolouring_keeps_text_and_mark(view: StreamView) -> None:
    view.mark(1)
    before = view.toPlainText()
    view.recolour()
    assert view.toPlainText() == before
    assert len(view.tokens) == 4
