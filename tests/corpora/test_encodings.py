"""UTF-8 and byte-order marks are certain; anything else is suggested, shown, and never silent."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest

from sslstudio.corpora.encoding_guess import likely_encoding, suggest
from sslstudio.corpora.encodings import canonical, encoding_of_mark, utf8_stream
from sslstudio.errors import CorpusError

RUSSIAN = "Все люди рождаются свободными и равными в своём достоинстве и правах.\n" * 20
GERMAN = "Die Würde des Menschen ist unantastbar. Größe, Öl, Übermut und Äpfel.\n" * 20


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_names_its_encoding(encoding: str) -> None:
    name, length = encoding_of_mark("é".encode(encoding))
    assert name.startswith(encoding[:5])
    assert "é".encode(encoding)[length:].decode(name) == "é"


def test_text_without_a_mark_names_nothing() -> None:
    assert encoding_of_mark(b"plain") == ("", 0)
    assert encoding_of_mark(b"") == ("", 0)


def test_characters_are_whole_across_pieces() -> None:
    text = "日" * 200_000  # three bytes each: pieces end within characters
    for encoding in ("utf-8", "utf-16", "gb18030", "shift_jis"):
        asked = "auto" if encoding in ("utf-8", "utf-16") else encoding
        with utf8_stream(io.BytesIO(text.encode(encoding)), asked) as stream:
            assert stream.read().decode() == text


@pytest.mark.parametrize("place", [0, 5, 2**18 - 1, 2**18, 2**19 + 7])
def test_a_fault_is_named_by_line_and_byte(place: int) -> None:
    data = bytearray(b"ab\n" * 2**18)
    data[place : place + 1] = b"\xff"
    line = data[:place].count(b"\n") + 1
    with (
        utf8_stream(io.BytesIO(bytes(data))) as stream,
        pytest.raises(CorpusError, match=rf"at line {line}, byte {place}:"),
    ):
        stream.read()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("UTF8", "utf_8"), ("Windows-1252", "cp1252"), ("latin1", "latin_1"), (" auto ", "auto")],
)
def test_encodings_have_many_names(name: str, expected: str) -> None:
    assert canonical(name) == expected


@pytest.mark.parametrize("name", ["", "zlib", "base64", "rot13", "punycode", "undefined", "a\0b"])
def test_what_is_no_encoding_of_text_is_refused(name: str) -> None:
    with pytest.raises(CorpusError, match="no encoding named"):
        canonical(name)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(RUSSIAN, "windows-1251"), (RUSSIAN, "koi8-r"), (GERMAN, "windows-1252"), (GERMAN, "cp437")],
)
def test_among_the_suggestions_is_the_right_one(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"plain line\n" * 1000 + text.encode(encoding))
    found = suggest(path)
    assert found.path == path
    assert 0 < len(found.readings) <= 4
    assert found.encoding == found.readings[0].encoding
    right = text.partition("\n")[0]
    assert any(right in reading.lines for reading in found.readings)
    assert len({reading.lines for reading in found.readings}) == len(found.readings)
    assert "plain line" not in {line for r in found.readings for line in r.lines}


def test_what_is_suggested_can_be_set(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(GERMAN.encode("windows-1252"))
    readings = suggest(path).readings
    assert len(readings) > 1
    for reading in readings:
        assert canonical(reading.encoding) != "auto"
        with utf8_stream(path.open("rb"), reading.encoding) as stream:
            assert reading.lines[0] in stream.read().decode()


def test_utf8_needs_no_suggestion(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(GERMAN, encoding="utf-8")
    assert suggest(path).encoding == "utf-8"
    assert suggest(path).readings == ()
    (tmp_path / "b.txt").write_bytes(b"")
    assert suggest(tmp_path / "b.txt").encoding == "utf-8"


def test_a_folder_is_asked_by_its_first_foreign_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GERMAN, encoding="utf-8")
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "c.txt").write_bytes(RUSSIAN.encode("koi8-r"))
    (tmp_path / "d.png").write_bytes(b"\x89PNG\xff")
    assert suggest(tmp_path).path == tmp_path / "b" / "c.txt"


def test_a_compressed_file_is_looked_into(tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress(RUSSIAN.encode("windows-1251")))
    right = RUSSIAN.partition("\n")[0]
    assert any(right in reading.lines for reading in suggest(path).readings)
    path.write_bytes(b"no gzip at all")
    with pytest.raises(CorpusError, match="is not a gzip file"):
        suggest(path)
    assert likely_encoding(path) == ""


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="cannot be read"):
        suggest(tmp_path / "none.txt")
