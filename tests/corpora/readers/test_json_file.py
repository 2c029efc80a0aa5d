"""JSON of many shapes gives its records."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sslstudio.corpora.readers.json_file import JsonReader
from sslstudio.errors import CorpusError
from tests.corpora.readers.in_memory import InMemory, read


@pytest.mark.parametrize(
    ("document", "texts"),
    [
        ([{"text": "a"}, {"text": "b"}], ["a", "b"]),
        (["a", "b"], ["a", "b"]),
        ({"version": 1, "data": [{"q": "one", "text": "x"}, {"text": "y"}]}, ["x", "y"]),
        ({"title": "t", "text": "body", "tags": ["a", "b"]}, ["body"]),
        ({"text": "post", "comments": [{"text": "c"}]}, ["post"]),
        ({"name": "x", "bio": "a long one, " * 9, "friends": ["a", "b"]}, ["a long one, " * 9]),
        ({"lines": ["a", "b"], "n": 1}, ["a", "b"]),
        ({"1": {"text": "a"}, "2": {"text": "b"}}, ["a", "b"]),
        ("just a text", ["just a text"]),
    ],
)
def test_records_are_found(document: Any, texts: list[str]) -> None:
    records, reports = read("a.json", json.dumps(document).encode())
    assert [record.text for record in records] == texts
    assert not reports


def test_json_lines_under_another_name_are_lines() -> None:
    lines = b'{"text": "a", "more": "m"}\n{"text": "b"}\n\n{"text": "torn\n'
    records, reports = read("a.json", lines)
    assert [record.text for record in records] == ["a", "b"]
    assert reports == [
        "1 line is no JSON record with a text (the first is line 4): mend or remove them"
    ]
    assert JsonReader().columns(InMemory("a.json", lines)) == {"text": ["a", "b"], "more": ["m"]}
    chosen, _ = read("a.json", lines[:-20], column="more")
    assert [record.text for record in chosen] == ["m"]


@pytest.mark.parametrize("data", [b"[]", b"[1, 2]", b'[["a"]]', b"", b"{", b"nonsense"])
def test_what_holds_no_texts_is_one_sentence(data: bytes) -> None:
    with pytest.raises(CorpusError, match=r"holds no texts|is no JSON") as caught:
        read("a.json", data)
    assert "\n" not in str(caught.value)


def test_pretty_printed_json_is_no_json_lines() -> None:
    document = [{"text": "a", "list": [{}]}, {"text": "b"}]
    for indent in (0, 1, 4):
        records, _ = read("a.json", json.dumps(document, indent=indent).encode())
        assert [record.text for record in records] == ["a", "b"]
