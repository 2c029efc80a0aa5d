"""XML: the articles of a MediaWiki dump; of any other XML, the text of its elements.

A dump is streamed, a page at a time: those of the article namespace that are no redirects, the
wikitext of their last revision turned into prose (``wikitext``). Other XML gives one text, a line
for each element. Definitions of entities are refused, so nothing can be blown up or fetched. Costs
about 0.5 s a megabyte of wikitext.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable, Iterator
from html.entities import entitydefs
from typing import Any, ClassVar, cast
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from sslstudio.corpora.encodings import utf8_stream
from sslstudio.corpora.extraction.charsets import meant_by
from sslstudio.corpora.extraction.tidy import one_line, tidy_lines
from sslstudio.corpora.extraction.wikitext import FILE_NAMES, is_redirect, plain_wikitext
from sslstudio.corpora.extraction.xml_names import BROKEN_XML, attribute, child, local, xml_fault
from sslstudio.corpora.reader import InputFile, ReadOptions, Record
from sslstudio.errors import CorpusError
from sslstudio.registry import register

_FILES, _CATEGORIES = "6", "14"
_MOST_ELEMENTS = 2_000_000
_DEEPEST = 1000
_LONGEST_PAGE = 4 * 2**20
_HEAD_BYTES = 1024
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)")
_OF_EXPAT = ("", "utf_8", "utf_16", "iso8859_1", "ascii")


@register("readers", "xml", extensions=(".xml",), version=2)
class XmlReader:
    """Reads MediaWiki dumps and other XML."""

    automatic: ClassVar[str] = "record"

    def records(
        self, file: InputFile, options: ReadOptions, report: Callable[[str], None]
    ) -> Iterator[Record]:
        """Yield the texts; see :class:`sslstudio.corpora.reader.Reader`."""
        try:
            with io.BufferedReader(cast(io.RawIOBase, file.open())) as stream:
                encoding = _unusual_encoding(stream) if file.encoding == "auto" else file.encoding
                decoded = utf8_stream(stream, encoding) if encoding else stream
                parser = ElementTree.XMLParser(encoding="utf-8" if encoding else None)
                parser.entity.update(entitydefs)
                events = iter(ElementTree.iterparse(decoded, ("start", "end"), parser))
                _, root = next(events)
                if local(root) == "mediawiki":
                    yield from _articles(root, events)
                else:
                    yield from _any_text(root, events)
        except StopIteration as error:
            raise CorpusError("is no XML that can be read (it is empty): mend it") from error
        except BROKEN_XML as error:
            raise CorpusError(
                f"is no XML that can be read ({xml_fault(error)}): mend it"
            ) from error


def _unusual_encoding(stream: io.BufferedReader[Any]) -> str:
    """Return the encoding that the file declares, where the parser does not know it."""
    declared = _DECLARED.match(stream.peek(_HEAD_BYTES)[:_HEAD_BYTES])
    name = meant_by(declared[1].decode("ascii")) if declared else ""
    return "" if name in _OF_EXPAT else name


def _articles(root: Element, events: Iterator[tuple[str, Element]]) -> Iterator[Record]:
    hidden = set(FILE_NAMES) | {"category"}
    page: Element | None = None
    for event, element in events:
        name = local(element)
        if event == "start":
            page = element if name == "page" else page
        elif name == "namespace" and attribute(element, "key") in (_FILES, _CATEGORIES):
            hidden.add((element.text or "").casefold())
        elif name == "revision" and page is not None:
            _forget_earlier(page, element)
        elif name == "page":
            record = _article(element, frozenset(hidden))
            root.clear()
            page = None
            if record is not None:
                yield record


def _forget_earlier(page: Element, revision: Element) -> None:
    """Keep the last revision alone: a dump may hold thousands of each page."""
    # the tree runs ahead of the events, so later ones may stand there already
    before = list(itertools.takewhile(lambda element: element is not revision, page))
    for earlier in before:
        if local(earlier) == "revision":
            page.remove(earlier)


def _article(page: Element, hidden_namespaces: frozenset[str]) -> Record | None:
    namespace, text = child(page, "ns"), child(page, "revision", "text")
    is_article = namespace is None or (namespace.text or "0").strip() == "0"
    if not is_article or child(page, "redirect") is not None or text is None or not text.text:
        return None
    if is_redirect(text.text):
        return None
    title = child(page, "title")
    plain = plain_wikitext(text.text[:_LONGEST_PAGE], hidden_namespaces)
    name = one_line(title.text or "") if title is not None else ""
    return Record(plain, name) if plain else None


def _any_text(root: Element, events: Iterator[tuple[str, Element]]) -> Iterator[Record]:
    """Yield the text of ``root``, read to its end: a line for every element that is no word."""
    depth = elements = 1
    for event, _ in events:
        depth += 1 if event == "start" else -1
        elements += event == "start"
        if depth > _DEEPEST:
            raise CorpusError("is nested too deeply to be read: flatten it")
        if elements > _MOST_ELEMENTS:
            raise CorpusError("holds more than two million elements: split it, or save it as text")
    text = tidy_lines("".join(_in_order(root)))
    if text:
        yield Record(text)


def _in_order(root: Element) -> Iterator[str]:
    """Yield texts and what follows elements; elements between words are words themselves."""
    waiting = [(root, iter(root), _has_words(root), True)]
    yield root.text or ""
    while waiting:
        element, children, has_words, is_line = waiting[-1]
        inner = next(children, None)
        if inner is None:
            waiting.pop()
            yield "\n" if is_line else ""
            yield element.tail or ""
            continue
        yield inner.text or ""
        waiting.append((inner, iter(inner), _has_words(inner), not has_words))


def _has_words(element: Element) -> bool:
    """Whether words stand between its elements."""
    is_parent = len(element) > 0
    return is_parent and any((text or "").strip() for text in _between(element))


def _between(element: Element) -> Iterator[str | None]:
    yield element.text
    yield from (inner.tail for inner in element)
