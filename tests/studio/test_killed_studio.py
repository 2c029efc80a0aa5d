"""A studio that is killed while it trains: at the next start its run stands there with Resume."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from sslstudio.corpora.samples.tales import tales
from sslstudio.runs import RunFolder
from sslstudio.storage import verify_manifest
from sslstudio.studio import app, theme
from sslstudio.studio.panes.runs import RunsPane
from tests.studio.fakes import write_run

ROOT = Path(__file__).resolve().parents[2]
_WAIT = {"timeout": 60_000}
_RECIPE = """
name = "killed"
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
[training]
steps = 100000
batch_tokens = 256
[samples]
every = 0
[checkpoints]
every = 5
"""
# The whole program; the button is clicked as soon as it can be.
_PROGRAM = """
import sys
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from sslstudio.studio import app
class Studio(app.Studio):
    def __init__(self):
        super().__init__()
        self._clicks = QTimer(self, interval=50)
        self._clicks.timeout.connect(self._click)
        self._clicks.start()
    def _click(self):
        if self.workspace.engine is not None and self.window.top_bar.primary.isEnabled():
            self._clicks.stop()
            QTest.mouseClick(self.window.top_bar.primary, Qt.MouseButton.LeftButton)
app.Studio = Studio
sys.exit(app.main(sys.argv[1:]))
"""


@pytest.fixture
def killed_run(tmp_path: Path) -> RunFolder:
    """The run of a studio that was killed after some checkpoints."""
    stories = [t.replace("\n", " ") for t in itertools.islice(tales(9), 80)]
    (tmp_path / "tales.txt").write_text("\n\n".join(stories), encoding="utf-8")
    (tmp_path / "killed.toml").write_text(_RECIPE, encoding="utf-8")
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(ROOT),
    }
    words = [sys.executable, "-c", _PROGRAM, str(tmp_path / "killed.toml")]
    with (
        (tmp_path / "log").open("w", encoding="utf-8") as log,
        subprocess.Popen(words, env=environment, stdout=log, stderr=log) as studio,
    ):
        until = time.monotonic() + 120
        while not list((tmp_path / "runs").glob("*/checkpoints/step-00001*/manifest.json")):
            assert studio.poll() is None, (tmp_path / "log").read_text(encoding="utf-8")
            assert time.monotonic() < until
            time.sleep(0.01)
        studio.send_signal(signal.SIGKILL)
    (path,) = (tmp_path / "runs").iterdir()
    return RunFolder.open(path)


@pytest.fixture
def next_start(qtbot: Any, qapp: QApplication, killed_run: RunFolder) -> Iterator[app.Studio]:
    """A studio that is started after that, with another run beside it that is newer."""
    other = write_run(killed_run.path.parent, "newer", done=20)
    later = killed_run.facts()["started"] + 3600
    other.write_facts({**other.facts(), "started": later})
    theme.install(qapp)
    opened = app.Studio()
    opened.open([])
    qtbot.waitUntil(lambda: opened.workspace.engine is not None, **_WAIT)
    qtbot.waitUntil(lambda: len(opened.window.panes) == 6, **_WAIT)
    yield opened
    opened.window.leave("the test is over")
    qtbot.waitUntil(lambda: not opened.workspace.training.is_active, **_WAIT)
    opened.close()
    opened.window.deleteLater()


def test_its_run_stands_on_top_and_goes_on(
    qtbot: Any, killed_run: RunFolder, next_start: app.Studio
) -> None:
    saved = killed_run.checkpoints()
    for checkpoint in saved:
        verify_manifest(checkpoint.path)
    qtbot.mouseClick(next_start.window.rail.buttons["runs"], Qt.MouseButton.LeftButton)
    pane = next_start.window.panes["runs"]
    assert isinstance(pane, RunsPane)
    qtbot.waitUntil(lambda: pane.proxy.rowCount() == 2, **_WAIT)
    assert [pane.proxy.index(row, 6).data() for row in range(2)] == ["interrupted", "stopped"]
    assert pane.proxy.index(0, 0).data() == killed_run.name
    qtbot.waitUntil(lambda: "was interrupted at step" in pane.banner.text, **_WAIT)
    assert pane.banner.button.text() == "Resume"
    assert pane.go_on.text() == "Resume"
    assert pane.status.mark == "attention"
    qtbot.mouseClick(pane.banner.button, Qt.MouseButton.LeftButton)
    live = next_start.workspace.training
    qtbot.waitUntil(lambda: live.step > saved[-1].step + 5, **_WAIT)
    assert live.run_path == killed_run.path
    live.stop("the test has seen enough")
    qtbot.waitUntil(lambda: not live.is_active, **_WAIT)
    assert killed_run.status().state == "stopped"
    assert killed_run.checkpoints()[-1].step > saved[-1].step
    assert not list(killed_run.path.rglob(".tmp-*"))
