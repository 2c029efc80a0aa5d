"""The text of a page, as a browser would show it, block by block."""

from __future__ import annotations

import pytest

from sslstudio.corpora.extraction.html_text import article, decoded_html, visible
from sslstudio.errors import CorpusError


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<ol><li>a<li>b</ol>", "- a\n- b"),
        (
            "<ul><li>one<ul><li>two</li></ul></li><li><p>three</p></li></ul>",
            "- one\n\n- two\n\n- three",
        ),
        ("<table><tr><th>n<td>v<tr><td>1<td>2</table>x<br>y<br><br>z", "n v\n1 2\n\nx\ny\n\nz"),
        ("<p>a<!-- c -->b<?php x ?>c</p>d", "abc\n\nd"),
        ("<p>a <b>b</b><i>c</i></p>\n<p>d</p>", "a bc\n\nd"),
        ("<dl><dt>term<dd>meaning</dl>", "term\nmeaning"),
        ("a &amp; &eacute; &#8220;q&#8221; 1 < 2", "a & é “q” 1 < 2"),
        ("Wo&shy;rt", "Wort"),
        ("<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>です", "漢字です"),
        ('<p hidden>no</p><p style="color:red; display: none">no</p>yes', "yes"),
        ("<p>a</p></body></html><p>behind the end</p>", "a\n\nbehind the end"),
        ("<html><body>one</body></html>\n<html><body>two</body></html>", "one\ntwo"),
        ("<p>a\0b</p>", "ab"),
        ("", ""),
    ],
)
def test_blocks_are_lines_and_paragraphs(page: str, text: str) -> None:
    assert visible(page)[0] == text


def test_what_is_laid_out_keeps_its_lines_and_indents() -> None:
    code = (
        "<p>See:</p><pre><code><span>def</span> f():\n    return 1\n</code></pre><p>then  more</p>"
    )
    assert visible(code)[0] == "See:\n\ndef f():\n    return 1\n\nthen more"
    assert visible("a<pre hidden>no\n  no</pre>b <i>c</i>\nd")[0] == "a\n\nb c d"


def test_no_depth_of_nesting_loses_what_stands_around_it() -> None:
    inside = "<div>" * 1500 + "deep" + "</div>" * 1500
    assert visible(f"<p>before</p>{inside}<p>after</p>")[0] == "before\n\ndeep\n\nafter"
    with pytest.raises(CorpusError, match="nested too deeply"):
        visible("<p>before</p>" + "<div>" * 5000)


def test_one_text_may_be_longer_than_ten_megabytes() -> None:
    text, _ = visible(f"<p>{'x' * 11_000_000}</p><p>after</p>")
    assert len(text) == 11_000_000 + len("\n\nafter")


def test_the_title_is_not_that_of_a_picture() -> None:
    picture = "<svg><title>Icon</title></svg>"
    assert visible(f"<body>{picture}<h1>Heading</h1>")[1] == "Heading"
    assert visible(f"<title> My \n page </title><body>{picture}")[1] == "My page"


def test_of_a_page_of_links_the_article_counts() -> None:
    menu = "".join(f'<li><a href="/{n}">Section number {n} of the site</a></li>' for n in range(60))
    prose = "".join(
        f"<p>The keeper wrote in his book, on page {n}, what the sea had told him.</p>"
        for n in range(30)
    )
    body = f"<nav><ul>{menu}</ul></nav><div><ul>{menu}</ul></div><article>{prose}</article>"
    page = f"<html><title>T</title><body>{body}</body></html>"
    text, title = article(page)
    assert title == "T"
    assert "on page 29, what the sea had told him." in text
    assert text.count("Section number") == 0


def test_the_server_is_believed_before_the_page() -> None:
    page = '<meta charset="windows-1252"><p>привет'.encode("cp1251")
    assert "привет" in decoded_html(page, "windows-1251")
    assert "ïðèâåò" in decoded_html(page, "no such")
    declared = '<?xml version="1.0" encoding="windows-1251"?><p>привет'.encode("cp1251")
    assert "привет" in decoded_html(declared)
