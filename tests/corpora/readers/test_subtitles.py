"""Subtitles as they are found."""

from __future__ import annotations

from tests.corpora.readers.in_memory import read


def _said(name: str, data: str) -> list[str]:
    records, _ = read(name, data.encode())
    return records[0].text.split("\n")


def test_captions_that_roll_up_are_said_once() -> None:
    rolling = (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nhello <c>there</c>\n\n"
        "00:02.000 --> 00:03.000\nhello there\nmy friend\n\n"
        "00:03.000 --> 00:04.000 align:start\nmy friend\nof old\n"
    )
    assert _said("a.vtt", rolling) == ["hello there", "my friend", "of old"]


def test_cues_need_no_blank_line_between_them() -> None:
    close = (
        "1\n00:00:01,000 --> 00:00:02,000\none\n2\n00:00:02,000 --> 00:00:03,000\n<i>two\n"
        "lines</i>\n\n3\n00:00:04,000 --> 00:00:05,000\n1984\n"
    )
    assert _said("a.srt", close) == ["one", "two lines", "1984"]


def test_pictures_notes_and_comments_are_not_said() -> None:
    events = (
        "[Events]\nFormat: Start, End, Text\n"
        "Dialogue: 0:00:01.00,0:00:02.00,{\\pos(1,2)}{a note}One, two\\Nthree\\hfour\n"
        "Dialogue: 0:00:01.00,0:00:02.00,{\\an7\\p1}m 0 0 l 1 1\n"
        "Comment: 0:00:01.00,0:00:02.00,no\n"
    )
    assert _said("a.ass", events) == ["One, two three four"]
