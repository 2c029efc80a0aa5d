"""Take pictures of every page, as a user would see them, light and dark, in two sizes.

    .venv/bin/python packaging/screenshots.py OUT [--steps N] [--readme]

Opens the studio on a screen of its own where Xvfb is installed (else on the one there is), with
settings, cache and runs in a temporary folder, lets it report on two samples, trains them for N
steps, lets the playground write, and saves OUT/<page>-<scheme>-<width>.png; for every tab of the
corpora page one of its own, OUT/corpora-<tab>-…. With --readme it also writes
docs/studio.png, the picture of the README.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sslstudio.studio.app import Studio

ROOT = Path(__file__).resolve().parent.parent
SIZES = ((1280, 800), (1920, 1080))
PAGES = ("corpora", "objective", "model", "training", "playground", "runs")
CORPUS_TABS = ("read", "report", "tokens", "preparation")
PATIENCE_S = 600
README_PICTURE = ROOT / "docs" / "studio.png"


def main() -> int:
    """Parse, find a screen, take the pictures; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--readme", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    xvfb = shutil.which("Xvfb")
    with tempfile.TemporaryDirectory() as folder:
        for name in ("SETTINGS", "DATA", "RUNS"):
            os.environ[f"SSLSTUDIO_{name}"] = f"{folder}/{name.lower()}"
        if xvfb is None or os.environ.get("SSLSTUDIO_THIS_SCREEN"):
            return _take(options)
        reading, writing = os.pipe()
        command = [xvfb, "-displayfd", str(writing), "-screen", "0", "1920x1080x24", "-noreset"]
        server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
        try:
            os.environ["DISPLAY"] = ":" + os.read(reading, 16).decode().strip()
            os.environ["QT_QPA_PLATFORM"] = "xcb"
            return _take(options)
        finally:
            server.terminate()


def _take(options: argparse.Namespace) -> int:
    from PySide6.QtCore import QTimer

    from sslstudio.studio import app

    class Scripted(app.Studio):
        """The studio with somebody at the mouse."""

        def __init__(self) -> None:
            super().__init__()
            self.script = _script(self, options)
            self.condition: Callable[[], object] = lambda: True
            self.since = time.monotonic()
            self.clock = QTimer(self, interval=100)
            self.clock.timeout.connect(self.go_on)
            self.clock.start()

        def go_on(self) -> None:
            """Take the next step of the script once its condition holds."""
            if not self.condition():
                assert time.monotonic() - self.since < PATIENCE_S, "waited in vain"
                return
            self.since = time.monotonic()
            try:
                self.condition = next(self.script)
            except StopIteration:
                self.clock.stop()
                self.window.leave("the pictures are taken")

    app.Studio = Scripted  # type: ignore[misc]
    return app.main([])


def _after(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def _script(studio: Studio, options: argparse.Namespace) -> Iterator[Callable[[], object]]:
    """Do the job of a new user; yields what to wait for."""
    from sslstudio.recipe import CorpusSource

    window, workspace = studio.window, studio.workspace
    yield lambda: workspace.engine is not None and len(window.panes) == len(PAGES)
    recipe = dataclasses.replace(
        workspace.recipe,
        name="Little tales",
        corpora=(
            CorpusSource(path="sample:tales"),
            CorpusSource(path="sample:handbook", weight=0.3),
        ),
        training=dataclasses.replace(workspace.recipe.training, steps=options.steps),
    )
    workspace.change(recipe, "Choose the samples")
    for page in ("corpora", "objective", "model"):
        window.show_page(page)
        yield _after(3)
    yield from _study(window.panes["corpora"])
    trials: Any = window.panes["model"]
    for button in (trials.trials.measure_button, trials.trials.find_button):
        button.click()
        yield _after(1)
        yield button.isEnabled
    window.top_bar.primary.click()
    yield lambda: workspace.training.step >= options.steps * 3 // 4
    window.show_page("playground")
    yield _after(1)
    _write(window.panes["playground"], "Once upon a time there was a little")
    yield _after(12)
    for page in PAGES:
        window.show_page(page)
        yield _after(1)
        for tab in CORPUS_TABS if page == "corpora" else ("",):
            if tab:
                corpora: Any = window.panes[page]
                corpora.show_tab(tab)
                yield _after(1)
            yield from _pictures(studio, f"{page}-{tab}" if tab else page, options)
    yield lambda: not workspace.training.is_active


def _study(pane: Any) -> Iterator[Callable[[], object]]:
    """Make the report and measure vocabularies on the corpora page."""
    yield lambda: pane.status.mark == "ready"
    pane.show_tab("report")
    report = pane.tabs.report
    if not report.reports.is_making:
        report.make()
    yield lambda: report.reports.report is not None
    pane.show_tab("tokens")
    pane.tabs.tokens.measure()
    yield lambda: len(pane.tabs.tokens.vocabulary.bytes_plot.values) > 1
    yield _after(2)


def _write(pane: Any, text: str) -> None:
    pane.continuing.prompt.setPlainText(text)
    pane.continuing.continue_()


def _pictures(
    studio: Studio, page: str, options: argparse.Namespace
) -> Iterator[Callable[[], object]]:
    from sslstudio.studio import theme

    for scheme in ("light", "dark"):
        theme.choose(scheme)
        for width, height in SIZES:
            studio.window.resize(width, height)
            yield _after(1.2)
            picture = studio.window.grab()
            picture.save(str(options.out / f"{page}-{scheme}-{width}.png"))
            if options.readme and (page, scheme, width) == ("training", "light", 1280):
                picture.save(str(README_PICTURE))
    theme.choose("automatic")


if __name__ == "__main__":
    sys.exit(main())
