"""EPUB: the chapters of a book in the order in which they are read.

The package file says which chapters there are and in what order (EPUB 3.3, "spine"); each chapter
is XHTML and gives all its visible text. Books whose chapters are encrypted are refused. Costs some
milliseconds a chapter.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator
from typing import ClassVar
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from sslstudio.corpora.extraction.html_text import decoded_html, visible
from sslstudio.corpora.extraction.tidy import one_line
from sslstudio.corpora.extraction.xml_names import attribute, child, local
from sslstudio.corpora.extraction.zipped import ZippedDocument
from sslstudio.corpora.reader import InputFile, ReadOptions, Record
from sslstudio.errors import CorpusError
from sslstudio.registry import register

_PAGES = ("application/xhtml+xml", "text/html", "text/x-oeb1-document", "")
_FONTS_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")


@register("readers", "epub", extensions=(".epub",), version=2)
class EpubReader:
    """Reads books."""

    automatic: ClassVar[str] = "file"

    def records(
        self, file: InputFile, options: ReadOptions, report: Callable[[str], None]
    ) -> Iterator[Record]:
        """Yield the chapters; see :class:`sslstudio.corpora.reader.Reader`."""
        with ZippedDocument(file, "an EPUB book") as book:
            _refuse_encrypted(book)
            place = _package(book)
            package = book.xml(place)
            title = _title(package)
            missing = 0
            for name in _spine(package, place):
                if name not in book.names:
                    missing += 1
                    continue
                text, _ = visible(decoded_html(book.read(name)))
                if text:
                    yield Record(text, title)
            if missing:
                report(f"{missing} chapters that the book names are not in it")


def _refuse_encrypted(book: ZippedDocument) -> None:
    if "META-INF/encryption.xml" not in book.names:
        return
    methods = [e for e in book.xml("META-INF/encryption.xml").iter() if "Method" in local(e)]
    if any(attribute(method, "Algorithm") not in _FONTS_ONLY for method in methods):
        raise CorpusError("is protected against copying: choose a book without protection")


def _package(book: ZippedDocument) -> str:
    container = book.xml("META-INF/container.xml")
    for element in container.iter():
        if local(element) == "rootfile" and (place := attribute(element, "full-path")):
            return place
    raise book.broken("no package file is named")


def _title(package: Element) -> str:
    metadata = child(package, "metadata")
    found = None if metadata is None else child(metadata, "title")
    return one_line(found.text or "") if found is not None else ""


def _kind(item: Element) -> str:
    """Return the media type of an item; of the list of contents, none that is read."""
    is_contents = "nav" in attribute(item, "properties").split()
    return "contents" if is_contents else attribute(item, "media-type")


def _spine(package: Element, place: str) -> Iterator[str]:
    """Yield the names of the chapters' members in reading order, each once."""
    manifest, spine = child(package, "manifest"), child(package, "spine")
    items = {
        attribute(item, "id"): (attribute(item, "href"), _kind(item))
        for item in (manifest if manifest is not None else ())
    }
    seen = set()
    for reference in spine if spine is not None else ():
        href, kind = items.get(attribute(reference, "idref"), ("", "none"))
        if not href or kind not in _PAGES or attribute(reference, "linear") == "no":
            continue
        path = posixpath.join(posixpath.dirname(place), unquote(href.partition("#")[0]))
        name = posixpath.normpath(path)
        if name not in seen:
            seen.add(name)
            yield name
