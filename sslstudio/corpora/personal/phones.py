"""Telephone numbers: international with a +, and national where they are written as such.

Whether a number exists is asked of ``phonenumbers`` (its patterns of every country). National
ones must look the part: North American ``(212) 555-0123``, a trunk 0 with groups behind it, or
seven figures and more behind a word such as Tel. So years, prices, versions, ISBNs and decimals
stay. ``phonenumbers`` is imported at the first candidate.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any

from sslstudio.corpora.personal.span import Clues, Span, begins_alone

_FEWEST = 7
_INTERNATIONAL = re.compile(r"\+[0-9(][0-9 \u00a0().\u2010-\u2013/-]{5,25}")
_NATIONAL = re.compile(
    r"(?:[0-9]{16,}+"
    r"|(?P<american>(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}[.-])[2-9][0-9]{2}[.-][0-9]{4})"
    r"|(?P<trunk>(?:0[1-9][0-9]{0,4}|\(0[1-9][0-9]{0,4}\))(?:[ ./-]{1,2}[0-9]{2,8}){1,5})"
    r"|(?P<announced>[0-9](?:[ ()./-]{0,2}[0-9]){6,14}+))"
    r"(?![\w]|[-.,/:][0-9])"
)
_ANNOUNCED = re.compile(
    r"(?:\b(?:tel|telefon|telephone|teléfono|tél|téléphone|phone|fax|mobile?|cell|handy))"
    r"(?:\.:?|:| number:?| no\.:?|-nr\.:?|)\s{0,2}\Z",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"[0-9]{1,2}[ ./-]{1,2}[0-9]{1,2}[ ./-]{1,2}(?:19|20)[0-9]{2}(?![0-9])|"
    r"(?:19|20)[0-9]{2}[ ./-][0-9]{1,2}[ ./-][0-9]{1,2}(?![0-9])"
)
_NO_DIGIT = re.compile(r"[^0-9]+")
_LAST_GROUP = re.compile(r"[^0-9]+[0-9]*[^0-9]*\Z")
_TRUNK_CODES = (49, 44, 33, 39, 31, 41, 43, 32, 46, 61, 81)
"""Calling codes of countries where a national number is dialled with a 0 in front."""
_TRUNK_DIGITS = range(9, 13)


def find(clues: Clues) -> Iterator[Span]:
    """Yield where telephone numbers stand; may overlap."""
    if clues.digits < _FEWEST:
        return
    text = clues.text
    if "+" in text:
        for match in _INTERNATIONAL.finditer(text):
            if begins_alone(text, match.start(), but_not="+"):
                end = _end_of_international(match.group())
                if end:
                    yield match.start(), match.start() + end
    for match in clues.in_runs(_NATIONAL):
        if begins_alone(text, match.start(), but_not=".,:/+-") and _is_national(text, match):
            yield match.span()


def _end_of_international(candidate: str) -> int:
    """Return the end of the longest number that ``candidate`` begins with, or 0."""
    while True:
        candidate = candidate.rstrip(" \u00a0().\u2010\u2011\u2012\u2013/-")
        digits = _NO_DIGIT.sub("", candidate.replace("(0)", ""))
        if len(digits) < _FEWEST:
            return 0
        if _is_international(digits):
            return len(candidate)
        shorter = _LAST_GROUP.sub("", candidate)
        if shorter == candidate:
            return 0
        candidate = shorter


def _is_national(text: str, match: re.Match[str]) -> bool:
    """Return whether the candidate is announced, or exists as it is written."""
    number = match.group()
    if match.lastgroup is None:
        return False
    if _DATE.search(number):
        return False
    if _ANNOUNCED.search(text[max(0, match.start() - 24) : match.start()]):
        return True
    digits = _NO_DIGIT.sub("", number)
    if match["american"]:
        return _exists(1, digits)
    if match["trunk"] and len(digits) in _TRUNK_DIGITS:
        return any(_exists(code, digits[code != 39 :]) for code in _TRUNK_CODES)
    return False


def _is_international(digits: str) -> bool:
    """Return whether ``digits`` are a calling code and a number that exists under it."""
    for length in (1, 2, 3):
        if int(digits[:length]) in _library().COUNTRY_CODE_TO_REGION_CODE:
            return _exists(int(digits[:length]), digits[length:])
    return False


@functools.lru_cache(maxsize=4096)
def _exists(code: int, number: str) -> bool:
    """Return whether ``number`` is in use under the calling ``code``, by its pattern."""
    phonenumbers = _library()
    candidate = phonenumbers.PhoneNumber(
        country_code=code,
        national_number=int(number or "0"),
        italian_leading_zero=number.startswith("0"),
    )
    return bool(phonenumbers.is_valid_number(candidate))


@functools.cache
def _library() -> Any:
    import phonenumbers

    return phonenumbers
