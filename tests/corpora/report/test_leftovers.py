"""Ends in mid-sentence, tags left in, and the entropy of single bytes."""

from __future__ import annotations

import random

import pytest

from sslstudio.corpora.report.diversity import compression_ratio, entropy
from sslstudio.corpora.report.leftovers import ends_in_mid_sentence, tag_characters

_PROSE = "The boat came in late. Nobody was on the quay to take the rope"


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        (_PROSE, True),
        (f"{_PROSE},", True),
        (f"{_PROSE}.", False),
        (f"{_PROSE}.”\n", False),
        (f"{_PROSE} (see page 12)", False),
        ("Short. Too short", None),
        (f"{_PROSE}.\n\nYours ever,\nthe master of the harbour of the northern islands", None),
        (f"At first it rained.\n\n{_PROSE}\n", True),
        ("roses are red\nviolets are blue\nsugar is sweet\nand so are you, my dear", None),
        ("for n in range(10):\n    print(n.real, n.imag)\n    total = total + n * factor", None),
        ("Дождь шёл всю ночь. Утром река поднялась до самой дороги и залила", True),
    ],
)
def test_an_end_in_mid_sentence_is_told_where_there_are_sentences(
    text: str, is_open: bool | None
) -> None:
    assert ends_in_mid_sentence(text) is is_open


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ('<p class="a">One<br/>two</p>', '<p class="a"><br/></p>'),
        ("<A HREF='x'>there</A>", "<A HREF='x'></A>"),
        ("vector<int> a; if (x < b && c > d) <jane@example.org> <pre-alpha>", ""),
        ("< p > <pp> <p", ""),
    ],
)
def test_only_tags_of_html_count(text: str, tags: str) -> None:
    assert tag_characters(text) == len(tags)


def test_entropy_of_known_distributions() -> None:
    assert entropy([bytes(range(256)), bytes(range(256))]) == pytest.approx(8.0)
    assert entropy([b"ab", b"ab"]) == pytest.approx(1.0)
    assert entropy([b"aaab"]) == pytest.approx(0.8112781)  # 0.75 log2 4/3 + 0.25 log2 4
    assert entropy([b"aaaa"]) == pytest.approx(0.0)
    assert entropy([]) is None


def test_text_without_order_is_not_compressed_beyond_its_entropy() -> None:
    draw = random.Random(1)
    letters = "".join(draw.choices("etaoinshrdlu ", range(13, 0, -1), k=200_000)).encode()
    ratio, bits = compression_ratio([letters]), entropy([letters])
    assert ratio is not None
    assert bits is not None
    assert 0.8 < ratio * bits / 8 < 1.0
