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

_LEFT_OUT = frozenset(
    {
        *("del", "delText", "fldData", "instrText", "moveFrom", "pPr", "rPr"),
        "Fallback",  # of a text box, which stands there twice, for older programs
    }
)
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_CLOSINGS = {"tc": "\t", "tr": "\n", "tbl": "\n\n"}
_MAIN = "word/document.xml"
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")


@register("readers", "docx", extensions=(".docx", ".docm"), version=2)
class DocxReader:
    """Reads Word documents."""

    automatic: ClassVar[str] = "file"

    def records(
        self, file: InputFile, options: ReadOptions, report: Callable[[str], None]
    ) -> Iterator[Record]:
        """Yield the text of the document; see :class:`sslstudio.corpora.reader.Reader`."""
        with ZippedDocument(file, "a Word document") as document:
            body = child(document.xml(_main_part(document)), "body")
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
            boxes: list[Element] = []
            yield "".join(_runs(element, boxes))
            yield " " if any(end == "\t" for _, end in waiting) else "\n\n"
            waiting.extend((iter(box), "") for box in reversed(boxes))
        elif name not in _LEFT_OUT:
            waiting.append((iter(element), _CLOSINGS.get(name, "")))


def _runs(paragraph: Element, boxes: list[Element]) -> Iterator[str]:
    """Yield what stands in a paragraph; text boxes that hang on it go to ``boxes``."""
    waiting = [iter(paragraph)]
    while waiting:
        element = next(waiting[-1], None)
        if element is None:
            waiting.pop()
            continue
        name = local(element)
        if name == "t":
            yield element.text or ""
        elif name == "txbxContent":
            boxes.append(element)
        elif name in _SIGNS:
            yield _SIGNS[name]
        elif name not in _LEFT_OUT:
            waiting.append(iter(element))


def _main_part(document: ZippedDocument) -> str:
    """Return the member that holds the text; some programs do not call it as the others do."""
    if _MAIN not in document.names and "_rels/.rels" in document.names:
        for link in document.xml("_rels/.rels"):
            if attribute(link, "Type").endswith("/officeDocument"):
                return attribute(link, "Target").lstrip("/")
    return _MAIN


def _notes(root: Element) -> Iterator[str]:
    for note in root:
        if attribute(note, "type") not in ("separator", "continuationSeparator"):
            yield "".join(_blocks(note)).strip()


def _title(document: ZippedDocument) -> str:
    if "docProps/core.xml" not in document.names:
        return ""
    found = child(document.xml("docProps/core.xml"), "title")
    return one_line(found.text or "") if found is not None else ""
