"""E-mail: what people wrote, one record a message, its subject as title.

A mailbox (``.mbox``) is read forward, a message at a time; a message begins with a line "From " at
the beginning or behind a blank line (RFC 4155). Of a message the plain text counts, or else the
text of its HTML; attachments do not. A message of more than 32 MiB loses its end, which only
attachments make so long. Costs some milliseconds a message.
"""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import BinaryIO, ClassVar

from sslstudio.corpora.extraction.html_text import decoded_html, visible
from sslstudio.corpora.extraction.tidy import one_line
from sslstudio.corpora.reader import InputFile, ReadOptions, Record
from sslstudio.errors import CorpusError
from sslstudio.registry import register

_LARGEST_BYTES = 32 * 2**20
_LINE_BYTES = 2**16
_BEGIN = b"From "


@register("readers", "mail", extensions=(".mbox", ".eml"), version=1)
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
    while line := stream.readline(_LINE_BYTES):
        if is_at_start and is_behind_blank and line.startswith(_BEGIN):
            if message is not None:
                yield b"".join(message)
            message, size = [], 0
        elif message is not None and size < _LARGEST_BYTES:
            # a line of a text that begins so was written with a mark before it
            unmarked = line[1:] if line.lstrip(b">").startswith(_BEGIN) and is_at_start else line
            message.append(unmarked)
            size += len(unmarked)
        is_behind_blank = is_at_start and line.strip(b"\r\n") == b""
        is_at_start = line.endswith(b"\n")
    if message is not None:
        yield b"".join(message)


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
    if part.get_content_subtype() == "html":
        return visible(decoded_html(data))[0]
    charset = part.get_content_charset("utf-8")
    try:
        return data.decode(charset)
    except (LookupError, ValueError):
        return data.decode("utf-8", "replace")
