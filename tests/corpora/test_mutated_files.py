"""Mutated files of every format end in text or in a sentence: never a crash, never a silent wait.

A few of each in every run; the soak makes 10,000 of each format (``SSLSTUDIO_MUTATIONS`` says how
many) and prints, for each, how many were read, refused, and ended their child, and the slowest.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
import zstandard

from sslstudio.corpora.kinds import kind_of
from sslstudio.corpora.reading import documents_of, list_files, sound_files
from sslstudio.corpora.taking_in import process
from sslstudio.errors import CorpusError
from sslstudio.recipe import CorpusSource
from sslstudio.registry import catalogue
from tests.corpora.file_making import tarred, zipped

MANY = int(os.environ.get("SSLSTUDIO_MUTATIONS", "10000"))
FEW = 25
BATCH = 250
_DOCUMENTS = Path(__file__).parent / "readers" / "documents"
_TEXT = "# A heading\n\nOne line – 日本語.\nAnother, naïve line.\n\n\tAnd a last one.\n" * 3
_LINES = '{"text": "one, \\u00e9", "title": "t"}\n{"text": "two", "n": [1, {"a": null}]}\n' * 3
_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 2**63 - 1)


def _originals() -> dict[str, bytes]:
    """Return a small valid file of every extension that has one, and of every packing."""
    text, lines = _TEXT.encode(), _LINES.encode()
    members = {"a/b.txt": text, "c.jsonl": lines, "d.txt.gz": gzip.compress(text)}
    found = {
        "letters.txt": text,
        "letters.md": b"---\ntitle: x\n---\n" + text,
        "letters.jsonl": lines,
        "letters.py": text,
        "utf16.txt": _TEXT.encode("utf-16"),
        "letters.jsonl.gz": gzip.compress(lines),
        "letters.txt.zst": zstandard.ZstdCompressor().compress(text),
        "letters.txt.bz2": bz2.compress(text),
        "letters.txt.xz": lzma.compress(text),
        "letters.zip": zipped(members | {"e.zip": zipped(members)}),
        "letters.tar": tarred(members),
        "letters.tgz": gzip.compress(tarred(members)),
    }
    if _DOCUMENTS.is_dir():
        found |= {path.name: path.read_bytes() for path in sorted(_DOCUMENTS.iterdir())}
    return found


ORIGINALS = _originals()


def _mutated(data: bytes, random: Random) -> bytes:
    """Return ``data`` with one to eight wounds."""
    wounded = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 3, 8))):
        place = random.randrange(len(wounded) + 1)
        length = min(random.choice((1, 1, 2, 4, 16, 256)), len(wounded) - place)
        match random.randrange(7):
            case 0:
                wounded[place : place + length] = random.randbytes(length)
            case 1:
                del wounded[place : place + length]
            case 2:
                wounded[place:place] = random.randbytes(length)
            case 3:
                wounded[place:place] = wounded[place : place + length] * random.choice((1, 2, 50))
            case 4:
                number = random.choice(_NUMBERS).to_bytes(8, random.choice(("little", "big")))
                wounded[place : place + length] = number[:length]
            case 5:
                other = random.randrange(len(wounded) + 1)
                wounded[place:place] = wounded[other : other + length]
            case 6 if random.random() < 0.3:
                del wounded[place:]
        if not wounded:
            return b"\xff"
    return bytes(wounded)


def _mutated_inside(data: bytes, random: Random) -> bytes:
    """Return a zip file with one member mutated and every sum right, or a mutation of ``data``."""
    if not data.startswith(b"PK") or random.random() < 0.4:
        return _mutated(data, random)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        members = {name: file.read(name) for name in file.namelist()}
    wounded = random.choice([name for name, content in members.items() if content])
    members[wounded] = _mutated(members[wounded], random)
    return zipped(members)


class _Timed:
    """How long each file took, and the longest time in which nobody was told anything."""

    def __init__(self) -> None:
        self.slowest_s = self.silence_s = 0.0
        self._told_s = time.monotonic()

    def wrap(self, take: Any) -> Any:
        def timed(*arguments: Any) -> Any:
            began_s = time.monotonic()
            found = take(*arguments)
            self.slowest_s = max(self.slowest_s, time.monotonic() - began_s)
            return found

        return timed

    def begin(self) -> None:
        self._told_s = time.monotonic()

    def tick(self, _done: int, _total: int) -> None:
        now_s = time.monotonic()
        self.silence_s = max(self.silence_s, now_s - self._told_s)
        self._told_s = now_s


def _batches(name: str, count: int) -> Iterator[list[bytes]]:
    random = Random(name)
    while count > 0:
        size = min(count, BATCH)
        yield [_mutated_inside(ORIGINALS[name], random) for _ in range(size)]
        count -= size


def _fate(reason: str) -> str:
    has_died = reason.startswith(("made its reader fail", "was given up"))
    return "ended their child" if has_died else "refused"


def _try(
    name: str, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[dict[str, int], _Timed]:
    monkeypatch.setenv("SSLSTUDIO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(process, "_died_of", {})
    timed = _Timed()
    monkeypatch.setattr(process.TakingIn, "take", timed.wrap(process.TakingIn.take))
    fates = {"read": 0, "refused": 0, "ended their child": 0}
    suffix = name.partition(".")[2]
    for number, batch in enumerate(_batches(name, count)):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / f"0.{suffix}").write_bytes(ORIGINALS[name])  # one that is whole
        for place, data in enumerate(batch, start=1):
            (folder / f"{place}.{suffix}").write_bytes(data)
        source = CorpusSource(path=str(folder))
        timed.begin()
        listed = list_files(source)
        sound = sound_files(source, listed, cancelled=lambda: False, on_progress=timed.tick)
        for path, original in zip(sound.files, sound.originals, strict=True):
            _read_through(source, path, original)
        fates["read"] += len(sound.files) - 1
        refused = {s.path: s.reason for s in sound.skipped if "!" not in s.path}
        for unread in set(map(str, folder.iterdir())) - set(map(str, sound.originals)):
            assert "\n" not in refused[unread]
            fates[_fate(refused[unread])] += 1
    return fates, timed


def _read_through(source: CorpusSource, path: Path, original: Path) -> None:
    for document in documents_of(source, path, cancelled=lambda: False, on_skip=lambda _s: None):
        document.text.encode("utf-8")
        assert document.source.startswith(str(original))


@pytest.mark.parametrize("name", sorted(ORIGINALS))
def test_the_original_is_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(ORIGINALS[name])
    source = CorpusSource(path=str(path))
    sound = sound_files(source, list_files(source), cancelled=lambda: False)
    assert sound.originals == (path,)
    _read_through(source, sound.files[0], path)


@pytest.mark.parametrize("name", sorted(ORIGINALS))
def test_a_few_mutated_files_end_in_text_or_in_a_sentence(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fates, _ = _try(name, FEW, tmp_path, monkeypatch)
    assert sum(fates.values()) == FEW


@pytest.mark.slow
@pytest.mark.timeout(0)
@pytest.mark.parametrize("name", sorted(ORIGINALS))
def test_very_many_mutated_files_end_in_text_or_in_a_sentence(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    began_s = time.monotonic()
    fates, timed = _try(name, MANY, tmp_path, monkeypatch)
    told = ", ".join(f"{count} {fate}" for fate, count in fates.items())
    with capsys.disabled():
        os.write(
            1,
            f"\n{name}: {told}; slowest {timed.slowest_s:.2f} s, longest silence "
            f"{timed.silence_s:.2f} s, all {time.monotonic() - began_s:.0f} s\n".encode(),
        )
    assert sum(fates.values()) == MANY
    assert timed.silence_s < 2.0


def test_every_reader_has_a_file_that_is_mutated() -> None:
    if not _DOCUMENTS.is_dir():
        pytest.skip("needs the documents of the readers' tests")
    tried = {kind_of(name).reader.name for name in ORIGINALS}
    assert tried == set(catalogue("readers"))


def test_a_folder_of_nothing_but_broken_files_is_one_sentence(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.txt.gz").write_bytes(b"\xffnonsense")
    source = CorpusSource(path=str(tmp_path))
    listed = list_files(source)
    with pytest.raises(
        CorpusError, match=r"of 3 entries the first, 0\.txt\.gz, is not a gzip file"
    ):
        sound_files(source, listed, cancelled=lambda: False)
