"""Gopher's quality rules: does a document look like running text?

Rae et al. 2021 (2112.11446), appendix A1.1. Words stand between white space, as in the paper;
datatrove cuts punctuation off as words of its own, so its counts of words are about a sixth
higher. The stop words are English, so that rule speaks only where the text is English, or in no
language that can be told.
"""

from __future__ import annotations

import functools
import re

from sslstudio.corpora.rules.language import is_other_than_english
from sslstudio.corpora.rules.punctuation import ELLIPSES
from sslstudio.corpora.rules.rule import Rule
from sslstudio.corpora.rules.view import View, share_true

_SOURCE = "Gopher: Rae et al. 2021, 2112.11446, A1.1"
STOP_WORDS = ("the", "be", "to", "of", "and", "that", "have", "with")
_STOP_WORD = re.compile(rf"\b(?:{'|'.join(STOP_WORDS)})\b")
_FEWEST_STOP_WORDS = 2
_BULLETS = ("•", "-")


def _of_words(count: int | float, view: View) -> float | None:
    """Return ``count`` per word."""
    return count / view.words.count if view.has_spaces and view.words.count else None


def _word_count(view: View) -> float | None:
    return view.words.plain if view.has_spaces else None


def _mean_word_length(view: View) -> float | None:
    words = view.words
    return words.plain_characters / words.plain if view.has_spaces and words.plain else None


def _hash_ratio(view: View) -> float | None:
    return _of_words(count, view) if (count := view.text.count("#")) else 0.0


def _ellipsis_ratio(view: View) -> float | None:
    count = sum(view.text.count(mark) for mark in ELLIPSES)
    return _of_words(count, view) if count else 0.0


def _bullet_lines(view: View) -> float | None:
    return share_true([line.startswith(_BULLETS) for line in view.lines])


def _ellipsis_lines(view: View) -> float | None:
    return share_true([line.endswith(ELLIPSES) for line in view.lines])


def _alphabetic_words(view: View) -> float | None:
    return _of_words(view.words.alphabetic, view) if view.has_spaces else None


def _stop_words(view: View) -> float | None:
    """Return how many of the eight occur, counting no further than the two that are wanted."""
    found: set[str] = set()
    for match in _STOP_WORD.finditer(view.lowered):
        found.add(match.group())
        if len(found) >= _FEWEST_STOP_WORDS:
            return float(_FEWEST_STOP_WORDS)
    return None if is_other_than_english(view) else float(len(found))


_rule = functools.partial(Rule, source=_SOURCE)

RULES = (
    _rule(
        name="gopher_word_count",
        label="Too few or too many words",
        wording="{} words",
        measure=_word_count,
        at_least=50,
        at_most=100_000,
    ),
    _rule(
        name="gopher_word_length",
        label="Words are too short or too long on average",
        wording="words have {} characters on average",
        measure=_mean_word_length,
        at_least=3,
        at_most=10,
    ),
    _rule(
        name="gopher_hashes",
        label="Too many # signs",
        wording="{} # signs a word",
        measure=_hash_ratio,
        at_most=0.1,
    ),
    _rule(
        name="gopher_ellipses",
        label="Too many ellipses",
        wording="{} ellipses a word",
        measure=_ellipsis_ratio,
        at_most=0.1,
    ),
    _rule(
        name="gopher_bullet_lines",
        label="Nearly all lines are bullet points",
        wording="{} of lines begin with a bullet",
        measure=_bullet_lines,
        at_most=0.9,
        is_share=True,
    ),
    _rule(
        name="gopher_ellipsis_lines",
        label="Too many lines end in an ellipsis",
        wording="{} of lines end in an ellipsis",
        measure=_ellipsis_lines,
        at_most=0.3,
        is_share=True,
    ),
    _rule(
        name="gopher_alphabetic_words",
        label="Too few words with letters",
        wording="{} of words have a letter in them",
        measure=_alphabetic_words,
        at_least=0.8,
        is_share=True,
    ),
    _rule(
        name="gopher_stop_words",
        label="No sentences: the commonest English words are missing",
        wording="{} of the eight commonest English words",
        measure=_stop_words,
        at_least=_FEWEST_STOP_WORDS,
    ),
)
