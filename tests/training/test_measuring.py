"""A measurement takes real steps, leaves nothing behind, and the plan knows it afterwards."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from sslstudio.cli import main
from sslstudio.errors import Cancelled
from sslstudio.models.configuration import count_parameters, model_config
from sslstudio.recipe import Recipe
from sslstudio.training.measuring import measure
from sslstudio.training.plan import plan
from sslstudio.training.speeds import flops_per_token, remember_speed, speed_of


@pytest.fixture
def recipe(text_path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Recipe:
    monkeypatch.setenv("SSLSTUDIO_CACHE", str(tmp_path / "cache"))
    return Recipe.default().with_settings(
        [f"corpora.0.path={text_path}", "tokenizer.kind=characters", "model.context=32"]
    )


def test_what_was_measured_is_what_the_plan_says(recipe: Recipe, tmp_path: Path) -> None:
    assert plan(recipe, architecture="decoder").time_source == "guessed"
    found = measure(recipe, device=torch.device("cpu"))
    assert found.steps >= 3
    planned = plan(recipe, architecture="decoder")
    assert planned.time_source == "measured"
    assert planned.seconds_per_step == found.seconds_per_step
    exact = plan(recipe, architecture="decoder", vocab_size=found.config.vocab_size)
    assert exact.memory_bytes["total"] == pytest.approx(found.peak_bytes, rel=0.1)
    assert planned.parameters == exact.parameters  # the vocabulary that these texts gave is known
    assert found.config.vocab_size < recipe.tokenizer.vocab_size
    assert not list(tmp_path.glob("**/run.json"))
    assert plan(recipe.with_settings(["model.layers=2"])).time_source == "scaled"


def test_other_shapes_are_scaled_by_their_operations(recipe: Recipe) -> None:
    small = model_config(recipe.model, 4096, "decoder")
    large_recipe = recipe.with_settings(["model.preset=tiny"])
    large = model_config(large_recipe.model, 4096, "decoder")
    remember_speed(recipe, small, "cpu", 0.5)
    ratio = flops_per_token(large) / flops_per_token(small)
    assert speed_of(large_recipe, large, "cpu").seconds_per_step == pytest.approx(0.5 * ratio)
    # 6·N_mat + 12·L·d·T by hand: 4 blocks of width 128 at context 32
    matrices = 4 * (4 * 128**2 + 3 * 128 * 352) + 4096 * 128
    assert flops_per_token(small) == 6 * matrices + 12 * 4 * 128 * 32
    assert count_parameters(small).total == matrices + 9 * 128


def test_it_can_be_cancelled(recipe: Recipe) -> None:
    with pytest.raises(Cancelled):
        measure(recipe, device=torch.device("cpu"), cancelled=lambda: True)


def test_the_command_measures_and_tells_the_peak(
    recipe: Recipe, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "recipe.toml"
    recipe.save(path)
    assert main(["plan", str(path), "--measure", "--device", "cpu", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["time_source"] == "measured"
    peak = document["measured"]["peak_bytes"]
    assert document["memory_bytes"]["total"] == pytest.approx(peak, rel=0.1)


def test_bf16_where_there_is_none_and_impossible_rows_are_refused_before_anything_starts(
    recipe: Recipe,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from sslstudio.training import precision

    monkeypatch.setattr(precision, "precisions", lambda _device: ("fp32",))
    path, runs = tmp_path / "recipe.toml", tmp_path / "runs"
    recipe.save(path)
    for setting, part in (
        ("training.precision=bf16", "does not compute in bf16; set training.precision to fp32"),
        ("training.micro_batch=65", "a step has 64 rows"),
        ("model.layers=200", "GB"),
    ):
        words = ["train", str(path), "--runs", str(runs), "--device", "cpu", "--set", setting]
        if "layers" in setting:
            words += ["--set", "model.width=4096", "--set", "model.heads=32"]
        assert main(words) == 2
        *_, last = capsys.readouterr().err.rstrip("\n").split("\n")
        assert part in last
        assert not runs.exists() or not list(runs.iterdir())
