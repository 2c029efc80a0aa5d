"""A preparation that is killed goes on from what was finished, to the very same bytes."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from sslstudio.corpora import encoding, preparation, unfinished
from sslstudio.corpora.preparation import PreparedData, prepare
from sslstudio.corpora.tokenizer import Tokenizer
from sslstudio.corpora.unfinished import sweep_forgotten
from sslstudio.errors import Cancelled
from sslstudio.recipe import Recipe

_RECIPE = """
[[corpora]]
path = "{folder}/a.jsonl"
normalise = "nfc"
[[corpora]]
path = "{folder}/b.jsonl"
personal_data = "replace"
[data]
split = "documents"
validation_fraction = 0.1
deduplicate = "exact"
[tokenizer]
vocab_size = 420
[model]
context = 8
"""


@pytest.fixture
def recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Recipe:
    """Two sources, mended, in a cache of their own."""
    monkeypatch.setenv("SSLSTUDIO_CACHE", str(tmp_path / "cache"))
    chance = random.Random(3)
    words = ["".join(chance.choices("abcdefghij", k=chance.randint(2, 9))) for _ in range(400)]
    for name in ("a", "b"):
        texts = [" ".join(chance.choices(words, k=chance.randint(5, 120))) for _ in range(250)]
        texts += texts[:20]  # exact copies
        lines = (
            json.dumps({"text": f"{text} to a{i}@example.org"}) for i, text in enumerate(texts)
        )
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines), "utf-8")
    return Recipe.from_toml(_RECIPE.format(folder=tmp_path.as_posix()))


def _bytes(data: PreparedData) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(data.folder.iterdir())}


def _stopped_while_encoding(recipe: Recipe) -> None:
    seen: list[str] = []
    with pytest.raises(Cancelled):
        prepare(
            recipe,
            on_progress=lambda stage, *_: seen.append(stage),
            cancelled=lambda: "encoding" in seen,
        )


def _hastily() -> None:
    """Keep a bookmark after every small group."""
    vars(unfinished)["SECONDS_BETWEEN_BOOKMARKS"] = 0.0
    vars(encoding)["GROUP_CHARACTERS"] = 3_000


def _prepare_and_die(recipe: str, cache: str, seed: int) -> None:
    os.environ["SSLSTUDIO_CACHE"] = cache
    _hastily()
    left = random.Random(seed).randint(1, 40)

    def on_progress(_stage: str, _done: int, _total: int, _unit: str) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    vars(preparation)["Ticker"] = lambda _on_progress: on_progress  # every call, not 20 a second
    prepare(Recipe.from_toml(recipe))


def _kill_until_whole(recipe: Recipe, cache: Path, seed: int, most: int) -> int:
    """Kill preparations in ``cache`` until one is through; returns how many were killed."""
    context = multiprocessing.get_context("spawn")
    for kill in range(most):
        words = (recipe.to_toml(), str(cache), 1000 * seed + kill)
        process = context.Process(target=_prepare_and_die, args=words)
        process.start()
        process.join(120)
        if process.exitcode == 0:
            return kill
        assert process.exitcode == -signal.SIGKILL
    return most


@pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL")
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("kills", [3, pytest.param(100, marks=pytest.mark.slow)])
def test_kills_at_any_moment_change_no_byte(
    recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kills: int
) -> None:
    whole = _bytes(prepare(recipe))
    done = 0
    while done < kills:
        cache = tmp_path / f"killed-{done}"
        done += _kill_until_whole(recipe, cache, done, kills - done)
        monkeypatch.setenv("SSLSTUDIO_CACHE", str(cache))
        data = prepare(recipe)
        assert _bytes(data) == whole
        assert sorted(path.name for path in data.folder.parent.iterdir()) == ["lock", "shards"]


def test_every_bookmark_is_a_place_to_go_on_from(
    recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = _bytes(prepare(recipe))
    monkeypatch.setenv("SSLSTUDIO_CACHE", str(tmp_path / "other"))
    monkeypatch.setattr(unfinished, "SECONDS_BETWEEN_BOOKMARKS", 0.0)
    monkeypatch.setattr(encoding, "GROUP_CHARACTERS", 20_000)
    write = encoding._Run._write_group
    groups = 0

    def and_stop(run: encoding._Run, *arguments: object) -> None:
        nonlocal groups
        groups += 1
        write(run, *arguments)  # type: ignore[arg-type]
        raise Cancelled  # with what follows the bookmark in the files, or nothing

    monkeypatch.setattr(encoding._Run, "_write_group", and_stop)
    while True:
        try:
            data = prepare(recipe)
        except Cancelled:
            assert groups < 100
            continue
        break
    assert groups > 5
    assert _bytes(data) == whole


def test_what_is_finished_is_not_done_again(
    recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def until(stage: str) -> list[str]:
        seen: list[str] = []
        with pytest.raises(Cancelled):
            prepare(
                recipe,
                on_progress=lambda name, *_: seen.append(name),
                cancelled=lambda: stage in seen,
            )
        return list(dict.fromkeys(seen))

    assert until("training the tokenizer")[-2:] == ["comparing documents", "training the tokenizer"]
    assert until("encoding") == ["looking at the files", "training the tokenizer", "encoding"]
    monkeypatch.setattr(Tokenizer, "train", None)
    assert until("encoding") == ["looking at the files", "encoding"]


@pytest.mark.parametrize("name", ["survey.npz", "tokenizer.json", "bookmark.json", "train.ids"])
def test_what_is_damaged_is_made_again(
    recipe: Recipe, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    whole = _bytes(prepare(recipe))
    monkeypatch.setenv("SSLSTUDIO_CACHE", str(tmp_path / "other"))
    monkeypatch.setattr(unfinished, "SECONDS_BETWEEN_BOOKMARKS", 0.0)
    monkeypatch.setattr(encoding, "GROUP_CHARACTERS", 3_000)
    with pytest.raises(Cancelled):
        prepare(recipe, cancelled=lambda: any((tmp_path / "other").glob("**/bookmark.json")))
    (path,) = (tmp_path / "other").glob(f"**/{name}")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert _bytes(prepare(recipe)) == whole


def test_another_text_uses_nothing_of_what_is_unfinished(recipe: Recipe, tmp_path: Path) -> None:
    _stopped_while_encoding(recipe)
    (old,) = (tmp_path / "cache" / "prepared").glob("*/unfinished")
    with (tmp_path / "a.jsonl").open("a", encoding="utf-8") as file:
        file.write("\n" + json.dumps({"text": "one more"}))
    data = prepare(recipe)
    assert data.folder.parent != old.parent
    assert data.facts["sources"][0]["read"] == 271
    assert old.is_dir()  # a week later it goes


def test_only_what_was_forgotten_long_ago_is_swept(tmp_path: Path) -> None:
    homes = [tmp_path / name for name in ("own", "old", "new")]
    for home in homes:
        (home / "unfinished" / "shards").mkdir(parents=True)
        (home / "unfinished" / "shards" / "train.ids").write_bytes(b"x")
    long_ago = time.time() - 8 * 86_400
    for home in homes[:2]:
        for path in [*home.rglob("*"), home / "unfinished"]:
            os.utime(path, (long_ago, long_ago))
    sweep_forgotten(tmp_path, homes[0])
    assert [(home / "unfinished").exists() for home in homes] == [True, False, True]


def test_what_a_survey_found_is_kept_whole(recipe: Recipe, tmp_path: Path) -> None:
    _stopped_while_encoding(recipe)
    (home,) = (tmp_path / "cache" / "prepared").iterdir()
    kept = unfinished.Unfinished(home).examined()
    assert kept is not None
    assert kept.split == "documents"
    assert kept.survey.counts == (270, 270)
    assert kept.survey.characters.dtype == np.int64
    facts = prepare(recipe).facts
    assert facts["removed"] == [
        {"source": i, **row} for i in range(2) for row in kept.survey.table(i)
    ]
