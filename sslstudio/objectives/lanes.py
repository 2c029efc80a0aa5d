"""A row as it is shown: lanes of tokens, each with the part it plays.

Between an objective, which knows what it did to a row, and the preview. A lane is what one side
of the network reads or must say: most objectives have two of one length, those with an encoder
and a decoder three. Plain values; costs microseconds a token. Knows no text and no tokenizer.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

from sslstudio.objectives.batch import NO_TARGET

Role = Literal["seen", "hidden", "replaced", "kept", "sentinel", "target", "ignored"]


@dataclasses.dataclass(frozen=True)
class Shown:
    """One token of a lane.

    Attributes:
        id: of the token; ``NO_TARGET`` for a place without one.
        role: the part it plays.
        came_from: its place in the raw row, where it has one there; else -1.
        predicts: the place in the target lane that is predicted here; -1 for none.
    """

    id: int
    role: Role
    came_from: int = -1
    predicts: int = -1


@dataclasses.dataclass(frozen=True)
class Lane:
    """Tokens in a row.

    Attributes:
        name: "input", "decoder" (what a decoder reads beside it), "target", or a further one
            such as "labels".
        title: what a person reads above it.
    """

    name: str
    title: str
    tokens: tuple[Shown, ...]


def lanes_of(
    raw: list[int], read: list[int], wanted: list[int], vocabulary: Any, *, in_place: bool
) -> tuple[Lane, ...]:
    """Return the lanes of a row whose inputs stand where the raw tokens stood.

    Args:
        raw: ids as the sampler cut them.
        read, wanted: inputs and targets by position, ``NO_TARGET`` for none.
        vocabulary: tells what is a marker.
        in_place: whether a target is the token that stood at its own position.
    """
    inputs, targets = [], []
    for place, (original, token, target) in enumerate(zip(raw, read, wanted, strict=False)):
        is_target = target != NO_TARGET
        role = role_of(original, token, in_place and is_target, vocabulary)
        inputs.append(Shown(token, role, place, place if is_target else -1))
        targets.append(Shown(target, "target" if is_target else "ignored"))
    return (
        Lane("input", "What goes in", tuple(inputs)),
        Lane("target", "What it must predict", tuple(targets)),
    )


def role_of(original: int, token: int, is_target: bool, vocabulary: Any) -> Role:
    """Say what became of the token that stood at an input position."""
    if token == vocabulary.mask and original != vocabulary.mask:
        return "hidden"
    if token != original:
        return "replaced"
    if token in vocabulary.special_ids:
        return "sentinel"
    return "kept" if is_target else "seen"
