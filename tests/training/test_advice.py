"""Advice says what its sources say: the tables of reference §2.11 and §4.6."""

from __future__ import annotations

import pytest

from sslstudio.models.configuration import count_parameters, model_config
from sslstudio.recipe import Recipe
from sslstudio.training.advice import (
    Advice,
    advise,
    deepseek_batch,
    deepseek_rate,
    step_law_batch,
    step_law_rate,
)


@pytest.mark.parametrize(
    ("size", "step_law", "deepseek"),
    [(1e6, 1.7e-2, 5.4e-3), (1e7, 6.5e-3, 3.1e-3), (3e7, 4.1e-3, 2.3e-3), (1.24e8, 2.3e-3, 1.6e-3)],
)
def test_rates_at_twenty_tokens_a_parameter(size: float, step_law: float, deepseek: float) -> None:
    assert step_law_rate(size, 20 * size) == pytest.approx(step_law, rel=0.04)
    assert deepseek_rate(size, 20 * size) == pytest.approx(deepseek, rel=0.04)


def test_batches_at_ten_million_parameters() -> None:
    assert step_law_batch(2e8) == pytest.approx(32_000, rel=0.05)
    assert deepseek_batch(1e7, 2e8) == pytest.approx(53_000, rel=0.05)


def _advice(*, tokens: int, text: int, rate: float = 2e-3, batch: int = 2048) -> list[Advice]:
    recipe = Recipe.default()
    count = count_parameters(model_config(recipe.model, 4096, "decoder"))
    return list(
        advise(
            recipe,
            count,
            tokens=tokens,
            train_tokens=text,
            batch_tokens=batch,
            rate=rate,
            complaint="",
        )
    )


def _texts(found: list[Advice]) -> str:
    return " | ".join(a.text for a in found)


def test_a_balanced_recipe_gets_no_advice_and_every_advice_has_a_source() -> None:
    assert _advice(tokens=27_000_000, text=9_000_000) == []
    everything = _advice(tokens=10**6, text=20_000, rate=1.0, batch=10**6)
    assert {a.level for a in everything} == {"bad", "caution"}
    assert all(a.source for a in everything)


def test_text_read_too_often_says_what_that_is_worth_and_how_to_mend_it() -> None:
    (found,) = [a for a in _advice(tokens=27_000_000, text=1_000_000) if "times" in a.text]
    assert found.level == "bad"
    assert "27 times" in found.text
    assert "50%" in found.text  # (1 + 15.39·(1 − e^(−26/15.39))) / 27, by hand 0.502
    assert found.settings == {"training.epochs": 4.0}


def test_a_rate_that_the_range_test_proposes_for_a_tiny_model_is_not_called_low() -> None:
    """Both laws say rates far above what the engine ever takes for so small a run."""
    assert deepseek_rate(800_000, 10**6) / 5 > 1.5e-3
    assert "low" not in _texts(_advice(tokens=10**6, text=10**6, rate=1e-3))


def test_rates_and_batches_far_from_both_rules_are_named() -> None:
    high = _advice(tokens=27_000_000, text=9_000_000, rate=0.5)
    assert "0.5 is high" in _texts(high)
    assert high[0].settings == {"training.learning_rate": "auto"}
    assert "low" in _texts(_advice(tokens=27_000_000, text=9_000_000, rate=1e-6))
    assert "tokens a step are many" in _texts(
        _advice(tokens=27_000_000, text=9_000_000, batch=1_000_000)
    )
