"""Filling gaps: where they lie, what is left out, and what is refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
import torch

from sslstudio.corpora.tokenizer import Tokenizer
from sslstudio.errors import UnsupportedError
from sslstudio.generation.filling import fill
from sslstudio.models.transformer import Transformer
from sslstudio.recipe import TokenizerOptions

Build = Callable[..., Transformer]


def test_every_gap_gets_the_models_own_likeliest_tokens(build: Build, tokenizer: Tokenizer) -> None:
    model = build("encoder").train()
    found = fill(model, tokenizer, "the <mask>at s<mask>w", top=4)
    assert model.training
    ids = [tokenizer.bos, *tokenizer.encode("the "), tokenizer.mask, *tokenizer.encode("at s")]
    ids += [tokenizer.mask, *tokenizer.encode("w"), tokenizer.eos]
    with torch.no_grad():
        probabilities_TV = model.eval().logits(model(torch.tensor([ids])))[0].softmax(-1)
    gaps = [n for n, token in enumerate(ids) if token == tokenizer.mask]
    assert len(found) == len(gaps) == 2
    for gap, candidates in zip(gaps, found, strict=True):
        ordinary = [n for n in range(tokenizer.vocab_size) if n not in tokenizer.special_ids]
        ordinary.sort(key=lambda n: -float(probabilities_TV[gap, n]))
        assert [text for text, _ in candidates] == [tokenizer.decode([n]) for n in ordinary[:4]]
        expected = [float(probabilities_TV[gap, n]) for n in ordinary[:4]]
        assert [p for _, p in candidates] == pytest.approx(expected, abs=1e-5)


def test_more_candidates_than_tokens_gives_every_ordinary_token_once(
    build: Build, tokenizer: Tokenizer
) -> None:
    (candidates,) = fill(build("encoder"), tokenizer, "<mask>", top=10_000)
    assert len(candidates) == tokenizer.vocab_size - len(tokenizer.special_ids)
    assert 0.0 < sum(p for _, p in candidates) < 1.0


def test_a_blank_before_a_gap_belongs_to_the_word_that_fills_it(build: Build) -> None:
    text = "the cat sat on the mat. " * 30
    words = Tokenizer.train([text], TokenizerOptions(kind="bpe", vocab_size=400))
    assert words.encode("the cat") == [*words.encode("the"), *words.encode(" cat")]
    torch.manual_seed(0)
    config = dataclasses.replace(build("encoder").config, vocab_size=words.vocab_size)
    model = Transformer(config)
    assert fill(model, words, "the <mask> sat") == fill(model, words, "the<mask> sat")


def test_a_long_text_is_cut_around_its_gaps(build: Build, tokenizer: Tokenizer) -> None:
    model = build("encoder", context=12)
    near = fill(model, tokenizer, "the cat sat on the <mask>at again and again and")
    farther = fill(model, tokenizer, "dog dog the cat sat on the <mask>at again and again and")
    assert near == farther
    assert len(fill(model, tokenizer, "<mask>" + "the cat " * 9)) == 1
    assert len(fill(model, tokenizer, "the cat " * 9 + "<mask>")) == 1


@pytest.mark.parametrize(
    ("architecture", "text", "remedy"),
    [
        ("decoder", "a <mask>", "generate"),
        ("encoder", "the cat", "write <mask>"),
        ("encoder", "<mask> the cat sat on the mat, and the dog <mask>", "fewer at a time"),
    ],
)
def test_what_cannot_be_filled_is_refused_with_a_remedy(
    build: Build, tokenizer: Tokenizer, architecture: str, text: str, remedy: str
) -> None:
    with pytest.raises(UnsupportedError, match=remedy):
        fill(build(architecture), tokenizer, text)
