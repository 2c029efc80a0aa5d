"""What is set seldom, by mouse: column, encoding, patterns, licence; never in a dialog."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from sslstudio.corpora.column_trial import Column, Columns
from sslstudio.corpora.overview import DocumentIndex, overview
from sslstudio.errors import CorpusError
from sslstudio.recipe import CorpusSource, Recipe
from sslstudio.studio.background import Background
from sslstudio.studio.corpus_worker import (
    EncodingChoice,
    EncodingFacts,
    is_table,
    source_kind,
)
from sslstudio.studio.panes.corpora import CorporaPane
from sslstudio.studio.panes.corpora_details import ColumnCard, EncodingCard
from sslstudio.studio.workspace import Workspace
from tests.studio.corpus_fakes import FakeReporter, FakeTokens, MendingWorker
from tests.studio.corpus_hands import choose_in_menu, click, drop

TABLE = Columns(
    (Column("id", ("1", "2"), 1.0), Column("story", ("Once upon a time",), 90.0)), "story"
)
CHOICES = (EncodingChoice("cp1252", ("Café",)), EncodingChoice("cp437", ("CafΘ",)))


class Worker(MendingWorker):
    """Refuses what has no encoding named, and knows one table."""

    def __init__(self, plain: Path) -> None:
        self.plain = str(plain)
        self.read: list[CorpusSource] = []

    def read_overview(self, source: CorpusSource, cancelled: Callable[[], bool]) -> Any:
        self.read.append(source)
        if source.path.endswith("old.txt") and source.encoding == "auto":
            raise CorpusError("old.txt is not UTF-8 at line 1: set its encoding")
        return overview(CorpusSource(path=self.plain), cancelled)

    def open_index(self, source: CorpusSource, cancelled: Callable[[], bool]) -> Any:
        return DocumentIndex(CorpusSource(path=self.plain), cancelled)

    def read_columns(self, source: CorpusSource, cancelled: Callable[[], bool]) -> Any:
        return TABLE

    def suggest_encoding(self, path: str, cancelled: Callable[[], bool]) -> Any:
        return EncodingFacts(path, CHOICES, "") if path.endswith("old.txt") else None


@pytest.fixture
def worker(tmp_path: Path) -> Worker:
    plain = tmp_path / "plain.txt"
    plain.write_text("Once upon a time.", encoding="utf-8")
    return Worker(plain)


@pytest.fixture
def pane(qtbot: Any, themed: Any, workspace: Workspace, tmp_path: Path, worker: Worker) -> Any:
    background = Background()
    source = CorpusSource(path=str(tmp_path / "tales.csv"))
    workspace.change(dataclasses.replace(Recipe.default(), corpora=(source,)), "Elsewhere")
    made = CorporaPane(workspace, background, worker, FakeReporter(), FakeTokens())
    qtbot.addWidget(made)
    made.resize(940, 640)
    made.show()
    qtbot.waitUntil(lambda: made.tabs.read.page is not None and background.is_idle())
    yield made
    background.close()


def test_a_table_says_which_column_it_reads_and_another_is_a_click(
    qtbot: Any, pane: CorporaPane, worker: Worker
) -> None:
    card = pane.left.sources.cards[0]
    qtbot.waitUntil(lambda: "text from “story”" in card.caption.text())
    choose_in_menu(qtbot, card, "column")
    shown = pane.details.card
    assert isinstance(shown, ColumnCard)
    assert shown.buttons["story"].isChecked()
    click(qtbot, shown.buttons["id"])
    assert pane.workspace.recipe.corpora[0].column == "id"
    qtbot.waitUntil(lambda: worker.read[-1].column == "id")  # and the source is read again
    click(qtbot, shown.buttons["story"])
    assert pane.workspace.recipe.corpora[0].column == "auto"
    qtbot.waitUntil(pane.background.is_idle)
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: pane.details.isHidden())


def test_a_refused_file_in_another_encoding_is_read_after_one_click(
    qtbot: Any, pane: CorporaPane, tmp_path: Path
) -> None:
    old = tmp_path / "old.txt"
    old.write_bytes(b"Caf\xe9")
    drop(pane, old)
    qtbot.waitUntil(lambda: isinstance(pane.details.card, EncodingCard))
    assert "line 1" in pane.banner.text
    assert len(pane.workspace.recipe.corpora) == 1
    shown = pane.details.card
    assert isinstance(shown, EncodingCard)
    click(qtbot, shown.buttons["cp1252"])
    qtbot.waitUntil(lambda: len(pane.workspace.recipe.corpora) == 2)
    assert pane.workspace.recipe.corpora[-1].encoding == "cp1252"
    assert not pane.banner.text  # what was refused is settled
    assert pane.details.isHidden()


def test_patterns_and_a_licence_are_lines_in_the_page(qtbot: Any, pane: CorporaPane) -> None:
    card = pane.left.sources.cards[0]
    choose_in_menu(qtbot, card, "patterns")
    shown: Any = pane.details.card
    qtbot.keyClicks(shown.exclude, "drafts/*, *.bak")
    qtbot.keyClick(shown.exclude, Qt.Key.Key_Return)
    assert pane.workspace.recipe.corpora[0].exclude == ("drafts/*", "*.bak")
    choose_in_menu(qtbot, pane.left.sources.cards[0], "licence")
    shown = pane.details.card
    qtbot.keyClicks(shown.line, "CC BY 4.0")
    qtbot.keyClick(shown.line, Qt.Key.Key_Return)
    assert pane.workspace.recipe.corpora[0].licence == "CC BY 4.0"
    qtbot.waitUntil(pane.background.is_idle)


def test_an_encoding_can_be_named_where_nothing_is_in_question(
    qtbot: Any, pane: CorporaPane
) -> None:
    choose_in_menu(qtbot, pane.left.sources.cards[0], "encoding")
    qtbot.waitUntil(lambda: pane.details.card is not None)
    shown: Any = pane.details.card
    assert shown.line.text() == "auto"
    shown.line.selectAll()
    qtbot.keyClicks(shown.line, "shift_jis")
    qtbot.keyClick(shown.line, Qt.Key.Key_Return)
    assert pane.workspace.recipe.corpora[0].encoding == "shift_jis"
    qtbot.waitUntil(pane.background.is_idle)


def test_a_data_set_of_the_hub_is_named_in_the_page(
    qtbot: Any, pane: CorporaPane, worker: Worker
) -> None:
    pane.left.add_hub_action.trigger()
    shown: Any = pane.details.card
    qtbot.keyClicks(shown.line, "someone/tales")
    click(qtbot, shown.add)
    qtbot.waitUntil(lambda: len(pane.workspace.recipe.corpora) == 2)
    assert pane.workspace.recipe.corpora[-1].path == "hub:someone/tales"
    assert pane.left.sources.cards[1].title.text() == "tales"


@pytest.mark.parametrize(
    ("path", "kind"),
    [("a.tar.gz", "tar.gz file"), ("b.PDF", "pdf file"), ("hub:a/b", "hub"), ("x*.txt", "pattern")],
)
def test_kinds_of_sources_are_told_from_their_names(path: str, kind: str) -> None:
    assert source_kind(path) == kind


@pytest.mark.parametrize(
    ("path", "says"),
    [("a.csv", True), ("b.jsonl.gz", True), ("c.PARQUET", True), ("d.txt", False), ("e.md", False)],
)
def test_tables_are_known_by_their_names(path: str, says: bool) -> None:
    assert is_table(path) is says
