"""The words of the objective page: labels of options, architectures, abilities.

An objective that is not named here still shows: its labels follow from its declaration.
"""

from __future__ import annotations

from typing import Any

from sslstudio.studio.engine import ObjectiveFacts
from sslstudio.studio.widgets.option_form import Face

FACES = {
    "mask_rate": Face(label="Share to predict", percent=True),
    "mask_share": Face(label="Of these, hidden behind <mask>", percent=True),
    "random_share": Face(label="Of these, replaced at random", percent=True),
    "document_mask": Face(label="Keep neighbouring documents apart"),
}
ABILITIES = {
    "continue": "continue",
    "score": "score",
    "fill": "fill gaps",
    "embed": "embed",
    "infill": "infill",
}
ARCHITECTURES = {
    "decoder": "Decoder",
    "encoder": "Encoder",
    "encoder-decoder": "Encoder–decoder",
}
SIGHT = {
    "decoder": "the architecture it needs: every token sees what came before it",
    "encoder": "the architecture it needs: every token sees both sides",
}


def fact_text(fact: ObjectiveFacts, name: str) -> str:
    """Return one of the texts that an objective was registered with."""
    return str(fact.facts.get(name, ""))


def abilities_of(fact: ObjectiveFacts) -> list[str]:
    """Return what a model trained this way can do."""
    found = fact.facts.get("afterwards", ())
    return [str(a) for a in found] if isinstance(found, list | tuple) else []


def shares_within_one(options: dict[str, Any], moved: str) -> dict[str, Any]:
    """Lower the other share where the two would add up to more than one."""
    other = "random_share" if moved == "mask_share" else "mask_share"
    defaults = {"mask_share": 0.8, "random_share": 0.1}
    if moved in defaults:
        room = round(1.0 - float(options[moved]), 6)
        if float(options.get(other, defaults[other])) > room:
            options[other] = room
    return options
