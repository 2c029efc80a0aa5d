"""Words, lengths and damaged characters, on texts counted by hand."""

from __future__ import annotations

import random

import numpy as np
import pytest

from sslstudio.corpora.report.damage import damaged_characters
from sslstudio.corpora.report.lengths import histogram, quantiles, word_count
from sslstudio.corpora.report.words import WordTable, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't stop, café!", ["don't", "stop", "café"]),
        ("snake_case 3.14", ["snake_case", "3", "14"]),
        ("日本語です", ["日", "本", "語", "で", "す"]),
        ("abc中文def", ["abc", "中", "文", "def"]),
        ("한국어 말", ["한국어", "말"]),
        ("", []),
    ],
)
def test_words_are_runs_of_letters_and_single_characters_of_unspaced_scripts(
    text: str, words: list[str]
) -> None:
    assert words_of(text) == words


def test_a_table_numbers_words_by_first_appearance() -> None:
    table = WordTable.of(["b a b", "", "c a"])
    assert table.vocabulary == ["b", "a", "c"]
    assert table.ids.tolist() == [0, 1, 0, 2, 1]
    assert table.starts.tolist() == [0, 3, 3, 5]
    assert table.owners.tolist() == [0, 0, 0, 2, 2]
    assert table.counts().tolist() == [2, 2, 1]


def test_words_between_white_space_are_those_of_split() -> None:
    draw = random.Random(1)
    alphabet = "ab .\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\xa0é\u2028"
    for length in (1, 399, 400, 900):
        for characters in (alphabet, alphabet[:13]):
            text = "".join(draw.choices(characters, k=length))
            assert word_count(text) == len(text.split())
    assert word_count(" " * 500) == 0


def test_quantiles_and_histogram_hold_every_document() -> None:
    lengths = np.array([1, 10, 10, 100, 1000])
    assert quantiles(lengths)["p50"] == 10
    assert quantiles(lengths)["max"] == 1000
    edges, counts = histogram(lengths)
    assert (edges[0], edges[-1], sum(counts)) == (1.0, 1000.0, 5)
    assert len(edges) == len(counts) + 1
    assert sum(histogram(np.array([7]))[1]) == 1


def test_damage_is_told_from_letters() -> None:
    wrong = "é ’ “".encode().decode("cp1252", "replace")
    assert damaged_characters(wrong) == 3
    assert damaged_characters("lost \ufffd twice \ufffd") == 2
    assert damaged_characters("SÃO PAULO, não, pâle, crâne, Ångström, 日本") == 0
    assert damaged_characters("plain") == 0
