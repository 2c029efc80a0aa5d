"""What the command line prints: progress on standard error, tables on output; and how it can."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sslstudio.events import (
    CheckpointEvent,
    EvaluationEvent,
    Event,
    MessageEvent,
    SampleEvent,
    StateEvent,
    StepEvent,
)
from sslstudio.runs import RunSummary

if TYPE_CHECKING:
    from sslstudio.training.plan import Plan


def progress_line(event: Event) -> None:
    """Print ``event`` as a line on standard error; progress of preparation is left out."""
    line = _line(event)
    if line:
        print(line, file=sys.stderr, flush=True)


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


def plan_lines(plan: Plan) -> list[str]:
    """Return a plan as lines of text."""
    memory = plan.memory_bytes
    basis = {
        "measured": "measured on this device",
        "scaled": "from the speed of another run on this device; --measure knows better",
        "guessed": "a guess; --measure takes a few real steps",
    }[plan.time_source]
    lines = [
        f"parameters  {plan.parameters['total']:,} "
        f"({plan.parameters['embedding']:,} of them embedding)",
        f"memory      {memory['total'] / 1e6:,.0f} MB of {memory['available'] / 1e6:,.0f} MB free, "
        f"{plan.micro_batch} rows at once{', recomputing' if plan.recompute else ''}",
        f"time        {plan.seconds:,.0f} s for {plan.steps:,} steps ({basis})",
        f"tokens      {plan.tokens:,} ({plan.tokens_per_parameter:.1f} per parameter)",
    ]
    if plan.epochs is not None:
        lines.append(f"epochs      {plan.epochs:.2f}")
    if len(plan.source_epochs) > 1:
        pairs = zip(plan.source_shares, plan.source_epochs, strict=True)
        parts = [f"{share:.1%} ({epochs:.2f} epochs)" for share, epochs in pairs]
        lines.append(f"mix         {', '.join(parts)}")
    return lines + [f"{a.level}: {a.text} ({a.source})" for a in plan.advice]


def run_lines(rows: Sequence[RunSummary]) -> list[str]:
    """Return the list of runs as a table."""
    if not rows:
        return ["no runs yet"]
    width = max(len(row.name) for row in rows)
    lines = [f"{'run':{width}}  {'state':11}  {'step':>15}  {'bits/byte':>9}  begun"]
    for row in rows:
        bits = f"{row.bits_per_byte:.4f}" if row.bits_per_byte is not None else "–"
        begun = datetime.fromtimestamp(row.started)
        steps = f"{row.step:,}/{row.steps:,}"
        lines.append(
            f"{row.name:{width}}  {row.state:11}  {steps:>15}  {bits:>9}  {begun:%Y-%m-%d %H:%M}"
        )
    return lines


def spell_anything(as_json: bool) -> None:
    """Let no character be unprintable: JSON is UTF-8, other text is escaped where it must be."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = "utf-8" if as_json and stream is sys.stdout else stream.encoding
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def forget_output() -> None:
    """Point the output elsewhere when its reader has gone, or Python would complain at exit."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            try:
                stream.flush()
            except OSError:
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
