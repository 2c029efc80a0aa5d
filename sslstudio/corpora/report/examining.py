"""What the quality rules say of documents: every rule, every preset, and the present settings.

In the workers, on the documents of the sample for rules. Each rule measures a document once; what a
preset would do follows from those values, and what the present settings do is asked of the very
mender that the preparation uses, so that the removal table is what happens. About 300 ms a
megabyte, most of it for repeated sequences of words.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sslstudio.corpora.mending.mender import Mender
from sslstudio.corpora.rules.catalogue import FAMILIES, RULES
from sslstudio.corpora.rules.gopher_repetition import DUPLICATE_GRAM_RULES
from sslstudio.corpora.rules.presets import PRESETS
from sslstudio.corpora.rules.rule import Fired, Rule
from sslstudio.corpora.rules.view import View
from sslstudio.recipe import CorpusSource

EXAMPLES = 3  # of a rule from one batch
_REPETITIVE = tuple(rule.times(2) for rule in DUPLICATE_GRAM_RULES)


class Examiner:
    """Examines documents of one source.

    Raises (constructor):
        RecipeError: the source turns off a rule that does not exist.
    """

    def __init__(self, source: CorpusSource) -> None:
        self._mender = Mender(source)

    def examine(self, documents: Sequence[tuple[int, str]]) -> dict[str, Any]:
        """Return, of (number, text), which numbers each rule fires on, as plain values.

        ``rules`` and ``removed`` have numbers; ``examples`` has (number, sentence) of the first few
        for each rule; all others have counts of documents.
        """
        rules: defaultdict[str, int] = defaultdict(int)
        examples: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        removed: defaultdict[str, list[int]] = defaultdict(list)
        presets, families, changed = Counter[str](), Counter[str](), Counter[str]()
        repetitive = 0
        for number, text in documents:
            view = View(text)
            values = {rule.name: rule.measure(view) for rule in RULES}
            for fired in _fired(values):
                rules[fired.rule.name] += 1
                if len(examples[fired.rule.name]) < EXAMPLES:
                    examples[fired.rule.name].append((number, fired.sentence))
            presets.update(_removing(values, {p.name: p.rules for p in PRESETS.values()}))
            families.update(_removing(values, FAMILIES))
            repetitive += any(_breaks(rule, values) for rule in _REPETITIVE)
            self._mend(number, text, removed, changed)
        return {
            "documents": len(documents),
            "rules": rules,
            "examples": examples,
            "removed": removed,
            "presets": presets,
            "families": families,
            "changed": changed,
            "repetitive": repetitive,
        }

    def _mend(
        self,
        number: int,
        text: str,
        removed: defaultdict[str, list[int]],
        changed: Counter[str],
    ) -> None:
        if self._mender.is_idle:
            return
        mended = self._mender.mend(text)
        if mended.removed_by:
            removed[mended.removed_by].append(number)
        else:
            changed.update({rule for rule, _ in mended.changes})


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
