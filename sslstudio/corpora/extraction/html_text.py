"""Text out of HTML: the article where there is one, else all that is visible.

Below the readers of HTML, EPUB, e-mail and web archives. Articles are found by trafilatura, which
leaves menus and footers out; it takes some milliseconds a page. Elements are walked without
recursion, so no depth of nesting does harm.
"""

from __future__ import annotations

import re
from typing import Any

from sslstudio.corpora.extraction.charsets import decoded, meant_by
from sslstudio.corpora.extraction.tidy import one_line, tidy_lines
from sslstudio.errors import CorpusError

_DECLARED = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?([\w.:-]+)", re.I
)
_DECLARED_BYTES = 4096
_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,300}\?>")
_UNSEEN = frozenset(
    {
        *("head", "iframe", "math", "noscript", "object", "script", "style", "svg", "template"),
        *("rp", "rt", "rtc"),  # how a word is read, between its characters
    }
)
_WHITE = re.compile(r"[ \t\r\n\f]+")
_HIDDEN_STYLE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.I)
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


def decoded_html(data: bytes, label: str = "") -> str:
    """Return HTML as text: by its mark, as UTF-8, by ``label``, as it declares, or Windows-1252.

    Args:
        data: of a page.
        label: the charset that a server or a message names for it; empty where none does.
    """
    declared = _DECLARED.search(data[:_DECLARED_BYTES])
    inner = declared[1].decode("ascii") if declared else ""
    return decoded(data, label if meant_by(label) else inner)


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
    return _main_text(html) or visible_text(root), title


def _main_text(html: str) -> str:
    """Return the article that trafilatura finds in ``html``, or an empty text."""
    import trafilatura

    try:
        found = trafilatura.extract(html, include_comments=False, favor_recall=True)
    except Exception:  # the edge of a library, which fails on a page in many ways
        return ""
    return tidy_lines(found or "")


def visible(html: str) -> tuple[str, str]:
    """Return (text, title): all that a browser would show, block by block."""
    root = parsed(html)
    return ("", "") if root is None else (visible_text(root), title_of(root))


def parsed(html: str) -> Any:
    """Return the root element of ``html``, or None where there is none.

    Raises:
        CorpusError: elements nest more than 2,048 deep.
    """
    from lxml import etree
    from lxml import html as lxml_html

    # without huge_tree, a page loses everything over one long text or 256 nested elements; HTML
    # knows no entities of its own, so a tree stays in proportion to the page
    parser = lxml_html.HTMLParser(huge_tree=True, recover=True, no_network=True)
    text = _XML_DECLARATION.sub("", html.replace("\0", ""), count=1)
    try:
        root = lxml_html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        root = None
    if any("depth" in entry.message for entry in parser.error_log.filter_from_fatals()):
        raise CorpusError("is nested too deeply to be read: flatten it")
    return root


def title_of(root: Any) -> str:
    """Return what ``<title>`` says, or the first heading."""
    for found in (*root.iter("title"), *root.iter("h1")):
        is_of_picture = any(above.tag == "svg" for above in found.iterancestors())
        if not is_of_picture and (text := one_line("".join(found.itertext()))):
            return text
    return ""


def visible_text(root: Any, without: frozenset[str] = frozenset()) -> str:
    """Return the text below ``root``, a line for each block, a blank line between paragraphs.

    Args:
        root: an element of lxml.
        without: names of elements that are left out with all that is in them.
    """
    from lxml import etree

    found = _Found()
    skipped: Any = None
    # what follows the end of a page, or another page in the same file, are siblings
    roots = (root, *root.itersiblings())
    walks = [etree.iterwalk(one, events=("start", "end", "comment", "pi")) for one in roots]
    for walk, (event, element) in ((each, met) for each in walks for met in each):
        name = element.tag if isinstance(element.tag, str) else ""
        if event == "start" and (name in _UNSEEN or name in without or _is_hidden(element)):
            skipped = element
            walk.skip_subtree()
        elif event == "start":
            found.open(name, element)
        else:
            found.close(name, element.tail, is_shown=element is not skipped)
    return found.text()


class _Found:
    """Text as it is met; what is laid out already (``<pre>``) keeps its lines and spaces."""

    def __init__(self) -> None:
        self._sections: list[str] = []
        self._parts: list[str] = []
        self._due_lines = 0  # line ends that are owed before the next text
        self._laid_out = 0  # how many <pre> are open

    def open(self, name: str, element: Any) -> None:
        if name == "pre":
            self._end_section()
            self._laid_out += 1
        elif not _begins_item(element):
            self._break(name)
        if name == "li":
            self._add("- ")
        elif name in ("td", "th"):
            self._parts.append(" \t")
        self._add(element.text)

    def close(self, name: str, tail: str | None, is_shown: bool) -> None:
        """Note the end of an element, of one that is left out or of a comment; and the tail."""
        if name == "pre" and is_shown:
            self._end_section()
            self._laid_out -= 1
        elif name == "br":
            self._due_lines = min(2, self._due_lines + 1)
        elif not self._is_bare_item():
            self._break(name)
        self._add(tail)

    def text(self) -> str:
        self._end_section()
        return "\n\n".join(self._sections)

    def _break(self, name: str) -> None:
        """Owe what stands before and behind a block: a line end, or a blank line."""
        wanted = 2 if name in _PARAGRAPHS else int(name in _BLOCKS)
        self._due_lines = max(self._due_lines, wanted)

    def _add(self, text: str | None) -> None:
        text = (text or "") if self._laid_out else _flowing(text or "")
        if (text == " " and self._due_lines) or not text:
            return
        self._parts.append("\n" * self._due_lines)
        self._due_lines = 0
        self._parts.append(text)

    def _is_bare_item(self) -> bool:
        """Whether nothing follows the mark of an item yet."""
        return self._due_lines == 0 and self._parts[-1:] == ["- "]

    def _end_section(self) -> None:
        text = "".join(self._parts)
        self._parts, self._due_lines = [], 0
        text = _laid_out_lines(text) if self._laid_out else tidy_lines(text)
        if text:
            self._sections.append(text)


def _laid_out_lines(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _is_hidden(element: Any) -> bool:
    """Whether a browser would not show it, or it is but the number of a note."""
    style = element.get("style")
    is_unseen = element.get("hidden") is not None or (style and _HIDDEN_STYLE.search(style))
    return bool(is_unseen) or _is_reference(element)


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


def _flowing(text: str) -> str:
    """Return ``text`` with its line ends as spaces, as HTML means them, and no soft hyphens."""
    return _WHITE.sub(" ", text).replace("\xad", "")
