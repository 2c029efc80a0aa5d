"""Word and OpenDocument texts beyond what one program writes, and those that cannot be read."""

from __future__ import annotations

import zipfile

import pytest

from sslstudio.errors import CorpusError
from tests.corpora.file_making import zipped
from tests.corpora.readers.in_memory import read

_WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="mc"'
_OPEN = (
    'xmlns:office="o" xmlns:text="t" xmlns:draw="d" '
    'xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
)


def _docx(body: str, name: str = "word/document.xml", **more: str) -> bytes:
    document = f"<w:document {_WORD}><w:body>{body}</w:body></w:document>"
    return zipped({name: document, **more})


def _odt(body: str, **more: str) -> bytes:
    content = (
        f"<office:document-content {_OPEN}><office:body><office:text>{body}</office:text>"
        "</office:body></office:document-content>"
    )
    return zipped({"content.xml": content, **more})


def _p(words: str) -> str:
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def _text(name: str, data: bytes) -> str:
    ((record,), _) = read(name, data)
    return record.text


def test_what_was_deleted_goes_and_what_was_inserted_stays() -> None:
    body = (
        "<w:p><w:ins><w:r><w:t>in</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>out</w:delText></w:r></w:del>"
        "<w:smartTag><w:r><w:t>serted</w:t></w:r></w:smartTag>"
        '<w:hyperlink><w:r><w:t xml:space="preserve"> link</w:t></w:r></w:hyperlink>'
        "<w:r><w:instrText>PAGE</w:instrText></w:r>"
        "<w:moveFrom><w:r><w:t>away</w:t></w:r></w:moveFrom></w:p>"
        f"<w:sdt><w:sdtContent>{_p('in a control')}</w:sdtContent></w:sdt>"
    )
    assert _text("a.docx", _docx(body)) == "inserted link\n\nin a control"


def test_a_text_box_follows_its_paragraph_and_comes_once() -> None:
    box = f"<w:txbxContent>{_p('box')}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>host</w:t><mc:AlternateContent>"
        f"<mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        f"<w:r><w:t>ess</w:t></w:r></w:p>{_p('next')}"
    )
    assert _text("a.docx", _docx(body)) == "hostess\n\nbox\n\nnext"


def test_the_main_part_may_have_another_name() -> None:
    links = '<Relationships><Relationship Type="x/officeDocument" Target="/word/document2.xml"/>'
    more = {"_rels/.rels": f"{links}</Relationships>"}
    assert _text("a.docx", _docx(_p("found"), "word/document2.xml", **more)) == "found"


def test_no_depth_of_nesting_does_harm() -> None:
    tables = "<w:tbl>" * 5000 + _p("x") + "</w:tbl>" * 5000
    assert _text("a.docx", _docx(tables)) == "x"
    opened = "<text:note><text:note-body><text:p>"
    notes = opened * 3000 + "deep" + "</text:p></text:note-body></text:note>" * 3000
    assert _text("a.odt", _odt(f"<text:p>x{notes}</text:p>")) == "x"


def test_captions_and_notes_stand_behind_and_alternative_texts_nowhere() -> None:
    frame = (
        "<draw:frame><draw:text-box><text:p>caption</text:p></draw:text-box>"
        "<svg:title>no</svg:title><svg:desc>no</svg:desc></draw:frame>"
    )
    note = (
        "<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>note</text:p></text:note-body></text:note>"
    )
    body = (
        f'<text:p>a{frame}b <text:title>Title</text:title><text:s text:c="3"/>c</text:p>'
        f"<text:p>next{note} end</text:p>"
    )
    assert _text("a.odt", _odt(body)) == "ab Title c\n\ncaption\n\nnext end\n\nnote"


def test_an_absurd_number_of_spaces_is_a_space() -> None:
    body = f'<text:p>a<text:s text:c="{"9" * 5000}"/>b</text:p>'
    assert _text("a.odt", _odt(body)) == "a b"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        (
            "a.docx",
            bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600),
            "protected by a password, or of",
        ),
        ("a.odt", _odt("", **{"META-INF/manifest.xml": "<m><encryption-data/></m>"}), "a password"),
        ("a.docx", zipped({"x": "y"}), r"no item named 'word/document.xml'"),
        ("a.odt", zipped({"content.xml": "<a/>"}), "it has no text"),
        (
            "a.docx",
            zipped({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
            "defines entities",
        ),
    ],
)
def test_what_cannot_be_read_is_one_sentence(name: str, data: bytes, words: str) -> None:
    with pytest.raises(CorpusError, match=words) as caught:
        read(name, data)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED])
def test_broken_members_are_one_sentence(method: int) -> None:
    data = bytearray(zipped({"word/document.xml": _p("words and more words " * 99)}, method))
    data[60:90] = b"\xff" * 30
    with pytest.raises(CorpusError, match="is no Word document that can be read"):
        read("a.docx", bytes(data))
