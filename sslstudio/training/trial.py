"""Everything as for a run of a recipe, without a run: to take a few steps and leave nothing.

The text is prepared as for a run, and found in the cache by the run that follows. Threads and
algorithms are put back at the end, and no run folder is made. It does not know what is tried.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

from sslstudio.corpora.preparation import prepare
from sslstudio.recipe import Recipe
from sslstudio.runs import RunFolder
from sslstudio.training.assembly import assemble
from sslstudio.training.materials import Materials
from sslstudio.training.processes import Processes
from sslstudio.training.resolve import check_early, resolve
from sslstudio.training.threads import best_threads, settings_put_back, use_threads


@contextmanager
def tried(
    recipe: Recipe,
    device: torch.device,
    cancelled: Callable[[], bool],
    on_progress: Callable[[str, int, int, str], None],
) -> Iterator[Materials]:
    """Give what a trainer of ``recipe`` would work with on ``device``.

    Raises:
        SSLStudioError: whatever would keep a run from beginning.
        Cancelled: ``cancelled()`` said so.
    """
    check_early(recipe)
    data = prepare(recipe, on_progress=on_progress, cancelled=cancelled)
    with settings_put_back(), tempfile.TemporaryDirectory() as folder:
        use_threads(best_threads(may_measure=not recipe.training.deterministic))
        resolved = resolve(
            recipe,
            vocab_size=data.tokenizer.vocab_size,
            train_tokens=len(data.train.ids),
            device=device,
            data=data.facts,
        )
        yield assemble(resolved, RunFolder(Path(folder)), data, device, Processes())
