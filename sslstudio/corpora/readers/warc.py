"""WARC: the pages of a web archive, one record each, with their address as title.

Answers that are HTML go through the same extraction as HTML files; plain text and the texts of WET
files are taken as they are. Everything else (pictures, requests, redirects) is left out. Streamed
by ``warcio``; a page is held up to 16 MiB. Costs some milliseconds a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email.message import Message
from typing import Any, ClassVar

from sslstudio.corpora.encodings import encoding_of_mark
from sslstudio.corpora.extraction.charsets import decoded
from sslstudio.corpora.extraction.html_text import article, decoded_html
from sslstudio.corpora.extraction.tidy import one_line
from sslstudio.corpora.reader import InputFile, ReadOptions, Record
from sslstudio.corpora.unpacking import brief
from sslstudio.errors import CorpusError
from sslstudio.registry import register

_LARGEST_BYTES = 16 * 2**20
_HEAD_BYTES = 4096
_PACKINGS = ("", "identity", "none", "gzip", "x-gzip", "deflate")


@register("readers", "warc", extensions=(".warc", ".wet", ".arc"), version=2)
class WarcReader:
    """Reads web archives."""

    automatic: ClassVar[str] = "record"

    def records(
        self, file: InputFile, options: ReadOptions, report: Callable[[str], None]
    ) -> Iterator[Record]:
        """Yield the pages; see :class:`sslstudio.corpora.reader.Reader`."""
        from warcio.archiveiterator import ArchiveIterator

        total = broken = 0
        last: Any = None
        with file.open() as stream:
            entries = ArchiveIterator(stream, arc2warc=True)
            while True:
                try:
                    entry = next(entries, None)
                except Exception as error:  # the edge of a library: it raises many things
                    raise _broken(error) from error
                if entry is None:
                    break
                last = entry
                total += 1
                try:
                    record = _record(entry)
                except Exception:  # headers and chunks of one page may be anything
                    broken += 1
                    continue
                if record is not None:
                    yield record
        if last is not None and getattr(last.raw_stream, "limit", 0) > 0:
            report("ends in the middle of a page: it was cut short, fetch it again")
        if broken:
            report(f"{broken} of {total} entries are damaged and left out")
        if not total:
            raise CorpusError("is no web archive: choose another file")


def _broken(error: Exception) -> CorpusError:
    from warcio.exceptions import ArchiveLoadFailed

    is_told = isinstance(error, ArchiveLoadFailed)
    reason = brief(error) if is_told else "damaged headers"
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
    message = Message()
    message["Content-Type"] = kind
    kind = message.get_content_type()
    if "html" not in kind and kind != "text/plain":
        return None
    charset = str(message.get_param("charset") or "")
    data = _content(entry)
    if b"\0" in data[:_HEAD_BYTES] and not encoding_of_mark(data[:4])[0]:
        raise ValueError("is no text, whatever the server says")
    if kind == "text/plain":
        text, title = decoded(data, charset), ""
    else:
        text, title = article(decoded_html(data, charset))
    return Record(text, title or one_line(address)) if text and not text.isspace() else None


def _content(entry: Any) -> bytes:
    """Return what the server sent, unpacked; at most 16 MiB of it.

    Raises:
        ValueError: it is packed in a way that is not known, such as Brotli.
    """
    headers = entry.http_headers
    packing = str(headers.get_header("Content-Encoding") or "") if headers is not None else ""
    packing = packing.strip().lower()
    if packing not in _PACKINGS:
        raise ValueError(f"packed in {packing}")
    parts, size = [], 0
    stream = entry.content_stream()
    while size < _LARGEST_BYTES and (part := stream.read(_LARGEST_BYTES - size)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)
