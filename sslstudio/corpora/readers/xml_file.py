"""XML: the articles of a MediaWiki dump; of any other XML, the text of its elements.

A dump is streamed, a page at a time: those of the article namespace that are no redirects, their
wikitext turned into plain text (``mwparserfromhell``): no templates, tables, references, files or
categories. Other XML gives one text, a line for each element. Entities beyond the five of XML are
refused, so nothing can be blown up or fetched. Costs about 1 s a megabyte of wikitext.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, ClassVar
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, ElementTree

from sslstudio.corpora.extraction.tidy import one_line, tidy_lines
from sslstudio.corpora.extraction.xml_names import attribute, child, local
from sslstudio.corpora.reader import InputFile, ReadOptions, Record
from sslstudio.errors import CorpusError
from sslstudio.registry import register

_FILES, _CATEGORIES = "6", "14"
_USUAL_NAMES = frozenset({"file", "image", "media", "category"})
_MOST_ELEMENTS = 2_000_000
_DEEPEST = 1000
_LONGEST_PAGE = 4 * 2**20
_HIDDEN_TAGS = frozenset(
    {"table", "ref", "gallery", "math", "timeline", "score", "syntaxhighlight"}
)
_HEADING = re.compile(r"^=+[ \t]*(.*?)[ \t]*=+[ \t]*$", re.MULTILINE)


@register("readers", "xml", extensions=(".xml",), version=1)
class XmlReader:
    """Reads MediaWiki dumps and other XML."""

    automatic: ClassVar[str] = "record"

    def records(
        self, file: InputFile, options: ReadOptions, report: Callable[[str], None]
    ) -> Iterator[Record]:
        """Yield the texts; see :class:`sslstudio.corpora.reader.Reader`."""
        try:
            with file.open() as stream:
                events = ElementTree.iterparse(stream, events=("start", "end"), forbid_dtd=False)
                _, root = next(events)
                if local(root) == "mediawiki":
                    yield from _articles(root, events)
                else:
                    yield from _any_text(root, events)
        except (ParseError, DefusedXmlException, ValueError, StopIteration) as error:
            reason = " ".join(str(error).split())[:120]
            raise CorpusError(
                f"is no XML that can be read ({reason or 'it is empty'}): mend it"
            ) from error


def _articles(root: Element, events: Iterator[tuple[str, Element]]) -> Iterator[Record]:
    names = set(_USUAL_NAMES)
    for event, element in events:
        if event == "start":
            continue
        name = local(element)
        if name == "namespace" and attribute(element, "key") in (_FILES, _CATEGORIES):
            names.add((element.text or "").casefold())
        elif name == "page":
            record = _page(element, names)
            root.clear()
            if record is not None:
                yield record


def _page(page: Element, hidden_namespaces: set[str]) -> Record | None:
    namespace, text = child(page, "ns"), child(page, "revision", "text")
    is_article = namespace is None or (namespace.text or "0").strip() == "0"
    if not is_article or child(page, "redirect") is not None or text is None or not text.text:
        return None
    title = child(page, "title")
    plain = plain_wikitext(text.text[:_LONGEST_PAGE], hidden_namespaces)
    return (
        Record(plain, one_line((title.text or "") if title is not None else "")) if plain else None
    )


def plain_wikitext(wikitext: str, hidden_namespaces: set[str]) -> str:
    """Return what a page shows of its prose.

    Args:
        wikitext: of one page.
        hidden_namespaces: links into these show a file or nothing; lower case.
    """
    import mwparserfromhell

    code: Any = mwparserfromhell.parse(wikitext, skip_style_tags=True)
    for node in code.filter(recursive=True, matches=lambda n: _is_hidden(n, hidden_namespaces)):
        try:
            code.remove(node)
        except ValueError:
            continue  # it lay inside another that is gone
    plain = str(code.strip_code(normalize=True, collapse=True)).replace("'''", "").replace("''", "")
    return tidy_lines(_HEADING.sub(r"\1", plain))


def _is_hidden(node: Any, namespaces: set[str]) -> bool:
    kind = type(node).__name__
    if kind == "Wikilink":
        prefix, colon, _ = str(node.title).partition(":")
        return bool(colon) and prefix.strip().casefold() in namespaces
    return kind == "Tag" and str(node.tag).strip().casefold() in _HIDDEN_TAGS


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
