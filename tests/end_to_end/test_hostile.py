"""Wrong input, damage and bad luck: one sentence with a remedy, and nothing lost or half written.

Every case here once ended in a traceback, in a changed run, or in a folder left behind.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sslstudio.cli import main
from sslstudio.events import MessageEvent, from_json, to_json
from sslstudio.recipe import Recipe
from sslstudio.runs import RunFolder


@pytest.fixture
def run(finished_run: Path, tmp_path: Path) -> Path:
    """A finished run of one's own, to be spoiled."""
    copy = tmp_path / "runs" / finished_run.name
    shutil.copytree(finished_run, copy)
    return copy


def _refused(capsys: pytest.CaptureFixture[str], *words: Any) -> str:
    """Run a command that must be refused with status 2; returns its one line."""
    assert main([str(word) for word in words]) == 2
    *_, last = capsys.readouterr().err.rstrip("\n").split("\n")
    assert last.startswith("sslstudio: ")
    return last


def _garble(run: Path, name: str, **changes: Any) -> None:
    path = run / name
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **changes}), encoding="utf-8")


@pytest.mark.parametrize(
    ("setting", "part"),
    [
        ("training.steps=0x" + "f" * 6000, "too large"),
        ("training.steps=" + "9" * 5000, "whole number"),
        ("training.steps=" + "[" * 3000, "whole number"),
        ("seed=0x" + "f" * 6000, "seed"),
        ("corpora.0.path=~no-such-user/a.txt", "no-such-user"),
        ("corpora.0.path=a\nb.txt", "does not exist"),
        ("corpora.0.path=\udcff.txt", "UTF-8"),
        ("name=\udcff", "UTF-8"),
        ('samples.prompts=["\udcff"]', "UTF-8"),
        ("schema=true", "schema"),
    ],
)
def test_odd_settings_are_one_sentence(
    recipe_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], setting: str, part: str
) -> None:
    sentence = _refused(capsys, "train", recipe_path, "--runs", tmp_path, "--set", setting)
    assert part in sentence
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 5000, "seed = " + "9" * 5000, "seed = 1\nseed = 1"]
)
def test_a_recipe_that_no_parser_takes_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    recipe = tmp_path / "odd.toml"
    recipe.write_text(text, encoding="utf-8")
    assert "mend" in _refused(capsys, "train", recipe)


def test_a_tokenizer_file_is_looked_for_beside_the_recipe(tmp_path: Path) -> None:
    recipe = tmp_path / "one.toml"
    recipe.write_text('[tokenizer]\nkind = "file"\nfile = "mine.json"\n', encoding="utf-8")
    assert Recipe.load(recipe).tokenizer.file == str(tmp_path / "mine.json")


@pytest.mark.parametrize("place", ["--runs", "SSLSTUDIO_CACHE"])
def test_a_file_where_a_folder_should_be_leaves_nothing(
    recipe_path: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    place: str,
) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    runs = tmp_path / "file" if place == "--runs" else tmp_path / "runs"
    monkeypatch.setenv("SSLSTUDIO_CACHE", str(tmp_path / "file"))
    sentence = _refused(capsys, "train", recipe_path, "--runs", runs, "--device", "cpu")
    assert "choose a place elsewhere" in sentence
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"
    assert not runs.is_dir() or not list(runs.iterdir())


def test_a_model_that_no_memory_holds_is_refused_before_it_is_built(
    recipe_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["train", recipe_path, "--runs", tmp_path, "--device", "cpu"]
    for setting in ("layers=200", "width=16384", "heads=1", "kv_heads=1", "ffn_width=65536"):
        words += ["--set", f"model.{setting}"]
    assert "GB" in _refused(capsys, *words)
    assert not list(tmp_path.iterdir())


def test_devices_that_are_not_there(
    run: Path, capsys: pytest.CaptureFixture[str], recipe_path: Path
) -> None:
    for device in ("cpu:5", "cuda:9", "meta", "", "\udcff"):
        assert "device" in _refused(capsys, "generate", run, "--device", device)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("run.json", b"[" * 100_000),
        ("run.json", b'{"schema": 1, "model": {}}'),
        ("recipe.toml", b""),
        ("recipe.toml", b"schema = 1\n[training]\nsteps = 3\n"),
        ("tokenizer.json", b"{}"),
        ("tokenizer.json", None),
        ("checkpoints/step-000040/manifest.json", b'{"schema": 1, "files": {}}'),
        ("checkpoints/step-000040/manifest.json", b"[" * 100_000),
        ("checkpoints/step-000040/model.safetensors", b"short"),
    ],
)
def test_a_damaged_file_of_a_run_is_named(
    run: Path, capsys: pytest.CaptureFixture[str], file: str, content: bytes | None
) -> None:
    path = run / file
    path.write_bytes(content) if content is not None else path.unlink()
    sentence = _refused(capsys, "generate", run, "--max-tokens", "1", "--device", "cpu")
    assert path.name in sentence or path.parent.name in sentence
    assert main(["runs", "--runs", str(run.parent), "--json"]) == 0


@pytest.mark.parametrize(
    ("file", "changes"),
    [
        ("run.json", {"started": float("nan")}),
        ("run.json", {"started": 1e300}),
        ("run.json", {"parameters": {"total": float("inf")}}),
        ("run.json", {"last": {"bits_per_byte": float("nan"), "loss": "x"}}),
        ("status.json", {"step": "x"}),
        ("status.json", {"heartbeat": "x"}),
        ("status.json", {"steps": None}),
    ],
)
def test_one_odd_run_does_not_spoil_the_list(
    run: Path, capsys: pytest.CaptureFixture[str], file: str, changes: dict[str, Any]
) -> None:
    shutil.copytree(run, run.parent / "odd")
    _garble(run.parent / "odd", file, **changes)
    (run.parent / "file").write_text("no run", encoding="utf-8")
    (run.parent / "loop").symlink_to("loop")
    os.mkfifo(run.parent / "fifo")
    assert main(["runs", "--runs", str(run.parent), "--json"]) == 0
    rows = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert {row["name"] for row in rows} == {run.name, "odd"}
    assert main(["runs", "--runs", str(run.parent)]) == 0


def test_an_older_damaged_checkpoint_does_not_end_a_resumed_run(run: Path) -> None:
    (run / "checkpoints/step-000030/state.json").write_text("{", encoding="utf-8")
    words = ["resume", str(run), "--device", "cpu", "--set", "training.steps=42"]
    assert main(words) == 0
    assert RunFolder.open(run).status().step == 42


@pytest.mark.parametrize(
    "setting",
    [
        "model.width=64",
        "model.context=16",
        "tokenizer.vocab_size=430",
        "data.validation_fraction=0.2",
        "training.steps=7",
        "corpora.0.path=/nowhere",
    ],
)
def test_a_refused_resumption_leaves_the_run_as_it_was(
    run: Path, capsys: pytest.CaptureFixture[str], setting: str
) -> None:
    kept = {name: (run / name).read_bytes() for name in ("status.json", "run.json", "recipe.toml")}
    _refused(capsys, "resume", run, "--device", "cpu", "--set", setting)
    assert {name: (run / name).read_bytes() for name in kept} == kept


def test_a_diverged_run_keeps_its_last_good_checkpoint(
    recipe_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from sslstudio.training.update import Updater

    words = ["train", recipe_path, "--runs", tmp_path, "--device", "cpu"]
    words += ["--set", "training.log_every=1000", "--set", "checkpoints.every=1"]

    def poison(self: Any, step: int, rate: float) -> Any:
        outcome = take(self, step, rate)
        if step == 4:
            next(iter(self.materials.master.parameters())).data.fill_(float("nan"))
        return outcome

    take = Updater.take
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Updater, "take", poison)
        assert "no longer a number" in _refused(capsys, *words)
    (path,) = tmp_path.iterdir()
    assert RunFolder.open(path).status().state == "failed"
    assert main(["generate", str(path), "--max-tokens", "2", "--device", "cpu"]) == 0
    assert RunFolder.open(path).checkpoints()[-1].step == 4


def test_text_that_is_no_utf8_never_breaks_json(
    run: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    event = MessageEvent(time=1.0, step=0, level="info", text="skipped \udcff.txt")
    assert from_json(to_json(event).encode("utf-8")) == event
    words = ["generate", run, "--max-tokens", "2", "--device", "cpu", "--prompt", "a\udcffb"]
    for form in ([], ["--json"]):
        command = [sys.executable, "-m", "sslstudio", *map(str, words), *form]
        done = subprocess.run(command, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        done.stdout.decode("utf-8")
    assert json.loads(done.stdout)["checkpoint"] == 40


def test_a_reader_that_goes_away_stops_the_run_with_a_checkpoint(
    recipe_path: Path, tmp_path: Path
) -> None:
    words = ["train", str(recipe_path), "--runs", str(tmp_path), "--device", "cpu", "--json"]
    words += ["--set", "training.steps=100000"]
    with subprocess.Popen(
        [sys.executable, "-m", "sslstudio", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        while b'"training"' not in process.stdout.readline():
            pass
        process.stdout.close()
        errors = process.stderr.read()
        assert process.wait(60) == 130
    assert b"Traceback" not in errors
    assert b"Exception" not in errors
    (path,) = tmp_path.iterdir()
    assert RunFolder.open(path).status().state == "stopped"
    assert RunFolder.open(path).checkpoints()


@pytest.mark.parametrize("limit_bytes", [3_000, 40_000, 150_000])
def test_a_full_disk_is_one_sentence_and_earlier_checkpoints_stand(
    recipe_path: Path, tmp_path: Path, limit_bytes: int
) -> None:
    runs = tmp_path / "runs"
    words = ["train", str(recipe_path), "--runs", str(runs), "--device", "cpu", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "sslstudio", *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "SSLSTUDIO_CACHE": str(tmp_path / "cache")},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes)),
    )
    assert done.returncode == 2, done.stderr
    assert done.stderr.rstrip("\n").split("\n")[-1].startswith("sslstudio: cannot write")
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("**/.tmp-*"))


def test_a_damaged_cache_is_built_anew(
    recipe_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSLSTUDIO_CACHE", str(tmp_path / "cache"))
    words = ["train", str(recipe_path), "--runs", str(tmp_path / "runs"), "--device", "cpu"]
    words += ["--set", "training.steps=1"]
    assert main(words) == 0
    for name in ("train.ids", "facts.json", "tokenizer.json"):
        (path,) = tmp_path.glob(f"cache/prepared/*/shards/{name}")
        path.write_bytes(b"\xff" * path.stat().st_size)
        assert main(words) == 0


def test_a_plan_without_text_and_a_file_of_runs_are_refused(
    recipe_path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", str(recipe_path), "--set", "corpora.0.weight=0.0"]) == 2
    assert "weight 0" in capsys.readouterr().err
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["runs", "--runs", str(tmp_path / "file")]) == 2
    assert "is a file" in capsys.readouterr().err
