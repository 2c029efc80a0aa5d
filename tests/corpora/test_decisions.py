"""What a preparation decides on single documents, against what is left in its tokens."""

from __future__ import annotations

import dataclasses
import json
import random
from pathlib import Path

import pytest

from sslstudio.corpora.decisions import Decision, Decisions, decide
from sslstudio.corpora.mending.lines import line_key
from sslstudio.corpora.mending.outcome import Stretch, left_out
from sslstudio.corpora.preparation import prepare
from sslstudio.errors import Cancelled, CorpusError
from sslstudio.recipe import CorpusSource, DataOptions, Recipe


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSLSTUDIO_CACHE", str(tmp_path / "cache"))


def _story(seed: int) -> str:
    draw = random.Random(seed)
    return " ".join(f"{draw.choice('abcdefgh')}{seed}x{n}" for n in range(80))


def _write(path: Path, texts: list[str], **options: object) -> CorpusSource:
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
    return CorpusSource(path=str(path), **options)  # type: ignore[arg-type]


def test_every_document_that_goes_goes_and_every_one_that_stays_is_prepared(
    tmp_path: Path,
) -> None:
    stories = [_story(n) for n in range(30)]
    second = [f"{stories[3]} longer", stories[5].upper(), _story(99)]
    sources = (
        _write(tmp_path / "unread.jsonl", stories, weight=0.0),
        _write(tmp_path / "a.jsonl", stories),
        _write(tmp_path / "b.jsonl", second),
    )
    data = DataOptions(deduplicate="near", split="documents", validation_fraction=0.2)
    decisions = decide(sources, data)
    assert [decisions.documents(n) for n in range(3)] == [0, 30, 3]
    assert decisions.of(1, 3) == Decision("near_duplicate", (2, 0))  # the longer one stays
    assert decisions.of(2, 1) == Decision("exact_duplicate", (1, 5))
    with pytest.raises(IndexError):
        decisions.of(0, 0)

    recipe = dataclasses.replace(Recipe.default(), corpora=sources, data=data)
    prepared = prepare(recipe.with_settings(["tokenizer.kind=bytes", "model.context=8"]))
    kept = []
    for shards in (prepared.train, prepared.validation):
        pairs = zip(shards.starts[:-1], shards.starts[1:], strict=True)
        kept += [prepared.tokenizer.decode(shards.ids[a:b].tolist()) for a, b in pairs]
    texts = {1: stories, 2: second}
    staying = [
        text
        for source, own in texts.items()
        for number, text in enumerate(own)
        if not decisions.of(source, number).removed_by
    ]
    assert sorted(kept) == sorted(staying)
    assert len(staying) == 31


def test_a_validation_text_names_the_training_text_that_it_is_like(tmp_path: Path) -> None:
    stories = [_story(n) for n in range(60)]
    twins = [f"{story} with another end" for story in stories]
    source = _write(tmp_path / "a.jsonl", [*stories, *twins])
    data = DataOptions(split="documents", validation_fraction=0.2)
    decisions = decide([source], data)
    gone = {n: decisions.of(0, n) for n in range(120) if decisions.of(0, n).removed_by}
    assert gone
    for number, decision in gone.items():
        assert decision == Decision("twin_of_training_text", (0, (number + 60) % 120))


def test_lines_are_repeated_by_source(tmp_path: Path) -> None:
    menu = "Home | Contact | Imprint"
    sources = (
        _write(tmp_path / "a.jsonl", [f"{menu}\n{_story(n)}" for n in range(20)]),
        _write(tmp_path / "b.jsonl", [f"{menu}\n{_story(n)}" for n in range(20, 25)]),
    )
    decisions = decide(sources, DataOptions(repeated_lines="remove"))
    assert decisions.repeated_lines(0) == {line_key(menu)}
    assert decisions.repeated_lines(1) == frozenset()


def test_a_missing_source_is_one_sentence_and_a_cancelled_one_is_left_off(tmp_path: Path) -> None:
    with pytest.raises(CorpusError):
        decide([CorpusSource(path=str(tmp_path / "gone.txt"))], DataOptions())
    source = _write(tmp_path / "a.jsonl", [_story(n) for n in range(20)])
    with pytest.raises(Cancelled):
        decide([source], DataOptions(), cancelled=lambda: True)


def test_a_damaged_file_in_the_cache_is_made_anew(tmp_path: Path) -> None:
    source = _write(tmp_path / "a.jsonl", [_story(1), _story(1)])
    data = DataOptions(deduplicate="exact", split="tail")
    assert isinstance(decide([source], data), Decisions)
    (file,) = (tmp_path / "cache" / "examined").glob("*.npz")
    file.write_bytes(file.read_bytes()[:100])
    assert decide([source], data).of(0, 1) == Decision("exact_duplicate", (0, 0))


def test_a_document_that_is_left_out_keeps_what_went_before() -> None:
    stretches = (
        Stretch("Dear "),
        Stretch("a@b.c", "email", "<EMAIL>"),
        Stretch(" hello\n"),
        Stretch("MENU\n", "repeated_line"),
        Stretch("bye"),
    )
    assert left_out(stretches, "exact_duplicate") == (
        Stretch("Dear a@b.c hello\n", "exact_duplicate"),
        Stretch("MENU\n", "repeated_line"),
        Stretch("bye", "exact_duplicate"),
    )
