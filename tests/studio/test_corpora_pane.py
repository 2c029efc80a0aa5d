"""The corpora page, driven by mouse and keyboard over a small folder of real files."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt

from sslstudio.corpora.split import choose_split
from sslstudio.recipe import CorpusSource, Recipe
from sslstudio.studio import corpus_worker
from sslstudio.studio.background import Background
from sslstudio.studio.panes.corpora import CorporaPane
from sslstudio.studio.panes.corpora_overview import split_sentence
from sslstudio.studio.workspace import Workspace
from tests.studio.corpus_hands import choose_in_menu, click, drop

STORIES = ["Mira found a small key.", "Tom lost his red hat.", "The old tree fell."]


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    folder = tmp_path / "stories"
    folder.mkdir()
    for number, text in enumerate(STORIES):
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def pane(qtbot: Any, themed: Any, workspace: Workspace, stories: Path) -> Any:
    background = Background()
    recipe = dataclasses.replace(Recipe.default(), corpora=(CorpusSource(path=str(stories)),))
    workspace.change(recipe, "Elsewhere")
    made = CorporaPane(workspace, background)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    qtbot.waitUntil(lambda: made.tabs.read.page is not None and background.is_idle())
    yield made
    background.close()


def test_the_source_is_read_and_counted(pane: CorporaPane) -> None:
    assert pane.tabs.read.text.toPlainText() == STORIES[0]
    assert "3 documents" in pane.left.sources.cards[0].caption.text()
    tiles = pane.tabs.report.overview.tiles.tiles
    figures = {t.sentence.text(): t.figure.text() for t in tiles}
    assert figures["documents"] == "3"
    assert figures["characters"] == str(sum(map(len, STORIES)))
    assert pane.status.mark == "ready"


def test_next_previous_and_random_walk_through_the_documents(qtbot: Any, pane: CorporaPane) -> None:
    click(qtbot, pane.tabs.read.next)
    qtbot.waitUntil(lambda: pane.tabs.read.text.toPlainText() == STORIES[1])
    click(qtbot, pane.tabs.read.previous)
    qtbot.waitUntil(lambda: pane.tabs.read.text.toPlainText() == STORIES[0])
    click(qtbot, pane.tabs.read.previous)
    qtbot.waitUntil(lambda: pane.tabs.read.text.toPlainText() == STORIES[2])
    seen = set()

    def another() -> bool:
        click(qtbot, pane.tabs.read.random)
        assert pane.tabs.read.page is not None
        seen.add(pane.tabs.read.page.index)
        return len(seen) == 3

    qtbot.waitUntil(another)


def test_search_goes_to_the_next_document_with_the_words_and_marks_them(
    qtbot: Any, pane: CorporaPane
) -> None:
    qtbot.keyClicks(pane.tabs.read.search, "TREE")
    qtbot.keyClick(pane.tabs.read.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: pane.tabs.read.text.toPlainText() == STORIES[2])
    assert len(pane.tabs.read.text.extraSelections()) == 1
    pane.tabs.read.search.clear()
    qtbot.keyClicks(pane.tabs.read.search, "zebra")
    qtbot.keyClick(pane.tabs.read.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "No document contains" in pane.tabs.read.place.text())


def test_a_dropped_file_is_read_first_and_then_added(
    qtbot: Any, pane: CorporaPane, tmp_path: Path
) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Mira, the key fits.", encoding="utf-8")
    drop(pane, letter)
    qtbot.waitUntil(lambda: len(pane.workspace.recipe.corpora) == 2)
    qtbot.waitUntil(lambda: "Dear Mira" in pane.tabs.read.text.toPlainText())
    assert all(c.actions_["remove"].isVisible() for c in pane.left.sources.cards)
    choose_in_menu(qtbot, pane.left.sources.cards[1], "remove")
    assert len(pane.workspace.recipe.corpora) == 1
    pane.workspace.undo_stack.undo()
    assert pane.workspace.recipe.corpora[-1].path == str(letter)


def test_a_broken_file_is_refused_with_its_line(
    qtbot: Any, pane: CorporaPane, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.txt"
    broken.write_bytes(b"good line\nbad \xff line\n")
    drop(pane, broken)
    qtbot.waitUntil(lambda: bool(pane.banner.text))
    assert "line 2" in pane.banner.text
    assert len(pane.workspace.recipe.corpora) == 1


def test_a_source_that_went_away_says_so_and_can_be_read_again(
    qtbot: Any, pane: CorporaPane, tmp_path: Path
) -> None:
    missing = tmp_path / "later.txt"
    recipe = dataclasses.replace(pane.workspace.recipe, corpora=(CorpusSource(path=str(missing)),))
    pane.workspace.change(recipe, "Elsewhere")
    qtbot.waitUntil(lambda: pane.status.mark == "attention")
    assert pane.unreadable.isVisible()
    missing.write_text("Now it is here.", encoding="utf-8")
    click(qtbot, pane.unreadable.button)
    qtbot.waitUntil(lambda: pane.tabs.read.text.toPlainText() == "Now it is here.")
    assert pane.status.mark == "ready"


def test_samples_are_one_click_away(qtbot: Any, pane: CorporaPane) -> None:
    qtbot.waitUntil(lambda: set(pane.left.samples) >= {"sample:tales"})
    asked: list[str] = []

    class Worker:
        def __getattr__(self, name: str) -> Any:
            return getattr(corpus_worker, name)

        def read_overview(self, source: CorpusSource, cancelled: Callable[[], bool]) -> Any:
            asked.append(source.path)
            return pane.facts.overview(pane.workspace.recipe.corpora[0])

    pane.admission._worker = Worker()
    click(qtbot, pane.left.samples["sample:tales"])
    qtbot.waitUntil(lambda: len(pane.workspace.recipe.corpora) == 2)
    assert asked == ["sample:tales"]
    assert pane.left.samples["sample:tales"].isHidden()


def test_options_change_the_recipe(qtbot: Any, pane: CorporaPane) -> None:
    click(qtbot, pane.tab_buttons.buttons["preparation"])
    tab = pane.tabs.preparation
    row: Any = tab.data.row("validation_fraction")
    row.field.selectAll()
    qtbot.keyClicks(row.field, "12")
    qtbot.keyClick(row.field, Qt.Key.Key_Return)
    assert pane.workspace.recipe.data.validation_fraction == pytest.approx(0.12)
    assert "12 %" in tab.sentence.text()


def test_reading_can_be_cancelled(qtbot: Any, themed: Any, workspace: Workspace) -> None:
    background = Background()
    reading: list[bool] = []

    def endless(source: CorpusSource, cancelled: Callable[[], bool]) -> Any:
        reading.append(True)
        while not cancelled():
            pass

    class Worker:
        read_overview = staticmethod(endless)
        load_samples = staticmethod(tuple)

    pane = CorporaPane(workspace, background, Worker())
    qtbot.addWidget(pane)
    pane.show()
    qtbot.waitUntil(lambda: bool(reading))
    assert pane.progress.isVisible()
    click(qtbot, pane.progress.cancel)
    qtbot.waitUntil(background.is_idle)
    assert pane.progress.isHidden()
    background.close()


@pytest.mark.parametrize(
    ("split", "lengths", "word"),
    [
        ("auto", [100] * 3, "last"),  # few documents
        ("auto", [100] * 5000, "chosen"),
        ("auto", [100] * 5000 + [100_000], "last"),  # one book among notes
        ("tail", [100] * 5000, "last"),
        ("documents", [100] * 3, "chosen"),
    ],
)
def test_the_split_is_said_as_it_will_be_done(split: str, lengths: list[int], word: str) -> None:
    recipe = Recipe.default()
    recipe = dataclasses.replace(recipe, data=dataclasses.replace(recipe.data, split=split))
    overview = SimpleNamespace(
        documents=len(lengths), characters=sum(lengths), lengths=SimpleNamespace(max=max(lengths))
    )
    assert word in split_sentence(recipe, [overview])
    chosen = choose_split(recipe.data, np.array(lengths))
    assert (chosen == "tail") == (word == "last")
