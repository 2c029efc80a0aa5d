"""What a vocabulary makes of a text, counted by hand."""

from __future__ import annotations

import pytest

from sslstudio.corpora.token_measures import measure
from sslstudio.corpora.token_pieces import cut
from sslstudio.corpora.tokenizer import Tokenizer
from sslstudio.recipe import TokenizerOptions


def _bytes(normalizer: str = "none") -> Tokenizer:
    return Tokenizer.train((), TokenizerOptions(kind="bytes", normalizer=normalizer))


def test_bytes_are_counted_by_hand() -> None:
    found = measure(_bytes(), ["abc é", "a\n"])
    # a, b, c, space, two bytes of é; a, line end: 8 tokens, 7 characters, 3 words
    assert (found.texts, found.bytes, found.characters) == (2, 8, 7)
    assert (found.words, found.tokens) == (3, 8)
    assert found.fertility == pytest.approx(8 / 3)
    assert found.tokens_per_character == pytest.approx(8 / 7)
    assert found.bytes_per_token == 1.0
    assert found.whole_words == pytest.approx(1 / 3)  # only "a" is one byte
    assert found.unused == pytest.approx(1 - 7 / 256)  # a, b, c, space, line end, two of é
    assert found.round_trip_failures == 0


def test_pairs_make_words_whole() -> None:
    text = "the keeper kept the light " * 50
    tokenizer = Tokenizer.train([text], TokenizerOptions(vocab_size=500))
    found = measure(tokenizer, [text])
    assert found.whole_words == 1.0
    assert found.tokens == 251  # five words fifty times, and the space at the end
    assert measure(tokenizer, ["zqx"]).whole_words == 0.0


def test_a_changed_text_is_measured_as_it_is_changed() -> None:
    found = measure(_bytes("nfkc"), ["\ufb01x"])  # the ligature fi, three bytes, becomes two
    assert (found.bytes, found.characters, found.tokens) == (3, 3, 3)
    assert found.round_trip_failures == 0


def test_nothing_is_no_trouble() -> None:
    found = measure(_bytes(), [])
    assert (found.tokens, found.fertility, found.unused) == (0, 0, 1)


def test_pieces_of_one_character_show_its_bytes_and_then_the_character() -> None:
    pieces = cut(_bytes(), "a日b")
    assert [p.text for p in pieces] == ["a", "\\xe6", "\\xe6\\x97", "日", "b"] or [
        p.text for p in pieces
    ] == ["a", "\\xe6", "\\x97", "日", "b"]
    assert [p.bytes_count for p in pieces] == [1, 1, 1, 1, 1]
    assert [p.is_part for p in pieces] == [False, True, True, False, False]


def test_pieces_of_a_long_text_end_somewhere() -> None:
    assert sum(p.bytes_count for p in cut(_bytes(), "x" * 150_000)) == 100_000
