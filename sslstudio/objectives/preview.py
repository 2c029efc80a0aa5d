"""A text as an objective meets it: what goes in, what must be predicted, role by role.

Made by the very ``collate`` that trains, on one row, so that what is shown is what is learned.
Plain values come out (the shape of ``sslstudio preview --json``); costs well under a
millisecond a hundred tokens. Knows no model: the loss of an untrained one is ln V.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np

from sslstudio.errors import CorpusError
from sslstudio.objectives.batch import NO_TARGET, Rows
from sslstudio.objectives.objective import Vocabulary, build_objective


class Speller(Vocabulary, Protocol):
    """A tokenizer, as far as a preview needs it."""

    def encode(self, text: str) -> list[int]:
        """Return the ids of ``text``."""

    def token_text(self, token: int) -> str:
        """Return how one id is shown."""


@dataclasses.dataclass(frozen=True)
class PreviewToken:
    """One token with its role: seen hidden replaced kept sentinel target ignored."""

    id: int
    text: str
    role: str


@dataclasses.dataclass(frozen=True)
class Preview:
    """What ``preview --json`` prints; ``input`` and ``target`` are equally long, by position."""

    objective: str
    seed: int
    input: tuple[PreviewToken, ...]
    target: tuple[PreviewToken, ...]
    tokens: int
    targets: int
    untrained_loss: float


def preview(
    objective_name: str,
    text: str,
    tokenizer: Speller,
    options: Mapping[str, Any] | None = None,
    *,
    seed: int = 1337,
    context: int = 128,
) -> Preview:
    """Return ``text`` as one row of ``objective_name``.

    Raises:
        RecipeError: unknown objective or option.
        CorpusError: the text is empty.
    """
    objective = build_objective(objective_name, options or {}, tokenizer)
    ids = [tokenizer.bos, *tokenizer.encode(text)][: objective.window(context)]
    if len(ids) < 2:
        raise CorpusError("there is no text to show: type a few words")
    row = np.array([ids], dtype=np.int64)
    rows = Rows(row, np.zeros_like(row))
    batch = objective.collate(rows, np.random.default_rng(seed))
    inputs, targets = batch.inputs_BT[0].tolist(), batch.targets_BT[0].tolist()
    shown_input, shown_target = [], []
    for position, (read, wanted) in enumerate(zip(inputs, targets, strict=True)):
        is_target = objective.targets_in_place and wanted != NO_TARGET
        role = _role(ids[position], read, is_target, tokenizer)
        shown_input.append(PreviewToken(read, tokenizer.token_text(read), role))
        if wanted == NO_TARGET:
            shown_target.append(PreviewToken(NO_TARGET, "", "ignored"))
        else:
            shown_target.append(PreviewToken(wanted, tokenizer.token_text(wanted), "target"))
    return Preview(
        objective=objective_name,
        seed=seed,
        input=tuple(shown_input),
        target=tuple(shown_target),
        tokens=len(inputs),
        targets=batch.target_count,
        untrained_loss=math.log(tokenizer.vocab_size),
    )


def _role(original: int, read: int, is_target: bool, vocab: Vocabulary) -> str:
    """Say what became of the token that stood at an input position."""
    if read == vocab.mask and original != vocab.mask:
        return "hidden"
    if read != original:
        return "replaced"
    if read in vocab.special_ids:
        return "sentinel"
    return "kept" if is_target else "seen"
