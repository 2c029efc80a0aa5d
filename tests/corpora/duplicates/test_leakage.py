"""What is to be examined on is found wherever 13 words or 50 characters of it stand."""

from __future__ import annotations

import random

import pytest

from sslstudio.corpora.duplicates.leakage import Leakage

_WORDS = [f"{a}{b}{c}" for a in "bdfgklmn" for b in "aeiou" for c in "rstvz"]


def _text(seed: int, words: int = 400) -> str:
    return " ".join(random.Random(seed).choices(_WORDS, k=words))


def test_thirteen_words_are_found_and_twelve_short_ones_are_not() -> None:
    leakage = Leakage()
    held = "a b c d e f g h i j k l m n o p"
    assert leakage.add_held_out(held) == 0
    (match,) = leakage.probe("something else, then: C, d e f g h i j k l m n o! and more")
    assert match.held_out == 0
    assert match.excerpt == "c d e f g h i j k l m n o"
    assert leakage.probe("z c d e f g h i j k l m n z") == ()


@pytest.mark.parametrize("begin", range(0, 60, 7))
def test_fifty_characters_are_found_wherever_they_stand(begin: int) -> None:
    held = "x".join(chr(ord("a") + i * 7 % 26) * 2 for i in range(200))  # one word of 599 letters
    leakage = Leakage()
    leakage.add_held_out(_text(1))
    leakage.add_held_out(held)
    (match,) = leakage.probe("q" * 33 + held[begin : begin + 50] + "q" * 40)
    assert match.held_out == 1
    assert held[begin : begin + 50] in match.excerpt
    assert leakage.probe("q" * 33 + held[begin : begin + 49] + "q" * 40) == ()


def test_other_texts_are_not_found() -> None:
    leakage = Leakage()
    for seed in range(20):
        leakage.add_held_out(_text(seed))
    assert all(leakage.probe(_text(seed)) == () for seed in range(100, 140))
    assert [m.held_out for m in leakage.probe(_text(7) + " " + _text(3))] == [3, 7]


def test_characters_count_and_not_bytes() -> None:
    leakage = Leakage()
    held = "".join(chr(0x4E00 + i * 37 % 4000) for i in range(300))
    leakage.add_held_out(held)
    assert leakage.probe("前" + held[20:60]) == ()  # 40 characters, 120 bytes
    assert len(leakage.probe("前" + held[20:80])) == 1


def test_short_and_empty_texts_are_no_trouble() -> None:
    leakage = Leakage()
    assert leakage.probe("anything") == ()
    leakage.add_held_out("")
    leakage.add_held_out("short")
    assert leakage.probe("") == leakage.probe("short") == ()
