"""Keys to services: by the prefix that their makers gave them, or by looking random where
a key is announced.

Private keys in blocks (RFC 7468), JSON web tokens, prefixes of well-known services. Anything else
counts only behind a word such as key, token or secret, where it has 20 characters or more with a
figure among them and an entropy of more than 3.5 bits a character (reference 2.5).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from sslstudio.corpora.personal.span import Clues, Span, begins_alone

_BLOCK_EDGE = re.compile(r"-----(BEGIN|END) (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")
_PREFIXED = re.compile(
    r"(?:"
    r"(?:AKIA|ASIA)[A-Z0-9]{16}"
    r"|gh[opsur]_[A-Za-z0-9]{36,}+|github_pat_[A-Za-z0-9_]{22,}+"
    r"|glpat-[A-Za-z0-9_-]{20,}+"
    r"|sk-[A-Za-z0-9_-]{20,}+"
    r"|[spr]k_(?:live|test)_[A-Za-z0-9]{20,}+"
    r"|xox[abeoprs]-[A-Za-z0-9-]{15,}+|xapp-[A-Za-z0-9-]{15,}+"
    r"|AIza[A-Za-z0-9_-]{35}"
    r"|hf_[A-Za-z0-9]{30,}+|npm_[A-Za-z0-9]{36}|dop_v1_[a-f0-9]{64}"
    r"|pypi-[A-Za-z0-9_-]{50,}+"
    r"|SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}"
    r"|eyJ[A-Za-z0-9_-]{10,}+(?:\.[A-Za-z0-9_-]{5,}+){0,2}+"
    r")(?![A-Za-z0-9_-])"
)
_RANDOM = re.compile(r"[A-Za-z0-9+/_.-]{20,}+={0,2}")
_ANNOUNCED = re.compile(
    r"(?<![A-Za-z<])(?:[a-z]{1,12}[ _-]?)?(?:key|token|secret|password|passwd|credential)s?"
    r"[\"']?\s{0,3}(?::|=|=>|:=|\bis\b|)\s{0,3}[\"'`]?\Z",
    re.IGNORECASE,
)
_BEFORE = 40  # characters, in which a token is announced
_LONGEST = 200
_BITS = 3.5


def find(clues: Clues) -> Iterator[Span]:
    """Yield where keys stand; may overlap."""
    text = clues.text
    if "PRIVATE KEY" in text:
        yield from _blocks(text)
    for start, end in clues.long_tokens:
        yield from _prefixed(text, start, end)
        yield from _announced(text, start)


def _prefixed(text: str, start: int, end: int) -> Iterator[Span]:
    for match in _PREFIXED.finditer(text, start, end):
        if _is_likely(match.group()) and begins_alone(text, match.start(), but_not="-"):
            yield match.span()


def _announced(text: str, start: int) -> Iterator[Span]:
    token = _RANDOM.match(text, start)
    assert token is not None
    whole = token.group().rstrip(".")
    if _is_random(whole) and _ANNOUNCED.search(text[max(0, start - _BEFORE) : start]):
        yield start, start + len(whole)


def _blocks(text: str) -> Iterator[Span]:
    """Yield from each BEGIN line to the END line that follows it, if one does."""
    start = None
    for edge in _BLOCK_EDGE.finditer(text):
        if edge.group(1) == "BEGIN":
            start = edge.start()
        elif start is not None:
            yield start, edge.end()
            start = None


def _is_likely(token: str) -> bool:
    """Return whether a token with a known prefix is whole, and no word with hyphens."""
    if token.startswith("eyJ"):
        return token.count(".") == 2
    return not token.startswith("sk-") or _is_random(token)


def _is_random(token: str) -> bool:
    if not 20 <= len(token) <= _LONGEST or not any(map(str.isdigit, token)):
        return False
    return entropy(token) > _BITS


def entropy(token: str) -> float:
    """Return the bits a character that the counts of the characters in ``token`` stand for."""
    shares = [count / len(token) for count in Counter(token).values()]
    return -sum(share * math.log2(share) for share in shares)
