"""What a run reads of each of its sources, told once and kept among its facts.

Beside the session, when the tokens and the length are known. The figures are those that
``corpora/mixing.py`` gives the sampler; nothing is decided here.
"""

from __future__ import annotations

import dataclasses

from sslstudio.corpora.mixing import level_of, mix_for, sentence_on
from sslstudio.corpora.preparation import PreparedData
from sslstudio.recipe import Recipe
from sslstudio.training.journal import Journal


def mixed(data: PreparedData, recipe: Recipe, journal: Journal) -> PreparedData:
    """Return ``data`` with each source's share and epochs among its facts.

    Of several sources, each that is read more than 4 times is told. Tokens of an older release
    have no sources, and are returned as they are.

    Args:
        recipe: resolved.

    Raises:
        RecipeError: the sources cannot be mixed so.
    """
    if not data.train.source_tokens:
        return data
    budget = recipe.training.steps * recipe.training.batch_tokens
    mix = mix_for(recipe, data.train.source_tokens, budget)
    sources = []
    pairs = zip(data.facts["sources"], mix.shares, mix.epochs, strict=True)
    for fact, share, epochs in pairs:
        sources.append({**fact, "share": share, "epochs": epochs})
        if len(mix.shares) > 1 and level_of(epochs) != "good":
            text = sentence_on(epochs, fact["path"])
            journal.message("caution", text, code="repeated", data={"epochs": epochs})
    return dataclasses.replace(data, facts={**data.facts, "sources": sources})
