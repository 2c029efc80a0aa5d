"""Lines are counted by the documents they stand in, however often they stand in one."""

from __future__ import annotations

import random
from collections import Counter

from sslstudio.corpora.duplicates.repeated_lines import RepeatedLines
from sslstudio.corpora.mending.lines import line_key

_FOOTER = "All rights reserved, 2026."


def _filled(first: int, documents: int) -> RepeatedLines:
    lines = RepeatedLines()
    for number in range(first, first + documents):
        lines.add(f"A sentence of document {number}.\n{_FOOTER}\n  {_FOOTER.upper()}\nshort\nshort")
    return lines


def test_a_line_counts_once_a_document() -> None:
    lines = _filled(0, 30)
    (top,) = lines.top()
    assert (top.text, top.documents) == (_FOOTER, 30)
    assert lines.keys() == {line_key(_FOOTER)}
    # the footer of 26 characters stands twice in each, in lines of 26 and 28
    assert top.characters in (2 * 30 * 26, 2 * 30 * 28)
    assert 0.4 < lines.share < 0.7


def test_few_documents_make_no_repeated_line() -> None:
    assert _filled(0, 9).keys() == frozenset()
    lines = _filled(0, 15)
    for number in range(3000):
        lines.add(f"Something quite different, number {number}.")
    assert lines.threshold == 30
    assert lines.top() == ()


def test_parts_put_together_are_the_whole() -> None:
    merged, whole = _filled(0, 20), _filled(0, 50)
    merged.merge(_filled(20, 30))
    assert merged.top() == whole.top()
    assert merged.share == whole.share


def test_memory_is_bounded_and_no_count_too_high() -> None:
    lines = RepeatedLines(most_lines=500)
    for number in range(2000):
        lines.add(f"A line that stands once, {number}.\n{_FOOTER}")
    assert len(lines._counts) <= 501
    (top,) = lines.top()
    assert 2000 - lines.forgotten <= top.documents <= 2000


def test_counts_are_too_low_by_no_more_than_is_said() -> None:
    draw, true = random.Random(1), Counter[int]()
    parts = [RepeatedLines(most_lines=60) for _ in range(2)]
    for number in range(3000):
        # common lines, rare ones that come back often enough to be let go again and again, and new
        rare = [f"a line of some forty others {draw.randrange(40)}" for _ in range(3)]
        new = f"a line that never comes back {number}"
        lines = {f"a common line {draw.randrange(3)}", *rare, new}
        true.update(map(line_key, lines))
        parts[number % 2].add("\n".join(lines))
    parts[0].merge(parts[1])
    counts = parts[0]
    assert counts.forgotten > 0
    assert len(counts._counts) <= 60
    for key, expected in true.items():
        assert expected - counts.forgotten <= counts._counts[key] <= expected
    # and what is common stays
    assert {line_key(f"a common line {i}") for i in range(3)} <= counts.keys()


def test_nothing_is_forgotten_while_there_is_room() -> None:
    draw, true = random.Random(2), Counter[int]()
    counts = RepeatedLines()
    for _ in range(500):
        lines = [f"line number {draw.randrange(200)}" for _ in range(9)]
        true.update(map(line_key, {line for line in lines if len(line) >= 12}))
        counts.add("\n".join(lines))
    assert counts.forgotten == 0
    assert dict(counts._counts) == true
    assert counts.keys() == {key for key, count in true.items() if count >= counts.threshold}
