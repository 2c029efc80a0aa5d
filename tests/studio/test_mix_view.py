"""The mix that the corpora page shows is the one that the plan tells and the run reads."""

from __future__ import annotations

import dataclasses

import pytest

from sslstudio.recipe import CorpusSource, Recipe
from sslstudio.studio.mix_view import mix_of
from sslstudio.training.plan import plan

SIZES_BYTES = (3_000_000, 600_000, 80_000)


def _recipe(*weights: float, length: str = "epochs=2") -> Recipe:
    sources = tuple(CorpusSource(path=f"{n}.txt", weight=w) for n, w in enumerate(weights))
    recipe = dataclasses.replace(Recipe.default(), corpora=sources)
    return recipe.with_settings([f"training.{length}", "tokenizer.kind=bytes"])


def test_of_one_source_an_epoch_is_all_of_it_whatever_its_weight() -> None:
    for weight in (1.0, 3.0):
        (row,) = mix_of(_recipe(weight), SIZES_BYTES[:1]).rows
        assert row.share == 1.0
        assert row.epochs == pytest.approx(2.0, rel=0.01)


@pytest.mark.parametrize("length", ["epochs=2", "tokens=5000000", "steps=300"])
def test_the_page_and_the_plan_tell_the_same(length: str) -> None:
    recipe = _recipe(1.0, 4.0, 0.5, length=length)
    tokens = [round(size * 0.95) for size in SIZES_BYTES]  # a byte a token, a twentieth kept
    told = plan(recipe, train_tokens=sum(tokens), source_tokens=tokens)
    rows = mix_of(recipe, SIZES_BYTES).rows
    assert [row.share for row in rows] == pytest.approx(told.source_shares)
    assert [row.epochs for row in rows] == pytest.approx(told.source_epochs)


def test_a_source_that_is_not_read_makes_no_epoch_longer() -> None:
    mix = mix_of(_recipe(1.0, 0.0), SIZES_BYTES[:2])
    assert mix.budget_tokens == mix_of(_recipe(1.0), SIZES_BYTES[:1]).budget_tokens
    assert mix.rows[1].share == 0.0


def test_nothing_is_shown_while_a_size_is_unknown() -> None:
    assert mix_of(_recipe(1.0, 1.0), (1000, None)).rows == ()


def test_what_cannot_be_mixed_is_a_sentence() -> None:
    recipe = _recipe(1.0, 1.0, length="steps=100000").with_settings(["data.mixing=unimax"])
    mix = mix_of(recipe, SIZES_BYTES[:2])
    assert mix.rows == ()
    assert "raise data.most_epochs" in mix.fault
