"""What a shingle is depends on the script and the length, and equal shingles are equal numbers."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest

from sslstudio.corpora.duplicates.plain import plain_words
from sslstudio.corpora.duplicates.shingles import jaccard, shingles

_ENGLISH = "all human beings are born free and equal in dignity and rights"
_HINDI = "सभी मनुष्यों को गौरव और अधिकारों के विषय में जन्मजात स्वतन्त्रता और समानता प्राप्त हैं"
_GEORGIAN = "ყველა ადამიანი იბადება თავისუფალი და თანასწორი თავისი ღირსებითა და უფლებებით"
_KOREAN = "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다"
_TAMIL = "மனிதப் பிறிவியினர் சகலரும் சுதந்திரமாகவே பிறக்கின்றனர்"


@pytest.mark.parametrize("size", [60, 2000, 30_000])
def test_numbers_are_equal_where_five_words_are(size: int) -> None:
    words = random.Random(size).choices(["a", "bb", "ccc", "é", "one", "two"], k=size)
    runs = [tuple(words[i : i + 5]) for i in range(size - 4)]
    numbers = shingles(" ".join(words)).tolist()
    assert len(numbers) == len(runs)
    assert len(set(zip(numbers, runs, strict=True))) == len(set(runs)) == len(set(numbers))


def test_numbers_are_equal_where_nine_characters_are() -> None:
    text = "".join(random.Random(4).choices("ab前é", k=40_000))  # no spaces: one word
    runs = [text[i : i + 9] for i in range(len(text) - 8)]
    numbers = shingles(text).tolist()
    assert len(set(zip(numbers, runs, strict=True))) == len(set(runs)) == len(set(numbers))


@pytest.mark.parametrize("text", [_ENGLISH, _HINDI, _GEORGIAN, _KOREAN, _TAMIL])
def test_scripts_with_spaces_are_compared_by_words(text: str) -> None:
    words = text.split() * 20
    assert plain_words(text) == [word.encode() for word in text.split()]
    assert len(shingles(" ".join(words))) == len(words) - 4


@pytest.mark.parametrize(
    "text",
    [
        "人人生而自由，在尊严和权利上一律平等。" * 20,
        "すべての人間は、生まれながらにして自由であり。" * 20,
        "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกัน " * 80,
        "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo " * 80,  # words of 36 letters
    ],
)
def test_texts_without_words_are_compared_by_characters(text: str) -> None:
    characters = len(b" ".join(plain_words(text)).decode())
    assert len(shingles(text)) == characters - 8


def test_a_changed_character_costs_nine_shingles() -> None:
    letters = [chr(0x4E00 + i) for i in range(200)]
    changed = [*letters[:100], "字", *letters[101:]]
    assert "字" not in letters
    likeness = jaccard(shingles("".join(letters)), shingles("".join(changed)))
    assert likeness == pytest.approx((192 - 9) / (192 + 9))


def test_what_has_no_letters_is_compared_as_it_is() -> None:
    drawn = ["|---|---|---|", "<=><=><=>", "\ud800\ud801", "", "☺️☹️"]
    for first, second in itertools.combinations(drawn, 2):
        assert jaccard(shingles(first), shingles(second)) == 0.0
    assert all(len(shingles(text)) >= 1 for text in drawn)


def test_likeness_by_hand() -> None:
    first, second = np.array([1, 2, 3, 3], np.uint64), np.array([3, 4, 4, 2], np.uint64)
    assert jaccard(first, second) == pytest.approx(2 / 4)
    assert jaccard(first, first[::-1]) == 1.0
