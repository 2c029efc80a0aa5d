"""Copies on the Read tab: struck out as the preparation decides, with what they repeat."""

from __future__ import annotations

import dataclasses
import json
import random
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from sslstudio.recipe import CorpusSource, DataOptions, Recipe
from sslstudio.studio import corpus_decisions, corpus_worker, decision_worker
from sslstudio.studio.background import Background
from sslstudio.studio.corpus_decisions import CorpusDecisions
from sslstudio.studio.panes.corpora import CorporaPane
from sslstudio.studio.workspace import Workspace
from tests.studio.corpus_fakes import FakeReporter, FakeTokens

MENU = "Home | Contact | Imprint"


def _story(seed: int) -> str:
    draw = random.Random(seed)
    return f"Story {seed}\n" + " ".join(f"{draw.choice('abcdefgh')}{seed}x{n}" for n in range(80))


def _write(path: Path, texts: list[str]) -> CorpusSource:
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
    return CorpusSource(path=str(path))


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[CorpusSource, ...]:
    monkeypatch.setenv("SSLSTUDIO_CACHE", str(tmp_path / "cache"))
    stories = [_story(n) for n in range(12)]
    return (
        _write(tmp_path / "a.jsonl", [*stories, stories[4].upper()]),
        _write(tmp_path / "b.jsonl", [f"{MENU}\n{_story(n)}" for n in (50, 51, *range(52, 62))]),
        _write(tmp_path / "c.jsonl", [f"{stories[2]} and more", _story(70)]),
    )


@pytest.fixture
def pane(qtbot: Any, themed: Any, workspace: Workspace, sources: tuple[CorpusSource, ...]) -> Any:
    background = Background()
    data = DataOptions(deduplicate="near", repeated_lines="remove", split="tail")
    workspace.change(dataclasses.replace(Recipe.default(), corpora=sources, data=data), "Elsewhere")
    made = CorporaPane(workspace, background, corpus_worker, FakeReporter(), FakeTokens())
    qtbot.addWidget(made)
    made.resize(940, 640)
    made.show()
    made.shown()
    read = made.tabs.read
    qtbot.waitUntil(
        lambda: read.page is not None and read.known.decisions is not None, timeout=30000
    )
    yield made
    background.close()


def _read(qtbot: Any, pane: CorporaPane, source: int, document: int) -> Any:
    pane.choose(source)
    read: Any = pane.tabs.read
    qtbot.waitUntil(
        lambda: read.page is not None and read._source == pane.workspace.recipe.corpora[source]
    )
    read.open_document(document)
    qtbot.waitUntil(lambda: read.page.index == document and pane.background.is_idle())
    return read


def test_a_copy_is_struck_out_and_leads_to_what_it_repeats(qtbot: Any, pane: CorporaPane) -> None:
    read = _read(qtbot, pane, 0, 12)
    assert [s.rule for s in read.page.stretches] == ["exact_duplicate"]
    assert read.text.toPlainText() == _story(4).upper()
    assert "it says the same as “Story 4” (document 5)" in read.legend.sentence.text()
    assert read.legend.keep.isHidden()
    qtbot.mouseClick(read.legend.other, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: read.page.index == 4 and pane.background.is_idle())
    assert read.page.removed_by == ""
    assert not read.legend.isVisible()


def test_a_near_copy_names_the_longer_one_of_another_source(qtbot: Any, pane: CorporaPane) -> None:
    read = _read(qtbot, pane, 0, 2)
    assert "it says nearly the same as document 1 of c.jsonl" in read.legend.sentence.text()
    qtbot.mouseClick(read.legend.other, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "and more" in read.text.toPlainText())
    assert read.page.removed_by == ""


def test_lines_that_stand_everywhere_are_struck_out(qtbot: Any, pane: CorporaPane) -> None:
    read = _read(qtbot, pane, 1, 3)
    assert next((s.text, s.rule) for s in read.page.stretches) == (f"{MENU}\n", "repeated_line")
    assert read.page.removed_by == ""


def test_without_deduplication_nothing_is_struck_out_any_more(
    qtbot: Any, pane: CorporaPane
) -> None:
    read = _read(qtbot, pane, 0, 12)
    plain = dataclasses.replace(pane.workspace.recipe, data=DataOptions())
    pane.workspace.change(plain, "Keep everything")
    qtbot.waitUntil(lambda: not read.page.stretches)
    assert read.known.decisions is None
    assert not read.copies.isVisible()


class _Counting:
    """Decides nothing, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def decide(self, request: Any, on_progress: Any, cancelled: Any) -> str:
        self.asked.append(request)
        return "decisions"


def test_a_large_corpus_or_one_beside_a_run_is_looked_through_when_asked(
    qtbot: Any, sources: tuple[CorpusSource, ...]
) -> None:
    background, worker = Background(), _Counting()
    known = CorpusDecisions(background, worker)
    asking = DataOptions(deduplicate="exact")
    recipe = dataclasses.replace(Recipe.default(), corpora=sources, data=asking)
    known.follow(dataclasses.replace(recipe, data=DataOptions()), 1000, is_free=True)
    assert not known.is_wanted
    for size_bytes, is_free in (
        (corpus_decisions.SMALL_BYTES + 1, True),
        (1000, False),
        (None, True),
    ):
        known.follow(recipe, size_bytes, is_free=is_free)
        assert known.is_wanted
    assert not worker.asked
    known.make(recipe)
    qtbot.waitUntil(lambda: known.decisions == "decisions")
    known.follow(recipe, 1000, is_free=True)
    assert len(worker.asked) == 1
    heavier = tuple(dataclasses.replace(s, weight=3.0) for s in sources)
    known.follow(dataclasses.replace(recipe, corpora=heavier), 1000, is_free=True)
    assert len(worker.asked) == 1  # a weight changes nothing but for 0
    none = (dataclasses.replace(sources[0], weight=0.0), *sources[1:])
    known.follow(dataclasses.replace(recipe, corpora=none), 1000, is_free=True)
    qtbot.waitUntil(lambda: len(worker.asked) == 2 and background.is_idle())
    background.close()


def test_a_source_that_has_changed_since_is_not_struck_out(
    sources: tuple[CorpusSource, ...], qtbot: Any
) -> None:
    class Other:
        def documents(self, _source: int) -> int:
            return 99

    index = corpus_worker.open_index(sources[0], lambda: False)
    page = corpus_worker.read_page(index, 12, sources[0])
    assert decision_worker.with_decision(page, index, sources, 0, Other()) is page
