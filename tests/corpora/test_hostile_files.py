"""Hostile files end in one sentence and a skipped file, soon, and never in a crash."""

from __future__ import annotations

import gzip
import io
import json
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest
import zstandard

from sslstudio.corpora.reading import Skipped
from sslstudio.corpora.unpacking import FREE_BYTES
from tests.corpora.file_making import PACKERS, refusal, tarred, texts_of, written, zipped

pytestmark = pytest.mark.usefixtures("nothing_taken_in")


# -- bombs ----------------------------------------------------------------------------------


def _gzip_bomb() -> bytes:
    return gzip.compress(b"a" * (2 * FREE_BYTES), 9)


def _zstd_bomb() -> bytes:
    return zstandard.ZstdCompressor(level=19).compress(b"a " * (4 * FREE_BYTES))


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_bomb_is_stopped(tmp_path: Path, suffix: str) -> None:
    bomb = _gzip_bomb() if suffix == ".gz" else _zstd_bomb()
    assert "unpacks to more than" in refusal(written(tmp_path / f"a.txt{suffix}", bomb))


def test_a_bomb_inside_archives_is_stopped(tmp_path: Path) -> None:
    inner = zipped({f"{number}.txt": b"a " * 2**21 for number in range(20)})
    path = written(tmp_path / "a.zip", zipped({f"{i}.zip": inner for i in range(10)}))
    assert path.stat().st_size < 200_000
    assert "unpacks to more than" in refusal(path)


def test_a_small_file_may_unpack_to_much(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt.gz", gzip.compress(b"a " * (FREE_BYTES // 8)))
    assert sum(map(len, texts_of(path))) == FREE_BYTES // 4


# -- names, links, and what else archives may hold -------------------------------------------


def test_names_that_escape_links_and_devices_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as file:
        for name in (
            "../up.txt",
            "/root.txt",
            "x/../../up.txt",
            "C:/up.txt",
            "good.txt",
            "good.txt",
        ):
            info = tarfile.TarInfo(name)
            info.size = 4
            file.addfile(info, io.BytesIO(b"text"))
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            info = tarfile.TarInfo(f"link{kind.decode()}.txt")
            info.type, info.linkname = kind, "/etc/passwd"
            file.addfile(info)
    skipped: list[Skipped] = []
    assert texts_of(path, skipped) == ["text"]
    reasons = [s.reason.partition(",")[0].partition(":")[0] for s in skipped]
    assert reasons.count("has a name that leads out of the archive") == 4
    assert reasons.count("is a link or a device") == 4
    assert reasons.count("comes more than once in the archive") == 1
    assert not (tmp_path.parent / "up.txt").exists()


def test_links_and_encrypted_members_of_a_zip_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as file:
        link = zipfile.ZipInfo("link.txt")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/passwd")
        file.writestr("a.txt", "text")
        file.writestr("secret.txt", "text")
    data = bytearray(path.read_bytes())
    place = data.rindex(b"PK\x01\x02")
    data[place + 8] |= 1  # the flag of encryption, in the directory
    written(path, bytes(data))
    skipped: list[Skipped] = []
    assert texts_of(path, skipped) == ["text"]
    assert ["link" in skipped[0].reason, "encrypted" in skipped[1].reason] == [True, True]


def test_names_that_a_screen_would_obey_are_shown_plainly(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.zip", zipped({"a.txt": "a", "\x1b[2J\n\u202e" + "b" * 500 + ".exe": "b"})
    )
    skipped: list[Skipped] = []
    texts_of(path, skipped)
    assert skipped[0].path.isprintable()
    assert len(skipped[0].path) < len(str(path)) + 220


@pytest.mark.parametrize("suffix", [".zip", ".tar", ".tar.gz", ".txt.gz", ".txt.zst", ".txt.xz"])
def test_garbage_and_cut_files_are_one_sentence(tmp_path: Path, suffix: str) -> None:

    garbage = written(tmp_path / f"garbage{suffix}", bytes(range(1, 256)) * 10)
    assert "get it again" in refusal(garbage)
    text = b"".join(b"%d words\n" % i for i in range(5000))
    archive = (zipped if suffix == ".zip" else tarred)({"a.txt": text})
    data = text if ".txt" in suffix else archive
    whole = PACKERS.get(f".{suffix.rpartition('.')[2]}", bytes)(data)
    assert "".join(texts_of(written(tmp_path / f"whole{suffix}", whole))) == text.decode()
    cut = written(tmp_path / f"cut{suffix}", whole[: len(whole) // 2])
    assert "cut" in refusal(cut)


def test_of_a_tar_that_is_cut_short_the_whole_members_are_read(tmp_path: Path) -> None:
    archive = tarred({name: name * 800 for name in ("a.txt", "b.txt")})
    path = written(tmp_path / "a.tar", archive[:6000])
    skipped: list[Skipped] = []
    assert texts_of(path, skipped) == ["a.txt" * 800]
    assert any("ends too early" in s.reason or "damaged" in s.reason for s in skipped)


def test_a_damaged_member_is_taken_back_whole(tmp_path: Path) -> None:
    rows = b"\n".join(json.dumps({"text": f"row {i} " * 50}).encode() for i in range(5000))
    members = {"a.txt": b"before", "b.jsonl": rows, "c.txt": b"behind"}
    archive = zipped(members, zipfile.ZIP_STORED)
    path = written(tmp_path / "a.zip", archive.replace(b"row 4999 row", b"row 9999 row"))
    skipped: list[Skipped] = []
    assert texts_of(path, skipped) == ["before", "behind"]
    assert "damaged" in skipped[0].reason


# -- text that is none, or too much ----------------------------------------------------------


def test_nul_bytes_in_packed_text_are_one_sentence(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt.gz", gzip.compress(b"ab\0c"))
    assert "is not text (a NUL byte at byte 2)" in refusal(path)


def test_separators_that_only_unicode_knows_end_no_line(tmp_path: Path) -> None:
    text = "one\u2028still\u2029one\x85 and\x0b\x1e on\ntwo"
    line = json.dumps({"text": "a\u2028b"}, ensure_ascii=False)
    path = written(tmp_path / "a.zip", zipped({"a.txt": text, "b.jsonl": line}))
    assert texts_of(path, documents="record") == [*text.split("\n"), "a\u2028b"]


def test_a_line_of_100_megabytes_does_no_harm(tmp_path: Path) -> None:
    long = "words and " * (10 * 2**20)
    line = json.dumps({"id": 1, "other": [[], {"a": "]"}], "text": long})
    plain = written(tmp_path / "a.jsonl", f'{{"text": "one"}}\n{line}\n{{"text": "two"}}\n')
    for path in (plain, written(tmp_path / "a.txt", long)):
        texts = texts_of(path)
        assert max(map(len, texts)) <= 16 * 2**20
        whole = "".join(text for text in texts if len(text) > 3)
        assert whole == long


def test_a_long_line_of_brackets_is_no_record_and_makes_no_lists(tmp_path: Path) -> None:
    lines = ['{"text": "one", "x": ' + "[" * 200_000, '{"text": "two"}']
    lines.append('{"text": "three", "x": [' + "[]," * (3 * 2**20) + "[]]}")
    skipped: list[Skipped] = []
    assert texts_of(written(tmp_path / "a.jsonl", "\n".join(lines)), skipped) == ["two"]
    assert skipped[0].reason.startswith("2 lines are no JSON records with a text")
