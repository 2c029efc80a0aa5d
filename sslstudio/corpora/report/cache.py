"""Reports that were made before, by the content of the files and the settings.

In the cache folder, one file of JSON each; a damaged one is made anew. Of many, the oldest go.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from sslstudio.corpora.report.facts import CorpusReport
from sslstudio.corpora.report.facts_json import dump_report, load_report
from sslstudio.errors import StorageError
from sslstudio.storage import UNREADABLE, cache_dir, write_atomically

MOST_REPORTS = 50


def find(key: str) -> CorpusReport | None:
    """Return the report kept under ``key``, or None."""
    path = _folder() / f"{key}.json"
    with contextlib.suppress(*UNREADABLE):
        return load_report(path.read_bytes())
    return None


def keep(key: str, report: CorpusReport) -> None:
    """Keep ``report``; a full disk costs the time of making it again."""
    with contextlib.suppress(StorageError):
        write_atomically(_folder() / f"{key}.json", dump_report(report))
        _forget_oldest()


def _folder() -> Path:
    return cache_dir() / "reports"


def _forget_oldest() -> None:
    with contextlib.suppress(OSError):  # another process may be doing the same
        files = sorted(_folder().glob("*.json"), key=lambda path: path.stat().st_mtime)
        for path in files[:-MOST_REPORTS]:
            path.unlink(missing_ok=True)
