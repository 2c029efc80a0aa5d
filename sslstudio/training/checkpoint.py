"""Checkpoints: everything that a run needs to go on as if it had never stopped.

A folder of safetensors and JSON that counts only once its manifest (written last) matches. It
holds weights, optimizer moments, the generators' states and the position in the run; data order
needs no state because it is a pure function of the step. Nothing is ever unpickled. Cost: one
copy of weights and moments to the disk, about 12 bytes a parameter.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import math
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from sslstudio.errors import RunError, StorageError
from sslstudio.models.configuration import ModelConfig, count_parameters
from sslstudio.runs import CheckpointPath, RunFolder
from sslstudio.storage import (
    UNREADABLE,
    commit_folder,
    remove_folder,
    require_room,
    storage_guard,
    temporary_folder,
    verify_manifest,
)
from sslstudio.training.optimizer import Optimizers

SCHEMA = 1
MODEL, OPTIMIZER, STATE = "model.safetensors", "optimizer.safetensors", "state.json"
_FILES = (MODEL, OPTIMIZER, STATE)
_CPU_GENERATOR, _CUDA_GENERATOR = "generator.cpu", "generator.cuda"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Progress:
    """Where a run stands: what ``state.json`` keeps beside the tensors."""

    step: int = 0
    tokens: int = 0
    seconds: float = 0.0  # spent so far, pauses left out
    loss: float | None = None  # validation loss at this step
    bits_per_byte: float | None = None
    best_loss: float | None = None
    best_step: int = -1
    # sums since the last logged point, so that a resumed run logs the same means
    logged: Mapping[str, float] = dataclasses.field(default_factory=dict)
    micro_batch: int = 0  # rows at once, where memory ran out before; 0: as in the recipe
    skipped_in_a_row: int = 0  # updates that were not finite, just before this step
    halvings: int = 0  # of the learning rate, each after turning back
    turned_back_at: int = -1  # the furthest step that was given up
    usual_losses: Sequence[float] = ()  # of the updates before, which spikes are measured against


def save_checkpoint(
    run: RunFolder,
    progress: Progress,
    model: nn.Module,
    optimizer: Optimizers,
    scaler: torch.amp.GradScaler | None = None,
) -> tuple[Path, float, int]:
    """Write ``checkpoints/step-NNNNNN``; returns its path, the seconds and the bytes it took.

    Raises:
        StorageError: no room or no permission; the earlier checkpoints stand untouched.
    """
    began = time.perf_counter()
    final = run.checkpoints_dir / f"step-{progress.step:06d}"
    weights, moments = _weights(model), _optimizer_tensors(model, optimizer)
    require_room(run.path, sum(t.nbytes for t in (*weights.values(), *moments.values())))
    temporary = temporary_folder(final)
    try:
        _write_tensors(weights, temporary / MODEL)
        _write_tensors(moments, temporary / OPTIMIZER)
        state = {"schema": SCHEMA, **dataclasses.asdict(progress)}
        if scaler is not None:
            state["scaler"] = scaler.state_dict()
        (temporary / STATE).write_text(json.dumps(state, indent=1), encoding="utf-8")
        size = sum(file.stat().st_size for file in temporary.iterdir())
        commit_folder(temporary, final)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise StorageError(
            f"cannot write {final}: {error.strerror}; what was saved before is whole: free "
            "some space, then go on"
        ) from error
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    return final, time.perf_counter() - began, size


def check_room(run: RunFolder, config: ModelConfig) -> None:
    """Raise a :class:`StorageError` where not even one checkpoint would fit; before a first step.

    Counts weights and two moments each, in four bytes; an optimizer that keeps one takes less.
    """
    require_room(run.path, 12 * count_parameters(config).total)


def load_weights(model: nn.Module, folder: Path) -> None:
    """Load the weights of the checkpoint ``folder`` into ``model``, after checking its manifest.

    Raises:
        RunError: damaged, or made for another shape of model.
    """
    verify_manifest(folder, _FILES)
    try:
        model.load_state_dict(load_file(folder / MODEL), strict=True)
    except (SafetensorError, RuntimeError, OSError) as error:
        raise RunError(
            f"{folder} does not fit the model of its run: use another checkpoint, put back "
            "recipe.toml and run.json as they were, or begin a new run"
        ) from error


def load_checkpoint(
    folder: Path,
    model: nn.Module,
    optimizer: Optimizers,
    scaler: torch.amp.GradScaler | None = None,
) -> Progress:
    """Restore model, optimizer and generators from ``folder``; returns where the run stood.

    Raises:
        RunError: damaged, from a newer release, or made for another model.
    """
    load_weights(model, folder)
    state = _read_state(folder)
    try:
        tensors = load_file(folder / OPTIMIZER)
        torch.set_rng_state(tensors[_CPU_GENERATOR])
    except (SafetensorError, RuntimeError, OSError, KeyError) as error:
        raise RunError(f"{folder / OPTIMIZER} is damaged; use an older checkpoint") from error
    _restore_optimizer(model, optimizer, tensors)
    if _CUDA_GENERATOR in tensors and torch.cuda.is_available():
        torch.cuda.set_rng_state(tensors[_CUDA_GENERATOR])
    if scaler is not None and "scaler" in state:
        scaler.load_state_dict(state["scaler"])
    return _progress(state)


def read_progress(folder: Path) -> Progress:
    """Return where the run stood at the checkpoint ``folder``, from its small file only."""
    return _progress(_read_state(folder))


def newest_valid(run: RunFolder) -> tuple[CheckpointPath | None, list[str]]:
    """Return the newest checkpoint whose files match its manifest, and why newer ones do not."""
    refused: list[str] = []
    for checkpoint in reversed(run.checkpoint_folders()):
        try:
            verify_manifest(checkpoint.path, _FILES)
            return checkpoint, refused
        except RunError as error:
            refused.append(str(error))
    return None, refused


def last_good(run: RunFolder) -> CheckpointPath | None:
    """Return the newest whole checkpoint that was not saved among skipped updates."""
    for checkpoint in reversed(run.checkpoint_folders()):
        with contextlib.suppress(RunError):
            verify_manifest(checkpoint.path, _FILES)
            if read_progress(checkpoint.path).skipped_in_a_row == 0:
                return checkpoint
    return None


def drop_newer(run: RunFolder, step: int) -> None:
    """Delete checkpoints beyond ``step``: the run went back and will come by there anew."""
    for checkpoint in run.checkpoint_folders():
        if checkpoint.step > step:
            remove_folder(checkpoint.path)


def set_aside_newer(run: RunFolder, step: int) -> None:
    """Rename checkpoints beyond ``step``, which are damaged, so that they count no longer.

    Else they would be the newest ones, and pruning would give up good ones for them.
    """
    for checkpoint in run.checkpoint_folders():
        if checkpoint.step > step:
            aside = checkpoint.path.with_name(f"damaged-{checkpoint.path.name}")
            remove_folder(aside)
            with storage_guard(aside):
                checkpoint.path.rename(aside)


def choose_checkpoint(run: RunFolder, which: str | int = "last") -> CheckpointPath:
    """Return the checkpoint ``which``: "last", "best" (by validation loss), or a step.

    Raises:
        RunError: the run has none, or not that one.
    """
    found = run.checkpoints()
    if not found:
        raise RunError(f"{run.path} has no checkpoint yet; let it train until it saves one")
    if which == "last":
        return found[-1]
    if which == "best":
        losses = [(_loss_of(c.path), c) for c in found]
        scored = [(loss, -c.step, c) for loss, c in losses if loss is not None]
        return min(scored, key=lambda s: s[:2])[2] if scored else found[-1]
    for checkpoint in found:
        if str(checkpoint.step) == str(which):
            return checkpoint
    steps = ", ".join(str(c.step) for c in found)
    raise RunError(f"{run.path} has no checkpoint at step {which}; choose one of {steps}")


def prune_checkpoints(run: RunFolder, keep: int) -> None:
    """Delete all but the ``keep`` newest checkpoints and the best one."""
    best = choose_checkpoint(run, "best")
    for checkpoint in run.checkpoints()[:-keep]:
        if checkpoint != best:
            remove_folder(checkpoint.path)


def _loss_of(folder: Path) -> float | None:
    """Return the validation loss of a checkpoint; None where it has none, or is damaged."""
    with contextlib.suppress(RunError):
        loss = read_progress(folder).loss
        return loss if isinstance(loss, float) and math.isfinite(loss) else None
    return None


def _weights(model: nn.Module) -> dict[str, Tensor]:
    return {k: v.detach().cpu().contiguous() for k, v in model.state_dict().items()}


def _optimizer_tensors(model: nn.Module, optimizer: Optimizers) -> dict[str, Tensor]:
    """Return the moments by parameter name, and the states of the generators."""
    tensors = {}
    for name, parameter in model.named_parameters():
        for key, value in optimizer.state.get(parameter, {}).items():
            tensors[f"{name}/{key}"] = torch.as_tensor(value).detach().cpu().contiguous()
    tensors[_CPU_GENERATOR] = torch.get_rng_state()
    if torch.cuda.is_available():
        tensors[_CUDA_GENERATOR] = torch.cuda.get_rng_state()
    return tensors


def _restore_optimizer(model: nn.Module, optimizer: Optimizers, tensors: dict[str, Tensor]) -> None:
    for name, parameter in model.named_parameters():
        prefix = f"{name}/"
        kept = {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
        if kept:
            # the fused AdamW wants its step counter beside the parameter
            optimizer.state[parameter] = {k: v.to(parameter.device) for k, v in kept.items()}


def _write_tensors(tensors: dict[str, Tensor], path: Path) -> None:
    try:
        save_file(tensors, path)
    except SafetensorError as error:
        # safetensors wraps the system's error; only its text still tells a full disk
        raise StorageError(
            f"cannot write {path.parent.parent}: {error}; what was saved before is whole: "
            "free some space, then go on"
        ) from error


def _read_state(folder: Path) -> dict[str, Any]:
    try:
        state: dict[str, Any] = json.loads((folder / STATE).read_bytes())
        schema = int(state["schema"])
    except (*UNREADABLE, KeyError, TypeError) as error:
        raise RunError(f"{folder / STATE} is damaged; use an older checkpoint") from error
    if schema > SCHEMA:
        raise RunError(f"{folder} was written by a newer SSL Studio: update SSL Studio")
    return state


def _progress(state: Mapping[str, Any]) -> Progress:
    known = {f.name for f in dataclasses.fields(Progress)}
    return Progress(**{k: v for k, v in state.items() if k in known})
