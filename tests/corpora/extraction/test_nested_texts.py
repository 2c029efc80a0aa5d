"""Texts are found inside records, lists and bytes of tables."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from sslstudio.corpora.extraction.nested_texts import leaves


def _texts(table: Any, name: str) -> list[str | None]:
    (batch,) = table.to_batches()
    return leaves(table.schema)[name].texts_of(batch)


def test_records_give_their_fields_by_name() -> None:
    table = pa.table({"id": [1, 2], "translation": [{"en": "one", "de": "eins"}, None]})
    assert list(leaves(table.schema)) == ["translation.en", "translation.de"]
    assert _texts(table, "translation.de") == ["eins", None]


def test_a_conversation_is_its_lines() -> None:
    turns = [[{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Ho"}], []]
    assert _texts(pa.table({"messages": turns}), "messages.content") == ["Hi\nHo", ""]


@pytest.mark.parametrize(
    "kind",
    [
        pa.string(),
        pa.large_string(),
        pa.string_view(),
        pa.binary(),
        pa.large_binary(),
    ],
)
def test_texts_may_be_of_any_kind(kind: Any) -> None:
    array = pa.array(["häß", None, "船"], pa.string()).cast(kind)
    assert _texts(pa.table({"text": array}), "text") == ["häß", None, "船"]


def test_lists_of_lists_and_dictionaries_are_opened() -> None:
    nested = pa.array([[["a", "b"], ["c"]], None])
    fixed = pa.array([["a", "b"], ["c", "d"]], pa.list_(pa.string(), 2))
    by_dictionary = pa.array(["x", "x"]).dictionary_encode()
    table = pa.table({"nested": nested, "fixed": fixed, "dictionary": by_dictionary})
    assert _texts(table, "nested") == ["a\nb\nc", None]
    assert _texts(table, "fixed") == ["a\nb", "c\nd"]
    assert _texts(table, "dictionary") == ["x", "x"]


def test_bytes_count_only_where_there_are_no_texts_and_only_as_utf8() -> None:
    picture = pa.array([b"\xff\xd8", b"text"], pa.binary())
    assert _texts(pa.table({"bytes": picture}), "bytes") == [None, "text"]
    assert list(leaves(pa.table({"bytes": picture, "text": ["a", "b"]}).schema)) == ["text"]


def test_of_two_columns_of_one_name_the_first_is_read() -> None:
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["text", "text"])
    assert _texts(table, "text") == ["a"]


def test_numbers_and_endless_nesting_are_no_texts() -> None:
    kind = pa.string()
    for _ in range(20):
        kind = pa.struct([("x", kind)])
    assert not leaves(pa.schema([("n", pa.int64()), ("deep", kind)]))
