"""The texts of a record too long to be parsed whole are those that JSON gives."""

from __future__ import annotations

import json

import pytest

from sslstudio.corpora.long_json import top_level_texts


@pytest.mark.parametrize(
    "value",
    [
        {},
        'a bare text " \\ \ud800',
        {"text": "é\n\u2028", "n": -1.5e3, "t": True, "none": None},
        {"a": {"b": ["}", {"c": '"]"'}], "d": []}, "text": "x", "a ": ""},
        {"": "empty name", "twice": "no"},
    ],
)
def test_long_records_give_the_texts_that_json_gives(value: object) -> None:
    expected = (
        {k: v for k, v in value.items() if isinstance(v, str)} if isinstance(value, dict) else value
    )
    for indent in (None, 2):
        assert top_level_texts(json.dumps(value, indent=indent)) == expected


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[]",
        "7",
        "{",
        '{"a"}',
        '{"a": }',
        '{"a": 1,}',
        '{"a": 1} x',
        '{"a": "',
        '{"a": [}',
        '"a',
    ],
)
def test_what_is_no_record_is_refused(line: str) -> None:
    with pytest.raises(ValueError):
        top_level_texts(line)
