"""The Tokens tab by mouse and keyboard, over a fake that cuts at once."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from PySide6.QtCore import Qt

from sslstudio.recipe import Recipe
from sslstudio.studio import plan_view
from sslstudio.studio.background import Background
from sslstudio.studio.corpus_worker import Page
from sslstudio.studio.panes.corpora_tokens import TokensTab
from sslstudio.studio.panes.corpora_vocabulary import between
from sslstudio.studio.token_worker import SizeFacts
from sslstudio.studio.widgets.coloured_tokens import ColouredTokens, Piece
from tests.studio.corpus_fakes import FakeTokens


@pytest.fixture
def worker() -> FakeTokens:
    return FakeTokens()


@pytest.fixture
def tab(qtbot: Any, themed: Any, background: Background, worker: FakeTokens) -> TokensTab:
    made = TokensTab(background, worker)
    qtbot.addWidget(made)
    made.resize(760, 800)
    made.show()
    made.show_recipe(Recipe.default(), visible=True)
    made.set_document(Page(0, 1, "Once there was a fox.", "tales.txt", ""))
    return made


def test_the_document_at_hand_stands_in_tokens_under_several_vocabularies(
    qtbot: Any, tab: TokensTab
) -> None:
    qtbot.waitUntil(lambda: tab.columns[2].isVisible())
    size = Recipe.default().tokenizer.vocab_size
    notes = [column.figures.toolTip().rpartition(": ")[2] for column in tab.columns]
    assert notes == [f"{size // 4:,} tokens", f"{size:,} tokens", f"{size * 4:,} tokens"]
    shown = "".join(p.text for p in tab.columns[0].tokens.pieces)
    assert shown.strip() == "Once there was a fox."
    counts = [len(column.tokens.pieces) for column in tab.columns]
    assert counts == sorted(counts, reverse=True)


def test_a_column_can_show_another_vocabulary(qtbot: Any, tab: TokensTab) -> None:
    qtbot.waitUntil(lambda: tab.columns[2].isVisible())
    combo = tab.columns[2].vocabulary
    combo.setFocus()
    qtbot.keyClicks(combo, "Bytes")
    qtbot.keyClick(combo, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "bytes" in tab.columns[2].figures.toolTip().rpartition(": ")[2])


def test_typing_cuts_what_is_typed(qtbot: Any, tab: TokensTab) -> None:
    tab.text.clear()
    qtbot.keyClicks(tab.text, "hello")
    qtbot.waitUntil(lambda: "".join(p.text for p in tab.columns[1].tokens.pieces) == " hello")
    tab.set_document(Page(1, 2, "Another one.", "tales.txt", ""))
    assert tab.text.toPlainText() == "hello"  # what was typed stays
    qtbot.mouseClick(tab.take, Qt.MouseButton.LeftButton)
    assert tab.text.toPlainText() == "Another one."


def test_measuring_draws_the_curve_and_says_what_the_size_means(qtbot: Any, tab: TokensTab) -> None:
    assert not tab.vocabulary.bytes_plot.values
    qtbot.mouseClick(tab.vocabulary.measure_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(tab.vocabulary.bytes_plot.values) == 6)
    assert "bytes a token" in tab.vocabulary.sentence.text()
    assert "of the model" in tab.vocabulary.sentence.text()


def test_the_slider_asks_for_another_size(qtbot: Any, tab: TokensTab) -> None:
    changes: list[Any] = []
    tab.changed.connect(lambda name, value: changes.append((name, value)))
    row: Any = tab.vocabulary.size_form.row("vocab_size")
    row.slider.setFocus()
    qtbot.keyClick(row.slider, Qt.Key.Key_Right)
    (name, value), *_more = changes
    assert name == "vocab_size"
    assert value > Recipe.default().tokenizer.vocab_size


def test_another_kind_of_vocabulary_has_to_be_measured_anew(qtbot: Any, tab: TokensTab) -> None:
    qtbot.mouseClick(tab.vocabulary.measure_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(tab.vocabulary.bytes_plot.values) == 6)
    recipe = Recipe.default()
    larger = dataclasses.replace(recipe.tokenizer, vocab_size=8192)
    tab.show_recipe(dataclasses.replace(recipe, tokenizer=larger), visible=True)
    assert len(tab.vocabulary.bytes_plot.values) == 6  # its size alone changes nothing
    other = dataclasses.replace(recipe.tokenizer, kind="characters")
    tab.show_recipe(dataclasses.replace(recipe, tokenizer=other), visible=True)
    assert not tab.vocabulary.bytes_plot.values
    assert not tab.vocabulary.size_form.isVisible()
    qtbot.waitUntil(lambda: "characters" in tab.columns[0].figures.toolTip())
    assert not tab.columns[1].isVisible()


def test_figures_between_two_measured_sizes_are_read_off_the_curve() -> None:
    sized = [SizeFacts(n, n, b, 1.5, 0.0, t) for n, b, t in ((1024, 3.0, 400), (4096, 4.0, 300))]
    assert between(sized, 2048) == (3.5, 350)  # half way on a logarithmic scale
    assert between(sized, 512) == (3.0, 400)
    assert between([], 512) is None


def test_the_share_of_the_embedding_is_that_of_the_counted_parameters() -> None:
    recipe = Recipe.default()
    plan = plan_view.make_plan(
        recipe, 1_000_000, "decoder", plan_view.PlannedDevice("cpu", "", None)
    )
    (share,) = plan_view.embedding_shares(recipe, [recipe.tokenizer.vocab_size])
    total = plan.parameters["total"]
    assert share == pytest.approx((total - plan.parameters["non_embedding"]) / total)


def test_tokens_wrap_and_are_explained(qtbot: Any, themed: Any) -> None:
    view = ColouredTokens("Tokens")
    qtbot.addWidget(view)
    view.resize(60, 200)
    view.show_pieces([Piece("Once", "id 7 · 4 bytes"), Piece(" upon"), Piece("\n"), Piece("a")])
    tops = [view.place_of(n).top() for n in range(4)]
    assert tops[0] < tops[1] <= tops[2] < tops[3]  # too narrow for two; a line end ends the line
    assert view.explanation(0) == "“Once”\nid 7 · 4 bytes"
    assert view.explanation(2) == "“⏎”"
