"""``sslstudio tokenizer``: learns, writes, measures; wrong input is one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sslstudio.cli import main
from sslstudio.corpora.tokenizer import Tokenizer


@pytest.mark.parametrize("kind", ["bpe", "unigram"])
def test_a_vocabulary_is_learned_written_and_measured(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, out = tmp_path / "text.txt", tmp_path / "tokenizer.json"
    text.write_text("the keeper kept the light. " * 200, "utf-8")
    command = ["tokenizer", "train", str(text), "--out", str(out), "--json"]
    assert main([*command, "--kind", kind, "--vocab-size", "500"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["vocab_size"] == Tokenizer.load(out).vocab_size <= 500
    assert document["bytes_per_token"] > 1
    assert document["round_trip_failures"] == 0
    assert main(["tokenizer", "measure", str(out), str(text)]) == 0
    assert f"bytes per token  {document['bytes_per_token']:.2f}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["train", "none.txt", "--out", "t.json"], "does not exist"),
        (["train", "x", "--out", "t.json", "--vocab-size", "3"], "at least 400"),
        (["train", "x", "--out", "t.json", "--kind", "trigram"], "invalid choice"),
        (["measure", "none.json", "sample:tales"], "cannot be read"),
        (["frobnicate"], "invalid choice"),
    ],
)
def test_wrong_input_is_one_sentence(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tokenizer", *words]) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1
