"""Presets: which rules suit what kind of text, as data.

Small curated corpora (poems, code, tables, dialogue) fail the rules for web pages, so each kind
has its own choice (reference 2.2). A source names one preset, and may turn off single rules.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

from sslstudio.corpora.rules import gopher_repetition
from sslstudio.corpora.rules.catalogue import RULE_OF, RULES
from sslstudio.corpora.rules.rule import Rule

_LENGTH = RULE_OF["gopher_word_count"]
_ALPHABETIC = RULE_OF["gopher_alphabetic_words"]
_REPEATED_TWICE_OVER = tuple(rule.times(2) for rule in gopher_repetition.DUPLICATE_GRAM_RULES)


@dataclasses.dataclass(frozen=True)
class Preset:
    """A choice of rules under a name.

    Attributes:
        name: as it stands in a recipe.
        title: what a menu shows.
        description: one sentence.
        rules: in the order of the catalogue, with their bounds.
    """

    name: str
    title: str
    description: str
    rules: tuple[Rule, ...]

    def without(self, names: Collection[str]) -> tuple[Rule, ...]:
        """Return the rules but for those in ``names``."""
        return tuple(rule for rule in self.rules if rule.name not in names)


PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset("as_is", "As it is", "Nothing is left out.", ()),
        Preset(
            "web",
            "Web pages",
            "All rules of Gopher, C4 and FineWeb: menus, lists, lines that are no sentences and "
            "pages that repeat themselves go.",
            RULES,
        ),
        Preset(
            "prose",
            "Books and prose",
            "Documents go that repeat themselves, or that have too few words with letters.",
            (_ALPHABETIC, *gopher_repetition.RULES),
        ),
        Preset(
            "dialogue",
            "Dialogue and poetry",
            "Documents go that have fewer than 50 or more than 100,000 words, or that repeat "
            "long sequences of words; refrains and short lines stay.",
            (_LENGTH, *_REPEATED_TWICE_OVER),
        ),
        Preset(
            "code",
            "Code and tables",
            "Documents go that have fewer than 50 or more than 100,000 words, or that repeat "
            "long sequences of words; brackets, figures and short lines stay.",
            (_LENGTH, *_REPEATED_TWICE_OVER),
        ),
    )
}
