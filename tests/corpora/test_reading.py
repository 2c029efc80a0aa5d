"""Files, folders and globs become documents; what cannot be read says why, and where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sslstudio.corpora.document import Document
from sslstudio.corpora.inspection import inspect_file
from sslstudio.corpora.reading import Skipped, list_files, read_documents
from sslstudio.errors import Cancelled, CorpusError
from sslstudio.recipe import CorpusSource


def _read(
    path: Path | str, documents: str = "auto", skipped: list[Skipped] | None = None
) -> list[Document]:
    source = CorpusSource(path=str(path), documents=documents)
    on_skip = (lambda _s: None) if skipped is None else skipped.append
    return list(read_documents((source,), cancelled=lambda: False, on_skip=on_skip))


def _texts(path: Path | str, documents: str = "auto") -> list[str]:
    return [document.text for document in _read(path, documents)]


def _write(path: Path, content: bytes | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def test_a_text_file_is_one_document_kept_exactly(tmp_path: Path) -> None:
    text = "  First\u2028line \x85 and \x0b\x1c more\n\n\n\tlast "
    assert _texts(_write(tmp_path / "a.txt", text)) == [text]


def test_byte_order_mark_and_foreign_line_ends_go(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.txt", b"\xef\xbb\xbfone\r\ntwo\rthree\n\xef\xbb\xbf")
    (document,) = _read(path)
    assert document.text == "one\ntwo\nthree\n\ufeff"
    assert document.offset == 3


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_paragraphs_end_at_blank_lines_only(tmp_path: Path, newline: str) -> None:
    text = "a\nb\u2028c\n \t\n\n  d\ne\n\n".replace("\n", newline)
    assert _texts(_write(tmp_path / "a.txt", text), "paragraph") == ["a\nb\u2028c", "  d\ne"]


def test_a_line_is_a_record_of_plain_text(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.txt", "one\u2028still one\r\n\r\ntwo\n")
    assert _texts(path, "record") == ["one\u2028still one", "two"]


def test_a_separator_of_ones_own_fits_any_line_end(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.txt", "one\r\n---\r\ntwo\n---\nthree -- and")
    assert _texts(path, "\n---\n") == ["one", "two", "three -- and"]


def test_offsets_are_where_the_documents_begin(tmp_path: Path) -> None:
    content = "é日\n\nsecond\r\n\r\nthird".encode()
    for document in _read(_write(tmp_path / "a.txt", content), "paragraph"):
        assert content[document.offset :].startswith(document.text.encode())


def test_delimiters_across_chunks_are_found(tmp_path: Path) -> None:
    # a chunk is 2**20 bytes: the blank line begins in one and ends in the next
    first = "x" * (2**20 - 1)
    assert _texts(_write(tmp_path / "a.txt", f"{first}\n\nb"), "paragraph") == [first, "b"]
    assert _texts(_write(tmp_path / "b.txt", f"{first}\r\n\r\nb"), "paragraph") == [first, "b"]


def test_a_huge_line_is_cut_between_characters_and_nothing_is_lost(tmp_path: Path) -> None:
    text = "日本" * (6 * 2**20)  # 36 MB without a line end or a space
    documents = _read(_write(tmp_path / "a.txt", text), "paragraph")
    assert len(documents) == 3
    assert "".join(d.text for d in documents) == text


def test_json_lines_guess_the_field(tmp_path: Path) -> None:
    records = [
        {"id": "7", "body": "the body\r\nof it", "title": "A title"},
        {"body": "next", "text": "not this: the file's field is body"},
        {"kind": "short", "remark": "a first long string of more than forty characters"},
        "a bare text",
    ]
    path = _write(tmp_path / "a.jsonl", "\n".join(json.dumps(r) for r in records))
    documents = _read(path)
    assert [d.text for d in documents] == [
        "the body\nof it",
        "next",
        "a first long string of more than forty characters",
        "a bare text",
    ]
    assert documents[0].heading == "A title"


def test_bad_records_are_reported_and_the_rest_is_read(tmp_path: Path) -> None:
    lines = ['{"text": "one \\ud800"}', "", "nonsense", '{"text": 3}', '{"text": "torn']
    skipped: list[Skipped] = []
    documents = _read(_write(tmp_path / "a.jsonl", "\n".join(lines)), skipped=skipped)
    assert [d.text for d in documents] == ["one \ufffd"]
    (left_out,) = skipped
    assert "3 lines" in left_out.reason
    assert "line 3" in left_out.reason


def test_markdown_loses_its_front_matter_and_is_called_by_its_heading(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.md", "---\ntitle: x\ntags:\n  - y\n---\n# The *head*\n\nBody\n")
    (document,) = _read(path)
    assert document.text == "# The *head*\n\nBody\n"
    assert document.heading == "The *head*"
    rule = "---\nnot front matter, a sentence\n---\n"
    assert _texts(_write(tmp_path / "b.md", rule)) == [rule]


def test_a_folder_is_read_in_order_and_says_what_it_skips(tmp_path: Path) -> None:
    _write(tmp_path / "b.txt", "b")
    _write(tmp_path / "a" / "c.md", "c")
    _write(tmp_path / "d.jsonl", '{"text": "d"}')
    _write(tmp_path / "e.pdf", "%PDF")
    _write(tmp_path / "f.txt", "")
    _write(tmp_path / "g.txt", b"a\0b")
    _write(tmp_path / "h.txt", b"fine\nnot \xff fine")
    _write(tmp_path / ".git" / "i.txt", "i")
    skipped: list[Skipped] = []
    assert [d.text for d in _read(tmp_path, skipped=skipped)] == ["b", "d", "c"]
    reasons = {Path(s.path).name: s.reason for s in skipped}
    assert set(reasons) == {"e.pdf", "f.txt", "g.txt", "h.txt", ".git"}
    assert "line 2, byte 9" in reasons["h.txt"]


def test_a_glob_reads_any_extension(tmp_path: Path) -> None:
    _write(tmp_path / "a.py", "print()")
    _write(tmp_path / "deep" / "b.py", "pass")
    assert _texts(tmp_path / "**" / "*.py") == ["print()", "pass"]
    with pytest.raises(CorpusError, match="holds no files"):
        _texts(tmp_path / "*.rs")


def test_a_name_with_brackets_is_a_file_before_it_is_a_glob(tmp_path: Path) -> None:
    assert _texts(_write(tmp_path / "a [1].txt", "x")) == ["x"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"ab\0", "NUL byte at byte 2"),
        ("hé\ud800".encode("utf-16", "surrogatepass"), "not utf-16-le at line 1, byte 6"),
        (b"one\ntw\xe9\nthree", "line 2, byte 6"),
        (b"one\ntwo\xe6\x97", "line 2, byte 7"),
        (b"a\n" * 2**20 + b"\xff", "line 1048577, byte 2097152"),
        (b"x" * (2**20 - 1) + b"\xe6\x97x", "line 1, byte 1048575"),
    ],
)
def test_a_broken_file_named_directly_is_one_sentence(
    tmp_path: Path, content: bytes, words: str
) -> None:
    with pytest.raises(CorpusError, match=words) as raised:
        _texts(_write(tmp_path / "a.txt", content))
    assert str(tmp_path / "a.txt") in str(raised.value)
    assert "\n" not in str(raised.value)


def test_missing_files_and_empty_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="does not exist"):
        list_files(CorpusSource(path=str(tmp_path / "none.txt")))
    with pytest.raises(CorpusError, match="holds no files"):
        list_files(CorpusSource(path=str(tmp_path)))
    _write(tmp_path / "a.txt", "")
    with pytest.raises(CorpusError, match=r"holds no text.*a\.txt, is empty"):
        list_files(CorpusSource(path=str(tmp_path)))


def test_cancel_is_heard(tmp_path: Path) -> None:
    source = CorpusSource(path=str(_write(tmp_path / "a.txt", "x")))
    with pytest.raises(Cancelled):
        list(read_documents((source,), cancelled=lambda: True, on_skip=lambda _s: None))


def test_a_changed_file_is_inspected_again(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.txt", b"a" * 2**20)
    first = inspect_file(path, lambda: False)
    assert first == inspect_file(path, lambda: False)
    _write(path, b"b" * 2**20)
    assert inspect_file(path, lambda: False).sha256 != first.sha256
