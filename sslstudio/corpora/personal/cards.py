"""Payment cards: 13 to 19 figures as cards are numbered and grouped, with a Luhn check digit.

One number in ten has a good check digit, so the first figures must be of a known issuer with
that length, and groups must be as they are printed: fours, or 4-6-5 and 4-6-4 (ISO/IEC 7812).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sslstudio.corpora.personal.span import Clues, Span, begins_alone

_FEWEST = 13
_CANDIDATE = re.compile(
    r"(?:[0-9]{20,}+|[0-9]{13,19}+"
    r"|[0-9]{4}([ -])[0-9]{4}\1[0-9]{4}\1[0-9]{4}(?:\1[0-9]{3})?"
    r"|[0-9]{4}([ -])[0-9]{6}\2[0-9]{4,5}"
    r")(?![\w]|[-.,/][0-9])"
)
_ISSUERS = (
    (4, 4, (13, 16, 19)),  # Visa
    (51, 55, (16,)),  # Mastercard
    (2221, 2720, (16,)),
    (34, 34, (15,)),  # American Express
    (37, 37, (15,)),
    (6011, 6011, (16, 17, 18, 19)),  # Discover
    (644, 659, (16, 17, 18, 19)),
    (300, 305, (14, 16)),  # Diners Club
    (36, 36, (14, 16)),
    (38, 39, (14, 16)),
    (3528, 3589, (16, 17, 18, 19)),  # JCB
    (62, 62, (16, 17, 18, 19)),  # UnionPay
    (5018, 5018, tuple(range(13, 20))),  # Maestro
    (5020, 5020, tuple(range(13, 20))),
    (5038, 5038, tuple(range(13, 20))),
    (5893, 5893, tuple(range(13, 20))),
    (6304, 6304, tuple(range(13, 20))),
    (6759, 6763, tuple(range(13, 20))),
)


def find(clues: Clues) -> Iterator[Span]:
    """Yield where card numbers stand."""
    if clues.digits < _FEWEST:
        return
    for match in clues.in_runs(_CANDIDATE):
        if not begins_alone(clues.text, match.start(), but_not=".,-/"):
            continue
        digits = match.group().replace(" ", "").replace("-", "")
        if _is_of_issuer(digits) and is_luhn(digits):
            yield match.span()


def is_luhn(digits: str) -> bool:
    """Return whether the last of ``digits`` is the check digit of the others (ISO/IEC 7812-1)."""
    total = sum(int(digit) for digit in digits[-1::-2])
    total += sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return total % 10 == 0


def _is_of_issuer(digits: str) -> bool:
    return any(
        len(digits) in lengths and first <= int(digits[: len(str(first))]) <= last
        for first, last, lengths in _ISSUERS
    )
