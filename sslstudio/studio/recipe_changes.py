"""Changes of a recipe that the corpora page makes: pure functions from a recipe to another.

The page hands the result to ``Workspace.change``, so everything here can be undone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from sslstudio.corpora.report.facts import Remedy
from sslstudio.recipe import CorpusSource, Recipe


def with_sources(recipe: Recipe, sources: Sequence[CorpusSource]) -> Recipe:
    """Return ``recipe`` with other sources."""
    return dataclasses.replace(recipe, corpora=tuple(sources))


def with_source(recipe: Recipe, place: int, **changes: Any) -> Recipe:
    """Return ``recipe`` with options of the source ``place`` changed."""
    sources = list(recipe.corpora)
    sources[place] = dataclasses.replace(sources[place], **changes)
    return with_sources(recipe, sources)


def without_source(recipe: Recipe, place: int) -> Recipe:
    """Return ``recipe`` without the source ``place``; the last one stays."""
    rest = [*recipe.corpora[:place], *recipe.corpora[place + 1 :]]
    return with_sources(recipe, rest or recipe.corpora)


def with_table(recipe: Recipe, table: str, name: str, value: Any) -> Recipe:
    """Return ``recipe`` with one option of the table ``table`` changed."""
    options = dataclasses.replace(getattr(recipe, table), **{name: value})
    return dataclasses.replace(recipe, **{table: options})


def with_weights(recipe: Recipe, weights: Sequence[float]) -> Recipe:
    """Return ``recipe`` with a weight for each source."""
    return with_sources(
        recipe,
        [
            dataclasses.replace(source, weight=weight)
            for source, weight in zip(recipe.corpora, weights, strict=True)
        ],
    )


def with_remedy(recipe: Recipe, remedy: Remedy) -> Recipe:
    """Return ``recipe`` with what a finding asks for."""
    if remedy.table != "source":
        return with_table(recipe, remedy.table, remedy.name, remedy.value)
    places = range(len(recipe.corpora)) if remedy.source < 0 else [remedy.source]
    for place in places:
        recipe = with_source(recipe, place, **{remedy.name: remedy.value})
    return recipe
