"""The Report tab by mouse, over a report that a fake made; and the words that it is told in."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog

from sslstudio.corpora.report.facts import Example, Remedy
from sslstudio.recipe import CorpusSource, Recipe
from sslstudio.studio import report_words
from sslstudio.studio.background import Background
from sslstudio.studio.corpus_reports import CorpusReports, difference, request_of
from sslstudio.studio.panes import corpora_report
from sslstudio.studio.panes.corpora_report import ReportTab
from tests.studio import corpus_fakes
from tests.studio.corpus_fakes import FakeReporter
from tests.studio.corpus_hands import click

RECIPE = dataclasses.replace(
    Recipe.default(), corpora=(CorpusSource(path="tales.jsonl"), CorpusSource(path="Letters"))
)


@pytest.fixture
def reporter() -> FakeReporter:
    return FakeReporter()


@pytest.fixture
def tab(qtbot: Any, themed: Any, background: Background, reporter: FakeReporter) -> ReportTab:
    made = ReportTab(background, reporter)
    qtbot.addWidget(made)
    made.resize(760, 2400)
    made.show_recipe(RECIPE)
    made.show()
    return made


@pytest.fixture
def full(qtbot: Any, tab: ReportTab) -> ReportTab:
    click(qtbot, tab.make_button)
    qtbot.waitUntil(lambda: tab.verdict.isVisible())
    return tab


def heard(signal: Any) -> list[Any]:
    found: list[Any] = []
    signal.connect(found.append)
    return found


def test_before_a_report_there_is_one_button_for_it(qtbot: Any, tab: ReportTab) -> None:
    assert tab.invitation.isVisible()
    assert not tab.verdict.isVisible()
    click(qtbot, tab.make_button)
    qtbot.waitUntil(lambda: tab.verdict.isVisible())
    assert tab.verdict.title.text() == "Usable, with two things to mend"
    assert "all 5.0 MB" in tab.verdict.basis.text()
    assert tab.verdict.dot.level == "caution"


def test_a_small_corpus_is_looked_at_unasked_once_and_a_large_one_is_not(
    qtbot: Any, tab: ReportTab, reporter: FakeReporter
) -> None:
    tab.offer(None)
    tab.offer(corpora_report.SMALL_BYTES + 1)
    assert reporter.asked == []
    tab.offer(1_000_000)
    qtbot.waitUntil(lambda: tab.verdict.isVisible())
    tab.offer(1_000_000)
    assert len(reporter.asked) == 1


def test_a_remedy_is_one_click_and_says_when_the_recipe_has_it(qtbot: Any, full: ReportTab) -> None:
    mended = heard(full.mended)
    row = full.verdict.rows[0]
    assert row.button.text() == "Keep one of each"
    click(qtbot, row.button)
    assert mended == [Remedy("data", "deduplicate", "near")]
    data = dataclasses.replace(RECIPE.data, deduplicate="near")
    full.show_recipe(dataclasses.replace(RECIPE, data=data))
    assert not row.button.isVisible()
    assert "undo" in row.done.text()
    assert "what is done to all sources has changed" in full.verdict.stale.text()
    full.show_recipe(RECIPE)
    assert row.button.isVisible()
    assert not full.verdict.stale.isVisible()


def test_every_tile_has_a_figure_a_sentence_and_an_explanation(full: ReportTab) -> None:
    tiles = full.findings.tiles.tiles
    figures = {t.sentence.text(): t.figure.text() for t in tiles}
    assert figures["documents"] == "12,834"
    assert figures["languages, 96 % English"] == "3"
    assert figures["exact and near duplicates"] == "91"
    assert figures["taken out by mending"] == "3.6 %"  # (412 + 54) of 12,834
    assert figures["different words in twice the text"] == "× 1.43"  # 2 to the power of 0.52
    assert figures["compressible, usual for prose"] == "2.8 : 1"
    assert figures["validation passages met in training"] == "0"
    assert all(len(t.toolTip()) > 20 for t in tiles)


def test_a_point_of_the_map_opens_its_document(qtbot: Any, full: ReportTab) -> None:
    opened = heard(full.opened)
    topics = full.findings.topics
    click(qtbot, topics, topics.place_of(0).toPoint())
    assert [type(e) for e in opened] == [Example]


def test_a_rule_opens_to_its_examples_and_an_example_opens_the_document(
    qtbot: Any, full: ReportTab
) -> None:
    opened = heard(full.opened)
    tree = full.findings.trees["rules"]
    rule = tree.topLevelItem(0)
    assert rule is not None
    assert (rule.text(0), rule.text(1)) == ("Fewer than 50 words", "412")
    click(qtbot, tree.viewport(), tree.visualItemRect(rule).center())
    assert rule.isExpanded()
    child = rule.child(1)
    assert child is not None
    click(qtbot, tree.viewport(), tree.visualItemRect(child).center())
    assert opened == [corpus_fakes.examples(2)[1]]


def test_cards_with_nothing_to_say_are_not_there(
    qtbot: Any, tab: ReportTab, reporter: FakeReporter
) -> None:
    reporter.report = corpus_fakes.report(rules=(), clusters=(), differences=(), skipped=())
    click(qtbot, tab.make_button)
    qtbot.waitUntil(lambda: tab.verdict.isVisible())
    shown = {name for name, card in tab.findings.cards.items() if not card.isHidden()}
    assert not shown & {"rules", "clusters", "differences", "skipped", "leaks"}
    assert {"lengths", "topics", "languages", "purpose"} <= shown


def test_a_purpose_is_scored_and_its_weights_can_be_used(
    qtbot: Any, full: ReportTab, reporter: FakeReporter, tmp_path: Path
) -> None:
    sources = tuple(
        dataclasses.replace(s, suitability=v)
        for s, v in zip(reporter.report.sources, (0.4, 0.9), strict=True)
    )
    reporter.report = corpus_fakes.report(sources=sources)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "letters.txt"))])
    card = full.findings.purpose
    none = Qt.KeyboardModifier.NoModifier
    card.dropEvent(
        QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
    )
    qtbot.waitUntil(lambda: card.apply.isVisible())
    assert reporter.asked[-1].purpose == str(tmp_path / "letters.txt")
    assert [b.figure for b in card.bars.bars] == ["0.40", "0.90"]
    # by size: 4.1 MB times 1 and 0.94 MB times 2
    assert card.weights.text() == "Proposed weights: tales.jsonl 1 (69 %), Letters 2 (31 %)"
    weighted = heard(full.weighted)
    click(qtbot, card.apply)
    assert weighted == [(1.0, 2.0)]


def test_the_report_is_saved_where_the_user_says(
    qtbot: Any, full: ReportTab, reporter: FakeReporter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_a: ("out.html", ""))
    said = heard(full.said)
    full.verdict.save_html.trigger()
    qtbot.waitUntil(lambda: bool(said))
    assert reporter.saved == ["out.html"]


def test_making_a_report_tells_how_far_it_is_and_can_be_left_off(
    qtbot: Any, themed: Any, background: Background
) -> None:
    class Slow(FakeReporter):
        def make_report(self, request: Any, on_progress: Any, cancelled: Any) -> Any:
            while not cancelled():
                on_progress("near duplicates", 2_000_000, 8_000_000, "bytes")
            return self.report

    tab = ReportTab(background, Slow())
    qtbot.addWidget(tab)
    tab.show_recipe(RECIPE)
    tab.show()
    click(qtbot, tab.make_button)
    qtbot.waitUntil(lambda: "2.0 MB of 8.0 MB" in tab.progress.label.text())
    assert tab.progress.label.text().startswith("Near duplicates")
    click(qtbot, tab.progress.cancel)
    assert tab.progress.isHidden()
    assert tab.make_button.isEnabled()
    qtbot.waitUntil(background.is_idle)


def test_time_left_is_told_once_a_stage_has_run_for_a_while(
    qtbot: Any, background: Background, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = CorpusReports(background, FakeReporter())
    now = [100.0]
    monkeypatch.setattr("sslstudio.studio.corpus_reports.time.monotonic", lambda: now[0])
    reports._on_progress("rules", 1, 10, "documents")
    assert "left" not in reports.sentence()
    now[0] += 4.0
    reports._on_progress("rules", 2, 10, "documents")
    assert reports.sentence() == "Rules · 2 of 10 documents · about 16 s left"


def test_what_has_changed_since_a_report_is_said_and_weights_do_not_count() -> None:
    before = request_of(RECIPE)
    lighter = [dataclasses.replace(s, weight=3.0) for s in RECIPE.corpora]
    changes = {
        "": lighter,
        "a source was added": [*RECIPE.corpora, CorpusSource(path="more")],
        "a source was taken out": list(RECIPE.corpora[:1]),
        "how a source is read or mended has changed": [
            dataclasses.replace(s, preset="web") for s in RECIPE.corpora
        ],
    }
    for words, sources in changes.items():
        after = request_of(dataclasses.replace(RECIPE, corpora=tuple(sources)))
        assert difference(before, after) == words
    mixed = dataclasses.replace(RECIPE.data, mixing="unimax")
    assert difference(before, request_of(dataclasses.replace(RECIPE, data=mixed))) == ""


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0 %"), (0.0004, "under 0.1 %"), (0.042, "4.2 %"), (0.62, "62 %"), (1.0, "100 %")],
)
def test_shares_are_written_briefly(share: float, words: str) -> None:
    assert report_words.percent(share) == words


def test_languages_have_names() -> None:
    assert report_words.language_name("de") == "German"
    assert report_words.language_name("und") == "undetermined"
    assert report_words.language_name("qqq") == "qqq"


def test_the_verdict_counts_what_there_is_to_mend() -> None:
    good = corpus_fakes.report(verdict="good", findings=())
    assert report_words.verdict_words(good) == "Good to train on"
    poor = dataclasses.replace(corpus_fakes.FINDINGS[0], level="bad")
    bad = corpus_fakes.report(verdict="bad", findings=(poor, corpus_fakes.FINDINGS[1]))
    assert report_words.verdict_words(bad) == "Not ready to train on: one thing to mend first"
