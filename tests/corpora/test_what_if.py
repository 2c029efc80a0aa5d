"""Sizes are tried on a sample, told as they come, and remembered by content."""

from __future__ import annotations

import dataclasses
import os
import random
from pathlib import Path

import pytest

from sslstudio.corpora import what_if
from sslstudio.corpora.tokenizer import Tokenizer
from sslstudio.corpora.what_if import (
    SizeTried,
    try_sizes,
    vocabulary,
)
from sslstudio.errors import Cancelled
from sslstudio.recipe import CorpusSource, TokenizerOptions


def _text(seed: int, words: int = 20_000) -> str:
    known = [f"{a}{b}{c}" for a in "bdfg" for b in "aeiou" for c in "rstvz"]
    draw = random.Random(seed)
    pairs = (draw.choice(known) + draw.choice(known) for _ in range(words))
    return " ".join(word.capitalize() if draw.random() < 0.1 else word for word in pairs) + "\n"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> CorpusSource:
    path = tmp_path_factory.mktemp("texts") / "book.txt"
    path.write_text(_text(1), "utf-8")
    os.utime(path, (10**9, 10**9))
    return CorpusSource(path=str(path))


@pytest.mark.parametrize("kind", ["bpe", "wordpiece", "unigram"])
def test_larger_vocabularies_make_texts_shorter(book: CorpusSource, kind: str) -> None:
    told: list[SizeTried] = []
    options = TokenizerOptions(kind=kind)
    found = try_sizes((book,), options, sizes=(700, 1400, 1000), on_result=told.append)
    assert [row.asked for row in found] == [700, 1000, 1400]
    assert tuple(reversed(told)) == found
    per_token = [row.bytes_per_token for row in found]
    if kind != "unigram":  # it looks for likely texts, not for short ones
        assert per_token == sorted(per_token)
    assert all(row.vocab_size <= row.asked for row in found)
    text = Path(book.path).read_text("utf-8")
    true_count = len(vocabulary((book,), options, 1000).encode(text))
    assert found[1].tokens == pytest.approx(true_count, rel=0.03)
    assert found[1].learned_bytes + found[1].measured_bytes == len(text.encode())


def test_a_size_is_what_learning_it_on_the_sample_gives(book: CorpusSource) -> None:
    from sslstudio.corpora.sources import Ticker
    from sslstudio.corpora.text_sample import sample_texts

    sample = sample_texts((book,), progress=Ticker(lambda *_: None), cancelled=lambda: False)
    options = TokenizerOptions(vocab_size=900)
    learned = Tokenizer.train(sample.texts.learned, options)
    assert vocabulary((book,), options, 900).to_json() == learned.to_json()


def test_what_was_tried_is_remembered(book: CorpusSource, monkeypatch: pytest.MonkeyPatch) -> None:
    first = try_sizes((book,), TokenizerOptions(), sizes=(512, 800))
    monkeypatch.setattr(what_if, "measure", None)
    monkeypatch.setattr(Tokenizer, "train", None)
    assert try_sizes((book,), TokenizerOptions(), sizes=(512, 800)) == first
    assert vocabulary((book,), TokenizerOptions(), 800).vocab_size == first[1].vocab_size


def test_tokens_are_counted_before_the_normaliser(tmp_path: Path) -> None:
    path = tmp_path / "accents.txt"
    path.write_text("".join(f"é{word}é " for word in _text(3, 4000).split()), "utf-8")
    options = TokenizerOptions(normalizer="strip_accents", vocab_size=700)
    (found,) = try_sizes([CorpusSource(path=str(path))], options, sizes=(700,))
    true_count = len(
        vocabulary([CorpusSource(path=str(path))], options, 700).encode(path.read_text("utf-8"))
    )
    assert found.tokens == pytest.approx(true_count, rel=0.03)


def test_a_vocabulary_of_a_file_is_remembered_by_its_content(
    book: CorpusSource, tmp_path: Path
) -> None:
    path = tmp_path / "tokenizer.json"
    options = TokenizerOptions(kind="file", file=str(path))
    Tokenizer.train((_text(5),), TokenizerOptions(vocab_size=500)).save(path)
    (small,) = try_sizes((book,), options)
    Tokenizer.train((_text(5),), TokenizerOptions(vocab_size=900)).save(path)
    (large,) = try_sizes((book,), options)
    assert (small.vocab_size, large.vocab_size) == (500, 900)
    assert large.tokens < small.tokens


def test_characters_and_bytes_stand_beside(book: CorpusSource) -> None:
    assert vocabulary((book,), TokenizerOptions(), "bytes").encode("ab") != []
    assert len(vocabulary((book,), TokenizerOptions(), "characters").encode("ba")) == 2
    (row,) = try_sizes((book,), TokenizerOptions(kind="bytes"))
    assert row.bytes_per_token == 1.0
    assert row.tokens == Path(book.path).stat().st_size


def test_a_damaged_cache_is_learned_again(book: CorpusSource) -> None:
    options = TokenizerOptions(vocab_size=650)
    first = vocabulary((book,), options, 650)
    from sslstudio.storage import cache_dir

    for path in (cache_dir() / "vocabularies").glob("*.json"):
        path.write_bytes(path.read_bytes()[:100])
    assert vocabulary((book,), options, 650).to_json() == first.to_json()
    rows = try_sizes((book,), options, sizes=(650,))
    assert rows[0].vocab_size == first.vocab_size


def test_it_can_be_cancelled_between_sizes(book: CorpusSource) -> None:
    told: list[SizeTried] = []
    options = TokenizerOptions(pre_tokenizer="digits")
    with pytest.raises(Cancelled):
        try_sizes(
            (book,),
            options,
            sizes=(600, 800),
            cancelled=lambda: bool(told),
            on_result=told.append,
        )
    assert [row.asked for row in told] == [800]
    with pytest.raises(Cancelled):
        try_sizes(
            (dataclasses.replace(book, documents="paragraph"),), options, cancelled=lambda: True
        )
