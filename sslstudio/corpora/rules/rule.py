"""What a rule is: a name, a measure of a document, and the bounds of what is taken as good.

A document rule takes the whole document out where its value lies outside the bounds. A line rule
(``of_lines``) takes out lines, and its value is how many. A measure is a pure function of the
:class:`View`; it answers None where the rule means nothing, such as counting words in Chinese.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable

from sslstudio.corpora.rules.view import View


@dataclasses.dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule with its bounds, both of which are still good.

    Attributes:
        name: short and stable; stands in recipes, removal tables and previews.
        label: what it takes out, in a few plain words.
        wording: the value in a sentence, with ``{}`` where the number stands.
        measure: the value of a document; None where the rule does not apply to it.
        at_least, at_most: the bounds.
        is_share: whether the value is shown as a percentage.
        of_lines: whether it takes out lines and not the document.
        source: where its bounds come from.
    """

    name: str
    label: str
    wording: str
    measure: Callable[[View], float | None]
    at_least: float | None = None
    at_most: float | None = None
    is_share: bool = False
    of_lines: bool = False
    source: str

    def times(self, factor: float) -> Rule:
        """Return the same rule with its upper bound multiplied by ``factor``."""
        assert self.at_most is not None
        return dataclasses.replace(self, at_most=self.at_most * factor)

    def broken_bound(self, value: float) -> float | None:
        """Return the bound that ``value`` lies beyond, or None."""
        if self.at_least is not None and value < self.at_least:
            return self.at_least
        if self.at_most is not None and value > self.at_most:
            return self.at_most
        return None


@dataclasses.dataclass(frozen=True, slots=True)
class Fired:
    """A rule that a document does not keep, with what was measured and what would be good."""

    rule: Rule
    value: float
    bound: float

    @property
    def sentence(self) -> str:
        """Such as "62 % of lines end in an ellipsis; at most 30 %"."""
        is_low = self.value < self.bound
        value, bound = self.value, self.bound
        measured = self.rule.wording.format(_shown(value, self.rule.is_share, towards=bound))
        limit = _shown(bound, self.rule.is_share)
        return f"{measured}; at {'least' if is_low else 'most'} {limit}"


def _shown(value: float, is_share: bool, towards: float | None = None) -> str:
    """Return a figure with as few decimals as tell it from the bound that it broke."""
    scale, unit = (100, " %") if is_share else (1, "")
    for decimals in range(4):
        shown = f"{value * scale:,.{decimals}f}"
        exact = towards is None and float(shown.replace(",", "")) == round(value * scale, 6)
        if exact or (towards is not None and shown != f"{towards * scale:,.{decimals}f}"):
            break
    return shown + unit


def fired(view: View, rules: Iterable[Rule]) -> list[Fired]:
    """Return every one of ``rules`` that fires on the document, in the order of ``rules``."""
    found = []
    for rule in rules:
        value = rule.measure(view)
        if value is None:
            continue
        bound = rule.broken_bound(value)
        if bound is not None:
            found.append(Fired(rule, value, bound))
    return found


def first_fired(view: View, rules: Iterable[Rule]) -> Fired | None:
    """Return the first of ``rules`` that fires; the ones after it are not measured."""
    for rule in rules:
        found = fired(view, (rule,))
        if found:
            return found[0]
    return None
