"""The sample of passages depends on the text alone; topics are those that were put in."""

from __future__ import annotations

import random

import numpy as np

from sslstudio.corpora.report.embedding import embed
from sslstudio.corpora.report.passages import PassageSample, passages_of
from sslstudio.corpora.report.topics import entropy, topics_of
from sslstudio.corpora.report.words import WordTable


def _texts(count: int) -> list[str]:
    draw = random.Random(6)
    return ["".join(draw.choices("abcdef \n", k=draw.randrange(20, 400))) for _ in range(count)]


def _sample(texts: list[str], limit_bytes: int) -> PassageSample:
    sample = PassageSample(limit_bytes)
    for number, text in enumerate(texts):
        for passage in passages_of(text, 0, number, "", below=sample.below):
            sample.add(passage)
    return sample


def test_passages_make_up_the_document() -> None:
    text = "word " * 5000 + "\n\n" + "x" * 20_000 + "\n" + "é" * 100
    passages = list(passages_of(text, 2, 7, "title"))
    assert "".join(p.text for p in passages) == text
    assert [p.start for p in passages] == list(np.cumsum([0, *(len(p.text) for p in passages)]))[
        :-1
    ]
    assert all(len(p.text) <= 8000 for p in passages)
    assert {(p.source, p.document, p.title) for p in passages} == {(2, 7, "title")}
    assert list(passages_of(" \n ", 0, 0, "")) == []


def test_the_sample_does_not_depend_on_order_and_fills_its_size() -> None:
    texts = _texts(400)
    forward, backward = _sample(texts, 20_000), _sample(texts[::-1], 20_000)
    kept = [p.text for p in forward.passages()]
    assert kept == [p.text for p in backward.passages()]
    size = sum(p.size_bytes for p in forward.passages())
    largest = max(p.size_bytes for p in forward.passages())
    assert 20_000 <= size < 20_000 + largest
    assert len(_sample(texts, 10**9).passages()) == len(set(texts))


def test_what_was_added_only_pushes_out() -> None:
    texts = _texts(400)
    before = {p.text for p in _sample(texts[:200], 20_000).passages()}
    after = {p.text for p in _sample(texts, 20_000).passages()}
    assert after - before <= set(texts[200:])


def test_copies_count_once() -> None:
    assert len(_sample(["the same text"] * 100, 10**6).passages()) == 1


def test_topics_are_those_that_were_put_in() -> None:
    kinds = (
        "ship sail storm deck captain wind harbour mast rope tide",
        "flour sugar oven dough cake butter recipe spoon bowl salt",
        "goal ball team pitch coach league match player score referee",
    )
    draw = random.Random(7)
    passages = [
        passage
        for number in range(90)
        for passage in passages_of(
            f"{' '.join(draw.choices(kinds[number % 3].split(), k=40))} {number}", 0, number, ""
        )
    ]
    topics = topics_of(passages, embed(WordTable.of(p.text for p in passages)))
    assert sum(topics.sizes) == 90
    for name in topics.names:
        assert any(set(name.split(", ")) <= set(kind.split()) for kind in kinds)
    assert len(topics.points) == 90
    kind_of_topic: dict[int, set[int]] = {}
    for point in topics.points:
        assert 0 <= point.x <= 1
        assert 0 <= point.y <= 1
        kind_of_topic.setdefault(point.topic, set()).add(point.example.document % 3)
    assert all(len(kinds_in_it) == 1 for kinds_in_it in kind_of_topic.values())


def test_too_few_passages_have_no_topics() -> None:
    passages = list(passages_of("one two", 0, 0, ""))
    assert topics_of(passages, None).names == ()


def test_entropy_at_its_ends() -> None:
    assert entropy(np.array([5, 5, 5, 5])) == 1.0
    assert entropy(np.array([20, 0, 0, 0])) == 0.0
    assert entropy(np.array([7])) == 0.0
