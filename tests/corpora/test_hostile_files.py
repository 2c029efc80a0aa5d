"""Hostile files end in one sentence and a skipped file, soon, and never in a crash."""

from __future__ import annotations

import gzip
import io
import json
import stat
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
import zstandard

from sslstudio.corpora.document_index import DocumentIndex
from sslstudio.corpora.kinds import kind_of
from sslstudio.corpora.long_json import top_level_texts
from sslstudio.corpora.reading import Skipped, list_files, read_documents, sound_files
from sslstudio.corpora.taking_in import process
from sslstudio.corpora.unpacking import FREE_BYTES
from sslstudio.errors import CorpusError
from sslstudio.recipe import CorpusSource

# a child whose readers misbehave as parsers of hostile files do
_CHILD = """
import os, sys, time
from sslstudio.corpora.reader import Record
from sslstudio.corpora.taking_in import child
from sslstudio.registry import register

class Reader:
    automatic = "record"

    def records(self, file, options, report):
        with file.open() as stream:
            word = stream.read().decode().strip()
        yield Record("a first record")
        if word == "abort":
            os.abort()
        if word == "exit":
            os._exit(0)
        if word == "loop":
            while True:
                pass
        if word == "sleep":
            time.sleep(1000)
        if word == "memory":
            yield Record(str(len(bytearray(2**40))))
        if word == "deep":
            json = lambda: json()
            json()
        if word == "raise":
            raise KeyError("of the library's own")
        if word == "print":
            print("{" * 1000)
            os.write(1, b"not an answer")
        if word == "endless":
            while True:
                yield Record("the same again " * 1000)
        yield Record("surrogate \\ud800, NUL \\0, separator \\u2028", title="a\\ntitle\\ud800")

register("readers", "odd", extensions=(".odd",), version=1)(Reader)
sys.exit(child.main())
"""


@pytest.fixture(autouse=True)
def _empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSLSTUDIO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(process, "_died_of", {})


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for archives whose members end in .odd, which a misbehaving reader takes."""
    script = _write(tmp_path / "child.py", _CHILD)
    monkeypatch.setattr(process, "_command", lambda: [sys.executable, "-P", str(script)])
    return tmp_path


def _read(path: Path, skipped: list[Skipped] | None = None, **options: Any) -> list[str]:
    source = CorpusSource(path=str(path), **options)
    on_skip = (lambda _s: None) if skipped is None else skipped.append
    documents = read_documents((source,), cancelled=lambda: False, on_skip=on_skip)
    return [document.text for document in documents]


def _write(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def _zip(path: Path, members: dict[str, bytes | str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return path


def _refusal(path: Path, **options: Any) -> str:
    with pytest.raises(CorpusError) as caught:
        _read(path, **options)
    sentence = str(caught.value)
    assert sentence.startswith(str(path))
    assert "\n" not in sentence
    return sentence


# -- readers that misbehave -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("abort", "made its reader fail"),
        ("exit", "made its reader fail"),
        ("loop", "was given up: reading it did not get on for 2 s"),
        ("memory", "takes more memory than one file is given"),
        ("deep", "is nested too deeply"),
        ("raise", "cannot be read (KeyError"),
        ("endless", "unpacks to more than"),
    ],
)
def test_whatever_a_parser_does_one_file_is_skipped(
    odd: Path, monkeypatch: pytest.MonkeyPatch, word: str, reason: str
) -> None:
    members: dict[str, bytes | str] = {"a.txt": "before", "b.odd": word, "c.txt": "behind"}
    path = _zip(odd / "a.zip", members)
    if word == "endless":  # more than the archive may hold is the archive's own fault
        assert reason in _refusal(path)
        return
    skipped: list[Skipped] = []
    assert _read(path, skipped) == ["before", "behind"]
    (left_out,) = skipped
    assert left_out.path == f"{path}!b.odd"
    assert left_out.reason.startswith(reason)


def test_a_child_that_waits_for_ever_is_ended(odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "STILL_S", 1.0)
    path = _zip(odd / "a.zip", {"a.txt": "before", "b.odd": "sleep"})
    skipped: list[Skipped] = []
    assert _read(path, skipped) == ["before"]
    assert skipped[0].reason.startswith("was given up: nothing moved for 1 s")


def test_progress_is_told_while_a_reader_does_not_get_on(odd: Path) -> None:
    path = _zip(odd / "a.zip", {"a.txt": "before", "b.odd": "loop"})
    source = CorpusSource(path=str(path))
    ticks: list[tuple[int, int]] = []
    sound_files(
        source,
        list_files(source),
        cancelled=lambda: False,
        on_progress=lambda *tick: ticks.append(tick),
    )
    assert len(ticks) > 10  # two seconds at ten a second


def test_a_file_that_killed_a_child_is_not_tried_again_by_this_process(
    odd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(process.MOST_DEATHS + 1):
        _write(odd / f"{number}.odd", "abort")
    members: dict[str, bytes | str] = {f"{i}.odd": "abort" for i in range(process.MOST_DEATHS + 1)}
    path = _zip(odd / "a.zip", members)
    refusal = _refusal(path)
    assert f"made its reader fail {process.MOST_DEATHS} times" in refusal
    monkeypatch.setattr(process, "_started", pytest.fail)
    assert _refusal(path) == refusal


def test_what_a_library_prints_is_not_taken_for_an_answer(odd: Path) -> None:
    path = _zip(odd / "a.zip", {"b.odd": "print"})
    assert _read(path)[0] == "a first record"


def test_odd_characters_are_mended_and_kept_on_one_line(odd: Path) -> None:
    path = _zip(odd / "a.zip", {"b.odd": "fine"})
    source = CorpusSource(path=str(path))
    index = DocumentIndex(source)
    assert index[1].text == "surrogate \ufffd, NUL \0, separator \u2028"
    assert index[1].title == "a title\ufffd"


# -- bombs ----------------------------------------------------------------------------------


def _gzip_bomb() -> bytes:
    return gzip.compress(b"a" * (2 * FREE_BYTES), 9)


def _zstd_bomb() -> bytes:
    return zstandard.ZstdCompressor(level=19).compress(b"a " * (4 * FREE_BYTES))


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_bomb_is_stopped(tmp_path: Path, suffix: str) -> None:
    bomb = _gzip_bomb() if suffix == ".gz" else _zstd_bomb()
    assert "unpacks to more than" in _refusal(_write(tmp_path / f"a.txt{suffix}", bomb))


def test_a_bomb_inside_archives_is_stopped(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as inner:
        for number in range(20):
            inner.writestr(f"{number}.txt", b"a " * 2**21)
    path = _zip(tmp_path / "a.zip", {f"{i}.zip": stream.getvalue() for i in range(10)})
    assert path.stat().st_size < 200_000
    assert "unpacks to more than" in _refusal(path)


def test_a_small_file_may_unpack_to_much(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.txt.gz", gzip.compress(b"a " * (FREE_BYTES // 8)))
    assert sum(map(len, _read(path))) == FREE_BYTES // 4


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
    assert _read(path, skipped) == ["text"]
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
    _write(path, bytes(data))
    skipped: list[Skipped] = []
    assert _read(path, skipped) == ["text"]
    assert ["link" in skipped[0].reason, "encrypted" in skipped[1].reason] == [True, True]


def test_names_that_a_screen_would_obey_are_shown_plainly(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", {"a.txt": "a", "\x1b[2J\n\u202e" + "b" * 500 + ".exe": "b"})
    skipped: list[Skipped] = []
    _read(path, skipped)
    assert skipped[0].path.isprintable()
    assert len(skipped[0].path) < len(str(path)) + 220


@pytest.mark.parametrize("suffix", [".zip", ".tar", ".tar.gz", ".txt.gz", ".txt.zst", ".txt.xz"])
def test_garbage_and_cut_files_are_one_sentence(tmp_path: Path, suffix: str) -> None:
    import bz2
    import lzma

    garbage = _write(tmp_path / f"garbage{suffix}", bytes(range(1, 256)) * 10)
    assert "get it again" in _refusal(garbage)
    text = b"".join(b"%d words\n" % i for i in range(5000))
    stream = io.BytesIO()
    if suffix == ".zip":
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("a.txt", text)
    else:
        with tarfile.open(fileobj=stream, mode="w") as tar:
            info = tarfile.TarInfo("a.txt")
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text))
    pack = {
        ".gz": gzip.compress,
        ".zst": zstandard.ZstdCompressor().compress,
        ".xz": lzma.compress,
        ".bz2": bz2.compress,
    }
    data = text if ".txt" in suffix else stream.getvalue()
    whole = pack.get(f".{suffix.rpartition('.')[2]}", bytes)(data)
    assert "".join(_read(_write(tmp_path / f"whole{suffix}", whole))) == text.decode()
    cut = _write(tmp_path / f"cut{suffix}", whole[: len(whole) // 2])
    assert "cut" in _refusal(cut)


def test_of_a_tar_that_is_cut_short_the_whole_members_are_read(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for name in ("a.txt", "b.txt"):
            info = tarfile.TarInfo(name)
            info.size = 4000
            tar.addfile(info, io.BytesIO(name.encode() * 800))
    path = _write(tmp_path / "a.tar", stream.getvalue()[:6000])
    skipped: list[Skipped] = []
    assert _read(path, skipped) == ["a.txt" * 800]
    assert any("ends too early" in s.reason or "damaged" in s.reason for s in skipped)


def test_a_damaged_member_is_taken_back_whole(tmp_path: Path) -> None:
    rows = b"\n".join(json.dumps({"text": f"row {i} " * 50}).encode() for i in range(5000))
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        file.writestr("a.txt", "before")
        file.writestr("b.jsonl", rows)
        file.writestr("c.txt", "behind")
    data = path.read_bytes()
    _write(path, data.replace(b"row 4999 row", b"row 9999 row"))
    skipped: list[Skipped] = []
    assert _read(path, skipped) == ["before", "behind"]
    assert "damaged" in skipped[0].reason


# -- text that is none, or too much ----------------------------------------------------------


def test_nul_bytes_in_packed_text_are_one_sentence(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.txt.gz", gzip.compress(b"ab\0c"))
    assert "is not text (a NUL byte at byte 2)" in _refusal(path)


def test_separators_that_only_unicode_knows_end_no_line(tmp_path: Path) -> None:
    text = "one\u2028still\u2029one\x85 and\x0b\x1e on\ntwo"
    line = json.dumps({"text": "a\u2028b"}, ensure_ascii=False)
    path = _zip(tmp_path / "a.zip", {"a.txt": text, "b.jsonl": line})
    assert _read(path, documents="record") == [*text.split("\n"), "a\u2028b"]


def test_a_line_of_100_megabytes_does_no_harm(tmp_path: Path) -> None:
    long = "words and " * (10 * 2**20)
    line = json.dumps({"id": 1, "other": [[], {"a": "]"}], "text": long})
    plain = _write(tmp_path / "a.jsonl", f'{{"text": "one"}}\n{line}\n{{"text": "two"}}\n')
    for path in (plain, _write(tmp_path / "a.txt", long)):
        texts = _read(path)
        assert max(map(len, texts)) <= 16 * 2**20
        whole = "".join(text for text in texts if len(text) > 3)
        assert whole == long


def test_a_long_line_of_brackets_is_no_record_and_makes_no_lists(tmp_path: Path) -> None:
    lines = ['{"text": "one", "x": ' + "[" * 200_000, '{"text": "two"}']
    lines.append('{"text": "three", "x": [' + "[]," * (3 * 2**20) + "[]]}")
    skipped: list[Skipped] = []
    assert _read(_write(tmp_path / "a.jsonl", "\n".join(lines)), skipped) == ["two"]
    assert skipped[0].reason.startswith("2 lines are no JSON records with a text")


@pytest.mark.parametrize(
    "value",
    [
        {},
        'a bare text " \\ \ud800',
        {"text": "é\n\u2028", "n": -1.5e3, "t": True, "none": None},
        {"a": {"b": ["}", {"c": '"]"'}], "d": []}, "text": "x", "a ": ""},
        {"": "empty name", "twice": "no"},
    ],
)
def test_long_records_give_the_texts_that_json_gives(value: object) -> None:
    expected = (
        {k: v for k, v in value.items() if isinstance(v, str)} if isinstance(value, dict) else value
    )
    for indent in (None, 2):
        assert top_level_texts(json.dumps(value, indent=indent)) == expected


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[]",
        "7",
        "{",
        '{"a"}',
        '{"a": }',
        '{"a": 1,}',
        '{"a": 1} x',
        '{"a": "',
        '{"a": [}',
        '"a',
    ],
)
def test_what_is_no_record_is_refused(line: str) -> None:
    with pytest.raises(ValueError):
        top_level_texts(line)


def test_kinds_are_told_by_name() -> None:
    kind = kind_of("A.CSV.GZ")
    assert (kind.compressions, kind.archive, kind.suffix) == (("gzip",), "", ".csv")
    kind = kind_of("a.tar.zst")
    assert (kind.compressions, kind.archive) == (("zstd",), "tar")
    assert kind_of("a.tgz").compressions == ("gzip",)
    assert kind_of("a.zip").archive == "zip"
    assert kind_of(".gz").compressions == ()
    assert kind_of("README").is_known
    assert not kind_of("a.png").is_known
