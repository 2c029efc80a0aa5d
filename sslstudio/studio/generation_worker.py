"""Loads checkpoints and generates, beside the window, for the playground.

Torch and the engine are imported inside the functions. A loaded model is kept for the next
request on the same checkpoint; one at a time, since a model may be large. Tokens leave through
``put``, one frozen value each, as soon as they are made; the page drains them on a timer.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sslstudio.errors import UnsupportedError
from sslstudio.registry import Option
from sslstudio.studio.widgets.stream_view import WrittenToken


@dataclasses.dataclass(frozen=True)
class CheckpointChoice:
    """A run and which of its checkpoints: "last", "best" or a step as text."""

    run: str  # the run folder's path
    checkpoint: str


@dataclasses.dataclass(frozen=True)
class RunChoice:
    """A run that can be played with."""

    name: str
    path: str
    objective: str
    steps: tuple[int, ...]  # of its checkpoints, ascending


class LoadedModel:
    """The one checkpoint that is in memory; used by one worker at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._choice: CheckpointChoice | None = None
        self._trained: Any = None

    def use(self, choice: CheckpointChoice, work: Callable[[Any], Any], device: Any = None) -> Any:
        """Call ``work(trained)`` with the checkpoint ``choice``, loading it where needed."""
        with self._lock:
            # "last" and "best" may have moved on since: they are looked up each time
            if self._trained is None or choice != self._choice or not choice.checkpoint.isdigit():
                self._trained = None
                self._trained = _load(choice, device)
                self._choice = choice
            return work(self._trained)


def list_choices(runs_dir: Path) -> tuple[RunChoice, ...]:
    """Return every run in ``runs_dir`` with its checkpoints, newest first."""
    from sslstudio.runs import RunFolder, list_runs

    return tuple(
        RunChoice(
            row.name,
            row.path,
            row.objective,
            tuple(c.step for c in RunFolder(Path(row.path)).checkpoints()),
        )
        for row in list_runs(runs_dir)
    )


def load_sampling_options() -> tuple[Option, ...]:
    """Return how the next token can be chosen; the first call imports torch."""
    from sslstudio.generation.sampling import SamplingOptions
    from sslstudio.registry import options_of

    return options_of(SamplingOptions)


def new_request(**facts: Any) -> Any:
    """Return a ``SampleRequest`` for the live model (no torch in it)."""
    from sslstudio.training.control import SampleRequest

    return SampleRequest(**facts)


def continue_checkpoint(
    loaded: LoadedModel,
    choice: CheckpointChoice,
    prompt: str,
    sampling: Mapping[str, Any],
    put: Callable[[WrittenToken], None],
    cancelled: Callable[[], bool],
) -> int:
    """Continue ``prompt``, handing every token to ``put``; return the checkpoint's step."""

    def work(trained: Any) -> int:
        from sslstudio.generation.continuation import continue_text
        from sslstudio.generation.sampling import SamplingOptions

        _require(trained, "decoder", "Fill")
        options = SamplingOptions(**sampling)
        for token in continue_text(
            trained.model, trained.tokenizer, prompt, options, cancelled=cancelled
        ):
            put(written(token))
            if cancelled():
                break
        return int(trained.step)

    return int(loaded.use(choice, work))


def fill_checkpoint(
    loaded: LoadedModel, choice: CheckpointChoice, text: str
) -> tuple[int, list[list[tuple[str, float]]]]:
    """Return the step, and for every gap of ``text`` its candidates with probabilities."""

    def work(trained: Any) -> tuple[int, list[list[tuple[str, float]]]]:
        from sslstudio.generation.filling import fill

        _require(trained, "encoder", "Continue")
        gaps = fill(trained.model, trained.tokenizer, text, top=10)
        return int(trained.step), [[(str(t), float(p)) for t, p in gap] for gap in gaps]

    answer: tuple[int, list[list[tuple[str, float]]]] = loaded.use(choice, work)
    return answer


def written(token: Any) -> WrittenToken:
    """Return the engine's ``GeneratedToken`` as the page's own frozen value."""
    return WrittenToken(
        int(token.id),
        str(token.text),
        float(token.logprob),
        tuple((str(t), float(p)) for t, p in token.alternatives),
    )


def _load(choice: CheckpointChoice, device: Any) -> Any:
    from sslstudio.runs import RunFolder
    from sslstudio.training.loading import load_trained

    return load_trained(RunFolder.open(Path(choice.run)), choice.checkpoint, device)


def _require(trained: Any, architecture: str, instead: str) -> None:
    if trained.model.config.architecture != architecture:
        raise UnsupportedError(f"this model was not trained for that: use {instead} instead")
