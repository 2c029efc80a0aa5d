"""Fixtures for the corpora room."""

from __future__ import annotations

from pathlib import Path

import pytest

from sslstudio.corpora.taking_in import process


@pytest.fixture
def nothing_taken_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty cache of its own, and no memory of files that a child died of."""
    monkeypatch.setenv("SSLSTUDIO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(process, "_died_of", {})
