"""Plain prose out of the wikitext of MediaWiki: what a page shows, without what stands around it.

Below the reader of dumps. Parsed by ``mwparserfromhell``, then walked once: no templates, tables,
references, files or categories; links give their words. Costs about 0.5 s a megabyte. The parser
goes back whenever something is not closed, so its time would grow with the square of a page that
opens thousands of things; such a page, which nobody writes by hand, is stripped crudely.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from sslstudio.corpora.extraction.tidy import tidy_lines

# what the largest wikis call files besides the names that their dumps tell
FILE_NAMES = frozenset(
    {
        *("afbeelding", "archivo", "bestand", "bild", "billede", "datei", "dosya", "fichier"),
        *("ficheiro", "fil", "file", "grafika", "image", "imagem", "imagen", "immagine"),
        *("kuva", "media", "plik", "resim", "soubor", "tiedosto", "изображение", "файл"),
        *("صورة", "ملف", "图像", "文件", "檔案", "画像", "ファイル", "그림"),
        *("파일"),
    }
)
_HIDDEN_TAGS = frozenset(
    {
        *("gallery", "graph", "imagemap", "includeonly", "mapframe", "maplink", "math", "ref"),
        *("references", "score", "style", "syntaxhighlight", "table", "templatestyles"),
        *("timeline", "chem", "rp", "rt"),
    }
)
_BLOCK_TAGS = frozenset({"blockquote", "center", "div", "p", "poem"})
_SIGNS = {"br": "\n", "hr": "\n", "li": "- "}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z-]+)?|simple")
_SWITCH = re.compile(r"__[^\W\d_]{3,}__")
_REDIRECT = re.compile(r"\s*#redirect\b", re.I)
_STYLE = re.compile(r"'{2,5}")
_TAG_BEGINS = re.compile(r"<(?!/|!|br|hr|li|d[dt]\b|t[rdh]\b)[a-z]", re.I)
_MARKUP = re.compile(r"<[^<>]{0,500}>|[\[\]{}|]{2,}|^[=*#:;|!].*$", re.MULTILINE)
_PAIRS = (("{", "}"), ("[", "]"), ("<!--", "-->"))
_MOST_STEPS = 10_000_000  # of the parser: what is open at once, times the characters behind it


def is_redirect(wikitext: str) -> bool:
    """Return whether a page only leads to another."""
    return bool(_REDIRECT.match(wikitext))


def plain_wikitext(wikitext: str, hidden_namespaces: frozenset[str] = FILE_NAMES) -> str:
    """Return what a page shows of its prose.

    Args:
        wikitext: of one page.
        hidden_namespaces: links into these show a file or nothing; lower case.
    """
    if _open_things(wikitext) * len(wikitext) > _MOST_STEPS:
        plain = _MARKUP.sub("", wikitext)
    else:
        import mwparserfromhell

        code = mwparserfromhell.parse(wikitext, skip_style_tags=True)
        plain = "".join(_shown(code, hidden_namespaces))
    return tidy_lines(_STYLE.sub("", _SWITCH.sub("", plain)))


def _open_things(wikitext: str) -> int:
    """Return how many brackets, comments and tags are opened and not closed, roughly."""
    brackets = sum(max(0, wikitext.count(a) - wikitext.count(b)) for a, b in _PAIRS)
    closed_tags = wikitext.count("</") + wikitext.count("/>")
    return brackets + max(0, len(_TAG_BEGINS.findall(wikitext)) - closed_tags)


def _shown(code: Any, hidden: frozenset[str]) -> Iterator[str]:
    """Yield the words of ``code``; the parser nests no deeper than forty."""
    for node in code.nodes if code is not None else ():
        kind = type(node).__name__
        if kind in ("Text", "HTMLEntity"):
            yield _characters(node)
        elif kind == "Heading":
            yield from _shown(node.title, hidden)
        elif kind == "Wikilink":
            yield from _of_link(node, hidden)
        elif kind == "ExternalLink":
            yield from _shown(node.title, hidden) if node.brackets else (str(node.url),)
        elif kind == "Tag":
            yield from _of_tag(node, hidden)


def _characters(node: Any) -> str:
    with contextlib.suppress(ValueError, OverflowError, AttributeError):  # &#99999999;
        return str(node.normalize())
    return str(node)


def _of_link(link: Any, hidden: frozenset[str]) -> Iterator[str]:
    title = str(link.title).strip()
    prefix, colon, _ = title.partition(":")
    prefix = prefix.strip().casefold()
    if colon and (prefix in hidden or (link.text is None and _LANGUAGE.fullmatch(prefix))):
        return
    if link.text is None:
        yield title.removeprefix(":")
    else:
        yield from _shown(link.text, hidden)


def _of_tag(tag: Any, hidden: frozenset[str]) -> Iterator[str]:
    name = str(tag.tag).strip().casefold()
    if name in _HIDDEN_TAGS:
        return
    around = "\n" if name in _BLOCK_TAGS else ""
    yield _SIGNS.get(name, around)
    yield from _shown(tag.contents, hidden)
    yield around
