"""Bank accounts: IBANs with their country's length and the check figures modulo 97 (ISO 13616)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sslstudio.corpora.personal.span import Clues, Span, begins_alone

_CANDIDATE = re.compile(r"[A-Z]{2}[0-9]{2}(?= ?[A-Z0-9]{4})")
_LONGEST = 45
"""Characters before a run of figures in which an IBAN may begin that holds the run."""
_COUNTRIES = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 "
    "DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 "
    "IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 "
    "MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 "
    "SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
)
_LENGTHS = {entry[:2]: int(entry[2:]) for entry in _COUNTRIES.split()}


def find(clues: Clues) -> Iterator[Span]:
    """Yield where IBANs stand, in one piece or with single spaces inside."""
    text = clues.text
    for run_start, run_end in clues.number_runs:
        yield from _find_around(text, max(0, run_start - _LONGEST), run_end)


def _find_around(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the IBANs that begin between ``start`` and ``end``."""
    for match in _CANDIDATE.finditer(text, start, end):
        length = _LENGTHS.get(match.group()[:2])
        if not length or not begins_alone(text, match.start()):
            continue
        end = _end_of(text, match.start(), length)
        if end and is_iban(text[match.start() : end].replace(" ", "")):
            yield match.start(), end


def _end_of(text: str, start: int, length: int) -> int:
    """Return where ``length`` letters and figures from ``start`` end, or 0 where they do not."""
    position, found = start, 0
    while found < length and position < len(text):
        character = text[position]
        if character.isascii() and character.isalnum() and not character.islower():
            found += 1
        elif character != " " or text[position - 1] == " ":
            return 0
        position += 1
    is_whole = found == length and not text[position : position + 1].isalnum()
    return position if is_whole else 0


def is_iban(account: str) -> bool:
    """Return whether the check figures of ``account``, written in one piece, are right."""
    turned = account[4:] + account[:4]
    return int("".join(str(int(character, 36)) for character in turned)) % 97 == 1
