"""Messages and reports come out of a pipe or a file as they went in, or not at all."""

from __future__ import annotations

import dataclasses
import io
import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sslstudio.corpora.report.facts import (
    Cluster,
    Difference,
    Example,
    Finding,
    Remedy,
    RepeatedLine,
    RuleCount,
    TopicPoint,
    Topics,
)
from sslstudio.corpora.report.facts_json import dump_report, load_report
from sslstudio.corpora.report.frames import (
    pack_arrays,
    pack_texts,
    receive,
    send,
    unpack_arrays,
    unpack_texts,
)
from tests.corpora.report.report_making import report_of

_PLACE = Example(0, 3, "title <b>", "words\u2028here")


def test_messages_come_one_after_the_other() -> None:
    pipe = io.BytesIO()
    send(pipe, {"a": "é\ud800"}, b"\0\1")
    send(pipe, {})
    pipe.seek(0)
    assert receive(pipe) == ({"a": "é\ud800"}, b"\0\1")
    assert receive(pipe) == ({}, b"")
    assert receive(pipe) is None


def test_a_torn_message_is_none() -> None:
    pipe = io.BytesIO()
    send(pipe, {"a": 1}, b"body")
    for length in range(len(pipe.getvalue())):
        assert receive(io.BytesIO(pipe.getvalue()[:length])) is None


def test_texts_and_arrays_are_unpacked_as_they_were() -> None:
    texts = ["", "é", "日本\n", "\ud800", "plain"]
    assert unpack_texts(*pack_texts(texts)) == texts
    arrays: list[NDArray[Any]] = [
        np.arange(6, dtype=np.uint32).reshape(2, 3),
        np.zeros((0, 5), dtype=np.int64),
        np.array([1.5]),
        np.array([True, False]),
    ]
    described, body = pack_arrays(arrays)
    for before, after in zip(
        arrays, unpack_arrays(json.loads(json.dumps(described)), body), strict=True
    ):
        assert before.dtype == after.dtype
        assert np.array_equal(before, after)


def test_a_report_is_read_as_it_was_written() -> None:
    report = dataclasses.replace(
        report_of(),
        clusters=(Cluster((_PLACE, _PLACE), 5),),
        rules=(RuleCount("a_rule", "A rule", 3, (_PLACE,)),),
        repeated_lines=(RepeatedLine("line", 12, 600),),
        distinct={1: 0.25, 2: 0.5},
        heaps={"k": 3.0, "beta": 0.6, "r2": 0.99},
        topics=Topics(("x, y",), (3,), 0.5, (TopicPoint(0.1, 1.0, 0, _PLACE),), (_PLACE,), ()),
        differences=(Difference("a", "b", 0.3, ("x",), ()),),
        personal_examples={"email": (_PLACE,)},
        skipped=(("path", "reason"),),
        leaks=None,
        evaluation_leaks={"exam": 2},
        findings=(Finding("c", "bad", "t", "r", Remedy("data", "deduplicate", "near")),),
    )
    assert load_report(dump_report(report)) == report


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", '{"sources": 3}', dump_report(report_of()).replace("1000", '"x"')],
)
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        load_report(text)


def test_the_document_has_the_shape_of_the_contract() -> None:
    report = dataclasses.replace(
        report_of(),
        rules=(RuleCount("c4_sentences", "Few", 3, (_PLACE,)),),
        rule_families={"c4": 4},
        distinct={1: 0.25},
        differences=(Difference("a", "b", 0.3),),
        skipped=(("p", "r"),),
    )
    document = json.loads(json.dumps(report.to_json(), allow_nan=False))
    assert document["rules"] == {"c4": 4, "c4_sentences": 3}
    assert document["distinct"] == {"1": 0.25}
    assert document["divergence"] == {"a|b": 0.3}
    assert document["skipped"] == [{"path": "p", "reason": "r"}]
    assert document["verdict"] == {"level": "good", "findings": []}
    named = (
        "documents characters bytes words lengths languages scripts exact_duplicates "
        "near_duplicates near_duplicate_groups personal_data rules distinct mattr heaps "
        "compression_ratio vendi divergence leaks skipped verdict"
    )
    assert set(named.split()) <= document.keys()
