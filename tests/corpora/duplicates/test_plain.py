"""Texts are compared without case, punctuation and spacing; other texts have other keys."""

from __future__ import annotations

import random
import sys
import unicodedata

import pytest

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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("हिन्दी में, शब्द।", ["हिन्दी", "में", "शब्द"]),  # vowel signs belong to their letters
        ("ภาษาไทย 5", ["ภาษาไทย", "5"]),
        ("مُحَمَّدٌ", ["مُحَمَّدٌ"]),
        ("co\u00adop\u200dera\u2060te", ["cooperate"]),
        ("İstanbul STRASSE straße", ["i\u0307stanbul", "strasse", "strasse"]),
        ("a\u00a0b\u3000c\u2028d\x85e_f", ["a", "b", "c", "d", "e", "f"]),
    ],
)
def test_words_of_other_scripts_are_whole(text: str, words: list[str]) -> None:
    folded = [unicodedata.normalize("NFC", word).encode() for word in words]
    assert plain_words(text) == folded


def test_emoji_are_no_letters_whatever_follows_them() -> None:
    assert plain("☺️ 1️⃣ ❤️") == b"1"
    assert exact_key("☺️") != exact_key("☹️")


def test_decomposed_is_composed_for_every_letter() -> None:
    is_composed = [
        chr(point) for point in range(0xAC00) if unicodedata.decomposition(chr(point)) != ""
    ]
    assert len(is_composed) > 1000
    for letter in [*is_composed, "각", "힣", "𝅗𝅥"]:
        text = f"x{letter}y"
        assert plain(text) == plain(unicodedata.normalize("NFD", text))
        assert plain(text) == plain(plain(text).decode())


def test_every_letter_of_unicode_is_kept() -> None:
    for first in range(0, sys.maxunicode, 0x1000):
        some = [chr(i) for i in range(first, first + 0x1000) if chr(i).isalnum()]
        kept = plain("é" + "".join(some)).decode("utf-8", "surrogatepass")
        folded = unicodedata.normalize("NFC", "".join(some)).casefold()
        assert sum(map(str.isalnum, kept)) == 1 + sum(
            map(str.isalnum, unicodedata.normalize("NFC", folded))
        )


@pytest.mark.parametrize("length", [1, 2, 3, 7, 8, 9, 1000, 1023, 1025])
def test_white_space_of_any_length_is_one_space(length: int) -> None:
    for space in (" ", "\n", ". ", "\u3000"):
        run = space * length
        assert plain(f"{run}a{run}b{run}") == b"a b"
        assert plain(f"{run}é{run}b{run}") == "é b".encode()
