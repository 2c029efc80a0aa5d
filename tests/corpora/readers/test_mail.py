"""Messages as mail programs write them."""

from __future__ import annotations

import pytest

from tests.corpora.readers.in_memory import read

_FROM = b"From a@b Mon Jan  1 00:00:00 2024\n"


def _message(body: bytes, kind: str = "text/plain; charset=utf-8") -> bytes:
    return f"Subject: s\nContent-Type: {kind}\n\n".encode() + body


def _texts(mailbox: bytes) -> list[str]:
    return [record.text.strip() for record in read("a.mbox", mailbox)[0]]


def test_a_line_of_a_text_that_begins_with_from_is_no_message() -> None:
    body = b"One.\n\nFrom now on I will write\nmore.\n\n>From the tower.\n>>From him.\n\n"
    mailbox = _FROM + _message(body) + _FROM + _message(b"Two.\n")
    first = "One.\n\nFrom now on I will write\nmore.\n\nFrom the tower.\n>From him."
    assert _texts(mailbox) == [first, "Two."]
    assert _texts(mailbox.replace(b"\n", b"\r\n")) == [first.replace("\n", "\r\n"), "Two."]


def test_a_line_without_a_time_begins_a_message_where_a_header_follows() -> None:
    assert _texts(b"From nobody\n" + _message(b"One.\n\n") + b"From -\n" + _message(b"Two.")) == [
        "One.",
        "Two.",
    ]


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("text/html; charset=koi8-r", "<p>Привет".encode("koi8-r"), "Привет"),
        ("text/plain; charset=iso-2022-jp", "こんにちは".encode("iso2022_jp"), "こんにちは"),
        ("text/plain; charset=latin1", b"\x93caf\xe9\x94", "“café”"),
        ("text/plain; charset=idna", b"caf\xe9", "café"),
        ("text/plain", "naïve".encode(), "naïve"),
        (
            "text/plain; format=flowed",
            b"This is a \nlong line.\nshort\n> quoted \n> text\n>> deeper\n  indented\n-- \nme",
            "This is a long line.\nshort\n> quoted text\n>> deeper\n indented\n--\nme",
        ),
        ("text/plain; format=flowed; delsp=yes", "船は \n夜".encode(), "船は夜"),
    ],
)
def test_the_message_says_how_it_is_written(kind: str, body: bytes, text: str) -> None:
    records, _ = read("a.eml", _message(body, kind))
    assert [record.text for record in records] == [text]


def test_messages_without_text_are_counted() -> None:
    picture = _message(b"x", "image/png")
    records, reports = read("a.mbox", _FROM + picture + b"\n\n" + _FROM + _message(b"One."))
    assert len(records) == 1
    assert reports == ["1 of 2 messages hold no text"]
