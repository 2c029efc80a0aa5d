"""What the corpora page changes in the recipe: sources, weights, mending. Each can be undone.

Between what a user does on the page and the workspace, which keeps the recipe and its history.
Knows no widgets: what cannot be done is told in a sentence.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from sslstudio.corpora.report.facts import Remedy
from sslstudio.recipe import CorpusSource
from sslstudio.studio import recipe_changes
from sslstudio.studio.workspace import Workspace

_MENDING = ("preset", "rules_off", "normalise", "personal_data")


class CorporaChanges:
    """Changes of a recipe's sources and data options.

    Args:
        workspace: has the recipe.
        tell: is given a sentence where nothing can be changed.
    """

    def __init__(self, workspace: Workspace, tell: Callable[[str], None]) -> None:
        self._workspace = workspace
        self._tell = tell

    def add(self, source: CorpusSource, title: str) -> None:
        """Read ``source`` too."""
        recipe = self._workspace.recipe
        added = recipe_changes.with_sources(recipe, (*recipe.corpora, source))
        self._workspace.change(added, f"Add {title}")

    def remove(self, place: int) -> None:
        """Take a source out of the recipe."""
        recipe = recipe_changes.without_source(self._workspace.recipe, place)
        self._workspace.change(recipe, "Remove a source")

    def weigh(self, place: int, weight: float) -> bool:
        """Give a source another weight; returns False where nothing would be read any more."""
        recipe = recipe_changes.with_source(self._workspace.recipe, place, weight=weight)
        if not any(source.weight > 0 for source in recipe.corpora):
            return False
        self._workspace.change(recipe, "Change a weight", f"corpora.{place}.weight")
        return True

    def use_weights(self, weights: tuple[float, ...]) -> None:
        """Give every source the weight that a report proposes for it."""
        recipe = self._workspace.recipe
        if len(weights) != len(recipe.corpora):
            self._tell("The sources have changed since: make the report again first.")
            return
        # they say how much a word of each source is worth, so sizes count as well
        recipe = recipe_changes.with_table(recipe, "data", "mixing", "weights")
        recipe = recipe_changes.with_weights(recipe, weights)
        self._workspace.change(recipe, "Use the proposed weights")

    def set_option(self, place: int, table: str, name: str, value: Any) -> None:
        """Give an option of ``table``, or of the source ``place``, another value."""
        recipe, word = self._workspace.recipe, name.replace("_", " ")
        if table == "source":
            changed = recipe_changes.with_source(recipe, place, **{name: value})
            self._workspace.change(changed, f"Change the {word} of a source")
            return
        changed = recipe_changes.with_table(recipe, table, name, value)
        self._workspace.change(changed, f"Change the {word}", f"{table}.{name}")

    def mend(self, remedy: Remedy) -> None:
        """Do what a finding advises."""
        recipe = self._workspace.recipe
        if remedy.table == "source" and remedy.source >= len(recipe.corpora):
            self._tell("This source is no longer there: make the report again.")
            return
        word = remedy.name.replace("_", " ")
        self._workspace.change(recipe_changes.with_remedy(recipe, remedy), f"Mend: {word}")

    def mend_all_like(self, place: int) -> None:
        """Mend all sources as the source ``place`` is mended."""
        recipe = self._workspace.recipe
        values = {name: getattr(recipe.corpora[place], name) for name in _MENDING}
        sources = [dataclasses.replace(source, **values) for source in recipe.corpora]
        self._workspace.change(
            recipe_changes.with_sources(recipe, sources), "Mend all sources alike"
        )

    def keep(self, place: int, rule: str) -> None:
        """Keep what ``rule`` takes out of the source ``place``."""
        off = self._workspace.recipe.corpora[place].rules_off
        self.set_option(place, "source", "rules_off", (*off, rule))
