"""What the Report tab asks of ``sslstudio.corpora.report``, as functions beside the window.

Imports of the room are inside the functions. Making a report keeps child processes busy, not this
one; every function that takes time asks ``cancelled``.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sslstudio.corpora.report.facts import CorpusReport
from sslstudio.recipe import CorpusSource, DataOptions


@dataclasses.dataclass(frozen=True)
class ReportRequest:
    """What a report is about; two equal requests have the same report."""

    sources: tuple[CorpusSource, ...]
    data: DataOptions
    purpose: str = ""


def make_report(
    request: ReportRequest, on_progress: Callable[..., None], cancelled: Callable[[], bool]
) -> CorpusReport:
    """Return the report, made or taken from the cache."""
    from sslstudio.corpora.report import make_report as make

    return make(
        request.sources,
        request.data,
        purpose=Path(request.purpose) if request.purpose else None,
        on_progress=on_progress,
        cancelled=cancelled,
    )


def save_report(report: CorpusReport, path: str) -> None:
    """Write the report as HTML or, where ``path`` ends with .json, as JSON.

    Raises:
        StorageError: it cannot be written there.
    """
    from sslstudio.storage import write_atomically

    if path.lower().endswith(".json"):
        text = json.dumps(report.to_json(), ensure_ascii=False, indent=2) + "\n"
    else:
        from sslstudio.corpora.report.html import to_html

        text = to_html(report)
    write_atomically(Path(path), text)


def propose_weights(report: CorpusReport) -> tuple[float, ...]:
    """Return a weight for each source, by how well it suits the purpose."""
    from sslstudio.corpora.report import propose_weights as propose

    return tuple(propose(report))


def progress_of(values: tuple[Any, ...]) -> tuple[str, float, float, str]:
    """Return (stage, done, total, unit) of what ``make_report`` tells."""
    stage, done, total, unit = (*values, "", 0, 0, "")[:4]
    return str(stage), float(done), float(total), str(unit)
