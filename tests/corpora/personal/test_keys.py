"""Quick looks beforehand spare the search for keys, and lose none."""

from __future__ import annotations

import random

from sslstudio.corpora.personal import keys
from sslstudio.corpora.personal.span import Clues

_PIECES = [
    *("key", "Key", "API_KEY", "token", "\u017fecret", "pa\u017f\u017fword", "passwd", "ey", "rk_"),
    *("credentials", " ", "\n", ":", "=", "=>", ":=", " is ", '"', "'", "`", "sK-", "sk-", "AKIA"),
    *("ghp_", "SG.", "eyJ", "xoxb-", "hf_", "npm_", "live_", "x", ".", "-", "_", "\u212aey", "é"),
    *("a1B2c3D4e5F6g7H8i9J0kLmN", "zzzzzzzzzzzzzzzzzzzzzzzz", "ABCDEFGHIJ0123456"),
    *("0123456789abcdefghijABCDEFGHIJ0123456789", "glpat-", "github_pat_", "dop_v1_", "pypi-"),
]


def test_nothing_is_lost_by_looking_first_whether_it_is_worth_while() -> None:
    draw = random.Random(3)
    found = 0
    for _ in range(20_000):
        clues = Clues("".join(draw.choices(_PIECES, k=draw.randrange(1, 14))))
        quick = sorted(keys.find(clues))
        tokens = keys._RANDOM.finditer(clues.text)
        slow = [*keys._prefixed(clues.text, 0, len(clues.text))]
        slow += [span for match in tokens for span in keys._announced(clues.text, match.start())]
        assert quick == sorted(slow)
        found += len(quick)
    assert found > 500
