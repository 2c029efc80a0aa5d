"""Studio tests: no thread may outlive its test, settings are the test's own, no real folders."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PySide6")
_ROOT = str(Path(__file__).resolve().parents[2])
if _ROOT not in sys.path:  # for tests.studio.fakes, whatever pytest was called with
    sys.path.insert(0, _ROOT)
if not os.environ.get("DISPLAY") and sys.platform.startswith("linux"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QThread  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from sslstudio.studio import theme  # noqa: E402
from sslstudio.studio.background import Background  # noqa: E402
from sslstudio.studio.live_run import LiveRun  # noqa: E402
from sslstudio.studio.training_thread import TrainingThread  # noqa: E402
from sslstudio.studio.workspace import Workspace  # noqa: E402
from tests.studio.fakes import FakeTrainer  # noqa: E402


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let pass the warnings that the offscreen platform gives about itself."""
    itself = ("propagateSizeHints", "support raise", "support grabbing the keyboard")
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore(*itself, extend=True))


@pytest.fixture(autouse=True)
def _no_thread_survives(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail a test that leaves a QThread running or a pool at work (after napari's fixture)."""
    threads: list[QThread] = []
    pools: list[Background] = []
    start, init = QThread.start, Background.__init__

    def remember_thread(self: QThread, *args: Any) -> None:
        threads.append(self)
        start(self, *args)

    def remember_pool(self: Background, *args: Any, **kwargs: Any) -> None:
        pools.append(self)
        init(self, *args, **kwargs)

    monkeypatch.setattr(TrainingThread, "start", remember_thread, raising=False)
    monkeypatch.setattr(Background, "__init__", remember_pool)
    yield
    leaked = [t for t in threads if _runs(t)]
    for thread in leaked:
        thread.wait(5000)
    for pool in pools:
        busy = not pool._closed and not pool.is_idle()
        pool.close()
        leaked.extend([pool] if busy else [])  # type: ignore[list-item]
    assert not leaked, f"still at work after the test: {leaked}"


def _runs(thread: QThread) -> bool:
    try:
        return thread.isRunning()
    except RuntimeError:  # its C++ half is gone, so it has ended
        return False


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSLSTUDIO_SETTINGS", str(tmp_path / "settings"))
    monkeypatch.setenv("SSLSTUDIO_RUNS", str(tmp_path / "runs"))


@pytest.fixture
def themed(qapp: QApplication) -> QApplication:
    """The application with the studio's palette and style sheet."""
    theme.install(qapp)
    return qapp


@pytest.fixture
def background(qapp: QApplication) -> Iterator[Background]:
    """Worker threads that are joined after the test."""
    pool = Background()
    yield pool
    pool.close()


@pytest.fixture
def workspace(qapp: QApplication) -> Iterator[Workspace]:
    """A workspace with the default recipe and no engine."""
    made = Workspace()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _collect_after() -> Iterator[None]:
    """Destroy what Python still holds of a window in the GUI thread, not in a worker later."""
    yield
    gc.collect()


@pytest.fixture
def trainer(tmp_path: Path) -> FakeTrainer:
    """A session that takes a hundred quick steps; tests may change it before they start."""
    return FakeTrainer(tmp_path / "runs")


@pytest.fixture
def studio_workspace(qapp: QApplication, trainer: FakeTrainer) -> Iterator[Workspace]:
    """A workspace whose live run is the fake trainer under the engine's own control."""
    made = Workspace(training=LiveRun(session_of=lambda **_facts: trainer))
    yield made
    made.close()
