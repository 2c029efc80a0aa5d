"""Sizes are tried on a sample; the small vocabularies are those that learning them gives."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from sslstudio.corpora import what_if
from sslstudio.corpora.reading import list_files
from sslstudio.corpora.tokenizer import Tokenizer
from sslstudio.corpora.what_if import SizeTried, embedding_share, smaller, try_sizes, vocabulary
from sslstudio.errors import Cancelled
from sslstudio.recipe import CorpusSource, TokenizerOptions

_TALES = (CorpusSource(path="sample:tales"),)


def _text(seed: int) -> str:
    words = [f"{a}{b}{c}" for a in "bdfg" for b in "aeiou" for c in "rstvz"]
    draw = random.Random(seed)
    return " ".join(draw.choice(words) + draw.choice(words) for _ in range(3000))


@pytest.mark.parametrize("size", [400, 450, 500, 600])
def test_a_vocabulary_cut_down_is_the_one_that_its_size_gives(size: int) -> None:
    texts = [_text(3), _text(5), "日本語 ünï " * 20]
    whole = Tokenizer.train(texts, TokenizerOptions(vocab_size=700))
    assert whole.vocab_size == 700
    learned = Tokenizer.train(texts, TokenizerOptions(vocab_size=size))
    assert smaller(whole.to_json(), size) == learned.to_json()


def test_larger_vocabularies_make_texts_shorter_and_are_told_as_they_come() -> None:
    told: list[SizeTried] = []
    found = try_sizes(_TALES, TokenizerOptions(), sizes=(512, 1024, 2048), on_result=told.append)
    assert [row.asked for row in found] == [512, 1024, 2048]
    assert tuple(reversed(told)) == found
    per_token = [row.bytes_per_token for row in found]
    assert per_token == sorted(per_token)
    assert 1.5 < per_token[0] < per_token[2] < 5
    size = list_files(_TALES[0]).files[0].stat().st_size
    assert found[0].tokens == pytest.approx(size / per_token[0], rel=1e-3)


def test_what_was_tried_is_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    first = try_sizes(_TALES, TokenizerOptions(), sizes=(512,))

    def refuse(*_: object) -> None:
        raise AssertionError("it was learned already")

    monkeypatch.setattr(Tokenizer, "train", refuse)
    assert try_sizes(_TALES, TokenizerOptions(), sizes=(512,)) == first
    assert vocabulary(_TALES, TokenizerOptions(), 512).vocab_size == first[0].vocab_size


def test_one_book_is_sampled_in_blocks(tmp_path: Path) -> None:
    book = tmp_path / "book.txt"
    book.write_text("\n".join(_text(seed) for seed in range(1, 20)), "utf-8")
    source = (CorpusSource(path=str(book)),)
    sample = what_if._sampled(source, lambda *_: None, lambda: False)
    assert len(sample.learned) > len(sample.measured) > 0
    assert sum(map(len, sample.learned + sample.measured)) == book.stat().st_size
    assert not set(sample.learned) & set(sample.measured)


def test_it_can_be_cancelled() -> None:
    with pytest.raises(Cancelled):
        try_sizes(_TALES, TokenizerOptions(), sizes=(700,), cancelled=lambda: True)


def test_the_share_of_the_embedding_is_counted_by_hand() -> None:
    assert embedding_share(1000, 10, 30_000, tied=True) == 0.25
    assert embedding_share(1000, 10, 30_000, tied=False) == pytest.approx(0.4)
