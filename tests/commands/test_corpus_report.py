"""``sslstudio corpus report``: one document on standard output, a page, and plain text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sslstudio.cli import main

_SENTENCE = "The ship came into the harbour at dawn, number {}, and the crew went ashore.\n"


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "ships.txt"
    path.write_text("".join(_SENTENCE.format(n) for n in range(400)), "utf-8")
    return path


def test_json_is_one_document_and_the_page_is_written(
    text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "report.html"
    settings = ("preset=prose", "documents=record", "deduplicate=near")
    words = ["corpus", "report", str(text), "--json", "--html", str(page)]
    for setting in settings:
        words += ["--set", setting]
    assert main(words) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["documents"] == 400
    assert document["sources"][0]["preset"] == "prose"
    assert document["verdict"]["level"] in ("good", "caution", "bad")
    assert page.read_text("utf-8").startswith("<!doctype html>")


def test_text_begins_with_the_verdict(text: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["corpus", "report", str(text)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("verdict: ")
    assert any(line.startswith("documents") for line in lines)


def test_a_recipe_names_sources_and_settings(
    text: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(
        '[[corpora]]\npath = "ships.txt"\ndocuments = "record"\nlicence = "own"\n', "utf-8"
    )
    assert main(["corpus", "report", str(recipe), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["documents"] == 400
    assert document["sources"][0]["licence"] == "own"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["corpus"], "ACTION"),
        (["corpus", "report"], "PATH"),
        (["corpus", "report", "/no/such/file.txt"], "does not exist"),
        (["corpus", "report", "x", "--set", "prest=web"], "did you mean 'preset'?"),
        (["corpus", "report", "x", "--set", "preset=webb"], "preset"),
        (["corpus", "report", "x", "--set", "preset"], "KEY=VALUE"),
    ],
)
def test_wrong_input_is_one_line(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert captured.err.count("\n") == 1
