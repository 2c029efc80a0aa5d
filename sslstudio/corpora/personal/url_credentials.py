"""Names and passwords in addresses: ``https://name:password@host``; the address itself stays.

Searches for ``://`` alone, so text without addresses costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sslstudio.corpora.personal.span import Clues, Span

_CREDENTIALS = re.compile(r"://([^\s/?#@:<>\"']{0,128}+:[^\s/?#@<>\"']{1,128}+)@(?=[\w\[])")


def find(clues: Clues) -> Iterator[Span]:
    """Yield where the name and password stand, without the @ behind them."""
    if "://" in clues.text and "@" in clues.text:
        for match in _CREDENTIALS.finditer(clues.text):
            yield match.span(1)
