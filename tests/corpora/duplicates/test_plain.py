"""Texts are compared without case, punctuation and spacing; other texts have other keys."""

from __future__ import annotations

import random

from sslstudio.corpora.duplicates.plain import exact_key, plain, plain_words


def test_case_punctuation_and_spacing_make_no_difference() -> None:
    assert plain_words("Don't  stop — “Now”!\n(2nd try)") == [
        word.encode() for word in ("don", "t", "stop", "now", "2nd", "try")
    ]
    assert plain("A_b\tC") == b"a b c"
    assert exact_key("The cat, sat.") == exact_key("the   CAT\nsat")
    assert exact_key("the cat sat") != exact_key("the cats at")


def test_ascii_and_the_rest_follow_one_rule() -> None:
    alphabet = [chr(i) for i in range(128)]
    draw = random.Random(1)
    for _ in range(200):
        text = "".join(draw.choices(alphabet, k=60))
        assert [*plain_words(text), b"\xc3\xa9"] == plain_words(f"{text} é")


def test_composed_and_decomposed_letters_are_one() -> None:
    assert exact_key("Caf\u00e9 \u0390") == exact_key("CAFE\u0301 \u03b9\u0308\u0301")


def test_texts_without_letters_are_compared_as_they_are() -> None:
    assert exact_key("!!!") != exact_key("???")
    assert exact_key("\ud800") != exact_key("\ud801")
