"""Run suites over the checkpoints of a run: the document of ``sslstudio evaluate --json``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from sslstudio.errors import Cancelled
from sslstudio.registry import find
from sslstudio.runs import RunFolder
from sslstudio.training.checkpoint import choose_checkpoint
from sslstudio.training.loading import load_trained
from sslstudio.training.prepared import prepared_for


def evaluate(
    path: Path | str,
    *,
    checkpoint: str = "last",
    suites: Sequence[str] = ("perplexity",),
    device: torch.device | None = None,
    on_progress: Callable[[str, int, int, str], None] = lambda _stage, _done, _total, _unit: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> dict[str, Any]:
    """Measure ``suites`` on "last", "best", "all", or the checkpoint of a step.

    Raises:
        SSLStudioError: no such run, checkpoint or suite.
        Cancelled: ``is_cancelled`` said so.
    """
    run = RunFolder.open(path)
    measures = {name: find("suites", name).cls() for name in suites}
    chosen = run.checkpoints() if checkpoint == "all" else []
    chosen = chosen or [choose_checkpoint(run, "last" if checkpoint == "all" else checkpoint)]
    data = prepared_for(run, on_progress=on_progress, cancelled=is_cancelled)
    rows = []
    for number, place in enumerate(chosen):
        on_progress("measuring", number, len(chosen), "checkpoints")
        trained = load_trained(run, place.step, device)
        figures = {}
        for name, suite in measures.items():
            figures[name] = suite.measure(trained, data.validation.ids, is_cancelled)
            if figures[name] is None:
                raise Cancelled
        rows.append({"step": place.step, "suites": figures})
    return {"run": str(run.path), "checkpoints": rows}
