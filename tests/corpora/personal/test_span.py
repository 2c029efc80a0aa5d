"""Runs of figures and long tokens are found by bytes where a pattern finds them in the text."""

from __future__ import annotations

import random
import re

from sslstudio.corpora.personal import span
from sslstudio.corpora.personal.span import Clues

_TOKEN = re.compile(r"[A-Za-z0-9+/_.-]{20,}+")
_PIECES = [
    *("0", "12", "(0)", " ", "  ", "\n", ".", "/", "-", "a", "xyz_9", "a1B2c3D4e5F6g7H8"),
    *("é", "\ud800", "١", "€", "+"),
]


def test_runs_stand_where_the_patterns_say() -> None:
    draw = random.Random(5)
    numbers = tokens = 0
    for _ in range(5_000):
        text = "".join(draw.choices(_PIECES, k=draw.randrange(1, 60)))
        clues = Clues(text)
        expected = [(m.start(), m.end() + span._BEHIND) for m in span._RUN.finditer(text)]
        if clues.digits >= span._FEWEST_DIGITS:
            assert clues.number_runs == expected
            numbers += len(expected)
        found = [match.span() for match in _TOKEN.finditer(text)]
        assert clues.long_tokens == found
        tokens += len(found)
    assert min(numbers, tokens) > 500
