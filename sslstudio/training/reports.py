"""Sentences and facts about steps that went wrong: which batch it was, and what was done.

Beside the trainer, which emits what is made here. Reads the batch again from the sampler, which
is a pure function of the step; costs nothing while all is well.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from sslstudio.events import Event, MessageEvent
from sslstudio.training.guard import Findings, Spike
from sslstudio.training.materials import Materials

_MOST_ROWS = 4
_CHARACTERS = 160
_TOKENS = 60


def found(m: Materials, findings: Findings) -> Iterator[Event]:
    """Yield one message for each skipped update and each spike."""
    for step in findings.skipped:
        yield _message(
            step,
            "caution",
            f"step {step:,} was left out: its loss or gradient was not a number "
            f"({named_batch(m, step)})",
            "skipped",
            {"step": step, "documents": documents_of(m, step)},
        )
    for spike in findings.spikes:
        yield _message(
            spike.step, "caution", _spike_text(m, spike), "spike", _spike_facts(m, spike)
        )


def turned_back(step: int, given_up: int, rate_share: float) -> Event:
    """Return the message that a run went back from step ``given_up`` to ``step``."""
    text = f"three steps in a row were not numbers: went back from step {given_up:,} to {step:,}"
    if rate_share < 1:
        text += f" and go on with {rate_share:g} of the learning rate"
    facts = {"step": step, "from": given_up, "rate_share": rate_share}
    # the code of a resumption: events beyond the step no longer count, for every reader
    return _message(step, "caution", text, "resumed", facts)


def shrunk(step: int, before: int, after: int) -> Event:
    """Return the message that fewer rows are computed at once."""
    text = (
        f"memory ran out at step {step:,}: {after} rows are computed at once instead of {before}; "
        "a step still learns from the same tokens"
    )
    return _message(step, "caution", text, "out_of_memory", {"before": before, "after": after})


def uncompiled(step: int, reason: str) -> Event:
    """Return the message that the blocks run plainly because the compiler failed."""
    text = f"the compiler failed ({reason}): the blocks run without it; the results are as exact"
    return _message(step, "caution", text, "uncompiled", {"reason": reason})


def where(m: Materials) -> str:
    """Return a sentence that says what the run computes on."""
    text = f"training on {m.device.type if m.processes.count > 1 else m.device}"
    if m.processes.count > 1:
        how = "a share" if m.processes.is_sharded else "a copy"
        text += f", {m.processes.count} processes with {how} of the network each"
    if m.processes.is_sharded and m.recipe.samples.every:
        text += "; no samples, which would need a whole one"
    return text


def named_batch(m: Materials, step: int) -> str:
    """Return a short name of the batch of the update that made step ``step`` (from 1)."""
    texts = documents_of(m, step)
    return f"its batch begins “{texts[0][:60]}”" if texts else "its batch is empty"


def documents_of(m: Materials, step: int) -> list[str]:
    """Return how the first rows of a step's batch begin."""
    rows = m.sampler.rows(step - 1).ids_BW[:_MOST_ROWS, :_TOKENS]
    special = m.tokenizer.special_ids
    texts = (m.tokenizer.decode([i for i in row.tolist() if i not in special]) for row in rows)
    return [" ".join(text.split())[:_CHARACTERS] for text in texts]


def _spike_text(m: Materials, spike: Spike) -> str:
    return (
        f"the loss jumped to {spike.loss:.3f} at step {spike.step:,}, usual was "
        f"{spike.usual:.3f} ± {spike.deviation:.3f} ({named_batch(m, spike.step)})"
    )


def _spike_facts(m: Materials, spike: Spike) -> dict[str, Any]:
    return {
        "step": spike.step,
        "loss": spike.loss,
        "usual": spike.usual,
        "deviation": spike.deviation,
        "documents": documents_of(m, spike.step),
    }


def _message(step: int, level: str, text: str, code: str, data: dict[str, Any]) -> Event:
    return MessageEvent(time=time.time(), step=step, level=level, text=text, code=code, data=data)
