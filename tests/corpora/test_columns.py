"""The column with the text is the one a person would have pointed at."""

from __future__ import annotations

import pytest

from sslstudio.corpora.columns import guess_column


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        ({"id": ["1"], "Text": ["short"], "review": ["a much longer text"]}, "Text"),
        ({"body": ["b"], "content": ["c"]}, "content"),
        ({"text": ["", "  "], "remark": ["something"]}, "remark"),
        ({"label": ["pos", "neg"], "review": ["it was fine", "it was not"]}, "review"),
        ({"url": ["https://example.org/a/very/long/path/indeed"], "note": ["short"]}, "note"),
        ({"where": ["https://example.org/a/very/long/path"], "note": ["short"]}, "note"),
        ({"page_id": ["a long identifier of a page"], "note": ["short"]}, "note"),
        ({"key": ["0123456789abcdef0123456789abcdef"], "note": ["short"]}, "note"),
        ({"date": ["2024-01-01T00:00:00Z"], "n": ["1234567890123"], "w": ["word"]}, "w"),
        ({"a": ["same"], "b": ["size"]}, "a"),
        ({"a": ["x" * 50, "y"], "b": ["z" * 20, "z" * 20]}, "a"),
        ({"id": ["7"]}, "id"),
        ({"valid": ["yes"], "width": ["wide and wider"]}, "width"),
        ({}, ""),
        ({"text": []}, ""),
    ],
)
def test_the_column_that_holds_the_text(samples: dict[str, list[str]], expected: str) -> None:
    assert guess_column(samples) == expected
