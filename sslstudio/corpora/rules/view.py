"""One document as all rules see it: lines, paragraphs, words and repeated sequences, made once.

Between a document's text and the rules. Everything is made when the first rule asks for it and
kept, so checking one rule pays for that rule, and checking all of them pays for each part once.
A line is stripped and not blank; a paragraph stands between two or more newlines. U+2028 ends no
line (``str.splitlines`` would break there).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from sslstudio.corpora.rules import c4_lines
from sslstudio.corpora.rules.grams import GramFigures
from sslstudio.corpora.rules.scripts import has_spaces
from sslstudio.corpora.rules.words import Words, words_of

LONGEST_TOP_GRAM = 4
LONGEST_GRAM = 10


class View:
    """The parts of one text; holds a few times its size while rules look at it.

    Attributes:
        text: any Unicode.
        line_rules: which of C4's rules for lines count where they are counted.
    """

    def __init__(self, text: str, line_rules: frozenset[str] = c4_lines.ALL) -> None:
        self.text = text
        self.line_rules = line_rules

    @cached_property
    def has_spaces(self) -> bool:
        """Whether its script puts spaces between words; rules that count words ask first."""
        return has_spaces(self.text)

    @cached_property
    def lines(self) -> list[str]:
        """Lines that are not blank, without the white space around them."""
        return list(filter(None, map(str.strip, self.text.split("\n"))))

    @cached_property
    def paragraphs(self) -> list[str]:
        """What stands between two or more newlines."""
        pieces = (piece.strip("\n") for piece in self.text.strip().split("\n\n"))
        return list(filter(None, pieces))

    @cached_property
    def lowered(self) -> str:
        """The text in lower case."""
        return self.text.lower()

    @cached_property
    def judged_lines(self) -> tuple[dict[str, int], list[str]]:
        """How many lines each of C4's rules takes out, as the first that does; and the rest."""
        active = c4_lines.at_work(self.line_rules, self.lowered)
        return c4_lines.judged_lines(self.lines, active, self.has_spaces)

    @cached_property
    def words(self) -> Words:
        """What stands between white space."""
        return words_of(self.text)

    @cached_property
    def grams(self) -> GramFigures:
        """How much of the text is in repeated sequences, by the number of their words."""
        return GramFigures(self.words, LONGEST_TOP_GRAM, LONGEST_GRAM)


def share_true(marks: Sequence[bool]) -> float | None:
    """Return the share of ``marks`` that are set, a mark a line; None where there is no line."""
    return sum(marks) / len(marks) if marks else None
