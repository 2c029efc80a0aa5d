"""What the quality rules say of documents: every rule, every preset, and the present settings.

In the workers, on the documents of the sample for rules. Each rule measures a document once; what
a preset without line rules would do follows from those values. What the one for web pages would
do, which takes out lines before it judges what is left, and what the present settings do, is asked
of the very mender that the preparation uses. About
400 ms a megabyte, most of it for repeated sequences of words.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sslstudio.corpora.mending.mender import Mender
from sslstudio.corpora.report.leftovers import ends_in_mid_sentence, tag_characters
from sslstudio.corpora.rules.catalogue import FAMILIES, RULES
from sslstudio.corpora.rules.gopher_repetition import DUPLICATE_GRAM_RULES
from sslstudio.corpora.rules.presets import PRESETS
from sslstudio.corpora.rules.rule import Fired, Rule
from sslstudio.corpora.rules.view import View
from sslstudio.recipe import CorpusSource

EXAMPLES = 3  # of a rule from one batch
_REPETITIVE = tuple(rule.times(2) for rule in DUPLICATE_GRAM_RULES)


_WITHOUT_LINE_RULES = {p.name: p.rules for p in PRESETS.values() if p.name != "web"}


@dataclasses.dataclass
class _Found:
    """What was found in some documents, as plain values."""

    documents: int = 0
    characters: int = 0
    rules: Counter[str] = dataclasses.field(default_factory=Counter)
    examples: dict[str, list[tuple[int, str]]] = dataclasses.field(default_factory=dict)
    families: Counter[str] = dataclasses.field(default_factory=Counter)
    presets: Counter[str] = dataclasses.field(default_factory=Counter)
    repetitive: int = 0
    removed_characters: int = 0
    sentences: int = 0
    cut_off: int = 0
    tag_characters: int = 0


class Examiner:
    """Examines documents of one source.

    Raises (constructor):
        RecipeError: the source turns off a rule that does not exist.
    """

    def __init__(self, source: CorpusSource) -> None:
        self._mender = Mender(source)
        self._web = Mender(CorpusSource(path=source.path, preset="web"))

    def examine(self, documents: Sequence[tuple[int, str]]) -> dict[str, Any]:
        """Return, of (number, text), which numbers each rule fires on, as plain values.

        ``examples`` has (number, sentence) of the first few for each rule; ``presets`` and
        ``removed_characters`` have characters that are taken out, ``tag_characters`` those of
        tags, all others counts of documents; ``sentences`` of those that are running text.
        """
        found = _Found()
        for number, text in documents:
            self._examine(number, text, found)
        return vars(found)

    def _examine(self, number: int, text: str, found: _Found) -> None:
        view = View(text)
        values = {rule.name: rule.measure(view) for rule in RULES}
        for fired in _fired(values):
            found.rules[fired.rule.name] += 1
            shown = found.examples.setdefault(fired.rule.name, [])
            if len(shown) < EXAMPLES:
                shown.append((number, fired.sentence))
        found.documents += 1
        found.characters += len(text)
        found.repetitive += any(_breaks(rule, values) for rule in _REPETITIVE)
        open_end = ends_in_mid_sentence(text)
        found.sentences += open_end is not None
        found.cut_off += open_end is True
        found.tag_characters += tag_characters(text)
        found.families.update(_removing(values, FAMILIES))
        for preset in _removing(values, _WITHOUT_LINE_RULES):
            found.presets[preset] += len(text)
        found.presets["web"] += len(text) - len(self._web.mend(text).text)
        if not self._mender.is_idle:
            left = self._mender.mend(text).text
            found.removed_characters += max(0, len(text) - len(left))


def _fired(values: Mapping[str, float | None]) -> list[Fired]:
    found = []
    for rule in RULES:
        value = values[rule.name]
        bound = None if value is None else rule.broken_bound(value)
        if value is not None and bound is not None:
            found.append(Fired(rule, value, bound))
    return found


def _removing(
    values: Mapping[str, float | None], choices: Mapping[str, Iterable[Rule]]
) -> list[str]:
    """Return the names of those choices of rules that take the document out."""
    return [
        name
        for name, rules in choices.items()
        if any(_breaks(rule, values) for rule in rules if not rule.of_lines)
    ]


def _breaks(rule: Rule, values: Mapping[str, float | None]) -> bool:
    value = values[rule.name]
    return value is not None and rule.broken_bound(value) is not None
