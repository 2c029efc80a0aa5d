"""Texts from the model that is being trained, between two steps.

Stands between the trainer and the room of generation: samples on a schedule for the run folder,
and answers to whoever waits at the control. Generation draws from generators of its own, so a
run that was sampled ends with the same weights, bit for bit, as one that was not.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from sslstudio.corpora.tokenizer import Tokenizer
from sslstudio.errors import SSLStudioError
from sslstudio.generation.continuation import continue_text
from sslstudio.generation.filling import fill
from sslstudio.generation.sampling import SamplingOptions
from sslstudio.objectives.batch import NO_TARGET, Rows
from sslstudio.objectives.objective import Objective
from sslstudio.recipe import SampleOptions
from sslstudio.registry import build_options
from sslstudio.training.control import Control, SampleRequest
from sslstudio.training.materials import Materials


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


def answer_all(m: Materials, control: Control, step: int) -> None:
    """Answer everything that waits at ``control``."""
    for request in control.take_samples():
        if m.can_generate:
            answer(m.model, m.tokenizer, request, step)
        else:
            request.on_done(
                "no process of this run holds the whole network (training.parallel=shard): "
                "choose one of its checkpoints instead"
            )


def fill_sample(
    model: Any, tokenizer: Tokenizer, objective: Objective, passage: NDArray[np.integer], seed: int
) -> tuple[str, str]:
    """Return a passage with its gaps shown, and as the model fills them.

    For objectives that predict tokens in their place: the same seed hides the same tokens at
    every step, so that a reader sees the guesses turn into words.

    Args:
        passage: token ids [T] that were never trained on.
    """
    ids_BW = np.asarray(passage, dtype=np.int64)[None]
    rows = Rows(ids_BW, np.cumsum(ids_BW == tokenizer.bos, axis=1))
    batch = objective.collate(rows, np.random.default_rng(seed))
    device = next(model.parameters()).device
    was_training = model.training
    model.eval()
    with torch.inference_mode():
        hidden_BTD = model(batch.inputs_BT.to(device))
        guesses_T = model.logits(hidden_BTD)[0].argmax(dim=-1).tolist()
    model.train(was_training)
    shown, filled = [], []
    for token, guess, target in zip(
        passage.tolist(), guesses_T, batch.targets_BT[0].tolist(), strict=True
    ):
        is_target = target != NO_TARGET
        shown.append("⟨…⟩" if is_target else tokenizer.decode([token]))
        filled.append(f"⟨{tokenizer.decode([guess])}⟩" if is_target else tokenizer.decode([token]))
    return "".join(shown), "".join(filled)


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
