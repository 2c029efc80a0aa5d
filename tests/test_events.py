"""Events survive their line of JSON; readers skip what they do not know."""

from __future__ import annotations

import json
import math

import pytest

from sslstudio.events import (
    CheckpointEvent,
    EvaluationEvent,
    Event,
    MessageEvent,
    SampleEvent,
    StateEvent,
    StepEvent,
    from_json,
    to_json,
)

_STEP = StepEvent(
    time=1.5,
    step=10,
    tokens=640,
    loss=3.25,
    learning_rate=1e-3,
    gradient_norm=0.5,
    tokens_per_second=1e4,
    epoch=0.25,
)


@pytest.mark.parametrize(
    "event",
    [
        _STEP,
        StateEvent(time=1.0, step=0, state="paused", text="höld \u2028 on\n"),
        EvaluationEvent(time=1.0, step=1, tokens=2, loss=3.0, perplexity=20.0, targets=4),
        SampleEvent(time=1.0, step=1, prompt="", text='"\\ \x00'),
        CheckpointEvent(time=1.0, step=1, path="checkpoints/step-000001", seconds=1, size_bytes=2),
        MessageEvent(time=1.0, step=1, level="info", text="x", code="baseline", data={"a": 1.5}),
    ],
)
def test_an_event_survives_its_line(event: Event) -> None:
    line = to_json(event)
    assert "\n" not in line
    assert json.loads(line)["kind"] == event.kind
    assert from_json(line) == event


def test_what_is_no_number_is_valid_json() -> None:
    line = to_json(StepEvent(**{**_STEP.__dict__, "loss": math.nan}))
    assert json.loads(line, parse_constant=pytest.fail)["loss"] is None
    read = from_json(line)
    assert isinstance(read, StepEvent)
    assert math.isnan(read.loss)


def test_torn_and_unknown_lines_are_skipped_and_unknown_fields_ignored() -> None:
    line = to_json(_STEP)
    assert from_json(line[:-5]) is None
    assert from_json('{"kind": "of a later release"}') is None
    assert from_json("3") is None
    assert from_json(json.dumps({**json.loads(line), "new_field": 1})) == _STEP
