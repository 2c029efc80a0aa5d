"""Markdown: plain text whose front matter is left out and whose first heading is its title.

Front matter is the block of ``key: value`` lines between two lines of ``---`` at the very top,
written for programs; everything else is kept, markup included.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from sslstudio.corpora.cutting import Cut
from sslstudio.corpora.document import Document
from sslstudio.corpora.readers.text import TextReader
from sslstudio.registry import register

# no two alternatives fit the same line, or a block that never closes would take for ever
_FRONT_MATTER = re.compile(r"---[ \t]*\n(?:\w[\w-]*[ \t]*:.*\n|[ \t#-].*\n|\n)*?---[ \t]*(?:\n|\Z)")
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_HEAD_CHARACTERS = 4096


@register("readers", "markdown", extensions=(".md", ".markdown", ".mdown", ".mkd"))
class MarkdownReader(TextReader):
    """Reads Markdown."""

    def documents(
        self, path: Path, cut: Cut, *, start: int = 0, report: Callable[[str], None]
    ) -> Iterator[Document]:
        """Yield the documents of ``path`` from byte ``start`` on; see :class:`TextReader`."""
        for document in super().documents(path, cut, start=start, report=report):
            text = document.text
            if document.offset <= 3 and (front := _FRONT_MATTER.match(text)):
                text = text[front.end() :]
            if text and not text.isspace():
                heading = _HEADING.search(text, 0, _HEAD_CHARACTERS)
                title = heading.group(1)[:80] if heading else ""
                yield dataclasses.replace(document, text=text, title=title)
