"""A run from beginning to end: prepare the text, build the model, train, leave nothing torn.

The one way into the engine: the command line, the studio's thread and ``torchrun`` all call
:func:`train` or :func:`resume`, so the same recipe gives the same run wherever it was started.
Every event goes to the run folder and to ``emit``. The user's faults come back as
:class:`SSLStudioError` after the run folder has been put in order.
"""

from __future__ import annotations

import contextlib
import dataclasses
import platform
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import torch

import sslstudio
from sslstudio.corpora.preparation import PreparedData, prepare
from sslstudio.errors import Cancelled, RecipeError, RunError, SSLStudioError
from sslstudio.events import EvaluationEvent, Event, MessageEvent, StateEvent, StepEvent
from sslstudio.models.configuration import count_parameters
from sslstudio.models.transformer import Transformer
from sslstudio.objectives.objective import build_objective, objective_class
from sslstudio.recipe import Recipe
from sslstudio.run_writer import RunWriter
from sslstudio.runs import RunFolder
from sslstudio.storage import sweep_temporaries, write_atomically
from sslstudio.training.baselines import measure_baselines
from sslstudio.training.checkpoint import Progress, load_checkpoint, newest_valid
from sslstudio.training.control import Control
from sslstudio.training.memory import check_memory, out_of_memory_named
from sslstudio.training.optimizer import build_optimizer
from sslstudio.training.plan import remember_speed
from sslstudio.training.precision import choose_device
from sslstudio.training.prepared import check_same_tokenizer, reopened
from sslstudio.training.resolve import Resolved, check_early, check_settled, resolve
from sslstudio.training.sampler import Sampler
from sslstudio.training.trainer import Materials, Trainer

Emit = Callable[[Event], None]
_SECONDS_BETWEEN_PROGRESS = 0.1
_SECONDS_THAT_TELL_THE_SPEED = 3.0


@dataclasses.dataclass(frozen=True)
class RunResult:
    """How a run ended: "finished" or "stopped"; ``path`` is None where nothing was begun."""

    state: str
    step: int
    path: Path | None


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
    chosen = choose_device(device)
    check_early(recipe)
    run = RunFolder.create(runs_dir, recipe, name)
    has_begun = False
    try:
        with run.lock(), _journal(run, control, emit) as journal:
            on_run(run.path)
            materials = _prepare_new(recipe, run, chosen, control, journal)
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

    Args:
        path: the run folder, or its name.
        settings: ``KEY=VALUE`` changes to the recipe, such as ``training.steps=4000``.

    Raises:
        SSLStudioError: no such run, another process writes it, it has no whole checkpoint, or a
            setting cannot change any more. The run is left as it was.
    """
    run = RunFolder.open(path)
    chosen = choose_device(device)
    recipe = run.recipe().with_settings(settings)
    check_settled(run.recipe(), recipe)
    check_early(recipe)
    with run.lock(), _journal(run, control, emit) as journal:
        on_run(run.path)
        sweep_temporaries(run.checkpoints_dir)
        checkpoint, refused = newest_valid(run)
        for sentence in refused:
            journal.message("caution", f"passed over a checkpoint: {sentence}")
        if checkpoint is None:
            raise RunError(f"{run.path} has no whole checkpoint to go on from; start it anew")
        try:
            data = reopened(run, recipe) or _prepared(recipe, control, journal)
        except Cancelled:
            journal.restore()
            return RunResult("stopped", checkpoint.step, run.path)
        check_same_tokenizer(run, data)
        resolved = resolve(
            recipe,
            vocab_size=data.tokenizer.vocab_size,
            train_tokens=len(data.train.ids),
            device=chosen,
            data=data.facts,
        )
        if checkpoint.step > resolved.recipe.training.steps:
            raise RecipeError(
                f"{run.path} has taken {checkpoint.step:,} steps and training.steps is "
                f"{resolved.recipe.training.steps:,}: raise it"
            )
        materials = _materials(resolved, run, data, chosen)
        progress = load_checkpoint(
            checkpoint.path, materials.model, materials.optimizer, materials.scaler
        )
        journal.record_resumption(progress.step, list(settings), resolved.recipe, data)
        return journal.follow(Trainer(materials, progress))


def _prepare_new(
    recipe: Recipe, run: RunFolder, device: torch.device, control: Control, journal: Journal
) -> Materials:
    """Everything between the recipe and the first step; fills the new run folder."""
    data = _prepared(recipe, control, journal)
    resolved = resolve(
        recipe,
        vocab_size=data.tokenizer.vocab_size,
        train_tokens=len(data.train.ids),
        device=device,
        data=data.facts,
    )
    data.tokenizer.save(run.tokenizer_path)
    resolved.recipe.save(run.path / "recipe.toml")
    run.write_facts(_facts(resolved, data, device))
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
    return _materials(resolved, run, data, device)


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


def _materials(
    resolved: Resolved, run: RunFolder, data: PreparedData, device: torch.device
) -> Materials:
    """Build model, optimizer and sampler; the seed alone decides the first weights."""
    recipe, training = resolved.recipe, resolved.recipe.training
    check_memory(resolved.config, device)
    torch.set_num_threads(torch.get_num_threads())  # this thread's own pool, as large as any
    torch.use_deterministic_algorithms(training.deterministic)
    torch.manual_seed(recipe.seed)
    model = Transformer(resolved.config).to(device)
    objective = build_objective(recipe.objective.name, recipe.objective.options, data.tokenizer)
    context = resolved.config.context
    assert isinstance(training.learning_rate, float)
    assert isinstance(training.beta2, float)
    return Materials(
        recipe=recipe,
        run=run,
        model=model,
        optimizer=build_optimizer(
            model, training.learning_rate, training.weight_decay, training.beta2
        ),
        scaler=torch.amp.GradScaler(device.type) if training.precision == "fp16" else None,
        objective=objective,
        tokenizer=data.tokenizer,
        sampler=Sampler(
            data.train.ids,
            window=objective.window(context),
            stride=context,
            rows_per_step=resolved.rows_per_step,
            seed=recipe.seed,
            bos=data.tokenizer.bos,
        ),
        validation_ids=data.validation.ids,
        device=device,
    )


def _facts(resolved: Resolved, data: PreparedData, device: torch.device) -> dict[str, Any]:
    """Return what ``run.json`` keeps of how this run came about."""
    parameters = count_parameters(resolved.config)
    return {
        "started": time.time(),
        "versions": {
            "sslstudio": sslstudio.__version__,
            "python": platform.python_version(),
            "torch": torch.__version__,
        },
        "device": str(device),
        "threads": torch.get_num_threads(),
        "model": resolved.config.to_dict(),
        "parameters": dataclasses.asdict(parameters),
        "corpora": data.facts,
        "prepared": str(data.folder),
        "last": {},
    }


class Journal:
    """Writes every event of a run to its folder and hands it on."""

    def __init__(self, run: RunFolder, control: Control, emit: Emit) -> None:
        self.run = run
        self._writer = RunWriter(run)
        self._control = control
        self._emit = emit
        self._last_progress = 0.0
        self._last: dict[str, Any] = dict(run.facts().get("last", {}))
        self.has_begun = False
        status = run.path / "status.json"
        self._status_before = status.read_bytes() if status.is_file() else None

    def event(self, event: Event) -> None:
        """Take one event: to disk, into the status, and on to whoever watches."""
        if isinstance(event, StateEvent):
            self._writer.set_status(
                state=event.state, step=event.step, steps=event.steps, force=True
            )
        elif isinstance(event, StepEvent):
            self._last.update(tokens=event.tokens)
            self._writer.set_status(step=event.step)
        elif isinstance(event, EvaluationEvent):
            self._last.update(loss=event.loss, bits_per_byte=event.bits_per_byte)
        is_fleeting = isinstance(event, MessageEvent) and event.code in ("progress", "heartbeat")
        if is_fleeting:
            self._writer.set_status()
        else:
            self._writer.write(event)
        self._emit(event)

    def state(self, state: str, text: str, step: int = 0, steps: int = 0) -> None:
        """Announce a state."""
        self.event(StateEvent(time=time.time(), step=step, state=state, text=text, steps=steps))

    def prepare(self) -> None:
        """Announce the first state, at the step where the run stands."""
        status = self._writer.status
        self.state("preparing", "reading the text", status.step, status.steps)

    def message(self, level: str, text: str, *, code: str = "", data: Any = None) -> None:
        """Add a sentence to the log."""
        self.event(
            MessageEvent(
                time=time.time(), step=0, level=level, text=text, code=code, data=data or {}
            )
        )

    def progress(self, stage: str, done: int, total: int, unit: str) -> None:
        """Tell how far the preparation is, ten times a second at most; not kept on disk."""
        now = time.monotonic()
        if now - self._last_progress < _SECONDS_BETWEEN_PROGRESS and done < total:
            return
        self._last_progress = now
        facts = {"stage": stage, "done": done, "total": total, "unit": unit}
        self.message("info", stage, code="progress", data=facts)

    def record_resumption(
        self, step: int, settings: list[str], recipe: Recipe, data: PreparedData
    ) -> None:
        """Keep in the run's history where it went on, and with what changes."""
        facts = self.run.facts()
        threads = torch.get_num_threads()
        if facts.get("threads", threads) != threads:
            self.message(
                "caution",
                f"this run began with {facts['threads']} threads and goes on with {threads}: "
                "its figures will differ in the last digits",
            )
        entry = {"time": time.time(), "step": step, "settings": settings, "threads": threads}
        earlier = facts.get("history", [])
        history = [*(earlier if isinstance(earlier, list) else []), entry]
        tokens = {"corpora": data.facts, "prepared": str(data.folder)}
        self.run.write_facts({**facts, **tokens, "history": history})
        write_atomically(self.run.path / "recipe.toml", recipe.to_toml())
        self.message("info", f"going on from step {step:,}", code="resumed", data={"step": step})

    def follow(self, trainer: Trainer) -> RunResult:
        """Run ``trainer`` and write down how it ended."""
        self.has_begun = True
        with out_of_memory_named():
            state = trainer.run(self._control, self.event)
        reason = self._control.stop_reason if state == "stopped" else "all steps are done"
        step = trainer.progress.step
        self._last["seconds"] = trainer.progress.seconds
        if trainer.progress.seconds >= _SECONDS_THAT_TELL_THE_SPEED:
            with contextlib.suppress(SSLStudioError, OSError):  # a plan can do without it
                remember_speed(
                    trainer.materials.model.config,
                    trainer.materials.device.type,
                    trainer.progress.tokens / trainer.progress.seconds,
                )
        self.run.write_facts({**self.run.facts(), "last": self._last})
        self.state(state, reason, step, trainer.steps)
        return RunResult(state, step, self.run.path)

    def restore(self) -> None:
        """Put the status back to what it was before: this run was not gone on with."""
        if self._status_before is not None:
            with contextlib.suppress(SSLStudioError):
                write_atomically(self.run.path / "status.json", self._status_before)

    def fail(self, error: BaseException) -> None:
        """Write down that the run cannot go on, as far as the disk allows."""
        with contextlib.suppress(SSLStudioError, OSError):
            self._writer.set_status(state="failed", error=str(error), force=True)
        status = self.run.status()
        event = StateEvent(
            time=time.time(),
            step=status.step,
            state="failed",
            text=str(error),
            steps=status.steps,
        )
        with contextlib.suppress(SSLStudioError, OSError):
            self._writer.write(event)
        self._emit(event)

    def close(self) -> None:
        """Close the event file."""
        self._writer.close()


@contextlib.contextmanager
def _journal(run: RunFolder, control: Control, emit: Emit) -> Iterator[Journal]:
    """Open the run's journal; note a failure; refuse later requests when the run is over."""
    journal = Journal(run, control, emit)
    try:
        journal.prepare()
        yield journal
    except BaseException as error:
        if journal.has_begun:
            journal.fail(error)
        else:
            journal.restore()
        raise
    finally:
        control.close()
        journal.close()
