"""What every short code of mending means, in a few plain words, for tables and previews."""

from __future__ import annotations

from sslstudio.corpora.mending.characters import CONTROL, NEWLINE
from sslstudio.corpora.mending.lines import REPEATED_LINE
from sslstudio.corpora.mending.outcome import EXACT_DUPLICATE, NEAR_DUPLICATE, TWIN
from sslstudio.corpora.personal import finding
from sslstudio.corpora.rules.catalogue import RULES

BLANK = "blank"

_LABELS = {
    **{rule.name: rule.label for rule in RULES},
    **finding.LABELS,
    NEWLINE: "Line end of another system",
    CONTROL: "Control character or byte-order mark",
    "nfc": "Another spelling of the same character (NFC)",
    "nfkc": "Another form of the same character (NFKC)",
    "ftfy": "Text that was decoded wrongly",
    REPEATED_LINE: "Line that stands in very many documents",
    BLANK: "Blank",
    EXACT_DUPLICATE: "Says the same as an earlier document",
    NEAR_DUPLICATE: "Says nearly the same as another document",
    TWIN: "Kept apart for validation, but says nearly the same as training text",
}
CODES = tuple(_LABELS)


def labels(rule: str) -> str:
    """Return the words for the code ``rule``; the code itself where nobody knows it."""
    return _LABELS.get(rule, rule)
