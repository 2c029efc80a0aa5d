"""The figures of the Corpora page, by hand; documents by number are the documents read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sslstudio.corpora.overview import DocumentIndex, overview
from sslstudio.corpora.reading import read_documents
from sslstudio.errors import Cancelled, CorpusError
from sslstudio.recipe import CorpusSource


def _folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text("\ufeffOne é.\n\nTwo words\n\n  three", "utf-8")
    records = [{"body": "x\n\ny"}, {"text": "not this", "body": "z"}, {"body": "Zwei\n\nDREI"}]
    (tmp_path / "b.jsonl").write_text("\n".join(json.dumps(r) for r in records), "utf-8")
    (tmp_path / "c.md").write_text("---\nk: v\n---\n# Head\n\nBody", "utf-8")
    (tmp_path / "d.pdf").write_bytes(b"%PDF")
    return tmp_path


def test_the_figures_are_counted(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("One é.\n\nTwo words here\n\n\n\n日", "utf-8")
    facts = overview(CorpusSource(path=str(tmp_path / "a.txt"), documents="paragraph"))
    assert (facts.documents, facts.words) == (3, 6)
    assert (facts.characters, facts.bytes) == (6 + 14 + 1, 7 + 14 + 3)
    assert (facts.lengths.p50, facts.lengths.max) == (6.0, 14)
    assert sum(facts.histogram.counts) == 3
    assert (facts.histogram.edges[0], facts.histogram.edges[-1]) == (1.0, 14.0)
    assert len(facts.histogram.edges) == len(facts.histogram.counts) + 1
    assert facts.titles == ("One é.", "Two words here", "日")


def test_one_document_has_a_histogram_too(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", "utf-8")
    facts = overview(CorpusSource(path=str(tmp_path / "a.txt")))
    assert sum(facts.histogram.counts) == 1


def test_skips_are_told_and_emptiness_is_an_error(tmp_path: Path) -> None:
    facts = overview(CorpusSource(path=str(_folder(tmp_path))))
    assert [Path(s.path).name for s in facts.skipped] == ["d.pdf"]
    (tmp_path / "blank.txt").write_text(" \n", "utf-8")
    with pytest.raises(CorpusError, match="not blank"):
        overview(CorpusSource(path=str(tmp_path / "blank.txt")))
    with pytest.raises(Cancelled):
        overview(CorpusSource(path=str(tmp_path)), lambda: True)


@pytest.mark.parametrize("documents", ["auto", "file", "paragraph", "record", "\n\n"])
def test_documents_by_number_are_those_that_are_read(tmp_path: Path, documents: str) -> None:
    source = CorpusSource(path=str(_folder(tmp_path)), documents=documents)
    read = list(read_documents((source,), cancelled=lambda: False, on_skip=lambda _s: None))
    index = DocumentIndex(source)
    assert len(index) == len(read)
    assert [index[i] for i in reversed(range(len(index)))] == read[::-1]
    assert index[-1] == read[-1]
    with pytest.raises(IndexError):
        index[len(index)]


def test_search_goes_forward_without_regard_to_case(tmp_path: Path) -> None:
    source = CorpusSource(path=str(_folder(tmp_path)), documents="paragraph")
    index = DocumentIndex(source)
    texts = [index[i].text for i in range(len(index))]
    assert texts == [
        "One é.",
        "Two words",
        "  three",
        "x",
        "y",
        "z",
        "Zwei",
        "DREI",
        "# Head",
        "Body",
    ]
    assert index.find("drei") == 7
    assert index.find("e", 1) == 2
    assert index.find("e", 7) == 7
    assert index.find("e", 8) == 8
    assert index.find("one", 1) is None
    assert index.find("y", len(index)) is None


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    index = DocumentIndex(CorpusSource(path=str(_folder(tmp_path)), documents="paragraph"))
    (tmp_path / "a.txt").write_text("short", "utf-8")
    with pytest.raises(CorpusError, match="open it again"):
        index[2]
