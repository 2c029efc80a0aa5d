"""The command line keeps its contract: documents, exit statuses, one-line errors."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from sslstudio.cli import main
from sslstudio.events import CheckpointEvent, EvaluationEvent, SampleEvent, StateEvent, StepEvent
from sslstudio.runs import RunFolder


def _document(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_finished_run_holds_what_the_contract_says(finished_run: Path) -> None:
    run = RunFolder.open(finished_run)
    assert {p.name for p in finished_run.iterdir()} >= {
        "recipe.toml", "run.json", "tokenizer.json", "events.jsonl", "status.json",
        "checkpoints", "exports",
    }  # fmt: skip
    recipe = finished_run.joinpath("recipe.toml").read_text(encoding="utf-8").splitlines()
    left = {line.partition(" ")[0] for line in recipe if '"auto"' in line}
    assert left == {"column", "encoding"}  # rules for each file, which no machine decides
    status = run.status()
    assert (status.state, status.step, status.steps) == ("finished", 40, 40)
    found, _ = run.events()
    points = [e for e in found if isinstance(e, StepEvent)]
    assert [p.step for p in points] == [1, 7, 14, 21, 28, 35, 40]
    assert points[-1].tokens == 40 * 256
    assert points[-1].loss < points[0].loss - 0.5
    assert [e.step for e in found if isinstance(e, EvaluationEvent)] == [0, 20, 40]
    assert [e.step for e in found if isinstance(e, SampleEvent)] == [0, 20, 40]
    assert [e.step for e in found if isinstance(e, CheckpointEvent)] == [10, 20, 30, 40]
    states = [e.state for e in found if isinstance(e, StateEvent)]
    assert states == ["preparing", "training", "finished"]
    assert [c.step for c in run.checkpoints()] == [30, 40]


def test_an_untrained_model_is_as_surprised_as_chance(finished_run: Path) -> None:
    run = RunFolder.open(finished_run)
    first = next(e for e in run.events()[0] if isinstance(e, EvaluationEvent))
    assert first.loss == pytest.approx(math.log(run.facts()["model"]["vocab_size"]), rel=0.02)


def test_evaluation_repeats_the_last_validation(
    finished_run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = _document(capsys, "evaluate", str(finished_run))
    (row,) = document["checkpoints"]
    figures = row["suites"]["perplexity"]
    last = [e for e in RunFolder.open(finished_run).events()[0] if isinstance(e, EvaluationEvent)]
    assert row["step"] == 40
    assert figures["loss"] == pytest.approx(last[-1].loss, abs=1e-9)
    assert figures["perplexity"] == pytest.approx(math.exp(figures["loss"]))
    assert figures["tokens"] == last[-1].targets
    assert 0 < figures["bits_per_byte"] < 8
    both = _document(capsys, "evaluate", str(finished_run), "--checkpoint", "all")
    assert [c["step"] for c in both["checkpoints"]] == [30, 40]


def test_generation_repeats_with_its_seed(
    finished_run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["generate", str(finished_run), "--prompt", "Once", "--max-tokens", "12", "--seed"]
    first, again = _document(capsys, *words, "5"), _document(capsys, *words, "5")
    other = _document(capsys, *words, "6")
    assert first["text"] == again["text"] == "".join(t["text"] for t in first["tokens"])
    assert other["text"] != first["text"]
    assert first["checkpoint"] == 40
    assert all(t["logprob"] <= 0 for t in first["tokens"])


def test_the_other_documents_have_their_shapes(
    finished_run: Path, recipe_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (row,) = _document(capsys, "runs", "--runs", str(finished_run.parent))
    assert {"name", "path", "objective", "parameters", "step", "steps", "state", "bits_per_byte",
            "started", "seconds", "parent"} <= row.keys()  # fmt: skip
    assert (row["state"], row["step"], row["objective"]) == ("finished", 40, "causal_lm")
    catalogue = {o["name"]: o for o in _document(capsys, "objectives")}
    assert set(catalogue) >= {"causal_lm", "masked_lm"}
    rate = next(o for o in catalogue["masked_lm"]["options"] if o["name"] == "mask_rate")
    assert (rate["type"], rate["default"], rate["maximum"]) == ("float", 0.15, 0.95)
    plan = _document(capsys, "plan", str(recipe_path))
    assert plan["parameters"]["total"] == row["parameters"]
    memory = plan["memory_bytes"]
    parts = ("weights", "gradients", "optimizer", "activations", "logits")
    assert memory["total"] == sum(memory[p] for p in parts)
    assert plan["tokens"] == 40 * 256
    shown = _document(capsys, "preview", "masked_lm", "--text", "a sentence to hide", "--seed", "2")
    assert shown["targets"] == sum(t["role"] == "target" for t in shown["target"]) > 0
    doctor = _document(capsys, "doctor")
    assert any(d["kind"] == "cpu" for d in doctor["devices"])


@pytest.mark.parametrize(
    ("setting", "part"),
    [
        ("corpora.0.path=/nowhere/at/all.txt", "/nowhere/at/all.txt"),
        ("model.context=30000", "lower"),
        ("objective.name=casual_lm", "causal_lm"),
        ("objective.mask_rate=0.1", "mask_rate"),
        ("model.heads=3", "heads"),
        ("model.architecture=encoder", "decoder"),
        ("training.batch_tokens=16", "batch_tokens"),
        ("training.precision=fp16", "fp32"),
        ("model.preset=nanu", "nano"),
    ],
)
def test_wrong_input_is_one_sentence_and_leaves_nothing(
    recipe_path: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    setting: str,
    part: str,
) -> None:
    words = ["train", str(recipe_path), "--runs", str(tmp_path), "--set", setting]
    assert main([*words, "--device", "cpu"]) == 2
    errors = capsys.readouterr().err.strip().split("\n")
    assert part in errors[-1]
    assert errors[-1].startswith("sslstudio: ")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", ["empty folder", "binary", "broken UTF-8", "empty file"])
def test_unreadable_text_is_one_sentence_and_leaves_nothing(
    recipe_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    corpus, runs = tmp_path / "corpus", tmp_path / "runs"
    if kind == "empty folder":
        corpus.mkdir()
    else:
        contents = {
            "binary": b"\x7fELF\0\0\1",
            "broken UTF-8": b"good\nb\xffd\n",
            "empty file": b"",
        }
        corpus = corpus.with_suffix(".txt")
        corpus.write_bytes(contents[kind])
    words = ["train", str(recipe_path), "--runs", str(runs), "--set", f"corpora.0.path={corpus}"]
    assert main(words) == 2
    assert str(corpus) in capsys.readouterr().err.strip().split("\n")[-1]
    assert not runs.exists() or not list(runs.iterdir())


def test_impossible_requests_are_refused(
    finished_run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = str(finished_run)
    for words, part in (
        (["trian", "x.toml"], "train"),
        (["train"], "RECIPE"),
        (["train", str(tmp_path / "gone.toml")], "gone.toml"),
        (["generate", str(tmp_path / "gone")], "no run"),
        (["generate", run, "--checkpoint", "7"], "30, 40"),
        (["generate", run, "--temperature", "-1"], "temperature"),
        (["evaluate", run, "--suite", "perplexed"], "perplexity"),
        (["resume", run, "--device", "cuda:9"], "cuda:9"),
        (["resume", str(tmp_path)], "not a run folder"),
    ):
        assert main(words) == 2, words
        assert part in capsys.readouterr().err.strip().split("\n")[-1]
