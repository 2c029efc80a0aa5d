"""Vocabularies: cut down exactly, the same every time, and no marker learned from a text."""

from __future__ import annotations

import random
from typing import Any

import pytest
from tokenizers import pre_tokenizers

from sslstudio.corpora import special_tokens as special
from sslstudio.corpora.tokenizer import Tokenizer
from sslstudio.corpora.vocabularies import cutting
from sslstudio.recipe import TokenizerOptions
from sslstudio.registry import find

_ALPHABETS = ("ab", "abc ", "aab \n", "abcdefgh .,<[", "日本語 ünï12 ")


def _texts(seed: int) -> list[str]:
    draw = random.Random(seed)
    alphabet = draw.choice(_ALPHABETS)
    return ["".join(draw.choices(alphabet, k=2000)) for _ in range(3)]


def _options(kind: str, size: int, seed: int) -> TokenizerOptions:
    draw = random.Random(seed)
    return TokenizerOptions(
        kind=kind,
        vocab_size=size,
        pre_tokenizer=draw.choice(["words", "digits", "spaces", "none"]),
        normalizer=draw.choice(["none", "nfkc", "strip_accents"]),
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", ["bpe", "wordpiece"])
def test_a_vocabulary_cut_down_is_the_one_that_its_size_gives(kind: str, seed: int) -> None:
    texts = _texts(seed)
    whole = Tokenizer.train(texts, _options(kind, 1500, seed)).to_json()
    maker: Any = find("vocabularies", kind).cls
    for size in (400, 500, 640, 700, 1100):
        learned = Tokenizer.train(texts, _options(kind, size, seed))
        assert Tokenizer(maker.smaller(whole, size)).to_json() == learned.to_json()


@pytest.mark.parametrize("kind", ["bpe", "unigram", "wordpiece", "characters"])
def test_the_same_texts_give_the_same_vocabulary_every_time(kind: str) -> None:
    texts = _texts(3)
    made = {Tokenizer.train(texts, _options(kind, 900, 3)).to_json() for _ in range(3)}
    assert len(made) == 1


@pytest.mark.parametrize("kind", ["bpe", "unigram", "wordpiece", "characters"])
@pytest.mark.parametrize("pre_tokenizer", ["words", "digits", "spaces", "none"])
def test_a_text_full_of_markers_makes_no_token_of_them(kind: str, pre_tokenizer: str) -> None:
    markers = special.SPECIAL_TOKENS[:20]
    text = "".join(f"{m}\n\n{m}\n{m}x\nthe cat sat\n{m} {m}" for m in markers) * 20
    options = TokenizerOptions(kind=kind, pre_tokenizer=pre_tokenizer, vocab_size=1200)
    tokenizer = Tokenizer.train([text, *markers], options)
    for part in (text, *markers):
        ids = tokenizer.encode(part)
        assert tokenizer.decode(ids) == part
        assert not tokenizer.special_ids & set(ids)


@pytest.mark.parametrize("pre_tokenizer", ["words", "digits", "spaces", "none"])
@pytest.mark.parametrize(
    "text", ["a" * 5000, "👩‍🚀" * 900, " " * 700 + "x", "1" * 300 + "\n" * 300]
)
def test_wordpiece_spells_words_of_any_length(pre_tokenizer: str, text: str) -> None:
    options = TokenizerOptions(kind="wordpiece", pre_tokenizer=pre_tokenizer, vocab_size=800)
    tokenizer = Tokenizer.train([*_texts(1), text], options)
    ids = tokenizer.encode(text)
    assert tokenizer.decode(ids) == text
    assert not tokenizer.special_ids & set(ids)
    assert int(tokenizer.byte_lengths[ids].sum()) == len(text.encode())


def test_limited_words_are_those_of_gpt2_where_none_is_long() -> None:
    text = "It's  2026, don't: naïve\t(日本語)\n\n x= 3.14%  y "
    plain, limited = (
        pre_tokenizers.Sequence(cutting.pre_tokenizers_of(TokenizerOptions(), *longest))
        for longest in ((), (31,))
    )
    assert plain.pre_tokenize_str(text) == limited.pre_tokenize_str(text)
