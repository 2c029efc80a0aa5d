"""Sizes: refused where impossible, resolved from presets, counted exactly as the modules."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import torch

from sslstudio.errors import RecipeError
from sslstudio.models.configuration import ModelConfig, count_parameters, model_config
from sslstudio.models.presets import PRESETS
from sslstudio.models.transformer import Transformer
from sslstudio.recipe import ModelOptions

FIXTURE: dict[str, Any] = {
    "architecture": "decoder",
    "vocab_size": 100,
    "context": 16,
    "layers": 2,
    "width": 32,
    "heads": 4,
    "kv_heads": 2,
    "ffn_width": 64,
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, 21_792),  # reference.md 4.2, from Hugging Face's modules
        ({"tied": False}, 24_992),
        ({"qk_norm": True}, 21_824),
        ({"architecture": "encoder"}, 21_792 + 32 * 32 + 32 + 100),
    ],
)
def test_fixture_counts(changes: dict[str, Any], expected: int) -> None:
    assert count_parameters(ModelConfig(**FIXTURE | changes)).total == expected


def part_of(parameter: str) -> str:
    """Say which part of the count a weight belongs to, by its name."""
    if parameter.startswith("head."):
        return "head"
    if parameter.startswith(("embedding.", "output.")):
        return "embedding"
    if "norm" in parameter:
        return "norms"
    return "attention" if ".attention." in parameter else "feed_forward"


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("architecture", ["decoder", "encoder"])
@pytest.mark.parametrize("qk_norm", [False, True])
@pytest.mark.parametrize("tied", [False, True])
def test_formula_equals_modules(preset: str, architecture: str, qk_norm: bool, tied: bool) -> None:
    options = ModelOptions(preset=preset, context=8, layers=2, qk_norm=qk_norm, tied=tied)
    config = model_config(options, 50, architecture)
    count = count_parameters(config)
    with torch.device("meta"):  # sizes only, no memory
        model = Transformer(config)
    sizes = {name: p.numel() for name, p in model.named_parameters()}
    found = dict.fromkeys(("embedding", "attention", "feed_forward", "head", "norms"), 0)
    for parameter, size in sizes.items():
        found[part_of(parameter)] += size
    assert found == {part: getattr(count, part) for part in found}
    assert count.total == sum(sizes.values())
    assert count.non_embedding == count.total - count.embedding


@pytest.mark.parametrize(
    ("name", "total", "non_embedding"),
    [
        ("nano", "1.33", "0.80"),
        ("tiny", "6.45", "4.35"),
        ("small", "18.9", "12.6"),
        ("base", "43.2", "34.8"),
        ("gpt2-size", "100.7", "75.5"),
    ],
)
def test_presets_have_the_sizes_of_the_reference(name: str, total: str, non_embedding: str) -> None:
    preset = PRESETS[name]
    config = model_config(ModelOptions(preset=name), preset.vocab_size, "decoder")
    count = count_parameters(config)
    for value, printed in ((count.total, total), (count.non_embedding, non_embedding)):
        decimals = len(printed.split(".")[1])
        assert f"{value / 1e6:.{decimals}f}" == printed


@pytest.mark.parametrize(
    ("changes", "setting", "remedy"),
    [
        ({"heads": 5}, "model.width", "set model.heads to 4"),
        ({"width": 36, "heads": 12, "kv_heads": 12}, "model.width", "a multiple of 24"),
        ({"kv_heads": 3}, "model.kv_heads", "set model.kv_heads to 2"),
        ({"layers": 0}, "model.layers", "from 1 up"),
        ({"dropout": 1.0}, "model.dropout", "below 1"),
        ({"architecture": "decodr"}, "model.architecture", "did you mean 'decoder'"),
    ],
)
def test_impossible_sizes_name_the_setting_and_a_remedy(
    changes: dict[str, Any], setting: str, remedy: str
) -> None:
    with pytest.raises(RecipeError) as caught:
        ModelConfig(**FIXTURE | changes)
    assert setting in str(caught.value)
    assert remedy in str(caught.value)


def test_an_unknown_preset_names_the_nearest() -> None:
    with pytest.raises(RecipeError, match="did you mean 'tiny'"):
        model_config(ModelOptions(preset="tinny"), 100, "decoder")


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("width", [8, 40, 96, 320, 1000, 1024])
def test_any_even_width_resolves_to_heads_that_fit(preset: str, width: int) -> None:
    config = model_config(ModelOptions(preset=preset, width=width), 100, "decoder")
    assert config.width == width
    assert config.heads * config.head_dim == width
    assert config.ffn_width % 16 == 0
    assert 0 <= config.ffn_width - 8 * width / 3 < 16


def test_a_feed_forward_width_on_auto_follows_the_rule_of_the_presets() -> None:
    for preset in PRESETS.values():
        assert preset.ffn_width == -(-8 * preset.width // 48) * 16


def test_what_the_recipe_says_overrides_the_preset_and_the_objective() -> None:
    options = ModelOptions(
        preset="tiny", layers=3, heads=4, kv_heads=1, ffn_width=100, architecture="encoder"
    )
    config = model_config(options, 77, "decoder")
    assert (config.layers, config.heads, config.kv_heads, config.ffn_width) == (3, 4, 1, 100)
    assert (config.width, config.vocab_size, config.architecture) == (256, 77, "encoder")


def test_a_configuration_survives_json_and_keys_of_later_releases() -> None:
    config = ModelConfig(**FIXTURE)
    assert ModelConfig.from_dict(config.to_dict() | {"invented_later": 1}) == config


def test_sizes_are_known_without_torch() -> None:
    code = "import sslstudio.models.configuration, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
