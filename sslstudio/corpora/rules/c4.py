"""C4's rules as the report and the presets see them: of lines, and of documents.

Raffel et al. 2020 (1910.10683), section 2.2. A line rule changes a document, a document rule
takes it out; the sentences are counted in the lines that the line rules leave. What C4 says of
lists of bad words is not here: they take out more than they name.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from sslstudio.corpora.rules import c4_lines
from sslstudio.corpora.rules.punctuation import count_sentences
from sslstudio.corpora.rules.rule import Rule
from sslstudio.corpora.rules.view import View

_SOURCE = "C4: Raffel et al. 2020, 1910.10683, 2.2"
_FEWEST_SENTENCES = 5


def _lines_taken_by(name: str) -> Callable[[View], float | None]:
    def measure(view: View) -> float | None:
        return float(view.judged_lines[0].get(name, 0))

    return measure


def _citations(view: View) -> float | None:
    return float(sum(1 for _ in c4_lines.citations(view.text)))


def _lorem_ipsum(view: View) -> float | None:
    return float(view.lowered.count("lorem ipsum"))


def _curly_brackets(view: View) -> float | None:
    return float(view.text.count("{"))


def _sentences(view: View) -> float | None:
    """Return the sentences in the lines that stay, counting no further than the five wanted."""
    return float(count_sentences(view.judged_lines[1], _FEWEST_SENTENCES))


_rule = functools.partial(Rule, source=_SOURCE)
_line_rule = functools.partial(_rule, at_most=0, of_lines=True)

LINE_RULES = (
    _line_rule(
        name=c4_lines.LONG_WORD,
        label="Line with a word of more than 1,000 characters",
        wording="{} lines with a word of more than 1,000 characters",
        measure=_lines_taken_by(c4_lines.LONG_WORD),
    ),
    _line_rule(
        name=c4_lines.PUNCTUATION,
        label="Line that does not end like a sentence",
        wording="{} lines do not end like a sentence",
        measure=_lines_taken_by(c4_lines.PUNCTUATION),
    ),
    _line_rule(
        name=c4_lines.FEW_WORDS,
        label="Line of fewer than three words",
        wording="{} lines of fewer than three words",
        measure=_lines_taken_by(c4_lines.FEW_WORDS),
    ),
    _line_rule(
        name=c4_lines.JAVASCRIPT,
        label="Line that speaks of JavaScript",
        wording="{} lines that speak of JavaScript",
        measure=_lines_taken_by(c4_lines.JAVASCRIPT),
    ),
    _line_rule(
        name=c4_lines.POLICY,
        label="Line on cookies, privacy or terms of use",
        wording="{} lines on cookies, privacy or terms of use",
        measure=_lines_taken_by(c4_lines.POLICY),
    ),
    _line_rule(
        name=c4_lines.CITATION,
        label="Citation mark such as [3] or [edit]",
        wording="{} citation marks such as [3] or [edit]",
        measure=_citations,
    ),
)
RULES = (
    *LINE_RULES,
    _rule(
        name="c4_lorem_ipsum",
        label="Placeholder text: lorem ipsum",
        wording="“lorem ipsum” occurs {} times",
        measure=_lorem_ipsum,
        at_most=0,
    ),
    _rule(
        name="c4_curly_bracket",
        label="Curly brackets: likely code",
        wording="{} curly brackets",
        measure=_curly_brackets,
        at_most=0,
    ),
    _rule(
        name="c4_sentences",
        label="Fewer than five sentences",
        wording="{} sentences",
        measure=_sentences,
        at_least=_FEWEST_SENTENCES,
    ),
)
