"""A mended copy is the same bytes on any day, and its manifest says how it came about."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sslstudio.cli import main
from sslstudio.corpora.manifest import DOCUMENTS, write_mended
from sslstudio.corpora.preparation import prepare
from sslstudio.errors import Cancelled, CorpusError
from sslstudio.recipe import Recipe

_RECIPE = """
[[corpora]]
path = "{folder}/letters"
normalise = "nfc"
personal_data = "replace"
licence = "ours"
[[corpora]]
path = "{folder}/notes.jsonl"
[data]
split = "{split}"
validation_fraction = 0.2
deduplicate = "exact"
[tokenizer]
kind = "bytes"
[model]
context = 8
"""
_NAMES = ("b.txt", "a.txt", "Z.txt", "ä.txt", "sub/c.txt")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSLSTUDIO_CACHE", str(tmp_path / "cache"))


def _corpus(folder: Path, names: tuple[str, ...] = _NAMES, split: str = "documents") -> Recipe:
    """Write the same texts, the files in the order of ``names``."""
    for name in names:
        path = folder / "letters" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Cafe\u0301 {name}\u2028 write to {name[0]}@example.org\n", "utf-8")
    notes = [json.dumps({"text": f"Note number {i % 50}, {'x' * (i % 50)}"}) for i in range(60)]
    (folder / "notes.jsonl").write_text("\n".join(notes), "utf-8")
    return Recipe.from_toml(_RECIPE.format(folder=folder.as_posix(), split=split))


def _lines(folder: Path) -> list[dict[str, object]]:
    content = (folder / DOCUMENTS).read_text("utf-8")
    return [json.loads(line) for line in content.split("\n") if line]


def test_the_copy_holds_what_is_trained_on(tmp_path: Path) -> None:
    recipe = _corpus(tmp_path)
    manifest = write_mended(recipe, tmp_path / "out")
    lines = _lines(tmp_path / "out")
    data = prepare(recipe)
    for side, shards in (("train", data.train), ("validation", data.validation)):
        pairs = zip(shards.starts[:-1], shards.starts[1:], strict=True)
        stored = [data.tokenizer.decode(shards.ids[a:b].tolist()) for a, b in pairs]
        assert [line["text"] for line in lines if line["side"] == side] == stored
        assert manifest[side]["documents"] == len(stored)
        assert manifest[side]["bytes"] == shards.bytes
    assert "Caf\u00e9 a.txt\u2028 write to <EMAIL>\n" in [line["text"] for line in lines]


def test_the_manifest_says_from_what_and_how(tmp_path: Path) -> None:
    recipe = _corpus(tmp_path)
    manifest = write_mended(recipe, tmp_path / "out")
    assert json.loads((tmp_path / "out" / "manifest.json").read_bytes()) == manifest
    content = (tmp_path / "out" / DOCUMENTS).read_bytes()
    assert manifest["output"] == {
        DOCUMENTS: {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    }
    letters, notes = manifest["sources"]
    assert letters["licence"] == "ours"
    assert letters["files"] == [
        {
            "name": name,
            "sha256": hashlib.sha256((tmp_path / "letters" / name).read_bytes()).hexdigest(),
        }
        for name in ("Z.txt", "a.txt", "b.txt", "ä.txt", "sub/c.txt")  # as they are read
    ]
    assert letters["settings"] == {"normalise": "nfc", "personal_data": "replace"}
    assert letters["changes"]["email"] == 5
    assert manifest["documents_read"] == 65
    assert [r for r in manifest["removed"] if r["rule"] == "exact_duplicate"] == [
        {
            "source": 1,
            "rule": "exact_duplicate",
            "documents": 10,
            "characters": sum(len(f"Note number {i}, {'x' * i}") for i in range(10)),
        }
    ]
    assert [step["step"] for step in manifest["steps"]] == [
        "normalise",
        "replace personal data",
        "take out copies",
        "split",
    ]
    assert "phonenumbers" in manifest["versions"]
    assert notes["read"] == 60


def test_the_tail_of_a_document_is_a_line_of_its_own(tmp_path: Path) -> None:
    write_mended(_corpus(tmp_path, split="tail"), tmp_path / "out")
    lines = _lines(tmp_path / "out")
    assert [line["side"] for line in lines] == ["train", "validation"] * 55


def test_another_order_day_and_language_give_the_same_bytes(tmp_path: Path) -> None:
    contents = []
    for run, names in enumerate((_NAMES, tuple(reversed(_NAMES)))):
        folder = tmp_path / "corpus"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        _corpus(folder, names).save(folder / "recipe.toml")
        out = tmp_path / f"out-{run}"
        environment = {
            **os.environ,
            "PYTHONHASHSEED": str(run + 1),
            "LC_ALL": ("C", "C.UTF-8")[run],
            "TZ": ("UTC", "Asia/Tokyo")[run],
        }
        words = ["corpus", "mend", str(folder / "recipe.toml"), "--out", str(out), "--json"]
        done = subprocess.run(
            [sys.executable, "-m", "sslstudio", *words],
            env=environment,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == json.loads((out / "manifest.json").read_bytes())
        contents.append({p.name: p.read_bytes() for p in sorted(out.iterdir())})
    assert contents[0] == contents[1]


def test_a_folder_that_holds_something_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = _corpus(tmp_path)
    with pytest.raises(CorpusError, match="not empty"):
        write_mended(recipe, tmp_path / "letters")
    recipe.save(tmp_path / "recipe.toml")
    (tmp_path / "out").mkdir()
    words = [str(tmp_path / "recipe.toml"), "--out", str(tmp_path / "out")]
    assert main(["corpus", "mend", *words]) == 0
    shown = capsys.readouterr().out
    assert "taken out   10 of" in shown
    assert "by exact_duplicate" in shown
    assert main(["corpus", "mend", *words]) == 2
    assert "choose another folder" in capsys.readouterr().err


@pytest.mark.parametrize("stage", ["reading", "writing"])
def test_a_cancel_leaves_nothing(tmp_path: Path, stage: str) -> None:
    seen: list[str] = []
    with pytest.raises(Cancelled):
        write_mended(
            _corpus(tmp_path),
            tmp_path / "out",
            on_progress=lambda name, *_: seen.append(name),
            cancelled=lambda: stage in seen,
        )
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".tmp-*"))
