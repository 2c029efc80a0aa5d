"""A text as an objective meets it: what goes in, what must be predicted, role by role.

Made by the very ``collate`` that trains, on one row, so that what is shown is what is learned;
the objective itself says how its row is shown (``lanes``). Plain values come out (the shape of
``sslstudio preview --json``); costs well under a millisecond a hundred tokens. Knows no model:
the loss is that of one that knows nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from sslstudio.errors import CorpusError
from sslstudio.objectives.batch import NO_TARGET, Rows
from sslstudio.objectives.lanes import Lane
from sslstudio.objectives.objective import Speller, build_objective


@dataclasses.dataclass(frozen=True)
class PreviewToken:
    """One token with its role: seen hidden replaced kept sentinel target ignored.

    ``came_from`` is its place in the raw text and ``predicts`` the place in the target lane that
    is predicted here; -1 for none.
    """

    id: int
    text: str
    role: str
    came_from: int = -1
    predicts: int = -1


@dataclasses.dataclass(frozen=True)
class PreviewLane:
    """What one side of the network reads or must say."""

    name: str
    title: str
    tokens: tuple[PreviewToken, ...]


@dataclasses.dataclass(frozen=True)
class Preview:
    """One row of an objective.

    Attributes:
        lanes: "input" first, "target" among them.
        tokens: how many tokens are read; ``raw_tokens`` of the text they were made of.
        targets: how many predictions are asked for.
        untrained_loss: nats, of a model that knows nothing.
    """

    objective: str
    seed: int
    lanes: tuple[PreviewLane, ...]
    tokens: int
    raw_tokens: int
    targets: int
    untrained_loss: float

    @property
    def input(self) -> tuple[PreviewToken, ...]:
        """What goes in."""
        return self.lane("input")

    @property
    def target(self) -> tuple[PreviewToken, ...]:
        """What must be predicted."""
        return self.lane("target")

    def lane(self, name: str) -> tuple[PreviewToken, ...]:
        """Return the tokens of a lane; none where there is no such lane."""
        return next((lane.tokens for lane in self.lanes if lane.name == name), ())

    def to_dict(self) -> dict[str, Any]:
        """Return what ``preview --json`` prints."""
        plain = dataclasses.asdict(self)
        lanes = {lane["name"]: lane["tokens"] for lane in plain["lanes"]}
        return {**plain, "input": lanes.get("input", []), "target": lanes.get("target", [])}


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
        RecipeError: unknown objective or option, or a context too short for it.
        CorpusError: the text is empty.
    """
    objective = build_objective(objective_name, options or {}, tokenizer)
    ids = [tokenizer.bos, *tokenizer.encode(text)][: objective.window(context)]
    if len(ids) < 2:
        raise CorpusError("there is no text to show: type a few words")
    row = np.array([ids], dtype=np.int64)
    rows = Rows(row, np.zeros_like(row))
    batch = objective.collate(rows, np.random.default_rng(seed))
    lanes = objective.lanes(rows, batch)
    return Preview(
        objective=objective_name,
        seed=seed,
        lanes=tuple(_spelled(lane, tokenizer) for lane in lanes),
        tokens=batch.tokens,
        raw_tokens=len(ids),
        targets=batch.target_count,
        untrained_loss=objective.untrained_loss(context),
    )


def _spelled(lane: Lane, tokenizer: Speller) -> PreviewLane:
    tokens = [
        PreviewToken(
            shown.id,
            "" if shown.id == NO_TARGET else tokenizer.token_text(shown.id),
            shown.role,
            shown.came_from,
            shown.predicts,
        )
        for shown in lane.tokens
    ]
    return PreviewLane(lane.name, lane.title, tuple(tokens))
