"""Packed files, archives and foreign encodings give the documents that they give unpacked."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from sslstudio.corpora.document_index import DocumentIndex
from sslstudio.corpora.reading import Skipped, list_files, read_documents, sound_files
from sslstudio.corpora.taking_in import cache, process
from sslstudio.errors import Cancelled, CorpusError
from sslstudio.recipe import CorpusSource
from tests.corpora.file_making import PACKERS, documents_of, tarred, texts_of, written, zipped

TEXT = "  Títle\u2028of it\n\nFirst paragraph,\ntwo lines.\n\n\n\tSecond – 日本語.\n "


pytestmark = pytest.mark.usefixtures("nothing_taken_in")


def _never() -> bool:
    return False


@pytest.mark.parametrize("documents", ["auto", "file", "paragraph", "record", "\n\n\n"])
@pytest.mark.parametrize("suffix", sorted(PACKERS))
def test_a_compressed_text_reads_like_the_text(tmp_path: Path, suffix: str, documents: str) -> None:
    plain = written(tmp_path / "a.txt", TEXT)
    packed = written(tmp_path / f"a.txt{suffix}", PACKERS[suffix](TEXT.encode()))
    assert texts_of(packed, documents=documents) == texts_of(plain, documents=documents)
    assert {document.source for document in documents_of(packed)} == {str(packed)}


def test_streams_one_after_the_other_are_one(tmp_path: Path) -> None:
    for suffix, pack in PACKERS.items():
        twice = pack(b"one\n") + pack(b"two\n")
        assert texts_of(written(tmp_path / f"a.txt{suffix}", twice)) == ["one\ntwo\n"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_believed(tmp_path: Path, encoding: str) -> None:
    assert texts_of(written(tmp_path / "a.txt", TEXT.encode(encoding))) == [TEXT]
    lines = "\n".join(json.dumps({"text": t}, ensure_ascii=False) for t in ("é", "ü"))
    assert texts_of(written(tmp_path / "a.jsonl", lines.encode(encoding))) == ["é", "ü"]


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-16-be", "ISO-8859-15"])
def test_an_encoding_that_is_named_is_used(tmp_path: Path, encoding: str) -> None:
    text = "Straße, naïve, 10 €\r\nand more"
    path = written(tmp_path / "a.txt", text.encode(encoding))
    assert texts_of(path, encoding=encoding) == [text.replace("\r\n", "\n")]


def test_a_wrong_or_unknown_encoding_is_one_sentence(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", b"fine\nnot \x81\x8d fine")
    with pytest.raises(CorpusError, match=r"is not cp1252 at line 2, byte 9: choose another"):
        texts_of(path, encoding="windows-1252")
    with pytest.raises(CorpusError, match=r"no encoding named 'latin-11'; did you mean 'latin-1'"):
        texts_of(path, encoding="latin-11")
    for never in ("zlib", "rot13", "idna", "unicode-escape"):
        with pytest.raises(CorpusError, match="no encoding named"):
            texts_of(path, encoding=never)


def test_without_a_name_the_likely_encoding_is_said_and_not_used(tmp_path: Path) -> None:
    lines = "Die Straße führt über die Brücke nach Österreich.\nÄpfel, Öl und Übermut.\n" * 20
    path = written(tmp_path / "a.txt", lines.encode("windows-1252"))
    with pytest.raises(CorpusError, match=r"line 1, byte 8: set corpora.N.encoding .* perhaps"):
        texts_of(path)


def test_the_members_of_a_zip_are_named_as_a_person_would(tmp_path: Path) -> None:
    members: dict[str, bytes | str] = {
        "letters/b.txt": "bee",
        "c.jsonl": '{"text": "sea"}\n{"text": "see"}',
        "d.txt.gz": gzip.compress(b"dee"),
        "picture.png": b"\x89PNG",
        "__MACOSX/._b.txt": "no",
        "empty.txt": "",
    }
    path = written(tmp_path / "a.zip", zipped(members))
    skipped: list[Skipped] = []
    found = [(d.source, d.text) for d in documents_of(path, skipped)]
    assert found == [
        (f"{path}!letters/b.txt", "bee"),
        (f"{path}!c.jsonl", "sea"),
        (f"{path}!c.jsonl", "see"),
        (f"{path}!d.txt.gz", "dee"),
    ]
    reasons = {s.path.removeprefix(f"{path}!"): s.reason for s in skipped}
    assert set(reasons) == {"picture.png", "__MACOSX/._b.txt", "empty.txt"}
    assert "(.png)" in reasons["picture.png"]


@pytest.mark.parametrize("suffix", ["", *sorted(PACKERS)])
def test_tar_archives_are_read_in_any_packing(tmp_path: Path, suffix: str) -> None:
    data = tarred({"x/a.txt": "one", "b.md": "# Two\n\ntext"})
    packed = PACKERS[suffix](data) if suffix else data
    path = written(tmp_path / f"a.tar{suffix}", packed)
    assert [(d.source, d.heading) for d in documents_of(path)] == [
        (f"{path}!x/a.txt", "one"),
        (f"{path}!b.md", "Two"),
    ]


def test_archives_in_archives_are_read_to_a_depth(tmp_path: Path) -> None:
    def wrapped(depth: int) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as file:
            file.writestr("a.txt", f"depth {depth}")
            if depth < 5:
                file.writestr("in.zip", wrapped(depth + 1))
        return stream.getvalue()

    skipped: list[Skipped] = []
    path = written(tmp_path / "a.zip", wrapped(1))
    assert [d.text for d in documents_of(path, skipped)] == ["depth 1", "depth 2", "depth 3"]
    (left_out,) = skipped
    assert left_out.path == f"{path}!in.zip!in.zip!in.zip"
    assert "inside 3 others" in left_out.reason


def test_patterns_choose_in_folders_and_in_archives(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    written(folder / "a.txt", "a")
    written(folder / "drafts" / "b.txt", "b")
    written(folder / "c.md", "c")
    written(folder / "d.xyz", "d")
    written(folder.joinpath("e.zip"), zipped({"f.txt": "f", "drafts/g.txt": "g", "h.md": "h"}))
    assert texts_of(folder) == ["a", "c", "f", "g", "h", "b"]
    assert texts_of(folder, include=("*.txt",)) == ["a", "f", "g", "b"]
    assert texts_of(folder, exclude=("drafts",)) == ["a", "c", "f", "h"]
    assert texts_of(folder, exclude=("drafts/*", "*.zip")) == ["a", "c"]
    assert texts_of(folder, include=("*.xyz", "e.zip/*.md")) == ["d", "h"]
    assert texts_of(folder / "e.zip", include=("drafts/*",)) == ["g"]
    with pytest.raises(CorpusError, match="no file that include and exclude let through"):
        texts_of(folder, include=("*.rst",), exclude=("*.zip",))


def test_a_column_that_is_named_is_the_text(tmp_path: Path) -> None:
    records = [{"text": "no", "answer": "yes"}, {"text": "no", "answer": "also"}, {"text": "no"}]
    lines = "\n".join(map(json.dumps, records))
    skipped: list[Skipped] = []
    plain = written(tmp_path / "a.jsonl", lines)
    packed = written(tmp_path / "a.jsonl.gz", gzip.compress(lines.encode()))
    for path in (plain, packed):
        skipped.clear()
        assert [d.text for d in documents_of(path, skipped, column="answer")] == ["yes", "also"]
        (left_out,) = skipped
        assert "1 line is no JSON record with a text in the field 'answer'" in left_out.reason
        with pytest.raises(CorpusError, match=r"fields of a record are text, answer"):
            DocumentIndex(CorpusSource(path=str(packed), column="question"))


def test_what_was_taken_in_is_found_again_without_a_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path / "a.zip", zipped({"a.txt": "one", "b.bin": "two"}))
    skipped: list[Skipped] = []
    first = documents_of(path, skipped)
    monkeypatch.setattr(process, "_started", pytest.fail)
    again: list[Skipped] = []
    assert documents_of(path, again) == first
    assert again == skipped
    moved = path.rename(tmp_path / "moved.zip")
    again.clear()
    assert [d.source for d in documents_of(moved, again)] == [f"{moved}!a.txt"]
    assert again[0].path == f"{moved}!b.bin"


def test_a_changed_file_or_setting_is_taken_in_anew(tmp_path: Path) -> None:
    path = written(tmp_path / "a.zip", zipped({"a.txt": "one", "b.md": "two"}))
    assert texts_of(path) == ["one", "two"]
    assert texts_of(path, include=("*.md",)) == ["two"]
    written(path, zipped({"a.txt": "three"}))
    assert texts_of(path) == ["three"]


@pytest.mark.parametrize("harm", ["cut", "flip", "facts", "gone"])
def test_a_torn_cache_entry_counts_as_absent(tmp_path: Path, harm: str) -> None:
    path = written(tmp_path / "a.zip", zipped({"a.txt": "one"}))
    assert texts_of(path) == ["one"]
    (lines,) = cache.folder().glob("*.taken")
    if harm == "cut":
        lines.write_bytes(lines.read_bytes()[:-3])
    elif harm == "flip":
        lines.write_bytes(lines.read_bytes().replace(b"one", b"two"))
    elif harm == "facts":
        lines.with_suffix(".json").write_text("{")
    else:
        lines.unlink()
    assert texts_of(path) == ["one"]


def test_random_access_gives_what_reading_gives(tmp_path: Path) -> None:
    rows = "\n".join(json.dumps({"text": f"row {i}\n\nend {i}"}) for i in range(50))
    path = written(
        tmp_path / "a.zip", zipped({"a.txt": "x\n\ny\nz", "b.jsonl": rows, "c.md": "# C\n\nc"})
    )
    for documents in ("auto", "file", "paragraph", "record"):
        source = CorpusSource(path=str(path), documents=documents)
        index = DocumentIndex(source)
        expected = documents_of(path, documents=documents)
        assert [index[i] for i in reversed(range(len(index)))] == expected[::-1]
        assert index.find("END 7") == next(i for i, d in enumerate(expected) if "end 7" in d.text)


def test_the_hash_and_the_size_told_are_those_of_the_users_file(tmp_path: Path) -> None:
    import hashlib

    path = written(tmp_path / "a.txt.gz", gzip.compress(b"one"))
    source = CorpusSource(path=str(path))
    told: list[tuple[Path, str, int]] = []
    ticks: list[tuple[int, int]] = []
    sound = sound_files(
        source,
        list_files(source),
        cancelled=_never,
        on_file=lambda *facts: told.append(facts),
        on_progress=lambda *tick: ticks.append(tick),
    )
    size_bytes = path.stat().st_size
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert told == [(sound.files[0], digest, size_bytes)]
    assert sound.originals == (path,)
    assert ticks[-1] == (size_bytes, size_bytes)


def test_cancelling_ends_the_child(tmp_path: Path) -> None:
    path = written(tmp_path / "a.zip", zipped({f"{i}.txt": "one" for i in range(2000)}))
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 5

    source = CorpusSource(path=str(path))
    with pytest.raises(Cancelled):
        sound_files(source, list_files(source), cancelled=cancelled)
    assert not list(cache.folder().glob("*"))


def test_old_entries_are_swept_and_new_ones_are_not(tmp_path: Path) -> None:
    import os
    import time

    path = written(tmp_path / "a.zip", zipped({"a.txt": "one"}))
    texts_of(path)
    cache.sweep(kept_bytes=0)  # too much, but used today
    assert len(list(cache.folder().iterdir())) == 2
    for entry in cache.folder().iterdir():
        os.utime(entry, (time.time() - 40 * 86_400,) * 2)
    cache.sweep()
    assert not list(cache.folder().iterdir())


def test_a_hub_name_without_the_package_is_one_sentence() -> None:
    with pytest.raises(CorpusError, match=r"needs the package datasets, .*sslstudio\[hub\]"):
        list_files(CorpusSource(path="hub:a/b"))
    with pytest.raises(CorpusError, match="write hub:OWNER/NAME"):
        list_files(CorpusSource(path="hub:a b c/../d"))


def test_a_hub_set_is_streamed_through_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package of that name that knows one set, in place of a network."""
    written(
        tmp_path / "packages" / "datasets.py",
        "def load_dataset(path, config, split, streaming):\n"
        "    assert (path, config, split, streaming) == ('owner/name', 'part', 'train', True)\n"
        "    for i in range(3):\n"
        "        yield {'id': str(i), 'review': f'a review {i}', 'stars': i}\n",
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "packages"))
    monkeypatch.syspath_prepend(tmp_path / "packages")
    source = CorpusSource(path="hub:owner/name:part")
    documents = list(read_documents((source,), cancelled=_never, on_skip=lambda _s: None))
    assert [(d.source, d.text) for d in documents] == [
        ("hub:owner/name:part", f"a review {i}") for i in range(3)
    ]
    with pytest.raises(CorpusError, match="hub:owner/other cannot be fetched from the hub"):
        list_files(CorpusSource(path="hub:owner/other"))
