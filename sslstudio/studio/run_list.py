"""Reads the list of runs for the table: in a worker thread, and only when something changed.

The signature of a folder of runs is what its status files look like from outside; while it stays
the same and no run is live, nothing is opened.
"""

from __future__ import annotations

import contextlib
import dataclasses
from pathlib import Path

from PySide6.QtCore import QFile

from sslstudio.errors import StorageError
from sslstudio.runs import RunSummary, list_runs

LIVE = ("preparing", "training", "paused")
Signature = frozenset[tuple[str, int]]


@dataclasses.dataclass(frozen=True)
class RunList:
    """The runs of one folder at one moment."""

    runs_dir: Path
    rows: tuple[RunSummary, ...]
    signature: Signature

    @property
    def has_live(self) -> bool:
        """Whether a process writes one of them."""
        return any(row.state in LIVE for row in self.rows)


def read_runs(runs_dir: Path, known: RunList | None) -> RunList | None:
    """Return the runs of ``runs_dir``, or None where nothing changed since ``known``."""
    signature = _signature(runs_dir)
    if (
        known is not None
        and known.runs_dir == runs_dir
        and known.signature == signature
        and not known.has_live
    ):
        return None
    return RunList(runs_dir, tuple(list_runs(runs_dir)), signature)


def move_to_bin(path: Path) -> None:
    """Move a run folder to the system's bin.

    Raises:
        StorageError: there is no bin, or it may not be moved.
    """
    moved = QFile.moveToTrash(str(path))
    ok = moved[0] if isinstance(moved, tuple) else moved
    if not ok:
        raise StorageError(f"{path} could not be moved to the bin; delete the folder by hand")


def _signature(runs_dir: Path) -> Signature:
    found = set()
    with contextlib.suppress(OSError):
        for run in runs_dir.iterdir():
            newest = 0
            for name in ("status.json", "run.json", "recipe.toml"):
                with contextlib.suppress(OSError):
                    newest = max(newest, (run / name).stat().st_mtime_ns)
            found.add((run.name, newest))
    return frozenset(found)
