"""E-mail: what people wrote, one record a message, its subject as title.

A mailbox (``.mbox``) is read forward, a message at a time; a message begins with a line "From " at
the beginning or behind a blank line (RFC 4155), with a time in it or a header behind it, for not
every program marks lines of a text that begin so. Of a message the plain text counts, or else the
text of its HTML; attachments do not. A message of more than 32 MiB loses its end, which only
attachments make so long. Costs some milliseconds a message.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Iterator
from email.message import EmailMessage, MIMEPart
from typing import BinaryIO, ClassVar

from sslstudio.corpora.extraction.charsets import decoded
from sslstudio.corpora.extraction.html_text import decoded_html, visible
from sslstudio.corpora.extraction.tidy import one_line
from sslstudio.corpora.reader import InputFile, ReadOptions, Record
from sslstudio.errors import CorpusError
from sslstudio.registry import register

_LARGEST_BYTES = 32 * 2**20
_LINE_BYTES = 2**16
_BEGIN = b"From "
_MARKED = re.compile(rb">+From ")
_TIME = re.compile(rb"\d\d?:\d\d")
_HEADER = re.compile(rb"[!-9;-~]{1,80}:[ \t]")


@register("readers", "mail", extensions=(".mbox", ".eml"), version=2)
class MailReader:
    """Reads mailboxes and single messages."""

    automatic: ClassVar[str] = "record"

    def records(
        self, file: InputFile, options: ReadOptions, report: Callable[[str], None]
    ) -> Iterator[Record]:
        """Yield the text of every message; see :class:`sslstudio.corpora.reader.Reader`."""
        with file.open() as stream:
            single = file.suffix == ".eml"
            messages = iter([stream.read(_LARGEST_BYTES)]) if single else _messages(stream)
            without = total = 0
            for data in messages:
                total += 1
                record = _record(data)
                if record is None:
                    without += 1
                else:
                    yield record
        if not total:
            raise CorpusError('is no mailbox (no line begins with "From "): choose another file')
        if without:
            report(f"{without} of {total} messages hold no text")


def _messages(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the bytes of each message of a mailbox, without its "From " line."""
    message: list[bytes] | None = None
    size = 0
    is_behind_blank, is_at_start = True, True
    line, following = stream.readline(_LINE_BYTES), b""
    while line:
        following = stream.readline(_LINE_BYTES)
        if is_at_start and is_behind_blank and _begins_message(line, following):
            if message is not None:
                yield b"".join(message)
            message, size = [], 0
        elif message is not None and size < _LARGEST_BYTES:
            # a line of a text that begins so was written with a mark before it
            is_marked = is_at_start and _MARKED.match(line)
            unmarked = line[1:] if is_marked else line
            message.append(unmarked)
            size += len(unmarked)
        is_behind_blank = is_at_start and line.strip(b"\r\n") == b""
        is_at_start = line.endswith(b"\n")
        line = following
    if message is not None:
        yield b"".join(message)


def _begins_message(line: bytes, following: bytes) -> bool:
    if not line.startswith(_BEGIN):
        return False
    return bool(_TIME.search(line[:200]) or _HEADER.match(following))


def _record(data: bytes) -> Record | None:
    """Return the text of one message, or None; the library raises many things over bad ones."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        text = _body(message)
        subject = one_line(str(message.get("subject", "")))
    except Exception:  # the edge of a library: any header or part may be malformed
        return None
    return Record(text, subject) if text and not text.isspace() else None


def _body(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    charset = part.get_content_charset("")
    if part.get_content_subtype() == "html":
        return visible(decoded_html(data, charset))[0]
    text = decoded(data, charset)
    return _unwrapped(text, part) if part.get_param("format") == "flowed" else text


def _unwrapped(text: str, part: MIMEPart) -> str:
    """Return ``text`` without the line ends that its writer did not make (RFC 3676)."""
    keeps_space = str(part.get_param("delsp", "no")).lower() != "yes"
    lines: list[str] = []
    is_open, depth_before = False, 0
    for line in text.replace("\r\n", "\n").split("\n"):
        unquoted = line.lstrip(">")
        depth = len(line) - len(unquoted)
        unquoted = unquoted.removeprefix(" ")
        if is_open and depth == depth_before:
            lines[-1] += unquoted
        else:
            lines.append(">" * depth + " " * bool(depth and unquoted) + unquoted)
        is_open, depth_before = unquoted.endswith(" ") and unquoted != "-- ", depth
        if is_open and not keeps_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(line.rstrip(" ") for line in lines)
