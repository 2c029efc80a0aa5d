"""A run over several sources reads them by their shares, says so, and goes on bit for bit."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from sslstudio.corpora.preparation import prepare
from sslstudio.errors import RecipeError
from sslstudio.events import MessageEvent
from sslstudio.recipe import CorpusSource, Recipe
from sslstudio.runs import RunFolder
from sslstudio.storage import sha256_of, write_manifest
from sslstudio.training.control import Control
from sslstudio.training.plan import plan
from sslstudio.training.session import resume, train

_SETTINGS = [
    "tokenizer.kind=bytes",
    "model.context=16",
    "model.layers=1",
    "model.width=16",
    "model.heads=1",
    "model.ffn_width=32",
    "training.steps=12",
    "training.batch_tokens=128",
    "training.log_every=4",
    "evaluation.tokens=256",
    "samples.every=0",
    "checkpoints.every=6",
    "data.split=tail",
]


@pytest.fixture
def recipe(tmp_path: Path) -> Recipe:
    (tmp_path / "large.txt").write_text("the quick brown fox " * 400, "utf-8")
    (tmp_path / "small.txt").write_text("tiny " * 12, "utf-8")
    sources = tuple(CorpusSource(path=str(tmp_path / f"{n}.txt")) for n in ("large", "small"))
    return dataclasses.replace(Recipe.default(), corpora=sources).with_settings(_SETTINGS)


def _train(recipe: Recipe, folder: Path) -> tuple[RunFolder, list[MessageEvent]]:
    events: list[MessageEvent] = []

    def emit(event: object) -> None:
        if isinstance(event, MessageEvent):
            events.append(event)

    result = train(recipe, runs_dir=folder, device="cpu", control=Control(), emit=emit)
    assert result.path is not None
    return RunFolder.open(result.path), events


def test_shares_and_epochs_are_facts_and_much_repetition_is_said(
    recipe: Recipe, tmp_path: Path
) -> None:
    run, events = _train(recipe.with_settings(["data.mixing=shares"]), tmp_path / "runs")
    sources = run.facts()["corpora"]["sources"]
    assert [source["share"] for source in sources] == [0.5, 0.5]
    expected = [0.5 * 12 * 128 / source["train"]["tokens"] for source in sources]
    assert [source["epochs"] for source in sources] == pytest.approx(expected)
    told = [event.text for event in events if event.code == "repeated"]
    assert len(told) == 1
    assert "small.txt is read 13 times" in told[0]


def test_a_mix_goes_on_bit_for_bit(recipe: Recipe, tmp_path: Path) -> None:
    recipe = recipe.with_settings(["data.mixing=temperature", "corpora.1.weight=3"])
    whole, _ = _train(recipe, tmp_path / "whole")
    control = Control()

    def stop_at_6(event: object) -> None:
        if getattr(event, "step", 0) >= 6:
            control.stop("enough")

    begun = train(recipe, runs_dir=tmp_path / "cut", device="cpu", control=control, emit=stop_at_6)
    assert begun.path is not None
    resume(begun.path, device="cpu", control=Control(), emit=lambda _e: None)
    weights = "checkpoints/step-000012/model.safetensors"
    assert sha256_of(begun.path / weights) == sha256_of(whole.path / weights)


def test_a_budget_that_unimax_cannot_fill_is_refused(recipe: Recipe, tmp_path: Path) -> None:
    recipe = recipe.with_settings(["data.mixing=unimax", "data.most_epochs=0.1"])
    with pytest.raises(RecipeError, match=r"raise data\.most_epochs"):
        _train(recipe, tmp_path / "runs")
    assert not list((tmp_path / "runs").glob("*"))
    found = plan(recipe, train_tokens=7658, source_tokens=(7600, 58))
    assert any("data.most_epochs" in a.text and a.level == "bad" for a in found.advice)


def test_a_plan_tells_the_epochs_of_every_source(recipe: Recipe) -> None:
    found = plan(
        recipe.with_settings(["data.mixing=shares"]), train_tokens=7658, source_tokens=(7600, 58)
    )
    assert found.source_shares == (0.5, 0.5)
    assert found.source_epochs == pytest.approx((768 / 7600, 768 / 58))
    assert [a.level for a in found.advice if "small.txt" in a.text] == ["caution"]


def test_tokens_of_an_older_release_are_read_as_one_stream(
    recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There, weights were copies and the sources one stream."""
    monkeypatch.setenv("SSLSTUDIO_CACHE", str(tmp_path / "cache"))
    folder = prepare(recipe).folder
    facts = json.loads((folder / "train.json").read_bytes())
    del facts["source_tokens"]
    (folder / "train.json").write_text(json.dumps(facts), "utf-8")
    (folder / "manifest.json").unlink()
    write_manifest(folder)
    run, _ = _train(recipe, tmp_path / "runs")
    assert run.summary().state == "finished"
    assert "share" not in run.facts()["corpora"]["sources"][0]
