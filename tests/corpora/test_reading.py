"""Files, folders and globs become documents; what cannot be read says why, and where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sslstudio.corpora.inspection import inspect_file
from sslstudio.corpora.reading import Skipped, list_files, read_documents
from sslstudio.errors import Cancelled, CorpusError
from sslstudio.recipe import CorpusSource
from tests.corpora.file_making import documents_of, texts_of, written


def test_a_text_file_is_one_document_kept_exactly(tmp_path: Path) -> None:
    text = "  First\u2028line \x85 and \x0b\x1c more\n\n\n\tlast "
    assert texts_of(written(tmp_path / "a.txt", text)) == [text]


def test_byte_order_mark_and_foreign_line_ends_go(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", b"\xef\xbb\xbfone\r\ntwo\rthree\n\xef\xbb\xbf")
    (document,) = documents_of(path)
    assert document.text == "one\ntwo\nthree\n\ufeff"
    assert document.offset == 3


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_paragraphs_end_at_blank_lines_only(tmp_path: Path, newline: str) -> None:
    text = "a\nb\u2028c\n \t\n\n  d\ne\n\n".replace("\n", newline)
    assert texts_of(written(tmp_path / "a.txt", text), documents="paragraph") == [
        "a\nb\u2028c",
        "  d\ne",
    ]


def test_a_line_is_a_record_of_plain_text(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", "one\u2028still one\r\n\r\ntwo\n")
    assert texts_of(path, documents="record") == ["one\u2028still one", "two"]


def test_a_separator_of_ones_own_fits_any_line_end(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", "one\r\n---\r\ntwo\n---\nthree -- and")
    assert texts_of(path, documents="\n---\n") == ["one", "two", "three -- and"]


def test_offsets_are_where_the_documents_begin(tmp_path: Path) -> None:
    content = "é日\n\nsecond\r\n\r\nthird".encode()
    documents = documents_of(written(tmp_path / "a.txt", content), documents="paragraph")
    # é takes two bytes and 日 three, and a line end here one byte or two
    assert [(d.offset, d.text) for d in documents] == [(0, "é日"), (7, "second"), (17, "third")]


def test_delimiters_across_chunks_are_found(tmp_path: Path) -> None:
    # a chunk is 2**20 bytes: the blank line begins in one and ends in the next
    first = "x" * (2**20 - 1)
    assert texts_of(written(tmp_path / "a.txt", f"{first}\n\nb"), documents="paragraph") == [
        first,
        "b",
    ]
    assert texts_of(written(tmp_path / "b.txt", f"{first}\r\n\r\nb"), documents="paragraph") == [
        first,
        "b",
    ]


def test_a_huge_line_is_cut_between_characters_and_nothing_is_lost(tmp_path: Path) -> None:
    text = "日本" * (6 * 2**20)  # 36 MB without a line end or a space
    documents = documents_of(written(tmp_path / "a.txt", text), documents="paragraph")
    assert len(documents) == 3
    assert "".join(d.text for d in documents) == text


def test_json_lines_guess_the_field(tmp_path: Path) -> None:
    records = [
        {"id": "7", "body": "the body\r\nof it", "title": "A title"},
        {"body": "next", "text": "not this: the file's field is body"},
        {"kind": "short", "remark": "a first long string of more than forty characters"},
        "a bare text",
    ]
    path = written(tmp_path / "a.jsonl", "\n".join(json.dumps(r) for r in records))
    documents = documents_of(path)
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
    documents = documents_of(written(tmp_path / "a.jsonl", "\n".join(lines)), skipped=skipped)
    assert [d.text for d in documents] == ["one \ufffd"]
    (left_out,) = skipped
    assert "3 lines" in left_out.reason
    assert "line 3" in left_out.reason


def test_markdown_loses_its_front_matter_and_is_called_by_its_heading(tmp_path: Path) -> None:
    path = written(tmp_path / "a.md", "---\ntitle: x\ntags:\n  - y\n---\n# The *head*\n\nBody\n")
    (document,) = documents_of(path)
    assert document.text == "# The *head*\n\nBody\n"
    assert document.heading == "The *head*"
    rule = "---\nnot front matter, a sentence\n---\n"
    assert texts_of(written(tmp_path / "b.md", rule)) == [rule]


def test_a_folder_is_read_in_order_and_says_what_it_skips(tmp_path: Path) -> None:
    written(tmp_path / "b.txt", "b")
    written(tmp_path / "a" / "c.md", "c")
    written(tmp_path / "d.jsonl", '{"text": "d"}')
    written(tmp_path / "e.pdf", "%PDF")
    written(tmp_path / "f.txt", "")
    written(tmp_path / "g.txt", b"a\0b")
    written(tmp_path / "h.txt", b"fine\nnot \xff fine")
    written(tmp_path / ".git" / "i.txt", "i")
    skipped: list[Skipped] = []
    assert [d.text for d in documents_of(tmp_path, skipped=skipped)] == ["b", "d", "c"]
    reasons = {Path(s.path).name: s.reason for s in skipped}
    assert set(reasons) == {"e.pdf", "f.txt", "g.txt", "h.txt", ".git"}
    assert "line 2, byte 9" in reasons["h.txt"]


def test_a_glob_reads_any_extension(tmp_path: Path) -> None:
    written(tmp_path / "a.py", "print()")
    written(tmp_path / "deep" / "b.py", "pass")
    assert texts_of(tmp_path / "**" / "*.py") == ["print()", "pass"]
    with pytest.raises(CorpusError, match="holds no files"):
        texts_of(tmp_path / "*.rs")


def test_a_name_with_brackets_is_a_file_before_it_is_a_glob(tmp_path: Path) -> None:
    assert texts_of(written(tmp_path / "a [1].txt", "x")) == ["x"]


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
        texts_of(written(tmp_path / "a.txt", content))
    assert str(tmp_path / "a.txt") in str(raised.value)
    assert "\n" not in str(raised.value)


def test_missing_files_and_empty_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="does not exist"):
        list_files(CorpusSource(path=str(tmp_path / "none.txt")))
    with pytest.raises(CorpusError, match="holds no files"):
        list_files(CorpusSource(path=str(tmp_path)))
    written(tmp_path / "a.txt", "")
    with pytest.raises(CorpusError, match=r"holds no text.*a\.txt, is empty"):
        list_files(CorpusSource(path=str(tmp_path)))


def test_cancel_is_heard(tmp_path: Path) -> None:
    source = CorpusSource(path=str(written(tmp_path / "a.txt", "x")))
    with pytest.raises(Cancelled):
        list(read_documents((source,), cancelled=lambda: True, on_skip=lambda _s: None))


def test_a_changed_file_is_inspected_again(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", b"a" * 2**20)
    first = inspect_file(path, lambda: False)
    assert first == inspect_file(path, lambda: False)
    written(path, b"b" * 2**20)
    assert inspect_file(path, lambda: False).sha256 != first.sha256
