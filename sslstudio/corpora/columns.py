"""Which column of a table holds the text? A guess from the names and some samples of each.

Stands beside the readers of tables and of JSON, which all guess alike, and below the studio, which
shows the guess and lets it be changed. Pure: no files are opened here. Costs nothing to speak of;
a hundred samples a column are plenty. Knows nothing of languages or of quality.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

NAMES = ("text", "content", "body", "document", "article", "story", "passage", "sentence")
TITLES = ("title", "headline", "name", "source", "url", "id")
_NEVER_TEXT = re.compile(
    r"(.*[_\W])?(id|ids|uuid|guid|url|urls|uri|link|href|hash|sha\d*|md5|date|time|timestamp)",
    re.IGNORECASE,
)
_ADDRESS_OR_CODE = re.compile(r"\w+://\S+|[0-9a-f-]{16,}|[\d.,:/+TZ -]+", re.IGNORECASE)


def guess_column(samples: Mapping[str, Sequence[str]]) -> str:
    """Return the name of the column that holds the text, or "" where none can.

    The first of ``text``, ``content``, ``body`` and their like, in any case, that is not blank
    throughout; otherwise the one whose samples are longest on the average, the earlier of two.
    Columns of identifiers, addresses, dates or numbers, by their name or by what is in them, are
    taken only where there is nothing else.

    Args:
        samples: some values of every column that holds texts, in the order of the columns.
    """
    filled = {name: texts for name, texts in samples.items() if any(t.strip() for t in texts)}
    if named := named_column(list(filled)):
        return named
    likely = {name: texts for name, texts in filled.items() if not _is_code(name, texts)}
    candidates = likely or filled
    return max(candidates, key=lambda name: mean_length(candidates[name]), default="")


def named_column(names: Sequence[str]) -> str:
    """Return which of ``names`` says that it holds the text, in any case; or ""."""
    by_name = {name.strip().casefold(): name for name in reversed(names)}
    return next((by_name[wanted] for wanted in NAMES if wanted in by_name), "")


def mean_length(texts: Sequence[str]) -> float:
    """Return the mean number of characters of ``texts``; 0 where there are none."""
    return sum(map(len, texts)) / len(texts) if texts else 0.0


def _is_code(name: str, texts: Sequence[str]) -> bool:
    """Return whether the column holds identifiers, addresses, dates or numbers."""
    if _NEVER_TEXT.fullmatch(name.strip()):
        return True
    # matching is linear, but texts may be millions of characters long
    return all(_ADDRESS_OR_CODE.fullmatch(t[:200].strip()) for t in texts if t.strip())
