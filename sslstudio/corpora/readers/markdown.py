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
from sslstudio.corpora.document import Document, with_plain_newlines
from sslstudio.corpora.reader import AS_IT_COMES, InputFile, ReadOptions, Record
from sslstudio.corpora.readers.text import TextReader
from sslstudio.registry import register

# no two alternatives fit the same line, or a block that never closes would take for ever
_FRONT_MATTER = re.compile(r"---[ \t]*\n(?:\w[\w-]*[ \t]*:.*\n|[ \t#-].*\n|\n)*?---[ \t]*(?:\n|\Z)")
_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_HEAD_CHARACTERS = 4096


@register(
    "readers",
    "markdown",
    extensions=(".md", ".markdown", ".mdown", ".mkd", ".qmd", ".rmd"),
    version=1,
    direct=True,
    lines=True,
)
class MarkdownReader(TextReader):
    """Reads Markdown."""

    def documents(
        self,
        path: Path,
        cut: Cut,
        *,
        start: int = 0,
        options: ReadOptions = AS_IT_COMES,
        report: Callable[[str], None],
    ) -> Iterator[Document]:
        """Yield the documents of ``path`` from byte ``start`` on; see :class:`TextReader`."""
        for document in super().documents(path, cut, start=start, report=report):
            is_first = document.offset <= 3  # behind a byte-order mark
            text = _without_front_matter(document.text) if is_first else document.text
            if text and not text.isspace():
                yield dataclasses.replace(document, text=text, title=_title(text))

    def records(
        self, file: InputFile, options: ReadOptions, report: Callable[[str], None]
    ) -> Iterator[Record]:
        """Yield the text of ``file``; see :class:`TextReader`."""
        title = None
        for record in super().records(file, options, report):
            text = with_plain_newlines(record.text)
            if title is None:
                text = _without_front_matter(text)
                title = _title(text)
            yield dataclasses.replace(record, text=text, title=title)


def _without_front_matter(text: str) -> str:
    front = _FRONT_MATTER.match(text)
    return text[front.end() :] if front else text


def _title(text: str) -> str:
    heading = _HEADING.search(text, 0, _HEAD_CHARACTERS)
    return heading.group(1)[:80] if heading else ""
