"""Figures and events in plain words: what the log, the top line and the tables say.

One place, so that a size, a time and a count read the same everywhere. Knows no widget.
"""

from __future__ import annotations

import math

from sslstudio.events import (
    CheckpointEvent,
    EvaluationEvent,
    Event,
    MessageEvent,
    StateEvent,
)

_STATES = {
    "preparing": "Preparing the text.",
    "training": "Training.",
    "paused": "Paused; everything stays in memory.",
    "stopped": "Stopped.",
    "finished": "Finished.",
    "failed": "Failed.",
}


def size(bytes_: float) -> str:
    """Return "4.2 MB"; units of 1,000."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if abs(bytes_) < 1000 or unit == "GB":
            break
        bytes_ /= 1000
    return f"{bytes_:.0f} {unit}" if unit == "bytes" else f"{bytes_:.1f} {unit}"


def count(number: float) -> str:
    """Return a count with separators below 100,000 and shortened above: "12,834", "3.4 M"."""
    if not math.isfinite(number):
        return "–"
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e5, "k")):
        if abs(number) >= limit:
            scaled = number / (1e3 if unit == "k" else limit)
            return f"{scaled:.0f} {unit}" if scaled >= 100 else f"{scaled:.1f} {unit}"
    return f"{number:,.0f}"


def figure(value: float) -> str:
    """Return a measured number in three or four telling digits: "1.513", "8.2e-04"."""
    if not math.isfinite(value):
        return "–"
    magnitude = abs(value)
    if magnitude and (magnitude < 1e-3 or magnitude >= 1e6):
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa}e{int(exponent)}"
    if magnitude >= 1000:
        return f"{value:,.0f}"
    return (
        f"{value:.3g}" if magnitude < 0.1 else f"{value:.3f}" if magnitude < 10 else f"{value:.1f}"
    )


def duration(seconds: float) -> str:
    """Return "45 s", "1 min 08 s", "2 h 05 min", "3 days 4 h"."""
    if not math.isfinite(seconds):
        return "–"
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    if whole < 172_800:
        return f"{whole // 3600} h {whole % 3600 // 60:02d} min"
    return f"{whole // 86_400} days {whole % 86_400 // 3600} h"


def progress(event: MessageEvent) -> tuple[str, float | None]:
    """Return the stage of a preparation in words, and its share done (None while unknown)."""
    done, total = event.data.get("done", 0), event.data.get("total", 0)
    stage = str(event.data.get("stage", "")) or "Preparing"
    stage = stage[:1].upper() + stage[1:]
    if not isinstance(done, int | float) or not isinstance(total, int | float) or total <= 0:
        return f"{stage}…", None
    share = min(1.0, done / total)
    return f"{stage} · {share:.0%}".replace("%", " %"), share


def sentence(event: Event) -> tuple[str, str] | None:
    """Return (text, level) of an event for the log; None where it does not belong there."""
    if isinstance(event, StateEvent):
        text = _STATES.get(event.state, event.state)
        if event.text and event.state in ("stopped", "failed", "finished"):
            text = f"{text.rstrip('.')} at step {event.step:,}: {event.text.rstrip('.')}."
        return text, "error" if event.state == "failed" else "info"
    if isinstance(event, CheckpointEvent):
        return f"Checkpoint saved at step {event.step:,} ({size(event.size_bytes)}).", "info"
    if isinstance(event, EvaluationEvent):
        text = f"Validation at step {event.step:,}: {figure(event.loss)} nats per token"
        if event.bits_per_byte is not None:
            text += f", {figure(event.bits_per_byte)} bits per byte"
        return text + (", the best so far." if event.best else "."), "info"
    if (
        isinstance(event, MessageEvent)
        and event.code not in ("progress", "heartbeat")
        and (event.text.strip())
    ):
        text = event.text.strip()
        return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else "."), (
            event.level
        )
    return None


def clock(seconds: float) -> str:
    """Return a span of time as an axis writes it: "45 s", "2:30", "1:05 h"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02d}"
    return f"{whole // 3600}:{whole % 3600 // 60:02d} h"
