"""Wikitext becomes the prose that a page shows."""

from __future__ import annotations

import pytest

from sslstudio.corpora.extraction.wikitext import is_redirect, plain_wikitext


@pytest.mark.parametrize(
    ("wikitext", "plain"),
    [
        (
            "'''Tower''' (''lat.'' turris) is [[House|a high house]]s.",
            "Tower (lat. turris) is a high houses.",
        ),
        ("{{Box|a={{b}}}}Text{{c}}.", "Text."),
        ('a<ref name="x">no {{cite}}</ref> b<ref name=x />.', "a b."),
        ("== Heading ==\nText", "Heading\nText"),
        ("* one\n* two '''bold'''\n# three", "- one\n- two bold\n- three"),
        ("{| class=x\n! a\n|-\n| 1\n|}\nText", "Text"),
        ("[[File:x.jpg|thumb|no [[link]]]]a[[Bild:x.jpg|no]][[Datei:y.png]]", "a"),
        (
            "[[Category:X]][[de:Turm]][[simple:Tower]][[:Category:X]] [[wikt:tower|word]]",
            "Category:X word",
        ),
        ("[http://x.org words] http://y.org [http://z.org]", "words http://y.org"),
        ("a<br />b<!-- no --> &amp; &nbsp;c &#99999999; <math>x^2</math>", "a\nb & c &#99999999;"),
        ("<nowiki>[[no link]]</nowiki> <code>x</code> __NOTOC__", "[[no link]] x"),
        ("<poem>one\ntwo</poem><div>three</div>", "one\ntwo\n\nthree"),
        ("{{{1|default}}}a", "a"),
    ],
)
def test_markup_goes_and_prose_stays(wikitext: str, plain: str) -> None:
    hidden = frozenset({"file", "bild", "datei", "category"})
    assert plain_wikitext(wikitext, hidden) == plain


def test_a_page_of_many_references_is_whole() -> None:
    plain = plain_wikitext("Word <ref>{{cite|a}}</ref> and [[a|b]].\n" * 3000)
    assert plain == "\n".join(["Word and b."] * 3000)


@pytest.mark.parametrize("opened", ["{{", "[[", "<b>", "[http://x ", "{{{a|", "<!-- ", "[[a|"])
def test_pages_that_close_nothing_are_stripped_crudely(opened: str) -> None:
    # the parser would go back 20,000 times
    plain = plain_wikitext(f"Prose before.\n\n{opened * 20_000}\n\nProse behind.")
    assert plain.startswith("Prose before.")
    assert plain.endswith("Prose behind.")


def test_redirects_are_told_apart() -> None:
    assert is_redirect("#REDIRECT [[Tower]]")
    assert is_redirect("\n#redirect: [[Tower]]")
    assert not is_redirect("# [[Redirect]]")
