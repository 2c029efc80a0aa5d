"""The other processes of a run: they hear what number 0 prepared, and train along.

Stands beside ``session.py``. Number 0 alone reads the recipe, finds the run and its text, and
says so once (:func:`assembled`); each other process opens the same files, which must lie on a
disk that all see, and runs the same trainer. It writes nothing and tells nobody anything.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from sslstudio.corpora.preparation import PreparedData, prepare, reopen
from sslstudio.errors import ProcessError, SSLStudioError
from sslstudio.models.configuration import ModelConfig
from sslstudio.recipe import Recipe
from sslstudio.runs import RunFolder
from sslstudio.training.assembly import assemble
from sslstudio.training.checkpoint import Progress, load_checkpoint
from sslstudio.training.control import Control
from sslstudio.training.distributed import Joined
from sslstudio.training.going_on import adapted
from sslstudio.training.journal import RunResult
from sslstudio.training.materials import Materials
from sslstudio.training.memory import out_of_memory_named
from sslstudio.training.processes import Processes, lost_process_named
from sslstudio.training.resolve import Resolved
from sslstudio.training.threads import best_threads, settings_put_back, use_threads
from sslstudio.training.trainer import Trainer


def assembled(
    resolved: Resolved,
    run: RunFolder,
    data: PreparedData,
    device: torch.device,
    processes: Processes,
    checkpoint: Path | None = None,
    before: Recipe | None = None,
) -> Materials:
    """Let the other processes begin too, and put together what this one needs.

    Args:
        checkpoint: what a run goes on from, which began with the recipe ``before``.
    """
    processes.announce(
        {
            "run": str(run.path.absolute()),
            "recipe": resolved.recipe.to_toml(),
            "config": resolved.config.to_dict(),
            "rows_per_step": resolved.rows_per_step,
            "prepared": str(data.folder.absolute()),
            "checkpoint": str(checkpoint.absolute()) if checkpoint else "",
            "before": before.to_toml() if before else "",
        }
    )
    return assemble(resolved, run, data, device, processes)


def train_along(device: torch.device, processes: Processes) -> RunResult:
    """Compute this process's share of a run until number 0 ends it.

    Raises:
        SSLStudioError: number 0 refused, with its sentence and status.
        ProcessError: this process cannot go on, or has lost the others.
    """
    assert isinstance(processes, Joined)
    with lost_process_named():
        words = processes.hear()
    if "refused" in words:
        if not words["status"]:
            return RunResult("stopped", 0, None)
        refusal = SSLStudioError(words["refused"])
        refusal.exit_status = words["status"]
        raise refusal
    try:
        with out_of_memory_named(), lost_process_named(), settings_put_back():
            return _trained(words, device, processes)
    except SSLStudioError as error:
        if type(error) is SSLStudioError:  # turning back is no use: all find it, number 0 says it
            raise
        raise ProcessError(f"process {processes.rank}: {error}") from error


def _trained(words: dict[str, Any], device: torch.device, processes: Processes) -> RunResult:
    run = RunFolder.open(words["run"])
    use_threads(best_threads())
    recipe = Recipe.from_toml(words["recipe"])
    resolved = Resolved(recipe, ModelConfig.from_dict(words["config"]), words["rows_per_step"])
    data = _opened(Path(words["prepared"]), recipe)
    materials, progress = assemble(resolved, run, data, device, processes), Progress()
    if words["checkpoint"]:
        folder = Path(words["checkpoint"])
        progress = load_checkpoint(folder, *materials.loadable(), materials.scaler)
        materials.publish_weights()
        progress = adapted(progress, Recipe.from_toml(words["before"]), recipe)
    trainer = Trainer(materials, progress)
    state = trainer.run(Control(), lambda _event: None)
    return RunResult(state, trainer.progress.step, None)


def _opened(folder: Path, recipe: Recipe) -> PreparedData:
    """Return number 0's tokens; a machine that does not see them makes the same again."""
    return reopen(folder) or prepare(recipe)
