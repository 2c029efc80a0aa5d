"""Text out of HTML: the article where there is one, else all that is visible.

Below the readers of HTML, EPUB, e-mail and web archives. Articles are found by trafilatura, which
leaves menus and footers out; it takes some milliseconds a page. Elements are walked without
recursion, so no depth of nesting does harm.
"""

from __future__ import annotations

import codecs
import re
from typing import Any

from sslstudio.corpora.extraction.tidy import one_line, tidy_lines

_DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?([\w-]+)", re.I
)
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,300}\?>")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "head", "svg", "math", "iframe", "object"}
)
_ASIDE = frozenset({"nav", "footer", "aside", "button", "form", "select"})
_DOCUMENT_LINKS = 0.1  # most characters in links, as a share, of a page that is a document
_PARAGRAPHS = frozenset(
    {"blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "table", "ul", "ol", "dl"}
)
_BLOCKS = _PARAGRAPHS | {
    *("address", "article", "aside", "body", "dd", "details", "div", "dt", "fieldset"),
    *("figcaption", "figure", "footer", "form", "header", "hr", "li", "main", "nav", "section"),
    *("summary", "tr"),
}


def decoded_html(data: bytes) -> str:
    """Return HTML as text: by its mark, as UTF-8, as it declares, or as Windows-1252.

    The last is what the HTML standard prescribes where nothing is declared.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        declared = _DECLARED.search(data[:4096])
    try:
        return data.decode(declared[1].decode("ascii") if declared else "cp1252", "replace")
    except LookupError:
        return data.decode("cp1252", "replace")


def article(html: str) -> tuple[str, str]:
    """Return (text, title) of the article in ``html``; all visible text where there is none.

    A page that is hardly made of links is a document, of which nothing may be lost: there only
    what the page itself calls navigation, footer or aside is left out.
    """
    root = parsed(html)
    if root is None:
        return "", ""
    title, everything = title_of(root), visible_text(root, _ASIDE)
    linked = sum(len("".join(link.itertext())) for link in root.iter("a"))
    if linked <= _DOCUMENT_LINKS * len(everything):
        return everything, title
    import trafilatura

    found = trafilatura.extract(html, include_comments=False, favor_recall=True)
    return tidy_lines(found) if found and found.strip() else visible_text(root), title


def visible(html: str) -> tuple[str, str]:
    """Return (text, title): all that a browser would show, block by block."""
    root = parsed(html)
    return ("", "") if root is None else (visible_text(root), title_of(root))


def parsed(html: str) -> Any:
    """Return the root element of ``html``, or None where there is none."""
    from lxml import etree
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(huge_tree=False, recover=True, no_network=True)
    text = _XML_DECLARATION.sub("", html.replace("\0", ""), count=1)
    try:
        return lxml_html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None


def title_of(root: Any) -> str:
    """Return what ``<title>`` says, or the first heading."""
    for path in (".//title", ".//h1"):
        found = root.find(path)
        if found is not None and (text := one_line("".join(found.itertext()))):
            return text
    return ""


def visible_text(root: Any, without: frozenset[str] = frozenset()) -> str:
    """Return the text below ``root``, a line for each block, a blank line between paragraphs.

    Args:
        root: an element of lxml.
        without: names of elements that are left out with all that is in them.
    """
    from lxml import etree

    parts: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if not name or name in _UNSEEN or name in without or _is_reference(element):
                walk.skip_subtree()
                continue
            parts.append("" if _begins_item(element) else _before(name))
            if element.text:
                parts.append(element.text if name == "pre" else _flowing(element.text))
        else:
            if name in _BLOCKS:
                parts.append("\n\n" if name in _PARAGRAPHS else "\n")
            if element.tail:
                parts.append(_flowing(element.tail))
    return tidy_lines("".join(parts))


def _is_reference(element: Any) -> bool:
    """Whether it is the number of a note, or the way back from it, and no text."""
    words = {element.get("role"), element.get("{http://www.idpf.org/2007/ops}type")}
    words.add(element.get("epub:type"))
    return bool(words & {"doc-noteref", "doc-backlink", "noteref", "backlink"})


def _begins_item(element: Any) -> bool:
    """Whether it is the paragraph that an item of a list begins with."""
    parent = element.getparent()
    is_first = element.getprevious() is None and parent is not None
    return is_first and parent.tag == "li" and not (parent.text or "").strip()


def _before(name: str) -> str:
    if name == "br":
        return "\n"
    if name == "li":
        return "\n- "
    if name in ("td", "th"):
        return " \t"
    if name in _BLOCKS:
        return "\n\n" if name in _PARAGRAPHS else "\n"
    return ""


def _flowing(text: str) -> str:
    """Return ``text`` with its line ends as spaces, as HTML means them."""
    return re.sub(r"[ \t\r\n\f]+", " ", text)
