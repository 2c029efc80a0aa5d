"""The page: whole, alone, and deaf to what a corpus says."""

from __future__ import annotations

import dataclasses
from html.parser import HTMLParser

from sslstudio.corpora.report.facts import (
    Cluster,
    Difference,
    Example,
    RepeatedLine,
    RuleCount,
    TopicPoint,
    Topics,
)
from sslstudio.corpora.report.html import to_html
from sslstudio.corpora.report.verdict import judge
from sslstudio.recipe import CorpusSource, DataOptions
from tests.corpora.report.report_making import report_of, source_of

_HOSTILE = "</title></style><script>alert(1)</script><img src=http://x/ onerror=y>\"'&\0\x1b\ud800"
_VOID = {"meta"}


class _Checker(HTMLParser):
    """Fails where tags do not close in order, and notes tags and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs
        if tag not in _VOID and tag != "br":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _page() -> str:
    place = Example(0, 1, _HOSTILE, _HOSTILE)
    report = dataclasses.replace(
        report_of(source_of(_HOSTILE), source_of("b")),
        clusters=(Cluster((place, place), 2),),
        rules=(RuleCount("r", _HOSTILE, 3, (place,)),),
        removed=(RuleCount("r", _HOSTILE, 3, (place,)),),
        repeated_lines=(RepeatedLine(_HOSTILE, 12, 600),),
        personal_data={"email": 2, "key": 0},
        personal_examples={"email": (place,)},
        topics=Topics(
            (_HOSTILE,), (1,), 0.5, (TopicPoint(0.5, 0.5, 0, place),), (place,), (place,)
        ),
        differences=(Difference(_HOSTILE, "b", 0.3, (_HOSTILE,), ("w",)),),
        skipped=((_HOSTILE, _HOSTILE),),
        evaluation_leaks={_HOSTILE: 1},
        purpose=_HOSTILE,
        suitable=(place,),
        languages={_HOSTILE: 1.0},
        heaps={"k": 1.0, "beta": 0.5, "r2": 1.0},
        mattr=0.5,
        vendi=9.0,
        leaks=1,
        held_out=2,
    )
    return to_html(judge(report, (CorpusSource(), CorpusSource()), DataOptions()))


def test_the_page_is_well_formed_and_holds_no_foreign_markup() -> None:
    checker = _Checker()
    checker.feed(_page())
    checker.close()
    assert checker.open == []
    assert not checker.tags & {"script", "img", "link", "iframe", "a", "object"}
    assert not [name for name, _ in checker.attributes if name.startswith("on")]
    assert "alert(1)" in "".join(checker.text)


def test_the_page_asks_the_network_for_nothing_and_follows_the_scheme() -> None:
    page = _page()
    assert "default-src 'none'" in page
    assert "url(" not in page
    assert "@import" not in page
    assert "prefers-color-scheme: dark" in page
    page.encode("utf-8")


def test_the_verdict_and_the_figures_are_on_it() -> None:
    page = to_html(judge(report_of(), (CorpusSource(),), DataOptions()))
    assert "This corpus is sound" in page
    assert "1,000" in page
    assert page.count("<rect") == 2
