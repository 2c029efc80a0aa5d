"""Recipes survive their TOML form, and say what is wrong in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from sslstudio.errors import RecipeError
from sslstudio.recipe import CorpusSource, ObjectiveChoice, Recipe, TrainingOptions


def test_the_default_survives_its_toml_form() -> None:
    recipe = Recipe.default()
    assert Recipe.from_toml(recipe.to_toml()) == recipe


def test_every_setting_survives_its_toml_form() -> None:
    recipe = Recipe(
        name='quotes " and ünïcode',
        seed=7,
        corpora=(CorpusSource(path="/a b/c.txt", documents="---", weight=0.5),),
        objective=ObjectiveChoice(name="masked_lm", options={"mask_rate": 0.3}),
        training=TrainingOptions(steps=0, epochs=1.5, learning_rate=1e-3, micro_batch=4),
    )
    assert Recipe.from_toml(recipe.to_toml()) == recipe


def test_the_recipe_of_the_contract_is_read() -> None:
    recipe = Recipe.from_toml(
        """
        schema = 1
        name = "first run"
        seed = 1337
        [[corpora]]
        path = "sample:handbook"
        documents = "auto"
        weight = 1.0
        [data]
        split = "auto"
        validation_fraction = 0.05
        [tokenizer]
        kind = "bpe"
        vocab_size = 4096
        [objective]
        name = "causal_lm"
        [model]
        preset = "tiny"
        context = 256
        [training]
        steps = 2000
        batch_tokens = 16384
        micro_batch = "auto"
        optimizer = "adamw"
        learning_rate = "auto"
        schedule = "wsd"
        precision = "auto"
        compile = "auto"
        deterministic = false
        log_every = 10
        [evaluation]
        every = 250
        [checkpoints]
        every = 250
        keep = 3
        """
    )
    assert recipe.model.preset == "tiny"
    assert recipe.training.batch_tokens == 16384


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("shema = 1", ["shema", "schema"]),
        ("[training]\nstep = 3", ["training.step", "steps"]),
        ("[training]\nlog_every = 0", ["training.log_every", "0", "at least 1"]),
        ("[model]\ndropout = 0.95", ["model.dropout", "0.95", "at most 0.9"]),
        ("[model]\ndropout = nan", ["model.dropout", "nan"]),
        ("[model]\nwidth = 'wide'", ["model.width", "'wide'", "whole number or 'auto'"]),
        ("[tokenizer]\nkind = 'bbpe'", ["tokenizer.kind", "'bbpe'", "'bpe'"]),
        ("[data]\nvalidation_fraction = true", ["data.validation_fraction", "a number"]),
        ("schema = 2", ["newer SSL Studio", "update"]),
        ("name = 'x", ["not valid TOML"]),
        ("[[corpora]]\nweight = 1.0", ["no path"]),
        ("corpora = []", ["no corpus"]),
        ("[training]\nsteps = 5\ntokens = 5", ["exactly one", "steps and tokens"]),
        ("[training]\nsteps = 0", ["exactly one"]),
    ],
)
def test_what_is_wrong_is_named_with_its_remedy(text: str, parts: list[str]) -> None:
    with pytest.raises(RecipeError) as caught:
        Recipe.from_toml(text)
    sentence = str(caught.value)
    assert "\n" not in sentence
    for part in parts:
        assert part in sentence


def test_tokens_alone_replace_the_default_steps() -> None:
    training = Recipe.from_toml("[training]\ntokens = 1000").training
    assert (training.steps, training.tokens) == (0, 1000)


def test_settings_are_applied_and_checked() -> None:
    recipe = Recipe.default().with_settings(
        ["training.epochs=2", "corpora.0.path=sample:tales", "objective.name=masked_lm"]
    )
    assert (recipe.training.steps, recipe.training.epochs) == (0, 2.0)
    assert recipe.corpora[0].path == "sample:tales"
    assert recipe.objective.name == "masked_lm"
    for wrong in ("training.stepz=1", "training.steps", "nothing.at.all=1"):
        with pytest.raises(RecipeError):
            recipe.with_settings([wrong])


def test_paths_in_a_file_are_taken_from_its_folder(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("[[corpora]]\npath = 'text.txt'\n", encoding="utf-8")
    recipe = Recipe.load(tmp_path / "a.toml")
    assert recipe.corpora[0].path == str(tmp_path / "text.txt")


def test_a_recipe_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match=r"no recipe .*gone\.toml"):
        Recipe.load(tmp_path / "gone.toml")
