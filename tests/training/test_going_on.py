"""Going on with other settings: allowed, recorded with before and after, and said aloud."""

from __future__ import annotations

import dataclasses
import itertools
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from sslstudio.corpora.samples.tales import tales
from sslstudio.errors import RecipeError, RunError
from sslstudio.evaluation.suites import evaluate
from sslstudio.events import Event, MessageEvent, StepEvent
from sslstudio.recipe import Recipe
from sslstudio.runs import RunFolder
from sslstudio.storage import cache_dir
from sslstudio.training.checkpoint import Progress
from sslstudio.training.circumstances import circumstances, differences
from sslstudio.training.control import Control
from sslstudio.training.going_on import adapted, changes, consequences
from sslstudio.training.prepared import prepared_for
from sslstudio.training.processes import Processes
from sslstudio.training.session import resume


@pytest.fixture
def other_text(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Other words in the same letters."""
    path = tmp_path_factory.mktemp("other") / "more.txt"
    stories = [t.replace("\n", " ") for t in itertools.islice(tales(9), 60)]
    path.write_text("\n\n".join(stories), encoding="utf-8")
    return path


def _resume(path: Path, *settings: str) -> list[Event]:
    events: list[Event] = []
    resume(path, settings=settings, control=Control(), emit=events.append, device="cpu")
    return events


def _texts(events: list[Event]) -> list[str]:
    return [e.text for e in events if isinstance(e, MessageEvent)]


def _history(path: Path) -> list[dict[str, Any]]:
    history: list[dict[str, Any]] = RunFolder.open(path).facts()["history"]
    return history


def _prepare(path: Path) -> Any:
    return prepared_for(RunFolder.open(path), on_progress=lambda *_: None, cancelled=lambda: False)


def test_more_steps_and_another_rate_are_recorded_with_before_and_after(train_small) -> None:  # type: ignore[no-untyped-def]
    run = train_small("training.log_every=1")
    first = _resume(run.path, "training.steps=16")
    second = _resume(run.path, "training.steps=18", "training.learning_rate=0.001")
    third = _resume(run.path)
    a, b, c = _history(run.path)
    assert [entry["step"] for entry in (a, b, c)] == [12, 16, 18]
    assert a["changes"] == [{"key": "training.steps", "before": 12, "after": 16}]
    assert {change["key"]: (change["before"], change["after"]) for change in b["changes"]} == {
        "training.steps": (16, 18),
        "training.learning_rate": (0.003, 0.001),
    }
    assert c["changes"] == []
    assert b["settings"] == ["training.steps=18", "training.learning_rate=0.001"]
    for entry in (a, b, c):
        assert {"time", "versions", "device", "threads", "processes"} <= entry.keys()
        assert {"torch", "python", "sslstudio"} <= entry["versions"].keys()
    # 16 steps: a fifth is 3, so the cool-down begins at 13; the rate at 12 is the peak again
    assert any("cool-down begins at step 13" in text and "0.003" in text for text in _texts(first))
    rates = [e.learning_rate for e in second if isinstance(e, StepEvent)]
    assert 0 < max(rates) <= 0.001
    assert not any(isinstance(e, StepEvent) for e in third)


def test_what_was_automatic_stays_what_it_became(train_small) -> None:  # type: ignore[no-untyped-def]
    run = train_small("training.learning_rate=auto", "training.warmup=auto", "training.beta2=auto")
    before = RunFolder.open(run.path).recipe().training
    assert isinstance(before.learning_rate, float)
    _resume(run.path, "training.steps=14")
    after = RunFolder.open(run.path).recipe().training
    assert dataclasses.replace(after, steps=before.steps) == before


def test_another_corpus_is_cut_with_the_runs_own_tokenizer(  # type: ignore[no-untyped-def]
    train_small, other_text: Path
) -> None:
    """Its vocabulary belongs to the weights; a new one of the new text would be another."""
    run = train_small("tokenizer.kind=bpe", "tokenizer.vocab_size=420")
    tokenizer = RunFolder.open(run.path).tokenizer_path.read_bytes()
    events = _resume(run.path, f"corpora.0.path={other_text}", "training.steps=16")
    assert [e.step for e in events if isinstance(e, StepEvent)] == [16]
    folder = RunFolder.open(run.path)
    assert folder.tokenizer_path.read_bytes() == tokenizer
    assert folder.recipe().tokenizer.kind == "bpe"
    assert folder.recipe().corpora[0].path == str(other_text)
    (entry,) = _history(run.path)
    changed = {change["key"]: change["after"] for change in entry["changes"]}
    assert changed["corpora.0.path"] == str(other_text)
    assert any("order of the text" in text for text in _texts(events))
    data = _prepare(run.path)
    assert "".join(data.tokenizer.decode(data.train.ids[1:40].tolist()).split())[:20] in "".join(
        other_text.read_text(encoding="utf-8").split()
    )
    # and it goes on once more, is measured, and both with the cache emptied
    _resume(run.path, "training.steps=18")
    for _ in range(2):
        evaluate(run.path, suites=["perplexity"])
        shutil.rmtree(cache_dir() / "prepared")
    _resume(run.path, "training.steps=20")
    assert folder.tokenizer_path.read_bytes() == tokenizer


def test_texts_that_changed_in_place_are_refused(train_small, other_text: Path) -> None:  # type: ignore[no-untyped-def]
    """Also where the letters are the same, so that the tokenizer would be."""
    run = train_small(f"corpora.0.path={other_text}")
    text = other_text.read_text(encoding="utf-8")
    other_text.write_text(text[: len(text) // 2], encoding="utf-8")
    shutil.rmtree(cache_dir() / "prepared")
    with pytest.raises(RunError, match="have changed since it began"):
        _resume(run.path, "training.steps=14")
    with pytest.raises(RunError, match="have changed since it began"):
        _prepare(run.path)
    other_text.write_text(text, encoding="utf-8")
    assert _history_or_none(run.path) is None
    _resume(run.path, "training.steps=14")


def _history_or_none(path: Path) -> object:
    return RunFolder.open(path).facts().get("history")


@pytest.mark.parametrize(
    "setting", ["model.width=64", "tokenizer.kind=bytes", "objective.name=masked_lm"]
)
def test_what_the_weights_are_made_for_cannot_change(train_small, setting: str) -> None:  # type: ignore[no-untyped-def]
    run = train_small()
    with pytest.raises(RecipeError, match="cannot change in a run that has begun"):
        _resume(run.path, setting)
    assert _history_or_none(run.path) is None


def test_another_thread_count_version_or_device_is_said_aloud(  # type: ignore[no-untyped-def]
    train_small,
) -> None:
    run = train_small()
    folder = RunFolder.open(run.path)
    facts = folder.facts()
    facts["versions"] = {**facts["versions"], "torch": "1.0", "numpy": "1.1"}
    folder.write_facts({**facts, "device": "cuda:0", "threads": 999})
    said = _texts(_resume(run.path, "training.steps=14"))
    for words in ("device cuda:0", "999 threads", "torch 1.0", "numpy 1.1"):
        assert any(words in text and "last digits" in text for text in said), words


def test_differences_name_each_thing_once_and_pass_over_what_is_not_known() -> None:
    now = circumstances(torch.device("cpu"), Processes())
    assert differences(now, now) == []
    assert differences({}, now) == []
    assert differences({"versions": None}, now) == []
    before = {**now, "threads": 7, "versions": {**now["versions"], "torch": "1.0"}}
    found = differences(before, now)
    assert len(found) == 2
    assert f"began with 7 threads and goes on with {now['threads']} threads" in found[0]
    assert "began with torch 1.0" in found[1]


def test_changes_are_told_by_the_keys_that_set_them() -> None:
    before = Recipe.default()
    settings = ["training.steps=7", "corpora.0.path=elsewhere.txt", "samples.prompts=['a', 'b']"]
    after = before.with_settings(settings)
    found = {change["key"]: change["after"] for change in changes(before, after)}
    assert found["training.steps"] == 7
    assert found["samples.prompts"] == ["a", "b"]
    assert found["corpora.0.path"].endswith("elsewhere.txt")
    assert changes(before, before) == []
    again = before.with_settings(
        [f"{key}={value!r}" for key, value in found.items()]
    )  # what is written down can be set
    assert changes(after, again) == []


def test_what_the_user_decides_anew_replaces_what_the_run_had_found() -> None:
    before = Recipe.default().with_settings(
        ["training.learning_rate=0.01", "training.micro_batch=8"]
    )
    progress = Progress(step=5, micro_batch=2, halvings=3, turned_back_at=9)
    assert adapted(progress, before, before) == progress
    other_rate = before.with_settings(["training.learning_rate=0.001"])
    assert adapted(progress, before, other_rate).halvings == 0
    assert adapted(progress, before, other_rate).micro_batch == 2
    other_rows = before.with_settings(["training.micro_batch=4"])
    assert adapted(progress, before, other_rows).micro_batch == 0
    assert adapted(progress, before, other_rows).halvings == 3


def test_a_constant_rate_has_no_cool_down_to_speak_of() -> None:
    before = Recipe.default().with_settings(
        ["training.schedule=constant", "training.learning_rate=0.01", "training.warmup=0"]
    )
    after = before.with_settings(["training.steps=2000"])
    assert list(consequences(before, after, 100)) == []
