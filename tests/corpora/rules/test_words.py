"""Words and repeated sequences against the plainest code that says the same."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from sslstudio.corpora.rules import words as words_module
from sslstudio.corpora.rules.grams import (
    duplicated_characters,
    repeated_grams,
    top_gram_characters,
)
from sslstudio.corpora.rules.words import words_of

TEXTS = [
    "",
    " ",
    "one",
    " one two\tone \n two\u2003one ",
    "naïve façade — 12 % 'quoted' … ##",
    "日本 語 日本 \U0001f600 \U0001f600 \ud800 x",
    "".join(random.Random(1).choices("ab \n", k=3000)),
    "".join(random.Random(2).choices("abcdé… \U00020000", k=3000)),
]


@pytest.mark.parametrize("text", TEXTS)
def test_words_are_what_stands_between_white_space(text: str) -> None:
    plain = text.split()
    words = words_of(text)
    assert words.count == len(plain)
    assert words.lengths.tolist() == [len(word) for word in plain]
    assert words.alphabetic == sum(any(map(str.isalpha, word)) for word in plain)
    assert len(set(zip(words.hashes.tolist(), plain, strict=True))) == len(set(plain))
    assert len(set(words.hashes.tolist())) == len(set(plain))


def test_words_of_punctuation_alone_are_not_plain() -> None:
    words = words_of("well — it's 12 % of … it!")
    assert words.count == 8
    assert words.plain == 5
    assert words.plain_characters == len("well" + "its" + "12" + "of" + "it")


def test_a_long_text_gives_the_words_that_it_would_give_in_one_block(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "".join(random.Random(3).choices("abé \n", k=5000))
    whole = words_of(text)
    monkeypatch.setattr(words_module, "_BLOCK", 64)
    assert words_of(text).hashes.tolist() == whole.hashes.tolist()
    assert words_of(text).plain_characters == whole.plain_characters
    assert words_of("x" * 200).count == 4  # blocks of 64, where a word is longer than those


def _plain_duplicates(words: list[str], order: int) -> int:
    """Go from left to right and jump over what was met before."""
    met: set[tuple[str, ...]] = set()
    place = total = 0
    while place + order <= len(words):
        gram = tuple(words[place : place + order])
        if gram in met:
            total += sum(map(len, gram))
            place += order
        else:
            met.add(gram)
            place += 1
    return total


@pytest.mark.parametrize("seed", range(12))
def test_repeated_sequences_are_those_that_plain_counting_finds(seed: int) -> None:
    generator = random.Random(seed)
    vocabulary = ["a", "bb", "ccc", "dddd", "é"][: 2 + seed % 4]
    plain = generator.choices(vocabulary, k=generator.choice((3, 30, 300)))
    plain += plain[: len(plain) // 2]
    by_order = {grams.order: grams for grams in repeated_grams(words_of(" ".join(plain)), 10)}
    for order in range(2, 11):
        counts = Counter(tuple(plain[i : i + order]) for i in range(len(plain) - order + 1))
        repeated = {gram: count for gram, count in counts.items() if count > 1}
        if order not in by_order:
            assert not repeated
            continue
        grams = by_order[order]
        assert len(grams.places) == sum(repeated.values())
        most = max(repeated.values())
        longest = max(len(" ".join(gram)) for gram, count in repeated.items() if count == most)
        assert top_gram_characters(grams) == longest * most
        assert duplicated_characters(grams) == _plain_duplicates(plain, order)
