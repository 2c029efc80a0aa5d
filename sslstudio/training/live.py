"""Texts from the model that is being trained, between two steps.

Stands between the trainer and the room of generation: samples on a schedule for the run folder,
and answers to whoever waits at the control. Generation draws from generators of its own, so a
run that was sampled ends with the same weights, bit for bit, as one that was not.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from sslstudio.corpora.tokenizer import Tokenizer
from sslstudio.errors import SSLStudioError
from sslstudio.generation.continuation import continue_text
from sslstudio.generation.filling import fill
from sslstudio.generation.sampling import SamplingOptions
from sslstudio.recipe import SampleOptions
from sslstudio.registry import build_options
from sslstudio.training.control import Control, SampleRequest


def answer(model: Any, tokenizer: Tokenizer, request: SampleRequest, step: int) -> None:
    """Answer one request through its callbacks; the user's faults become its error sentence."""
    request.step = step
    try:
        if request.kind == "fill":
            request.on_filled(fill(model, tokenizer, request.prompt))
        else:
            sampling = build_options(SamplingOptions, request.sampling, "sampling")
            for token in continue_text(
                model, tokenizer, request.prompt, sampling, cancelled=request.is_cancelled
            ):
                request.on_token(token)
    except SSLStudioError as error:
        request.on_done(str(error))
    else:
        request.on_done(None)


def answer_all(model: Any, tokenizer: Tokenizer, control: Control, step: int) -> None:
    """Answer everything that waits at ``control``."""
    for request in control.take_samples():
        answer(model, tokenizer, request, step)


def write_sample(
    model: Any,
    tokenizer: Tokenizer,
    options: SampleOptions,
    prompt: str,
    seed: int,
    cancelled: Callable[[], bool],
) -> str:
    """Return prompt and continuation; the same seed at every step shows what changed."""
    sampling = dataclasses.replace(
        SamplingOptions(),
        max_tokens=options.max_tokens,
        temperature=options.temperature,
        seed=seed,
    )
    parts = continue_text(model, tokenizer, prompt, sampling, cancelled=cancelled)
    return prompt + "".join(part.text for part in parts)
