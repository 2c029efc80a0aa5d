"""Dumps of wikis, and other XML in any encoding."""

from __future__ import annotations

from html import escape

import pytest

from sslstudio.errors import CorpusError
from tests.corpora.readers.in_memory import read


def _page(title: str, *revisions: str, namespace: int = 0, more: str = "") -> str:
    texts = "".join(f"<revision><text>{escape(text)}</text></revision>" for text in revisions)
    return f"<page><title>{title}</title><ns>{namespace}</ns>{more}{texts}</page>"


def _dump(*pages: str) -> bytes:
    names = '<namespace key="6">Datei</namespace><namespace key="14">Kategorie</namespace>'
    head = f"<siteinfo><namespaces>{names}</namespaces></siteinfo>"
    return f'<mediawiki xmlns="http://x/">{head}{"".join(pages)}</mediawiki>'.encode()


def test_of_each_article_the_last_revision_counts() -> None:
    records, _ = read("a.xml", _dump(_page("One", "old", "older", "new"), _page("Two", "text")))
    assert [(r.title, r.text) for r in records] == [("One", "new"), ("Two", "text")]


def test_redirects_and_talk_are_left_out() -> None:
    pages = (
        _page("R", "#REDIRECT [[X]]"),
        _page("S", "text", more='<redirect title="X"/>'),
        _page("Talk:T", "talk", namespace=1),
        _page("U", "[[Kategorie:X]][[Datei:y.jpg|no]]text"),
    )
    records, _ = read("a.xml", _dump(*pages))
    assert [(record.title, record.text) for record in records] == [("U", "text")]


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("iso-8859-1", "latin-1"),
        ("windows-1251", "cp1251"),
        ("utf-16", "utf-16"),
        ("gb2312", "gbk"),
        ("Shift_JIS", "cp932"),
    ],
)
def test_xml_is_read_in_the_encoding_that_it_declares(declared: str, written: str) -> None:
    words = {"cp1251": "привет", "gbk": "灯塔", "cp932": "灯台"}.get(written, "café")
    document = f'<?xml version="1.0" encoding="{declared}"?><a><b>{words}</b></a>'
    records, _ = read("a.xml", document.encode(written))
    assert records[0].text == words


def test_xml_is_read_in_the_encoding_that_is_named_for_it() -> None:
    records, _ = read("a.xml", "<a>灯台</a>".encode("cp932"), encoding="shift_jis")
    assert records[0].text == "灯台"


def test_entities_of_html_are_known_and_definitions_refused() -> None:
    document = b'<!DOCTYPE a SYSTEM "http://x/y.dtd"><a>caf&eacute;&nbsp;&mdash;</a>'
    assert read("a.xml", document)[0][0].text == "café —"
    with pytest.raises(CorpusError, match="defines entities"):
        read("a.xml", b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>')


@pytest.mark.parametrize("encoding", [b"xyz", b"hex", b"idna", b"utf-7", b"\xff"])
def test_unknown_encodings_are_one_sentence(encoding: bytes) -> None:
    with pytest.raises(CorpusError, match="is no XML"):
        read("a.xml", b'<?xml version="1.0" encoding="' + encoding + b'"?><a>h\xe9</a>')
