"""Tokens in a row: layout, marks by role, mouse and keyboard."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage

from sslstudio.studio import theme
from sslstudio.studio.widgets.token_view import ShownToken, TokenView, visible_text

ROLES = ("seen", "hidden", "replaced", "kept", "sentinel", "target", "ignored")


@pytest.fixture
def view(qtbot: Any, themed: Any) -> TokenView:
    made = TokenView("What goes in", pickable=True)
    qtbot.addWidget(made)
    made.resize(300, 200)
    made.show_tokens([ShownToken(" word", role) for role in ROLES])
    made.show()
    return made


def test_lines_wrap_within_the_width_and_never_overlap(view: TokenView) -> None:
    view.show_tokens([ShownToken(f" token{n}") for n in range(40)])
    places = [view.place_of(n) for n in range(40)]
    assert all(p.left() >= 0 and p.right() <= view.width() for p in places)
    assert not any(a.intersects(b) for a, b in itertools.pairwise(places))
    assert len({p.top() for p in places}) > 1
    assert view.heightForWidth(300) > view.heightForWidth(2000)


def test_pieces_of_a_word_stand_closer_than_words(view: TokenView) -> None:
    view.show_tokens([ShownToken(" exten"), ShownToken("ded"), ShownToken(" form")])
    a, b, c = (view.place_of(n) for n in range(3))
    assert b.left() - a.right() < c.left() - b.right()


def test_every_role_looks_different_even_without_colour(view: TokenView) -> None:
    """The mark of a role must not be colour alone: compare the pictures in grey."""
    pictures = set()
    for role in ROLES:
        view.show_tokens([ShownToken(" word", role)])
        grey = view.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
        pictures.add(bytes(grey.constBits()))
    assert len(pictures) == len(ROLES)


def test_a_click_picks_and_the_tooltip_says_the_role(qtbot: Any, view: TokenView) -> None:
    with qtbot.waitSignal(view.picked) as picked:
        centre = view.place_of(1).center().toPoint()
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=centre)
    assert picked.args == [1]
    assert "hidden" in view.explanation(1)
    assert view.token_at(QPoint(299, 199).toPointF()) == -1


def test_arrows_and_space_reach_every_token(qtbot: Any, view: TokenView) -> None:
    view.setFocus()
    for _ in range(3):
        qtbot.keyClick(view, Qt.Key.Key_Right)
    with qtbot.waitSignal(view.picked) as picked:
        qtbot.keyClick(view, Qt.Key.Key_Space)
    assert picked.args == [2]


def test_it_paints_in_both_schemes(view: TokenView) -> None:
    before = view.grab().toImage()
    theme.choose("dark")
    try:
        assert view.grab().toImage() != before
    finally:
        theme.choose("automatic")


def test_what_cannot_be_seen_is_made_visible() -> None:
    assert visible_text(" the") == "the"
    assert visible_text("\n") == "⏎"
    assert visible_text(" ") == "␣"
