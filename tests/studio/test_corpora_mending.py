"""Mending by mouse on the corpora page: presets, single rules, what goes and what is replaced."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor

from sslstudio.corpora.mending.outcome import Stretch
from sslstudio.corpora.report.facts import Remedy
from sslstudio.recipe import CorpusSource, Recipe
from sslstudio.studio import recipe_changes
from sslstudio.studio.background import Background
from sslstudio.studio.panes.corpora import CorporaPane
from sslstudio.studio.widgets.document_view import PART_CHARACTERS, DocumentView
from sslstudio.studio.workspace import Workspace
from tests.studio.corpus_fakes import FakeReporter, FakeTokens, MendingWorker
from tests.studio.corpus_hands import click

LETTER = "Dear Mira, drop this. Write to a@b.c soon."


@pytest.fixture
def pane(qtbot: Any, themed: Any, workspace: Workspace, tmp_path: Path) -> Any:
    sources = []
    for name, text in (("letters", LETTER), ("notes", "a tiny note")):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "1.txt").write_text(text, encoding="utf-8")
        sources.append(CorpusSource(path=str(folder)))
    background = Background()
    recipe = dataclasses.replace(Recipe.default(), corpora=tuple(sources))
    workspace.change(recipe, "Elsewhere")
    made = CorporaPane(workspace, background, MendingWorker(), FakeReporter(), FakeTokens())
    qtbot.addWidget(made)
    made.resize(940, 640)
    made.show()
    qtbot.waitUntil(lambda: made.tabs.read.page is not None and background.is_idle())
    yield made
    background.close()


def choose_web(qtbot: Any, pane: CorporaPane) -> None:
    click(qtbot, pane.tab_buttons.buttons["preparation"])
    mending = pane.tabs.preparation.mending
    qtbot.waitUntil(lambda: "web" in mending.presets)
    click(qtbot, mending.presets["web"])


def test_a_preset_is_a_click_and_shows_on_the_document_what_it_does(
    qtbot: Any, pane: CorporaPane
) -> None:
    choose_web(qtbot, pane)
    assert [s.preset for s in pane.workspace.recipe.corpora] == ["web", "as_is"]
    click(qtbot, pane.tab_buttons.buttons["read"])
    read = pane.tabs.read
    qtbot.waitUntil(lambda: "<EMAIL>" in read.text.toPlainText())
    assert read.legend.isVisible()
    assert "a line that is a menu × 1" in read.legend.counts.text()
    assert "e-mail address × 1" in read.legend.counts.text()
    pane.workspace.undo_stack.undo()
    qtbot.waitUntil(lambda: read.text.toPlainText() == LETTER)
    assert not read.legend.isVisible()


def test_a_removed_document_says_by_which_rule_and_the_rule_can_be_turned_off(
    qtbot: Any, pane: CorporaPane
) -> None:
    pane.choose(1)
    choose_web(qtbot, pane)
    pane.show_tab("read")
    legend = pane.tabs.read.legend
    qtbot.waitUntil(lambda: "Left out of training" in legend.sentence.text())
    click(qtbot, legend.keep)
    assert pane.workspace.recipe.corpora[1].rules_off == ("short",)
    qtbot.waitUntil(lambda: not legend.isVisible())


def test_single_rules_are_boxes_that_fold_out(qtbot: Any, pane: CorporaPane) -> None:
    choose_web(qtbot, pane)
    mending = pane.tabs.preparation.mending
    assert mending.fold.text() == "Rules: 2 of 2 apply"
    click(qtbot, mending.fold)
    mending.rules["lines"].click()
    assert pane.workspace.recipe.corpora[0].rules_off == ("lines",)
    assert mending.fold.text() == "Rules: 1 of 2 apply"


def test_one_click_mends_all_sources_alike(qtbot: Any, pane: CorporaPane) -> None:
    choose_web(qtbot, pane)
    click(qtbot, pane.tabs.preparation.mending.all_button)
    assert [s.preset for s in pane.workspace.recipe.corpora] == ["web", "web"]
    pane.workspace.undo_stack.undo()
    assert [s.preset for s in pane.workspace.recipe.corpora] == ["web", "as_is"]


def test_mixing_shows_shares_and_epochs(qtbot: Any, pane: CorporaPane) -> None:
    click(qtbot, pane.tab_buttons.buttons["preparation"])
    mixing = pane.tabs.preparation.mixing
    kind: Any = mixing.form.row("mixing")
    kind.combo.setCurrentIndex(kind.combo.findData("shares"))
    kind.combo.activated.emit(kind.combo.currentIndex())
    assert pane.workspace.recipe.data.mixing == "shares"
    assert [b.figure.split(" · ")[0] for b in mixing.bars.bars] == ["50 %", "50 %"]
    assert all("epochs" in b.figure for b in mixing.bars.bars)
    cards = pane.left.sources.cards
    assert [c.share.text() for c in cards] == ["50 %", "50 %"]
    assert "repeating too often" in cards[0].epochs.text()  # 42 bytes, read for 800 steps
    assert cards[0].dot.level == "bad"
    assert cards[0].dot.isVisible()


def test_a_finding_opens_its_document_and_a_remedy_changes_the_recipe(
    qtbot: Any, pane: CorporaPane
) -> None:
    click(qtbot, pane.tab_buttons.buttons["report"])
    report = pane.tabs.report
    qtbot.waitUntil(lambda: report.verdict.isVisible())
    click(qtbot, report.verdict.rows[1].button)
    assert [s.personal_data for s in pane.workspace.recipe.corpora] == ["replace", "replace"]
    pane.workspace.undo_stack.undo()
    assert [s.personal_data for s in pane.workspace.recipe.corpora] == ["keep", "keep"]
    topics = report.findings.topics
    qtbot.mouseClick(topics, Qt.MouseButton.LeftButton, pos=topics.place_of(0).toPoint())
    assert pane.tab_buttons.chosen == "read"
    report.weighted.emit((0.5, 1.5))
    assert [s.weight for s in pane.workspace.recipe.corpora] == [0.5, 1.5]


def test_a_remedy_for_one_source_leaves_the_others_alone() -> None:
    recipe = dataclasses.replace(
        Recipe.default(), corpora=(CorpusSource(path="a"), CorpusSource(path="b"))
    )
    changed = recipe_changes.with_remedy(recipe, Remedy("source", "preset", "prose", source=1))
    assert [s.preset for s in changed.corpora] == ["as_is", "prose"]
    changed = recipe_changes.with_remedy(recipe, Remedy("data", "deduplicate", "exact"))
    assert changed.data.deduplicate == "exact"
    assert changed.corpora == recipe.corpora


def test_what_goes_is_struck_and_what_is_replaced_is_marked(qtbot: Any, themed: Any) -> None:
    view = DocumentView()
    qtbot.addWidget(view)
    parts = (
        Stretch("𝔸 keep "),
        Stretch("gone", "line"),
        Stretch(" "),
        Stretch("x@y.z", "email", "<E>"),
    )
    view.show_stretches(parts, {"line": "a menu", "email": "an address"})
    assert view.toPlainText() == "𝔸 keep gone <E>"
    struck = look_at(view, "gone")
    assert struck.fontStrikeOut()
    assert struck.toolTip() == "Taken out: a menu"
    marked = look_at(view, "<E>")
    assert not marked.fontStrikeOut()
    assert marked.toolTip() == "an address: replaces “x@y.z”"
    assert not look_at(view, "keep").fontStrikeOut()


def test_a_long_document_is_shown_in_parts(qtbot: Any, themed: Any) -> None:
    view = DocumentView()
    qtbot.addWidget(view)
    view.show_text("word " * PART_CHARACTERS)
    assert len(view.toPlainText()) == PART_CHARACTERS
    view.show_more()
    assert len(view.toPlainText()) == 2 * PART_CHARACTERS
    assert view.characters == 5 * PART_CHARACTERS


def look_at(view: DocumentView, words: str) -> Any:
    cursor = view.document().find(words, QTextCursor(view.document()))
    assert not cursor.isNull()
    return cursor.charFormat()
