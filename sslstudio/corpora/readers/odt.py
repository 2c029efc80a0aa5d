"""ODT: what stands in an OpenDocument text: paragraphs, headings, lists, tables, notes.

OpenDocument 1.3: ``content.xml`` holds the text. What was deleted with changes recorded is left
out; notes follow at the end. Costs about 50 ms a megabyte of XML.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar
from xml.etree.ElementTree import Element

from sslstudio.corpora.extraction.tidy import one_line, tidy_lines
from sslstudio.corpora.extraction.xml_names import attribute, child, local
from sslstudio.corpora.extraction.zipped import ZippedDocument
from sslstudio.corpora.reader import InputFile, ReadOptions, Record
from sslstudio.errors import CorpusError
from sslstudio.registry import register

_APART = ("note", "text-box")
_LEFT_OUT = frozenset(
    {
        *("annotation", "forms", "note-citation", "object", "ruby-text", "tracked-changes"),
    }
)
# of pictures, for those who cannot see them; a title of the text itself is in another namespace
_OF_PICTURES = ("svg-compatible:1.0}title", "svg-compatible:1.0}desc")
_MOST_DIGITS = 3  # of a number of spaces


@register("readers", "odt", extensions=(".odt", ".ott"), version=2)
class OdtReader:
    """Reads OpenDocument texts."""

    automatic: ClassVar[str] = "file"

    def records(
        self, file: InputFile, options: ReadOptions, report: Callable[[str], None]
    ) -> Iterator[Record]:
        """Yield the text of the document; see :class:`sslstudio.corpora.reader.Reader`."""
        with ZippedDocument(file, "an OpenDocument text") as document:
            _refuse_encrypted(document)
            body = child(document.xml("content.xml"), "body", "text")
            if body is None:
                raise document.broken("it has no text")
            notes: list[str] = []
            text = "".join(_walked(body, notes))
            title = _title(document)
        text = tidy_lines("\n\n".join([text, *notes]))
        if text:
            yield Record(text, title)


def _refuse_encrypted(document: ZippedDocument) -> None:
    name = "META-INF/manifest.xml"
    entries = document.xml(name).iter() if name in document.names else ()
    if any(local(entry) == "encryption-data" for entry in entries):
        raise CorpusError("is protected by a password: save a copy without one")


def _walked(root: Element, notes: list[str] | None) -> Iterator[str]:
    """Yield the text below ``root``; what stands in notes goes to ``notes``.

    Only paragraphs and headings hold text: between them stands the white space of the file. A text
    box follows the paragraph that it hangs on. Where ``notes`` is None, in a note or a box, there
    are no further ones.
    """
    waiting: list[tuple[Element, Iterator[Element], bool]] = [(root, iter(root), False)]
    boxes: list[Element] = []
    while waiting:
        parent, children, is_text = waiting[-1]
        element = next(children, None)
        if element is None:
            waiting.pop()
            yield _closing(parent, [local(place) for place, _, _ in waiting])
            if waiting and waiting[-1][2]:
                yield parent.tail or ""
            is_over = not (waiting and waiting[-1][2])
            while boxes and is_over:
                yield from _walked(boxes.pop(0), None)
            continue
        name = local(element)
        if name in _APART or name in _LEFT_OUT or str(element.tag).endswith(_OF_PICTURES):
            if name == "text-box" and notes is not None:
                boxes.append(element)
            elif name == "note" and notes is not None:
                notes.append("".join(_walked(element, None)).strip())
            if is_text:
                yield element.tail or ""
            continue
        is_inside = is_text or name in ("p", "h")
        yield _opening(element, name)
        if is_inside:
            yield element.text or ""
        waiting.append((element, iter(element), is_inside))


def _opening(element: Element, name: str) -> str:
    if name == "s":
        count = attribute(element, "c")
        return " " * (int(count[:_MOST_DIGITS]) if count.isdecimal() else 1)
    return {"tab": "\t", "line-break": "\n", "list-item": "- "}.get(name, "")


def _closing(element: Element, above: list[str]) -> str:
    """Return what ends ``element``, which lies in elements with the names ``above``."""
    name = local(element)
    if name in ("p", "h"):
        if "table-cell" in above:
            return " "
        return "\n" if "list-item" in above else "\n\n"
    return {"list": "\n", "table": "\n\n", "table-cell": "\t", "table-row": "\n"}.get(name, "")


def _title(document: ZippedDocument) -> str:
    if "meta.xml" not in document.names:
        return ""
    found = child(document.xml("meta.xml"), "meta", "title")
    return one_line(found.text or "") if found is not None else ""
