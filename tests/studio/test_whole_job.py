"""The whole job with the real engine, by mouse and keyboard: from the window to a text."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication

from sslstudio.cli import main
from sslstudio.corpora.preparation import reopen
from sslstudio.corpora.samples.tales import tales
from sslstudio.events import SampleEvent
from sslstudio.runs import RunFolder
from sslstudio.storage import sha256_of
from sslstudio.studio import app, theme

_RECIPE = """
name = "by hand"
[[corpora]]
path = "tales.txt"
documents = "paragraph"
[tokenizer]
kind = "characters"
[model]
preset = "nano"
context = 32
layers = 2
width = 32
heads = 2
ffn_width = 64
dropout = 0.1
[training]
steps = {steps}
batch_tokens = 256
[evaluation]
every = 20
tokens = 512
[samples]
every = 20
max_tokens = 8
[checkpoints]
every = 20
"""
_LEFT = Qt.MouseButton.LeftButton
_WAIT = {"timeout": 60_000}


@pytest.fixture
def recipe_path(tmp_path: Path) -> Path:
    stories = [t.replace("\n", " ") for t in itertools.islice(tales(9), 80)]
    (tmp_path / "tales.txt").write_text("\n\n".join(stories), encoding="utf-8")
    path = tmp_path / "by-hand.toml"
    path.write_text(_RECIPE.format(steps=40), encoding="utf-8")
    return path


@pytest.fixture
def studio(qtbot: Any, qapp: QApplication, recipe_path: Path) -> Iterator[app.Studio]:
    theme.install(qapp)
    opened = app.Studio()
    opened.open([str(recipe_path)])
    qtbot.waitUntil(lambda: opened.workspace.engine is not None, **_WAIT)
    qtbot.waitUntil(lambda: len(opened.window.panes) == 6, **_WAIT)
    opened.window.activateWindow()
    qtbot.waitUntil(opened.window.isActiveWindow, **_WAIT)
    yield opened
    opened.window.leave("the test is over")
    qtbot.waitUntil(lambda: not opened.workspace.training.is_active, **_WAIT)
    opened.close()
    opened.window.deleteLater()


def _page(qtbot: Any, studio: app.Studio, key: str) -> Any:
    qtbot.mouseClick(studio.window.rail.buttons[key], _LEFT)
    assert studio.window.current == key
    return studio.window.panes[key]


def test_from_the_window_to_a_generated_text(
    qtbot: Any, studio: app.Studio, recipe_path: Path, tmp_path: Path
) -> None:
    live = studio.workspace.training
    corpora = _page(qtbot, studio, "corpora")
    qtbot.waitUntil(lambda: "80 documents" in corpora.left.sources.cards[0].caption.text(), **_WAIT)
    for key in ("objective", "model"):
        _page(qtbot, studio, key)
    qtbot.mouseClick(studio.window.top_bar.primary, _LEFT)
    qtbot.waitUntil(lambda: live.run_path is not None, **_WAIT)
    path = live.run_path
    assert path is not None
    qtbot.waitUntil(lambda: not live.is_active, **_WAIT)
    run = RunFolder.open(path)
    assert run.status().state == "finished"

    playground = _page(qtbot, studio, "playground")
    writer = playground.continuing
    qtbot.waitUntil(lambda: writer.isVisible() and writer.go.isEnabled(), **_WAIT)
    qtbot.mouseClick(writer.prompt.viewport(), _LEFT)
    qtbot.keyClicks(writer.prompt, "Once ")
    qtbot.keyClick(writer.prompt, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(writer.view.tokens) > 20, **_WAIT)
    qtbot.waitUntil(lambda: writer.go.text().startswith("Continue"), **_WAIT)
    assert writer.view.prompt == "Once "

    # the same recipe from the command line: the same weights and samples, bit for bit
    again = tmp_path / "again"
    assert main(["train", str(recipe_path), "--runs", str(again), "--json"]) == 0
    (other,) = again.iterdir()
    weights = "checkpoints/step-000040/model.safetensors"
    assert sha256_of(path / weights) == sha256_of(other / weights)
    texts = [
        [e.text for e in RunFolder.open(p).events()[0] if isinstance(e, SampleEvent)]
        for p in (path, other)
    ]
    assert texts[0] == texts[1]


def test_a_dropped_folder_is_read_reported_mended_mixed_and_trained_on(
    qtbot: Any, studio: app.Studio, tmp_path: Path
) -> None:
    letters = tmp_path / "letters"
    letters.mkdir()
    for number, tale in enumerate(itertools.islice(tales(5), 60)):
        text = f"Dear reader,\nwrite to mira{number}@letters.net soon.\n{tale}"
        (letters / f"{number:02d}.txt").write_text(text, encoding="utf-8")
        if number < 20:  # twenty letters stand there twice
            (letters / f"{number:02d} again.txt").write_text(text, encoding="utf-8")
    live, workspace = studio.workspace.training, studio.workspace
    page = _page(qtbot, studio, "corpora")
    qtbot.waitUntil(lambda: "80 documents" in page.left.sources.cards[0].caption.text(), **_WAIT)

    _drop(page, letters)
    qtbot.waitUntil(lambda: len(workspace.recipe.corpora) == 2, **_WAIT)
    qtbot.waitUntil(lambda: "Dear reader," in page.tabs.read.text.toPlainText(), **_WAIT)

    qtbot.mouseClick(page.tab_buttons.buttons["report"], _LEFT)
    report = page.tabs.report
    qtbot.waitUntil(lambda: report.verdict.isVisible(), **_WAIT)
    wanted = {"Keep one of each", "Replace them"}
    rows = [r for r in report.verdict.rows if r.button.isVisible() and r.button.text() in wanted]
    assert {r.button.text() for r in rows} == wanted
    for row in rows:
        qtbot.mouseClick(row.button, _LEFT)
    assert workspace.recipe.data.deduplicate != "none"
    assert {s.personal_data for s in workspace.recipe.corpora} == {"replace"}
    assert "has changed" in report.verdict.stale.text()

    qtbot.mouseClick(page.tab_buttons.buttons["read"], _LEFT)
    qtbot.waitUntil(lambda: "<EMAIL>" in page.tabs.read.text.toPlainText(), **_WAIT)

    qtbot.mouseClick(page.tab_buttons.buttons["preparation"], _LEFT)
    mixing: Any = page.tabs.preparation.mixing.form.row("mixing")
    mixing.combo.setFocus()
    qtbot.keyClicks(mixing.combo, "The weights alone")
    assert workspace.recipe.data.mixing == "shares"
    assert [card.share.text() for card in page.left.sources.cards] == ["50 %", "50 %"]

    qtbot.mouseClick(studio.window.top_bar.primary, _LEFT)
    qtbot.waitUntil(lambda: live.run_path is not None, **_WAIT)
    qtbot.waitUntil(lambda: not live.is_active, **_WAIT)
    assert live.run_path is not None
    run = RunFolder.open(live.run_path)
    assert run.status().state == "finished"
    assert run.recipe().data.mixing == "shares"
    prepared = _prepared_text(run)
    assert "<EMAIL>" in prepared
    assert "@letters" not in prepared


def _drop(page: Any, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    none = Qt.KeyboardModifier.NoModifier
    page.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, _LEFT, none))


def _prepared_text(run: RunFolder) -> str:
    """Return what the run was trained on, from its tokens."""
    prepared = reopen(Path(run.facts()["prepared"]))
    assert prepared is not None
    return prepared.tokenizer.decode(prepared.train.ids.tolist())


def test_the_live_model_writes_while_it_trains_and_closing_leaves_nothing_torn(
    qtbot: Any, studio: app.Studio, recipe_path: Path
) -> None:
    live = studio.workspace.training
    studio.workspace.change(studio.workspace.recipe.with_settings(["training.steps=100000"]), "x")
    qtbot.keyClick(studio.window, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: live.step >= 20, **_WAIT)
    playground = _page(qtbot, studio, "playground")
    writer = playground.continuing
    qtbot.waitUntil(lambda: writer.go.isEnabled(), **_WAIT)
    qtbot.keyClicks(writer.prompt, "One day ")
    qtbot.mouseClick(writer.go, _LEFT)
    qtbot.waitUntil(lambda: len(writer.view.tokens) > 20, **_WAIT)
    step = live.step
    qtbot.waitUntil(lambda: live.step > step, **_WAIT)
    qtbot.mouseClick(studio.window.top_bar.primary, _LEFT)
    qtbot.waitUntil(lambda: live.state == "paused", **_WAIT)
    path = live.run_path
    assert path is not None
    studio.window.leave("closed in the middle")
    qtbot.waitUntil(lambda: not live.is_active, **_WAIT)
    run = RunFolder.open(path)
    assert run.status().state == "stopped"
    assert run.checkpoints()[-1].step == run.status().step
    assert not run.is_locked()
