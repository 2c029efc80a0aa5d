"""Rows at once: the most that fit, in equal shares; what cannot fit is refused in a sentence."""

from __future__ import annotations

import pytest

from sslstudio.errors import DeviceError, RecipeError
from sslstudio.models.configuration import model_config
from sslstudio.recipe import Recipe
from sslstudio.training.fitting import Fit, fit, require_fit


def _fit(free_bytes: int, *settings: str, device_type: str = "cpu") -> Fit:
    recipe = Recipe.default().with_settings(settings)
    config = model_config(recipe.model, recipe.tokenizer.vocab_size, "decoder")
    return fit(recipe, config, precision="fp32", device_type=device_type, free_bytes=free_bytes)


def test_all_rows_are_taken_where_they_fit() -> None:
    found = _fit(10**10)
    assert (found.rows, found.recompute, found.complaint) == (16, False, "")
    assert found.peak.total < 10**9


@pytest.mark.parametrize("megabytes", [110, 80, 60, 50])
def test_less_memory_means_fewer_rows_in_equal_shares(megabytes: int) -> None:
    found = _fit(megabytes * 10**6)
    assert not found.complaint
    assert 16 % found.rows == 0
    assert found.rows < 16
    assert found.peak.total <= 0.9 * megabytes * 10**6


def test_blocks_are_recomputed_only_where_one_row_does_not_fit() -> None:
    long = ("model.context=4096", "training.batch_tokens=16384")
    plain = _fit(10**10, *long, "training.micro_batch=1").peak.total
    found = _fit(round(plain * 0.8), *long)
    assert (found.rows, found.recompute) == (1, True)
    assert _fit(round(plain * 1.3), *long).recompute is False
    assert "recompute" in _fit(round(plain * 0.8), *long, "training.recompute=off").complaint


def test_what_cannot_fit_is_refused_with_a_remedy() -> None:
    with pytest.raises(DeviceError, match=r"one row at once needs .* GB.*model.width"):
        require_fit(_fit(10**7))
    with pytest.raises(DeviceError, match=r"16 rows at once need .*micro_batch to auto"):
        require_fit(_fit(5 * 10**7, "training.micro_batch=16"))


def test_more_rows_at_once_than_a_step_has_are_refused() -> None:
    with pytest.raises(RecipeError, match=r"micro_batch is 17 and a step has 16 rows"):
        _fit(10**10, "training.micro_batch=17")


def test_a_prime_number_of_rows_is_not_computed_one_by_one() -> None:
    found = _fit(60 * 10**6, "training.batch_tokens=2176")  # 17 rows
    assert 1 < found.rows < 17
