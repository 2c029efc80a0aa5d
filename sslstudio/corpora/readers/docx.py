"""DOCX: what stands in a Word document: paragraphs, tables, notes; not what was deleted in it.

Office Open XML (ECMA-376): ``word/document.xml`` holds the text in runs. Deleted and moved-away
text, instructions of fields, headers and footers are left out; foot- and endnotes follow at the
end. Costs about 50 ms a megabyte of XML.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar
from xml.etree.ElementTree import Element

from sslstudio.corpora.extraction.tidy import one_line, tidy_lines
from sslstudio.corpora.extraction.xml_names import attribute, child, local
from sslstudio.corpora.extraction.zipped import ZippedDocument
from sslstudio.corpora.reader import InputFile, ReadOptions, Record
from sslstudio.registry import register

_LEFT_OUT = frozenset({"del", "moveFrom", "instrText", "delText", "fldData", "drawing", "pict"})
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")


@register("readers", "docx", extensions=(".docx", ".docm"), version=1)
class DocxReader:
    """Reads Word documents."""

    automatic: ClassVar[str] = "file"

    def records(
        self, file: InputFile, options: ReadOptions, report: Callable[[str], None]
    ) -> Iterator[Record]:
        """Yield the text of the document; see :class:`sslstudio.corpora.reader.Reader`."""
        with ZippedDocument(file, "Word document") as document:
            body = child(document.xml("word/document.xml"), "body")
            if body is None:
                raise document.broken("it has no body")
            parts = ["".join(_blocks(body))]
            for name in _NOTES:
                if name in document.names:
                    parts.extend(_notes(document.xml(name)))
            title = _title(document)
        text = tidy_lines("\n\n".join(parts))
        if text:
            yield Record(text, title)


def _blocks(parent: Element) -> Iterator[str]:
    """Yield paragraphs and tables, without recursion: documents nest without end if they want."""
    waiting = [(iter(parent), "")]
    while waiting:
        children, closing = waiting[-1]
        element = next(children, None)
        if element is None:
            waiting.pop()
            yield closing
            continue
        name = local(element)
        if name == "p":
            yield "".join(_runs(element))
            yield " " if any(end == "\t" for _, end in waiting) else "\n\n"
        elif name == "tc":
            waiting.append((iter(element), "\t"))
        elif name == "tr":
            waiting.append((iter(element), "\n"))
        elif name == "tbl":
            waiting.append((iter(element), "\n\n"))
        elif name not in _LEFT_OUT:
            waiting.append((iter(element), ""))


def _runs(paragraph: Element) -> Iterator[str]:
    waiting = [iter(paragraph)]
    while waiting:
        element = next(waiting[-1], None)
        if element is None:
            waiting.pop()
            continue
        name = local(element)
        if name == "t":
            yield element.text or ""
        elif name == "tab":
            yield "\t"
        elif name in ("br", "cr"):
            yield "\n"
        elif name == "noBreakHyphen":
            yield "-"
        elif name not in _LEFT_OUT and name != "pPr" and name != "rPr":
            waiting.append(iter(element))


def _notes(root: Element) -> Iterator[str]:
    for note in root:
        if attribute(note, "type") not in ("separator", "continuationSeparator"):
            yield "".join(_blocks(note)).strip()


def _title(document: ZippedDocument) -> str:
    if "docProps/core.xml" not in document.names:
        return ""
    found = child(document.xml("docProps/core.xml"), "title")
    return one_line(found.text or "") if found is not None else ""
