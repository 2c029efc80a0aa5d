"""Books as publishers pack them."""

from __future__ import annotations

import io
import zipfile

import pytest

from sslstudio.errors import CorpusError
from tests.corpora.readers.in_memory import read

_PACKAGE = """<package xmlns:dc="d"><metadata><dc:title>The Keeper</dc:title></metadata><manifest>
<item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="a" href="a%20b.xhtml" media-type="application/xhtml+xml"/>
<item id="c" href="../c.html#top" media-type="application/xhtml+xml"/>
<item id="p" href="p.png" media-type="image/png"/>
</manifest><spine><itemref idref="n"/><itemref idref="c"/><itemref idref="a"/>
<itemref idref="p"/><itemref idref="a"/>{}</spine></package>"""
_CHAPTER = """<?xml version="1.0"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="x.js"/></head>
<body><div id="x"/><p>Chapter&nbsp;one<a id="k"/> ends.</p></body></html>"""


def _book(more_spine: str = "", **more: str) -> bytes:
    members = {
        "META-INF/container.xml": '<c><rootfile full-path="OEBPS/content.opf"/></c>',
        "OEBPS/content.opf": _PACKAGE.format(more_spine),
        "OEBPS/nav.xhtml": "<nav><ol><li><a href='a'>Chapter 1</a></li></ol></nav>",
        "OEBPS/a b.xhtml": _CHAPTER,
        "c.html": "<p>Preface",
        **more,
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def test_chapters_come_in_order_once_and_without_the_list_of_contents() -> None:
    records, reports = read("a.epub", _book())
    assert [record.text for record in records] == ["Preface", "Chapter one ends."]
    assert {record.title for record in records} == {"The Keeper"}
    assert not reports


def test_chapters_that_are_not_there_are_told() -> None:
    gone = '<item id="z" href="z.xhtml" media-type="text/html"/></manifest>'
    package = _PACKAGE.format('<itemref idref="z"/>').replace("</manifest>", gone)
    records, reports = read("a.epub", _book(**{"OEBPS/content.opf": package}))
    assert len(records) == 2
    assert reports == ["1 chapters that the book names are not in it"]


@pytest.mark.parametrize(
    ("algorithm", "is_read"),
    [
        ("http://www.idpf.org/2008/embedding", True),
        ("http://www.w3.org/2001/04/xmlenc#aes256-cbc", False),
    ],
)
def test_protected_books_are_refused_and_hidden_fonts_are_not(
    algorithm: str, is_read: bool
) -> None:
    method = f'<e><EncryptionMethod Algorithm="{algorithm}"/></e>'
    book = _book(**{"META-INF/encryption.xml": method})
    if is_read:
        assert len(read("a.epub", book)[0]) == 2
    else:
        with pytest.raises(CorpusError, match="protected against copying"):
            read("a.epub", book)
