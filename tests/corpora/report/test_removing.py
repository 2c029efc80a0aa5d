"""The removal table against a preparation of the same texts with the same settings."""

from __future__ import annotations

import dataclasses
import json
import random
from collections import Counter
from pathlib import Path

import pytest

from sslstudio.corpora.preparation import PreparedData, prepare
from sslstudio.corpora.report import CorpusReport, assembling, make_report, removing
from sslstudio.corpora.report.findings import removal_basis
from sslstudio.corpora.report.inputs import find_inputs
from sslstudio.corpora.report.plain_text import lines_of
from sslstudio.corpora.report.request import Request
from sslstudio.corpora.sources import Ticker
from sslstudio.recipe import CorpusSource, DataOptions, Recipe
from tests.corpora.report.report_making import report_of

FOOTER = "Copyright the harbour office, all rights reserved"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSLSTUDIO_CACHE", str(tmp_path / "cache"))


def _story(seed: int, words: int = 90) -> str:
    draw = random.Random(seed)
    names = [f"{draw.choice('abcdefgh')}{'aeiou'[n % 5]}{seed}n{n}" for n in range(words)]
    return " ".join(f"the {name}" if n % 4 else f"and {name}" for n, name in enumerate(names))


def _write(path: Path, texts: list[str], **options: object) -> CorpusSource:
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
    return CorpusSource(path=str(path), **options)  # type: ignore[arg-type]


def _sources(folder: Path) -> tuple[CorpusSource, ...]:
    """A source with every kind of fault, one of copies of it, and one that is not read."""
    stories = [_story(n) for n in range(120)]
    first = [*stories, "too short", "again and again " * 100]
    first[:30] = [f"{text}\n{FOOTER}" for text in first[:30]]
    first[40] += " Write to jane.doe@example.org about it."
    near = [text.rpartition(" ")[0] + " changed" for text in stories[60:67]]
    second = [*(text.upper() for text in stories[50:59]), *near, _story(999)]
    return (
        _write(folder / "a.jsonl", first, preset="prose", personal_data="replace"),
        _write(folder / "unread.jsonl", stories[:20], weight=0.0),
        _write(folder / "b.jsonl", second),
    )


def _prepared(sources: tuple[CorpusSource, ...], settings: dict[str, str]) -> PreparedData:
    recipe = Recipe.default().with_settings(
        ["model.context=8", "tokenizer.kind=bytes", *(f"data.{k}={v}" for k, v in settings.items())]
    )
    return prepare(dataclasses.replace(recipe, corpora=sources))


def _table(report: CorpusReport) -> dict[str, tuple[int, int]]:
    return {row.rule: (row.documents, row.characters) for row in report.removed}


@pytest.mark.parametrize(
    "settings",
    [
        {"deduplicate": "near", "repeated_lines": "remove"},
        {"deduplicate": "exact", "repeated_lines": "remove"},
        {"deduplicate": "exact"},
        {"repeated_lines": "remove"},
        {},
    ],
)
def test_the_table_is_what_a_preparation_does(tmp_path: Path, settings: dict[str, str]) -> None:
    settings = {"split": "documents", "validation_fraction": "0.2", **settings}
    sources = _sources(tmp_path)
    facts = _prepared(sources, settings).facts
    data = DataOptions(**{**settings, "validation_fraction": 0.2})  # type: ignore[arg-type]
    report = make_report(sources, data)

    done: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    changes: Counter[str] = Counter()
    for row in facts["removed"]:
        done[row["rule"]] += row["documents"]
        characters[row["rule"]] += row["characters"]
    for source in facts["sources"]:
        changes.update(source["changes"])
    assert _table(report) == {rule: (done[rule], characters[rule]) for rule in done}
    assert {row.rule: row.times for row in report.changed} == changes
    assert report.removal_documents == sum(source["read"] for source in facts["sources"])
    assert report.removal_documents - sum(done.values()) == facts["documents"]
    assert not report.removal_is_sample

    if settings.get("deduplicate") == "near":
        assert (done["exact_duplicate"], done["near_duplicate"]) == (9, 7)
    assert done["gopher_top_2_gram"] == 1
    if "deduplicate" not in settings:
        assert done["twin_of_training_text"] > 0
    assert changes["email"] == 1
    assert changes["repeated_line"] == (30 if "repeated_lines" in settings else 0)


def test_copies_are_shown_with_what_they_repeat(tmp_path: Path) -> None:
    stories = [f"Story {n}\n{_story(n)}" for n in range(40)]
    first = _write(tmp_path / "a.jsonl", stories)
    second = _write(tmp_path / "b.jsonl", [_story(99), stories[7].lower()])
    report = make_report([first, second], DataOptions(deduplicate="exact", split="tail"))
    (row,) = report.removed
    (example,) = row.examples
    assert (example.source, example.document, example.title) == (1, 1, "story 7")
    assert example.excerpt == "repeats “Story 7”"


def test_of_more_text_than_is_examined_a_sample_is_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories = [_story(n) for n in range(400)]
    source = _write(tmp_path / "a.jsonl", [*stories, *(s.title() for s in stories)])
    request = Request((source,), DataOptions(deduplicate="exact", split="tail"))
    ticker = Ticker(lambda *_: None)
    inputs = find_inputs(request.sources, ticker)
    monkeypatch.setattr(removing, "COMPARED_BYTES", sum(inputs[0].sizes) // 4)
    report = removing.with_removal(report_of(), request, inputs, ticker)
    assert report.removal_is_sample
    # copies word for word stay together, so half of any sample is copies
    assert 130 <= report.removal_documents <= 270
    assert _table(report)["exact_duplicate"][0] * 2 == report.removal_documents
    place = report.removed[0].examples[0]
    assert place.document >= 400
    assert place.title.istitle()
    assert "sample" in removal_basis(report)
    assert "sample" in "\n".join(lines_of(report))


def test_a_source_that_mending_empties_is_a_row_and_no_error(tmp_path: Path) -> None:
    source = _write(tmp_path / "a.jsonl", ["too short", "this too"], preset="web")
    report = make_report([source], DataOptions())
    assert sum(row.documents for row in report.removed) == 2
    assert report.removal_documents == 2


def test_a_large_text_of_which_nothing_is_asked_is_not_examined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = _write(tmp_path / "a.jsonl", [_story(n) for n in range(30)])
    request, ticker = Request((source,)), Ticker(lambda *_: None)
    monkeypatch.setattr(removing, "RULED_BYTES", 1000)
    inputs = find_inputs(request.sources, ticker)
    assert removing.with_removal(report_of(), request, inputs, ticker).removal_documents == 0
    assert assembling.RULES_BYTES > 1000
