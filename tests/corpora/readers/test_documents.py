"""Each reader against a document that another program made.

DOCX, ODT, EPUB and HTML are pandoc's, from one Markdown text; the PDF is Chromium's, with its
running titles; Parquet and Arrow are pyarrow's, mail is Python's, the web archive warcio's.
"""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest

from sslstudio.corpora.reader import Record
from sslstudio.errors import CorpusError
from tests.corpora.readers.in_memory import DOCUMENTS, document, read

_STORM = "the keeper did not sleep; he trimmed the lamp, watched the glass, and wrote nothing"


def _text(name: str) -> str:
    records, reports = read(name, document(name))
    assert not reports
    return "\n\n".join(record.text for record in records)


@pytest.mark.parametrize("name", ["letters.docx", "letters.odt", "letters.epub", "letters.html"])
def test_what_is_written_comes_out_in_order_and_nothing_else(name: str) -> None:
    text = _text(name)
    order = (
        "Nobody",
        "The First Night\n",
        "Café, naïve, Ünïcödé and Ærø were words he liked to spell.",
        "bread and butter",
        "two candles",
        "ship cargo\n",
        "Albatross tea\n",
        "Heron coal",
        "The Second Night\n",
        "Русский моряк сказал: привет. 船は夜に来た。",
        _STORM,
    )
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert text.count("that he could spell them all.") == 1
    assert not any(mark in text for mark in ("<", "{", "↩", "spell.1", "\t", "\n\n\n", "  "))


@pytest.mark.parametrize("name", ["letters.docx", "letters.odt", "letters.epub", "letters.html"])
def test_titles_are_the_documents_own(name: str) -> None:
    records, _ = read(name, document(name))
    assert records[0].title == "Letters from the Lighthouse"


def test_chapters_of_a_book_follow_its_spine() -> None:
    records, _ = read("letters.epub", document("letters.epub"))
    beginnings = [record.text.partition("\n")[0] for record in records]
    assert beginnings == ["Letters from the Lighthouse", "The First Night", "The Second Night"]


def test_a_pdf_is_put_together_as_it_was_before_it_was_laid_out() -> None:
    text = _text("letters.pdf")
    assert (
        "Extraordinarily comprehensive administrative documentation notwithstanding, international "
        "communication remained characteristically unpredictable throughout." in text
    )
    assert "about the responsibilities of a lighthouse keeper" in text
    assert "the keeper did not sleep.\n\nThe third page is the last but one" in text
    assert not any(mark in text for mark in ("11/26", "file:", "1/4", "4/4", "\u2010", "\ufffe"))


def test_tables_give_the_longest_column_a_record_a_row() -> None:
    records, reports = read("letters.csv", document("letters.csv"))
    assert records == [
        Record('Der Wärter schrieb "jeden" Abend;\r\nund zählte die Schiffe.', "1"),
        Record("船は夜に来た。\u2028Noch eine Zeile im selben Feld", "2"),
    ]
    assert reports == [
        "1 row has no column text (the first is in line 5): mend or remove them",
    ]
    by_title, _ = read("letters.csv", document("letters.csv"), column="Titel")
    assert [record.text for record in by_title] == ["Die erste Nacht", "Zweite"]
    records, _ = read("letters.tsv", document("letters.tsv"))
    assert [r.text for r in records][1] == 'He counted the ships "that passed'


@pytest.mark.parametrize("name", ["letters.parquet", "letters.arrow", "letters.json"])
def test_records_give_their_text(name: str) -> None:
    records, _ = read(name, document(name))
    assert len(records) == 2
    assert records[0].text.startswith("The keeper of the lighthouse wrote every evening.")
    assert records[1].text.startswith("Русский моряк сказал: привет. 船は夜に来た。")


def test_lists_of_texts_become_lines() -> None:
    records, _ = read("letters.parquet", document("letters.parquet"), column="tags")
    assert [record.text for record in records] == ["x", "y\nz"]


@pytest.mark.parametrize("name", ["letters.csv", "letters.json", "letters.parquet"])
def test_a_column_that_is_not_there_is_refused_with_those_that_are(name: str) -> None:
    with pytest.raises(CorpusError, match=r"has no column 'prose': choose one of .*text"):
        read(name, document(name), column="prose")


def test_of_mail_the_text_counts_and_the_subject_is_its_title() -> None:
    records, _ = read("letters.mbox", document("letters.mbox"))
    assert [r.title for r in records] == ["The first night", "Вторая ночь", "Only HTML"]
    assert "\n\nFrom the window one sees the sea." in records[0].text
    assert records[1].text.startswith("plain: Русский моряк")
    assert records[2].text == "The glass fell."
    single, _ = read("letters.eml", document("letters.eml"))
    assert single == [records[1]]


@pytest.mark.parametrize("suffix", ["srt", "vtt", "ass"])
def test_of_subtitles_what_is_said_counts(suffix: str) -> None:
    text = _text(f"letters.{suffix}")
    said = "The keeper of the lighthouse wrote every evening."
    assert text.replace("wrote,", "wrote").startswith(f"{said}\n船は夜に来た。")
    assert not any(mark in text for mark in ("-->", "<", "{", "00:", "STYLE", "nobody reads"))


def test_of_a_wiki_the_articles_count_in_plain_words() -> None:
    records, _ = read("letters.xml", document("letters.xml"))
    assert [record.title for record in records] == ["Leuchtturm", "船"]
    text = records[0].text
    assert text.startswith("Ein Leuchtturm ist ein hoher Turm.\n\nDer Wärter\n")
    assert "Der Wärter schrieb jeden Abend" in text
    assert "zwei Kerzen" in text
    hidden = ("Infobox", "Quelle", "Bild", "Kategorie", "wikitable", "eins", "[[", "''", "==")
    assert not any(mark in text for mark in hidden)


def test_other_xml_gives_the_text_of_its_elements() -> None:
    data = b"<a><t>One</t><p>Two <b>bold</b> words</p><p>Three</p>\n</a>"
    records, _ = read("x.xml", data)
    assert records[0].text.replace("\n\n", "\n") == "One\nTwo bold words\nThree"


def test_of_a_web_archive_pages_that_were_found_count() -> None:
    records, _ = read("letters.warc", document("letters.warc"))
    assert [record.title for record in records] == ["Lighthouse", "http://example.org/2.txt"]
    assert records[0].text.startswith("The keeper of the lighthouse")
    assert "Home" not in records[0].text
    assert records[1].text.startswith("Русский моряк")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.docx", b"PK\x03\x04 no zip", "is no Word document"),
        ("a.epub", b"", "is no EPUB book"),
        ("a.pdf", b"%PDF-1.4 and no more", "is no PDF"),
        ("a.parquet", b"PAR1....PAR1", "is no Parquet file"),
        ("a.arrow", b"ARROW1\0\0", "is no Arrow file"),
        ("a.json", b"[" * 100_000, "nested too deeply"),
        ("a.json", b'{"a": 1', "is no JSON"),
        ("a.json", b"[1, 2]", "holds no texts"),
        ("a.xml", b"<a><b></a>", "is no XML"),
        ("a.xml", b"", "is no XML"),
        ("a.xml", b"<a>" * 5000 + b"x" + b"</a>" * 5000, "nested too deeply"),
        (
            "a.xml",
            b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
            "is no XML",
        ),
        ("a.html", b"<html><script>x()</script></html>", "without visible text"),
        ("a.mbox", b"no messages here\n", "is no mailbox"),
        ("a.srt", b"no times here\n", "holds no subtitles"),
    ],
)
def test_what_is_broken_is_one_sentence(name: str, data: bytes, words: str) -> None:
    with pytest.raises(CorpusError, match=words) as caught:
        read(name, data)
    assert "\n" not in str(caught.value)


def test_a_deep_page_does_no_harm() -> None:
    inside = b"<div>" * 200 + b"deep" + b"</div>" * 200
    records, _ = read("a.html", b"<html><body>" + inside + b"<p>after</p>")
    assert records[0].text == "deep\n\nafter"
    with pytest.raises(CorpusError, match="nested too deeply"):
        read("a.html", b"<html><body>" + b"<div>" * 50_000 + b"deep")


def test_a_packed_bomb_is_given_up() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 100_000_000)
    with pytest.raises(CorpusError, match="more than a text can be"):
        read("a.docx", packed.getvalue())


# what C++ libraries do to broken files is tried through the child that ends with them
_IN_CHILDREN_ONLY = (".pdf", ".parquet", ".arrow")
_TRIED = sorted(p for p in DOCUMENTS.iterdir() if p.suffix not in _IN_CHILDREN_ONLY)


@pytest.mark.parametrize("path", _TRIED, ids=lambda path: path.suffix)
def test_mutations_end_in_records_or_in_one_sentence(path: Path) -> None:
    data, draw = path.read_bytes(), random.Random(path.suffix)
    sentences = []
    for _ in range(40):
        mutated = bytearray(data)
        for _ in range(draw.randint(1, 8)):
            mutated[draw.randrange(len(mutated))] = draw.randrange(256)
        if draw.random() < 0.3:
            del mutated[draw.randrange(len(mutated)) :]
        try:
            records, _ = read(path.name, bytes(mutated))
        except CorpusError as error:
            sentences.append(str(error))
        else:
            assert all(isinstance(record.text, str) for record in records)
    assert not any("\n" in sentence for sentence in sentences)
