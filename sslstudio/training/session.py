"""A run from beginning to end: prepare the text, build the model, train, leave nothing torn.

The one way into the engine: the command line, the studio's thread and ``torchrun`` all call
:func:`train` or :func:`resume`, so the same recipe gives the same run wherever it was started.
Every event goes to the run folder and to ``emit``. The user's faults come back as
:class:`SSLStudioError` after the run folder has been put in order.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import torch

from sslstudio.corpora.preparation import PreparedData, prepare
from sslstudio.errors import Cancelled, RecipeError, RunError
from sslstudio.models.configuration import count_parameters
from sslstudio.objectives.objective import objective_class
from sslstudio.recipe import Recipe
from sslstudio.runs import RunFolder
from sslstudio.storage import sweep_temporaries
from sslstudio.training import warm_compiler
from sslstudio.training.along import assembled, train_along
from sslstudio.training.baselines import measure_baselines
from sslstudio.training.checkpoint import (
    Progress,
    load_checkpoint,
    newest_valid,
    set_aside_newer,
)
from sslstudio.training.circumstances import circumstances
from sslstudio.training.control import Control
from sslstudio.training.distributed import joined
from sslstudio.training.going_on import adapted, with_compiler_at_hand
from sslstudio.training.journal import Emit, Journal, RunResult, open_journal
from sslstudio.training.materials import Materials
from sslstudio.training.mixed import mixed
from sslstudio.training.parallel import check_shares
from sslstudio.training.prepared import check_same_tokens, reopened, with_own_tokenizer
from sslstudio.training.processes import Processes
from sslstudio.training.resolve import Resolved, check_early, check_settled, resolve
from sslstudio.training.threads import best_threads, settings_put_back, use_threads
from sslstudio.training.trainer import Trainer

__all__ = ["RunResult", "resume", "train"]


def train(
    recipe: Recipe,
    *,
    runs_dir: Path,
    name: str | None = None,
    device: str = "auto",
    control: Control,
    emit: Emit,
    on_run: Callable[[Path], None] = lambda _path: None,
) -> RunResult:
    """Begin a run of ``recipe`` and train it until it is done or ``control`` stops it.

    Raises:
        SSLStudioError: the recipe, the corpus, the device or the disk does not allow it. A run
            that had not begun to train leaves no folder behind.
    """
    with joined(device) as (chosen, processes):
        if not processes.is_writer:
            return train_along(chosen, processes)
        check_early(recipe)
        check_shares(recipe, processes)
        run = RunFolder.create(runs_dir, recipe, name)
        has_begun = False
        try:
            with run.lock(), open_journal(run, control, emit) as journal, settings_put_back():
                on_run(run.path)
                use_threads(best_threads(may_measure=not recipe.training.deterministic))
                materials = _prepare_new(recipe, run, chosen, control, journal, processes)
                has_begun = True
                return journal.follow(Trainer(materials, Progress()))
        except Cancelled:
            return RunResult("stopped", 0, None)
        finally:
            if not has_begun:
                shutil.rmtree(run.path, ignore_errors=True)


def resume(
    path: Path | str,
    *,
    settings: Iterable[str] = (),
    device: str = "auto",
    control: Control,
    emit: Emit,
    on_run: Callable[[Path], None] = lambda _path: None,
) -> RunResult:
    """Go on with the run at ``path`` from its newest whole checkpoint.

    A run that ended before it saved its first one begins again at its first step.

    Args:
        path: the run folder, or its name.
        settings: ``KEY=VALUE`` changes to the recipe, such as ``training.steps=4000``.

    Raises:
        SSLStudioError: no such run, another process writes it, none of its checkpoints is whole,
            or a setting cannot change any more. The run is left as it was.
    """
    with joined(device) as (chosen, processes):
        if not processes.is_writer:
            return train_along(chosen, processes)
        return _resume(path, list(settings), chosen, processes, control, emit, on_run)


def _resume(
    path: Path | str,
    settings: list[str],
    chosen: torch.device,
    processes: Processes,
    control: Control,
    emit: Emit,
    on_run: Callable[[Path], None],
) -> RunResult:
    """Go on with a run, in the process that writes it."""
    run = RunFolder.open(path)
    recipe = run.recipe().with_settings(settings)
    check_settled(run.recipe(), recipe)
    check_early(recipe)
    check_shares(recipe, processes)
    with run.lock(), open_journal(run, control, emit) as journal, settings_put_back():
        on_run(run.path)
        sweep_temporaries(run.path)
        sweep_temporaries(run.checkpoints_dir)
        use_threads(_threads_of(run, processes))
        checkpoint, refused = newest_valid(run)
        for sentence in refused:
            journal.message("caution", f"passed over a checkpoint: {sentence}")
        if checkpoint is None and refused:
            raise RunError(f"{run.path} has no whole checkpoint to go on from; start it anew")
        if checkpoint is None:
            return _begin_again(recipe, run, chosen, control, journal, processes)
        try:
            data = reopened(run, recipe) or _prepared(
                with_own_tokenizer(run, recipe), control, journal
            )
        except Cancelled:
            journal.restore()
            return RunResult("stopped", checkpoint.step, run.path)
        check_same_tokens(run, recipe, data)
        resolved = resolve(
            with_compiler_at_hand(run.recipe(), recipe, chosen),
            vocab_size=data.tokenizer.vocab_size,
            train_tokens=len(data.train.ids),
            device=chosen,
            data=data.facts,
            processes=processes,
        )
        if checkpoint.step > resolved.recipe.training.steps:
            raise RecipeError(
                f"{run.path} has taken {checkpoint.step:,} steps and training.steps is "
                f"{resolved.recipe.training.steps:,}: raise it"
            )
        data = mixed(data, resolved.recipe, journal)
        _tell_shares(recipe, resolved, processes, journal)
        _meet_compiler(resolved, chosen, control, journal)
        materials = assembled(resolved, run, data, chosen, processes, checkpoint.path, run.recipe())
        progress = load_checkpoint(checkpoint.path, *materials.loadable(), materials.scaler)
        set_aside_newer(run, checkpoint.step)
        materials.publish_weights()
        progress = adapted(progress, run.recipe(), resolved.recipe)
        now = circumstances(chosen, processes)
        journal.record_resumption(progress.step, settings, resolved.recipe, data, now)
        return journal.follow(Trainer(materials, progress))


def _begin_again(
    recipe: Recipe,
    run: RunFolder,
    device: torch.device,
    control: Control,
    journal: Journal,
    processes: Processes,
) -> RunResult:
    """Train a run from its first step that ended before its first checkpoint."""
    text = "no checkpoint was saved yet: beginning again at the first step"
    journal.message("caution", text, code="resumed", data={"step": 0})
    try:
        materials = _prepare_new(recipe, run, device, control, journal, processes)
    except Cancelled:
        journal.restore()
        return RunResult("stopped", 0, run.path)
    return journal.follow(Trainer(materials, Progress()))


def _prepare_new(
    recipe: Recipe,
    run: RunFolder,
    device: torch.device,
    control: Control,
    journal: Journal,
    processes: Processes,
) -> Materials:
    """Everything between the recipe and the first step; fills the new run folder."""
    data = _prepared(recipe, control, journal)
    resolved = resolve(
        recipe,
        vocab_size=data.tokenizer.vocab_size,
        train_tokens=len(data.train.ids),
        device=device,
        data=data.facts,
        processes=processes,
    )
    data = mixed(data, resolved.recipe, journal)
    data.tokenizer.save(run.tokenizer_path)
    resolved.recipe.save(run.path / "recipe.toml")
    run.write_facts(_facts(resolved, data, circumstances(device, processes)))
    is_likelihood = objective_class(recipe.objective.name).defines_bits_per_byte
    for baseline in measure_baselines(data, lambda: control.is_stopping):
        if baseline.name != "unigram" and not is_likelihood:
            continue  # it knows what came before; the objective asks something else
        journal.message(
            "info",
            f"{baseline.name}: {baseline.loss:.4f} nats per token, "
            f"{baseline.bits_per_byte:.3f} bits per byte",
            code="baseline",
            data=dataclasses.asdict(baseline),
        )
    _meet_compiler(resolved, device, control, journal)
    _tell_shares(recipe, resolved, processes, journal)
    return assembled(resolved, run, data, device, processes)


def _prepared(recipe: Recipe, control: Control, journal: Journal) -> PreparedData:
    """Read, split, tokenise; or find it done."""
    data = prepare(recipe, on_progress=journal.progress, cancelled=lambda: control.is_stopping)
    for skipped in data.facts.get("skipped", ())[:20]:
        journal.message("caution", f"skipped {skipped['path']}: {skipped['reason']}")
    journal.message(
        "info",
        f"{len(data.train.ids):,} tokens to train on, {len(data.validation.ids):,} to validate, "
        f"vocabulary of {data.tokenizer.vocab_size:,}",
        code="prepared",
        data={
            "train_tokens": len(data.train.ids),
            "validation_tokens": len(data.validation.ids),
            "vocab_size": data.tokenizer.vocab_size,
        },
    )
    return data


def _meet_compiler(
    resolved: Resolved, device: torch.device, control: Control, journal: Journal
) -> None:
    """Say that compiling takes a while, and leave it to a child where a window lives here."""
    training = resolved.recipe.training
    if training.compile == "on":
        journal.message("info", "compiling the network; this takes up to half a minute, once")
    if warm_compiler.is_wanted(training):
        warm_compiler.warm(resolved.config, training, device, lambda: control.is_stopping)


def _facts(resolved: Resolved, data: PreparedData, now: dict[str, Any]) -> dict[str, Any]:
    """Return what ``run.json`` keeps of how this run came about."""
    return {
        "started": time.time(),
        **now,
        "model": resolved.config.to_dict(),
        "parameters": count_parameters(resolved.config).to_dict(),
        "corpora": data.facts,
        "prepared": str(data.folder),
        "last": {},
    }


def _tell_shares(
    recipe: Recipe, resolved: Resolved, processes: Processes, journal: Journal
) -> None:
    """Say in the log what sharing the network turned off."""
    is_sharded = resolved.recipe.training.parallel == "shard" and processes.count > 1
    if is_sharded and recipe.training.compile == "on":
        journal.message("caution", "training.compile is off: the network is shared out in parts")


def _threads_of(run: RunFolder, processes: Processes) -> int:
    """Return the thread count that the run began with, where this machine has so many cores.

    Several processes share the cores in another way than one did.
    """
    facts = run.facts()
    kept = facts.get("threads")
    if facts.get("processes", 1) != processes.count:
        return best_threads()
    if isinstance(kept, int) and 1 <= kept <= (os.cpu_count() or 1):
        return kept
    return best_threads()
