"""All quality rules by name, in the order in which a document meets them.

The order decides to which rule a removal table gives a document that breaks several. A new family
is one file, and one line here.
"""

from __future__ import annotations

from sslstudio.corpora.rules import c4, fineweb, gopher_quality, gopher_repetition
from sslstudio.corpora.rules.rule import Rule

FAMILIES = {
    "gopher_quality": gopher_quality.RULES,
    "gopher_repetition": gopher_repetition.RULES,
    "c4": c4.RULES,
    "fineweb": fineweb.RULES,
}
RULES: tuple[Rule, ...] = tuple(rule for family in FAMILIES.values() for rule in family)
RULE_OF: dict[str, Rule] = {rule.name: rule for rule in RULES}
