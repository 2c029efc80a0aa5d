"""What is to be examined on is found wherever 13 words or 50 characters of it stand."""

from __future__ import annotations

import random
from typing import Any

import pytest

from sslstudio.corpora.duplicates.leakage import Leakage
from sslstudio.corpora.duplicates.plain import plain, plain_words

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


@pytest.mark.parametrize("begin", range(24))
def test_no_place_of_fifty_characters_escapes(begin: int) -> None:
    draw = random.Random(begin)
    letters = [chr(0x4E00 + i) for i in range(3000)] if begin % 2 else list("abcdefgh")
    held = "".join(draw.choices(letters, k=150))  # one word
    for before in range(24):
        leakage = Leakage()
        leakage.add_held_out(held)
        around = "".join(draw.choices("xyz", k=before)), "".join(draw.choices("xyz", k=70))
        assert leakage.probe(held[begin : begin + 49].join(around)) == ()
        (match,) = leakage.probe(held[begin : begin + 50].join(around))
        assert match.excerpt == held[begin : begin + 50]


@pytest.mark.parametrize("seed", range(5))
def test_matches_are_those_of_a_search_through_everything(seed: int) -> None:
    draw = random.Random(seed)
    phrases = [
        " ".join(draw.choices(["a", "of", "the", "é", "night", "字字"], k=draw.randrange(6, 16)))
        for _ in range(90)
    ]

    def some() -> str:
        others = ("".join(draw.choices("klmnop", k=9)) for _ in range(12))
        return " ".join(part for other in others for part in (other, draw.choice(phrases)))

    def runs(text: str) -> tuple[set[Any], set[Any]]:
        words, letters = plain_words(text), plain(text).decode()
        grams = {b" ".join(words[i : i + 13]) for i in range(len(words) - 12)}
        return grams, {letters[i : i + 50] for i in range(len(letters) - 49)}

    held_out = [some() for _ in range(30)]
    met: set[int] = set()
    leakage = Leakage()
    for text in held_out:
        leakage.add_held_out(text)
    for _ in range(10):
        text = some()
        found = {match.held_out: match.excerpt for match in leakage.probe(text)}
        true = {
            number
            for number, held in enumerate(held_out)
            if any(a & b for a, b in zip(runs(held), runs(text), strict=True))
        }
        assert set(found) == true - met
        met |= true
        for number, excerpt in found.items():
            assert excerpt.encode() in plain(text)
            assert excerpt.encode() in plain(held_out[number])
    assert 0 < len(met) < 30


def test_a_held_out_text_is_reported_once() -> None:
    leakage = Leakage()
    for seed in range(3):
        leakage.add_held_out(_text(seed))
    assert [match.held_out for match in leakage.probe(_text(1))] == [1]
    assert [match.held_out for match in leakage.probe(_text(1) + _text(2))] == [2]
    assert leakage.add_held_out(_text(1)) == 3  # added later, and looked for from now on
    assert [match.held_out for match in leakage.probe(_text(1))] == [3]


def test_a_notice_in_thousands_of_texts_is_dealt_with_once_for_each() -> None:
    leakage, notice = Leakage(), _text(0, words=40)
    for number in range(3000):
        leakage.add_held_out(f"{_text(number + 1, words=15)} {notice}")
    assert len(leakage.probe(f"Before. {notice} After.")) == 3000
    for number in range(300):
        assert leakage.probe(f"{notice} {number}") == ()


def test_long_texts_and_long_repetitions_are_no_trouble() -> None:
    held, other = _text(1), _text(2)
    leakage = Leakage()
    for text in (held, "na " * 30_000, "=" * 100_000, "x" * 100_000):
        leakage.add_held_out(text)
    # the leak lies over a border of blocks, 32,768 bytes from the beginning
    filling = " ".join(_text(seed, words=1000) for seed in range(50, 60))
    part = held[200:320]
    assert [m.held_out for m in leakage.probe(f"{filling[:32_700]} {part} {filling}")] == [0]
    assert [m.held_out for m in leakage.probe("y" * 1_000_000 + "x" * 1_000_000)] == [3]
    assert [m.held_out for m in leakage.probe("na, " * 200_000 + other)] == [1]


def test_words_of_other_scripts_are_counted_whole() -> None:
    # a Hindi word holds vowel signs, which are no spaces: five words are not thirteen
    leakage, shared = Leakage(), "सभी मनुष्यों को गौरव और"
    leakage.add_held_out(f"यह पहला {shared} वाक्य")
    assert leakage.probe(f"कुछ {shared} अलग") == ()


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
