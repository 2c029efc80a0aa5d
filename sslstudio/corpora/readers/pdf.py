"""PDF: the text of the pages, put together as it was before it was laid out.

Letters come from PDFium (``pypdfium2``), in the order in which they are drawn (``pdf_lines``), and
become paragraphs (``pdf_paragraphs``). A file with fewer than 100 characters a page was most likely
scanned, which is reported; so are pages that are broken. Costs some milliseconds a page; holds the
lines of all pages, up to 64 million characters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from sslstudio.corpora.extraction.pdf_lines import Line, lines_of
from sslstudio.corpora.extraction.pdf_paragraphs import laid_back
from sslstudio.corpora.extraction.tidy import one_line
from sslstudio.corpora.reader import InputFile, ReadOptions, Record
from sslstudio.corpora.unpacking import brief
from sslstudio.errors import CorpusError
from sslstudio.registry import register

_MOST_CHARACTERS = 64_000_000
_MOST_BROKEN_PAGES = 100
_SCANNED_CHARACTERS = 100


@register("readers", "pdf", extensions=(".pdf",), version=2)
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
                pages, title = _pages(document, report), _title(document)
            except pypdfium2.PdfiumError as error:
                raise _refused(error) from error
            finally:
                document.close()
        characters = sum(len(line.text) for page in pages for line in page)
        if pages and characters < _SCANNED_CHARACTERS * len(pages):
            each = characters // len(pages)
            report(
                f"holds {each} characters a page: it was scanned, have its text recognised first"
            )
        text = laid_back(pages)
        if text:
            yield Record(text, title)


def _pages(document: Any, report: Callable[[str], None]) -> list[list[Line]]:
    import pypdfium2

    pages: list[list[Line]] = []
    broken, left = 0, _MOST_CHARACTERS
    for number in range(len(document)):
        try:
            page = document[number]
            lines = lines_of(page)
            page.close()
        except pypdfium2.PdfiumError:
            broken += 1
            if broken > _MOST_BROKEN_PAGES:  # a file may say that it has billions
                raise
            continue
        pages.append(lines)
        left -= sum(len(line.text) for line in lines)
        if left < 0:
            raise CorpusError("holds more than 64 million characters: split it")
    if broken:
        noun = "page is" if broken == 1 else "pages are"
        report(f"{broken} {noun} broken and left out")
    return pages


def _title(document: Any) -> str:
    return one_line(str(document.get_metadata_dict().get("Title") or ""))


def _refused(error: Exception) -> CorpusError:
    if "password" in str(error).casefold():
        return CorpusError("is protected by a password: save a copy without one")
    return CorpusError(f"is no PDF that can be read ({brief(error)}): save it again")
