"""C4's rules for single lines: which of them takes a line out, and what is cut out of a line.

Raffel et al. 2020 (1910.10683), section 2.2, in the order of its code. Used by the rules, which
count, and by mending, which takes out. Beside C4's own four marks a line may end in those of other
scripts and in curly quotation marks, which did not survive in C4's pages. In scripts without
spaces the two rules that look at words say nothing. Costs about a microsecond a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sslstudio.corpora.rules.punctuation import ELLIPSES, LINE_ENDS

LONG_WORD = "c4_long_word"
PUNCTUATION = "c4_line_punctuation"
FEW_WORDS = "c4_few_words"
JAVASCRIPT = "c4_javascript"
POLICY = "c4_policy"
CITATION = "c4_citation"
LINE_RULES = (LONG_WORD, PUNCTUATION, FEW_WORDS, JAVASCRIPT, POLICY)
"""Those that take out a line, in the order in which they are asked."""
ALL = frozenset((*LINE_RULES, CITATION))

LONGEST_WORD = 1000
FEWEST_WORDS = 3
_CITATION = re.compile(r"\[\d*\]|\[edit\]|\[citation needed\]")
_POLICIES = (
    "terms of use",
    "privacy policy",
    "cookie policy",
    "uses cookies",
    "use of cookies",
    "use cookies",
)


def line_rule(line: str, active: frozenset[str], has_spaces: bool) -> str:
    """Return the first of the ``active`` rules that takes ``line`` out, or an empty text.

    Args:
        line: stripped and not blank.
        active: some of ``LINE_RULES``.
        has_spaces: whether the document's script puts spaces between words.
    """
    if len(line) > LONGEST_WORD and has_spaces and LONG_WORD in active and _has_long_word(line):
        return LONG_WORD
    if PUNCTUATION in active and not _is_ended(line):
        return PUNCTUATION
    if FEW_WORDS in active and has_spaces and len(line.split(None, 2)) < FEWEST_WORDS:
        return FEW_WORDS
    if JAVASCRIPT in active and "javascript" in line.lower():
        return JAVASCRIPT
    if POLICY in active and any(phrase in line.lower() for phrase in _POLICIES):
        return POLICY
    return ""


def citations(line: str) -> Iterator[tuple[int, int]]:
    """Yield where the citations of wikis stand in ``line``: ``[3]``, ``[edit]`` and the like."""
    if "[" in line:
        for match in _CITATION.finditer(line):
            yield match.span()


def judged_lines(
    lines: Iterable[str], active: frozenset[str], has_spaces: bool
) -> tuple[dict[str, int], list[str]]:
    """Return how many of ``lines`` each of the ``active`` rules takes out, and those that stay."""
    counts: dict[str, int] = {}
    kept = []
    for line in lines:
        rule = line_rule(line, active, has_spaces)
        if rule:
            counts[rule] = counts.get(rule, 0) + 1
        else:
            kept.append(line)
    return counts, kept


def at_work(active: frozenset[str], lowered: str) -> frozenset[str]:
    """Return those of the ``active`` rules that can find something in the text ``lowered``."""
    idle = set()
    if "javascript" not in lowered:
        idle.add(JAVASCRIPT)
    if not any(phrase in lowered for phrase in _POLICIES):
        idle.add(POLICY)
    return active - idle


def _has_long_word(line: str) -> bool:
    return max(map(len, line.split())) > LONGEST_WORD


def _is_ended(line: str) -> bool:
    if line.endswith("]"):
        line = _CITATION.sub("", line).rstrip()
    return line.endswith(LINE_ENDS) and not line.endswith(ELLIPSES)
