"""What happened: frozen events, one JSON line each.

The trainer emits them, ``events.jsonl`` keeps them, plots and logs read them. Plain scalars
only, no tensor ever. A reader ignores unknown fields and unknown kinds, so that older releases
read newer runs. ``time`` is in seconds since the epoch, losses are in nats per target token.
"""

from __future__ import annotations

import dataclasses
import json
import math
from typing import Any, ClassVar

STATES = ("preparing", "training", "paused", "stopped", "finished", "failed")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Event:
    """Common to all: when, and after how many optimizer steps."""

    kind: ClassVar[str] = ""
    time: float
    step: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class StateEvent(Event):
    """The run entered ``state``, one of :data:`STATES`; ``text`` says why in a sentence."""

    kind: ClassVar[str] = "state"
    state: str
    text: str = ""
    steps: int = 0  # how many the run shall take in all


@dataclasses.dataclass(frozen=True, kw_only=True)
class StepEvent(Event):
    """The mean over the optimizer steps since the last such event."""

    kind: ClassVar[str] = "step"
    tokens: int  # read since the start of the run
    loss: float
    learning_rate: float
    gradient_norm: float  # before clipping
    tokens_per_second: float
    epoch: float
    memory_bytes: int = 0
    parts: dict[str, float] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, kw_only=True)
class EvaluationEvent(Event):
    """The loss on the validation split."""

    kind: ClassVar[str] = "evaluation"
    tokens: int
    loss: float
    perplexity: float
    targets: int
    bits_per_byte: float | None = None  # absent where the objective does not define it
    best: bool = False
    seconds: float = 0.0
    epoch: float = 0.0
    parts: dict[str, float] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True, kw_only=True)
class SampleEvent(Event):
    """A text that the model wrote at this step."""

    kind: ClassVar[str] = "sample"
    prompt: str
    text: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class CheckpointEvent(Event):
    """A checkpoint was written; ``path`` is relative to the run folder."""

    kind: ClassVar[str] = "checkpoint"
    path: str
    seconds: float
    size_bytes: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class MessageEvent(Event):
    """A sentence for the log; ``code`` and ``data`` for programs ("progress", "baseline" ...)."""

    kind: ClassVar[str] = "message"
    level: str  # "info" "caution" "error"
    text: str
    code: str = ""
    data: dict[str, Any] = dataclasses.field(default_factory=dict)


_KINDS: dict[str, type[Event]] = {
    cls.kind: cls
    for cls in (StateEvent, StepEvent, EvaluationEvent, SampleEvent, CheckpointEvent, MessageEvent)
}


def to_json(event: Event) -> str:
    """Return ``event`` as one line of JSON without the line end; NaN and infinity become null."""
    fields = {"kind": event.kind, **dataclasses.asdict(event)}
    line = json.dumps({k: finite(v) for k, v in fields.items()}, ensure_ascii=False)
    # a file name that is no UTF-8 holds lone surrogates: written as JSON escapes
    return line.encode("utf-8", "backslashreplace").decode("utf-8")


def from_json(line: str | bytes) -> Event | None:
    """Read one line; return None for a torn line, an unknown kind, or missing fields."""
    try:
        fields = json.loads(line)
        cls = _KINDS[fields["kind"]]
        known = {f.name: f for f in dataclasses.fields(cls)}
        values = {k: v for k, v in fields.items() if k in known}
        for name, value in values.items():
            if value is None and known[name].type == "float":
                values[name] = math.nan
        return cls(**values)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def finite(value: Any) -> Any:
    """Return ``value`` with NaN and infinity, which JSON does not know, replaced by None."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {k: finite(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [finite(v) for v in value]
    return value
