"""E-mail addresses: what stands around an @, with a domain that could be one.

A subset of RFC 5321 that people use: no quoted local parts, no addresses of machines in brackets;
letters of Latin scripts may stand on both sides. Searches for the @ alone, so text without one
costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sslstudio.corpora.personal.span import Clues, Span

_LETTERS = "A-Za-z0-9À-ÖØ-öø-ɏ"
_DOMAIN = re.compile(rf"@([{_LETTERS}-]++(?:\.[{_LETTERS}-]++)++)")
_LOCAL = re.compile(rf"[{_LETTERS}_+.!#$%&'*/=?^`{{|}}~-]+\Z")
_FRAME = "!#$%&'*/=?^`{|}~.-"
"""Marks that may stand inside an address, and before one as part of the text around it."""
_LONGEST_LOCAL = 64
_LONGEST_DOMAIN = 253


def find(clues: Clues) -> Iterator[Span]:
    """Yield where e-mail addresses stand."""
    text = clues.text
    if "@" not in text:
        return
    free = 0
    for match in _DOMAIN.finditer(text):
        start = _start_of_local(text, match.start(), free)
        if start is None or not _is_domain(match.group(1)):
            continue
        yield start, match.end()
        free = match.end()


def _start_of_local(text: str, at: int, free: int) -> int | None:
    """Return where the part before the @ begins, or None where there is none that could be."""
    before = text[max(free, at - _LONGEST_LOCAL - 1) : at]
    found = _LOCAL.search(before)
    if found is None or len(found.group()) > _LONGEST_LOCAL:
        return None
    local = found.group().lstrip(_FRAME)
    return at - len(local) if local and not local.endswith(".") else None


def _is_domain(domain: str) -> bool:
    labels = domain.split(".")
    top = labels[-1]
    return (
        len(domain) <= _LONGEST_DOMAIN
        and len(top) >= 2
        and (top.isalpha() or top.lower().startswith("xn--"))
        and not any(label.startswith("-") or label.endswith("-") for label in labels)
    )
