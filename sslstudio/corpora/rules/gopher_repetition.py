"""Gopher's repetition rules: how much of a document says again what it has said.

Rae et al. 2021 (2112.11446), table A1. Of lines, paragraphs and long sequences of words every
one after the first counts as a duplicate; of sequences of two to four words the one that takes up
most room counts, where it occurs at least twice. Sequences mean nothing in scripts without spaces.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

from sslstudio.corpora.rules.rule import Rule
from sslstudio.corpora.rules.view import View

_SOURCE = "Gopher: Rae et al. 2021, 2112.11446, table A1"
_TOP = {2: 0.20, 3: 0.18, 4: 0.16}
_DUPLICATED = {5: 0.15, 6: 0.14, 7: 0.13, 8: 0.12, 9: 0.11, 10: 0.10}


def duplicates(parts: Sequence[str]) -> tuple[int, int]:
    """Return how many of ``parts`` stood before, and how many characters those have."""
    different = set(parts)
    if len(different) == len(parts):
        return 0, 0
    characters = sum(map(len, parts)) - sum(map(len, different))
    return len(parts) - len(different), characters


def _duplicate_lines(view: View) -> float | None:
    return duplicates(view.lines)[0] / len(view.lines) if view.lines else None


def _duplicate_paragraphs(view: View) -> float | None:
    return duplicates(view.paragraphs)[0] / len(view.paragraphs) if view.paragraphs else None


def _duplicate_line_characters(view: View) -> float | None:
    return duplicates(view.lines)[1] / len(view.text) if view.text else None


def _duplicate_paragraph_characters(view: View) -> float | None:
    return duplicates(view.paragraphs)[1] / len(view.text) if view.text else None


def _in_grams(order: int) -> Callable[[View], float | None]:
    """Return the measure of sequences of ``order`` words: the top one, or all that stood before."""

    def measure(view: View) -> float | None:
        if not view.has_spaces:
            return None
        characters = view.grams.characters(order)
        return characters / len(view.text) if characters else 0.0

    return measure


_rule = functools.partial(Rule, source=_SOURCE, is_share=True)

RULES = (
    _rule(
        name="gopher_duplicate_lines",
        label="Too many lines say the same",
        wording="{} of lines stood before",
        measure=_duplicate_lines,
        at_most=0.30,
    ),
    _rule(
        name="gopher_duplicate_paragraphs",
        label="Too many paragraphs say the same",
        wording="{} of paragraphs stood before",
        measure=_duplicate_paragraphs,
        at_most=0.30,
    ),
    _rule(
        name="gopher_duplicate_line_characters",
        label="Too much text in lines that say the same",
        wording="{} of the text is in lines that stood before",
        measure=_duplicate_line_characters,
        at_most=0.20,
    ),
    _rule(
        name="gopher_duplicate_paragraph_characters",
        label="Too much text in paragraphs that say the same",
        wording="{} of the text is in paragraphs that stood before",
        measure=_duplicate_paragraph_characters,
        at_most=0.20,
    ),
    *(
        _rule(
            name=f"gopher_top_{order}_gram",
            label=f"The same {order} words again and again",
            wording=f"{{}} of the text is one sequence of {order} words",
            measure=_in_grams(order),
            at_most=bound,
        )
        for order, bound in _TOP.items()
    ),
    *(
        _rule(
            name=f"gopher_duplicate_{order}_grams",
            label=f"Too many sequences of {order} words stood before",
            wording=f"{{}} of the text is in sequences of {order} words that stood before",
            measure=_in_grams(order),
            at_most=bound,
        )
        for order, bound in _DUPLICATED.items()
    ),
)
DUPLICATE_GRAM_RULES = tuple(rule for rule in RULES if rule.name.endswith("_grams"))
