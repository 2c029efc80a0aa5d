"""Web archives with what servers really send."""

from __future__ import annotations

import gzip
import zlib

from tests.corpora.readers.in_memory import read

_WORDS = "".join(f"<p>Русский моряк {number}</p>" for number in range(2000))
_PAGE = f"<html><title>T</title><body>{_WORDS}</body></html>".encode("cp1251")


def _archive(*answers: tuple[dict[str, str], bytes]) -> bytes:
    """Return an archive of ``answers`` as ISO 28500 has it."""
    entries = []
    for number, (headers, body) in enumerate(answers):
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        answer = f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode() + body
        head = (
            "WARC/1.0\r\nWARC-Type: response\r\n"
            f"WARC-Target-URI: http://example.org/{number}\r\n"
            "Content-Type: application/http; msgtype=response\r\n"
            f"Content-Length: {len(answer)}\r\n\r\n"
        )
        entries.append(head.encode() + answer + b"\r\n\r\n")
    return b"".join(entries)


def _chunked(body: bytes) -> bytes:
    pieces = (body[first : first + 999] for first in range(0, len(body), 999))
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def test_pages_are_whole_however_they_were_sent() -> None:
    kind = {"Content-Type": "Text/HTML; charset=windows-1251"}
    records, reports = read(
        "a.warc",
        _archive(
            (kind, _PAGE),
            (kind | {"Transfer-Encoding": "chunked"}, _chunked(_PAGE)),
            (kind | {"Content-Encoding": "gzip"}, gzip.compress(_PAGE)),
            (kind | {"Content-Encoding": "deflate"}, zlib.compress(_PAGE)),
        ),
    )
    assert not reports
    assert len(records) == 4
    for record in records:
        assert record.title == "T"
        assert record.text.startswith("Русский моряк 0\n\nРусский моряк 1\n")
        assert record.text.endswith("\n\nРусский моряк 1999")


def test_what_is_no_text_is_counted_whatever_the_server_says() -> None:
    html = {"Content-Type": "text/html"}
    records, reports = read(
        "a.warc",
        _archive(
            (html | {"Content-Encoding": "br"}, b"\x8b\x05\x80abc\x03"),
            (html, gzip.compress(bytes(1000))),
            ({"Content-Type": "text/plain"}, b"caf\xe9"),
            ({"Content-Type": "image/png"}, b"\x89PNG"),
        ),
    )
    assert [record.text for record in records] == ["café"]
    assert reports == ["2 of 4 entries are damaged and left out"]


def test_an_archive_that_was_cut_short_says_so() -> None:
    archive = _archive(({"Content-Type": "text/html"}, b"<p>One two three four five"))
    records, reports = read("a.warc", archive[:-10])
    assert [record.text for record in records] == ["One two three fou"]
    assert reports == ["ends in the middle of a page: it was cut short, fetch it again"]


def test_a_page_that_swells_without_end_is_cut() -> None:
    swollen = gzip.compress(b"<p>more " * 5_000_000)
    headers = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
    records, _ = read("a.warc", _archive((headers, swollen)))
    assert len(records[0].text) < 16 * 2**20
