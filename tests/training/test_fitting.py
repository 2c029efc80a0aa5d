"""Rows at once: the most that fit, in equal shares; what cannot fit is refused in a sentence."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from sslstudio.errors import DeviceError, RecipeError
from sslstudio.models.configuration import model_config
from sslstudio.recipe import Recipe
from sslstudio.training import resolve as resolve_module
from sslstudio.training.fitting import Fit, fit, require_fit
from sslstudio.training.memory_model import StepShape, peak_memory


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


def test_faster_attention_is_left_where_its_scores_do_not_fit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recipe = Recipe.default().with_settings(
        ["model.context=512", "training.batch_tokens=2048", "training.micro_batch=4"]
    )
    config = model_config(recipe.model, 4096, "decoder")
    shape = StepShape(rows=4)
    fused = peak_memory(config, shape).total
    composed = peak_memory(config, dataclasses.replace(shape, composed=True)).total
    assert composed > fused + 4 * 4 * 4 * 512**2 * config.layers  # fp32 scores of four heads
    monkeypatch.setattr(resolve_module, "choose_attention", lambda *_: "composed")
    for free, expected in ((2 * composed, "composed"), ((fused + composed) // 2, "fused")):
        monkeypatch.setattr(resolve_module, "room_for", lambda *_, free=free: free)
        found = resolve_module.resolve(
            recipe, vocab_size=4096, train_tokens=10**6, device=torch.device("cpu")
        )
        assert found.recipe.training.attention == expected
