"""What commands say on standard error while they work."""

from __future__ import annotations

import sys
import time

from sslstudio.events import (
    CheckpointEvent,
    EvaluationEvent,
    Event,
    MessageEvent,
    SampleEvent,
    StateEvent,
    StepEvent,
)

_TELL_SECONDS = 2.0


def say(text: str) -> None:
    """Print ``text`` as a line on standard error, at once."""
    print(text, file=sys.stderr, flush=True)


class Progress:
    """Says where the work stands, every two seconds."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def __call__(self, stage: str, done: int, total: int, unit: str) -> None:
        """Tell it where the last time is long enough ago."""
        now = time.monotonic()
        if now - self._told < _TELL_SECONDS:
            return
        self._told = now
        part = f" {done / total:.0%}" if unit == "bytes" and total else ""
        say(f"{stage}{part}")


def say_event(event: Event) -> None:
    """Say ``event`` in a line; progress of preparation is left out."""
    line = _line(event)
    if line:
        say(line)


def _line(event: Event) -> str:
    if isinstance(event, StepEvent):
        return (
            f"step {event.step:>7,}  loss {event.loss:.4f}  rate {event.learning_rate:.2e}  "
            f"gradient {event.gradient_norm:.2f}  {event.tokens_per_second:,.0f} tokens/s"
        )
    if isinstance(event, EvaluationEvent):
        bits = f"  {event.bits_per_byte:.4f} bits per byte" if event.bits_per_byte else ""
        return f"step {event.step:>7,}  validation {event.loss:.4f}{bits}"
    if isinstance(event, SampleEvent):
        return f"step {event.step:>7,}  sample: {event.text!r}"
    if isinstance(event, CheckpointEvent):
        return f"step {event.step:>7,}  saved {event.path} ({event.size_bytes / 1e6:.1f} MB)"
    if isinstance(event, StateEvent):
        return f"step {event.step:>7,}  {event.state}: {event.text}"
    if isinstance(event, MessageEvent) and event.code not in ("progress", "heartbeat"):
        return f"{event.level}: {event.text}"
    return ""
