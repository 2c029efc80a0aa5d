"""Fixtures for every room: shared data, folders of one's own, slow tests behind an option."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="also run the long soaks")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--slow"):
        return
    skip = pytest.mark.skip(reason="long soak: run with --slow")
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(autouse=True, scope="session")
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep every test away from the user's own runs, caches and settings."""
    base = tmp_path_factory.mktemp("user")
    patch = pytest.MonkeyPatch()
    patch.setenv("SSLSTUDIO_CACHE", str(base / "cache"))
    patch.setenv("SSLSTUDIO_DATA", str(base / "data"))
    patch.setenv("SSLSTUDIO_RUNS", str(base / "runs"))
    patch.setenv("SSLSTUDIO_SETTINGS", str(base / "settings"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of texts and suites beside the project; skips where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data")
    return folder
