"""Bytes with a declared charset are read as browsers read them."""

from __future__ import annotations

import pytest

from sslstudio.corpora.encodings import known_encodings
from sslstudio.corpora.extraction.charsets import decoded, meant_by


@pytest.mark.parametrize(
    ("label", "meant"),
    [
        ("ISO-8859-1", "cp1252"),
        ("us-ascii", "cp1252"),
        (' "Windows-1251"', "cp1251"),
        ("gb2312", "gb18030"),
        ("x-sjis", "cp932"),
        ("windows-31j", "cp932"),
        ("ks_c_5601-1987", "cp949"),
        ("utf-16", "utf_8"),
        ("utf-7", "utf_8"),
        ("idna", ""),
        ("hex", ""),
        ("no such", ""),
        ("auto", ""),
        ("", ""),
    ],
)
def test_labels_mean_what_browsers_take_them_for(label: str, meant: str) -> None:
    assert meant_by(label) == meant


def test_a_mark_comes_first_then_utf8_then_the_label() -> None:
    assert decoded(b"\xff\xfeh\0\xe9\0", "koi8-r") == "hé"
    assert decoded("привет".encode(), "koi8-r") == "привет"
    assert decoded("привет".encode("koi8-r"), "koi8-r") == "привет"
    assert decoded(b"\x93quoted\x94", "latin1") == "“quoted”"
    assert decoded(b"caf\xe9") == "café"


def test_encodings_of_seven_bits_are_not_taken_for_utf8() -> None:
    assert decoded("こんにちは".encode("iso2022_jp"), "ISO-2022-JP") == "こんにちは"


def test_nothing_fails_whatever_the_bytes_and_the_label() -> None:
    data = bytes(range(256)) + b"\x1b$B~\xff"
    for label in (*known_encodings(), "idna", "punycode", "undefined", "unicode_escape", "\0"):
        assert isinstance(decoded(data, label), str)
