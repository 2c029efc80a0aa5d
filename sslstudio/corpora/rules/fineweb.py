"""FineWeb's own rules: pages that are lists, menus and tables and not sentences.

Penedo et al. 2024 (2406.17557), section 3.5. Lines are stripped and not blank. A closing quotation
mark ends a line as a full stop does, as in the code with which the bounds were found. In scripts
without spaces thirty characters are a good sentence and words are not counted, so two of the four
rules say nothing there.
"""

from __future__ import annotations

import functools

from sslstudio.corpora.rules.gopher_repetition import duplicates
from sslstudio.corpora.rules.punctuation import LINE_ENDS
from sslstudio.corpora.rules.rule import Rule
from sslstudio.corpora.rules.view import View, share_true

_SOURCE = "FineWeb: Penedo et al. 2024, 2406.17557, 3.5"
_SHORT = 30


def _ended_lines(view: View) -> float | None:
    return share_true([line.endswith(LINE_ENDS) for line in view.lines])


def _short_lines(view: View) -> float | None:
    if not view.has_spaces:
        return None
    return share_true([length <= _SHORT for length in map(len, view.lines)])


def _duplicate_line_characters(view: View) -> float | None:
    characters = len(view.text) - view.text.count("\n")
    return duplicates(view.lines)[1] / characters if view.lines else None


def _newlines_a_word(view: View) -> float | None:
    if not view.has_spaces or not view.words.count:
        return None
    return view.text.count("\n") / view.words.count


_rule = functools.partial(Rule, source=_SOURCE)

RULES = (
    _rule(
        name="fineweb_line_punctuation",
        label="Too few lines end like sentences",
        wording="{} of lines end in a full stop or the like",
        measure=_ended_lines,
        at_least=0.12,
        is_share=True,
    ),
    _rule(
        name="fineweb_short_lines",
        label="Too many short lines",
        wording="{} of lines have 30 characters or fewer",
        measure=_short_lines,
        at_most=0.67,
        is_share=True,
    ),
    _rule(
        name="fineweb_duplicate_characters",
        label="Lines that say the same",
        wording="{} of the text is in lines that stood before",
        measure=_duplicate_line_characters,
        at_most=0.01,
        is_share=True,
    ),
    _rule(
        name="fineweb_newlines",
        label="A list: too many lines for its words",
        wording="{} line ends a word",
        measure=_newlines_a_word,
        at_most=0.3,
    ),
)
