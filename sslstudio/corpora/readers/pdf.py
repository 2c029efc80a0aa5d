"""PDF: the text of the pages, put together as it was before it was laid out.

Letters come from PDFium (``pypdfium2``), in the order in which they are drawn. Lines that stand at
the top or bottom of more than half of the pages, but for their numbers, are running titles and go,
as do page numbers; words divided at line ends are joined; lines are joined to paragraphs. A file
with fewer than 100 characters a page was most likely scanned, which is reported. Costs some
milliseconds a page.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from sslstudio.corpora.extraction.tidy import one_line, tidy_lines
from sslstudio.corpora.reader import InputFile, ReadOptions, Record
from sslstudio.errors import CorpusError
from sslstudio.registry import register

_MOST_CHARACTERS = 64_000_000
_SCANNED_CHARACTERS = 100
_EDGE_LINES = 2
_FEWEST_PAGES = 3
_DIGITS = re.compile(r"\d+|\b[ivxlc]+\b")
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|p\.|seite|s\.)\s*)?\d{1,5}(?:\s*(?:of|/|von)\s*\d{1,5})?\W*", re.I
)
_HYPHENS = ("-", "\u00ad", "\u2010", "\ufffe", "\x02")  # PDFium writes the last two
_SENTENCE_END = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")


@register("readers", "pdf", extensions=(".pdf",), version=1)
class PdfReader:
    """Reads PDF."""

    automatic: ClassVar[str] = "file"

    def records(
        self, file: InputFile, options: ReadOptions, report: Callable[[str], None]
    ) -> Iterator[Record]:
        """Yield the text of all pages; see :class:`sslstudio.corpora.reader.Reader`."""
        import pypdfium2

        with file.open_seekable() as stream:
            try:
                document = pypdfium2.PdfDocument(stream, autoclose=False)
            except pypdfium2.PdfiumError as error:
                raise _refused(error) from error
            try:
                pages, title = list(_pages(document)), _title(document)
            except pypdfium2.PdfiumError as error:
                raise _refused(error) from error
            finally:
                document.close()
        characters = sum(len(line) for page in pages for line in page)
        if pages and characters < _SCANNED_CHARACTERS * len(pages):
            each = characters // len(pages)
            report(
                f"holds {each} characters a page: it was scanned, have its text recognised first"
            )
        text = laid_back(pages)
        if text:
            yield Record(text, title)


def laid_back(pages: list[list[str]]) -> str:
    """Return the lines of ``pages`` as paragraphs, without running titles and page numbers."""
    lines = [line for page in _without_running_titles(pages) for line in (*page, "\f")]
    lengths = [len(line) for line in lines if len(line) > 20]
    usual = statistics.median(lengths) if lengths else 0
    parts: list[str] = []
    is_open = False  # whether the paragraph may go on in the next line
    for line in lines:
        if line == "\f":
            continue  # a paragraph may go on over the end of a page
        if not line.strip():
            parts.append("\n\n")
            is_open = False
            continue
        if is_open and parts[-1].endswith(_HYPHENS) and line[:1].islower():
            parts[-1] = parts[-1][:-1]
        elif is_open:
            parts.append(" ")
        elif parts:
            parts.append("\n\n")
        parts.append(line)
        is_full = len(line) >= 0.6 * usual
        is_open = is_full and not (_SENTENCE_END.search(line) and len(line) < 0.85 * usual)
    text = "".join(parts)
    for hyphen in ("\u00ad", "\ufffe", "\x02"):
        text = text.replace(hyphen, "")
    return tidy_lines(text)


def _without_running_titles(pages: list[list[str]]) -> Iterator[list[str]]:
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_shape(line) for line in _edges(page)})
    usual = {s for s, n in seen.items() if len(pages) >= _FEWEST_PAGES and n > len(pages) / 2}
    for page in pages:
        edges = {id(line) for line in _edges(page)}
        yield [
            line
            for line in page
            if not (id(line) in edges and (_shape(line) in usual or _PAGE_NUMBER.fullmatch(line)))
        ]


def _edges(page: list[str]) -> list[str]:
    filled = [line for line in page if line.strip()]
    return filled[:_EDGE_LINES] + filled[_EDGE_LINES:][-_EDGE_LINES:]


def _shape(line: str) -> str:
    return _DIGITS.sub("#", " ".join(line.split()).casefold())


def _pages(document: Any) -> Iterator[list[str]]:
    left = _MOST_CHARACTERS
    for number in range(len(document)):
        page = document[number]
        text_page = page.get_textpage()
        text = str(text_page.get_text_range())
        text_page.close()
        page.close()
        left -= len(text)
        if left < 0:
            raise CorpusError("holds more than 64 million characters: split it")
        yield [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]


def _title(document: Any) -> str:
    return one_line(str(document.get_metadata_dict().get("Title") or ""))


def _refused(error: Exception) -> CorpusError:
    if "password" in str(error).casefold():
        return CorpusError("is protected by a password: save a copy without one")
    reason = " ".join(str(error).split())[:120]
    return CorpusError(f"is no PDF that can be read ({reason}): save it again")
