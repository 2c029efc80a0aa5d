"""WARC: the pages of a web archive, one record each, with their address as title.

Answers that are HTML go through the same extraction as HTML files; plain text and the texts of WET
files are taken as they are. Everything else (pictures, requests, redirects) is left out. Streamed
by ``warcio``; a page is held up to 16 MiB. Costs some milliseconds a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from sslstudio.corpora.extraction.html_text import article, decoded_html
from sslstudio.corpora.extraction.tidy import one_line
from sslstudio.corpora.reader import InputFile, ReadOptions, Record
from sslstudio.errors import CorpusError
from sslstudio.registry import register

_LARGEST_BYTES = 16 * 2**20


@register("readers", "warc", extensions=(".warc", ".wet", ".arc"), version=1)
class WarcReader:
    """Reads web archives."""

    automatic: ClassVar[str] = "record"

    def records(
        self, file: InputFile, options: ReadOptions, report: Callable[[str], None]
    ) -> Iterator[Record]:
        """Yield the pages; see :class:`sslstudio.corpora.reader.Reader`."""
        from warcio.archiveiterator import ArchiveIterator

        total = broken = 0
        with file.open() as stream:
            entries = ArchiveIterator(stream, arc2warc=True)
            while True:
                try:
                    entry = next(entries, None)
                except Exception as error:  # the edge of a library: it raises many things
                    raise _broken(error) from error
                if entry is None:
                    break
                total += 1
                try:
                    record = _record(entry)
                except Exception:  # headers and chunks of one page may be anything
                    broken += 1
                    continue
                if record is not None:
                    yield record
        if broken:
            report(f"{broken} of {total} entries are damaged and left out")
        if not total:
            raise CorpusError("is no web archive: choose another file")


def _broken(error: Exception) -> CorpusError:
    reason = " ".join(str(error).split())[:120]
    return CorpusError(f"is no web archive that can be read to its end ({reason}): fetch it again")


def _record(entry: Any) -> Record | None:
    address = str(entry.rec_headers.get_header("WARC-Target-URI") or "")
    if entry.rec_type == "conversion":
        kind = str(entry.rec_headers.get_header("Content-Type") or "")
    elif entry.rec_type == "response" and entry.http_headers is not None:
        if not str(entry.http_headers.get_statuscode()).startswith("2"):
            return None
        kind = str(entry.http_headers.get_header("Content-Type") or "")
    else:
        return None
    is_html = "html" in kind
    if not is_html and not kind.startswith("text/plain"):
        return None
    data = entry.content_stream().read(_LARGEST_BYTES)
    if is_html:
        text, title = article(decoded_html(data))
    else:
        text, title = decoded_html(data), ""
    return Record(text, title or one_line(address)) if text and not text.isspace() else None
