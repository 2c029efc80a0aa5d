"""C4's rules as the report and the presets see them: of lines, and of documents.

Raffel et al. 2020 (1910.10683), section 2.2. A line rule changes a document, a document rule
takes it out; the sentences are counted in the lines that the line rules leave. What C4 says of
lists of bad words is not here: they take out more than they name.
"""

from __future__ import annotations

import functools

from sslstudio.corpora.rules import c4_lines
from sslstudio.corpora.rules.punctuation import count_sentences
from sslstudio.corpora.rules.rule import Rule
from sslstudio.corpora.rules.view import View

_SOURCE = "C4: Raffel et al. 2020, 1910.10683, 2.2"
_FEWEST_SENTENCES = 5


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


def _line_rule(name: str, label: str, wording: str) -> Rule:
    """Return the rule whose value is how many lines ``name`` is the first to take out."""

    def measure(view: View) -> float | None:
        return float(view.judged_lines[0].get(name, 0))

    return _rule(name=name, label=label, wording=wording, measure=measure, at_most=0, of_lines=True)


RULES = (
    _line_rule(
        c4_lines.LONG_WORD,
        "Line with a word of more than 1,000 characters",
        "{} lines with a word of more than 1,000 characters",
    ),
    _line_rule(
        c4_lines.PUNCTUATION,
        "Line that does not end like a sentence",
        "{} lines do not end like a sentence",
    ),
    _line_rule(
        c4_lines.FEW_WORDS, "Line of fewer than three words", "{} lines of fewer than three words"
    ),
    _line_rule(
        c4_lines.JAVASCRIPT, "Line that speaks of JavaScript", "{} lines that speak of JavaScript"
    ),
    _line_rule(
        c4_lines.POLICY,
        "Line on cookies, privacy or terms of use",
        "{} lines on cookies, privacy or terms of use",
    ),
    _rule(
        name=c4_lines.CITATION,
        label="Citation mark such as [3] or [edit]",
        wording="{} citation marks such as [3] or [edit]",
        measure=_citations,
        at_most=0,
        of_lines=True,
    ),
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
