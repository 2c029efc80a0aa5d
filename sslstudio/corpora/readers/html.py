"""HTML: the article of a page, without menus and footers; where there is none, all visible text.

The encoding is the page's own: its mark, UTF-8, what it declares, else Windows-1252 as browsers do,
unless the source names one. Costs some milliseconds a page; the page is held whole, up to 64 MiB.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import ClassVar

from sslstudio.corpora.extraction.html_text import article, decoded_html
from sslstudio.corpora.reader import InputFile, ReadOptions, Record
from sslstudio.errors import CorpusError
from sslstudio.registry import register

_LARGEST_BYTES = 64 * 2**20


@register("readers", "html", extensions=(".html", ".htm", ".xhtml"), version=2)
class HtmlReader:
    """Reads pages."""

    automatic: ClassVar[str] = "file"

    def records(
        self, file: InputFile, options: ReadOptions, report: Callable[[str], None]
    ) -> Iterator[Record]:
        """Yield the text of the page; see :class:`sslstudio.corpora.reader.Reader`."""
        is_named = file.encoding != "auto"
        with file.open_utf8() if is_named else file.open() as stream:
            data = stream.read(_LARGEST_BYTES + 1)
        if len(data) > _LARGEST_BYTES:
            raise CorpusError("is a page of more than 64 MiB: split it")
        text, title = article(data.decode("utf-8") if is_named else decoded_html(data))
        if not text:
            raise CorpusError("is a page without visible text: choose another file")
        yield Record(text, title)
