"""Tables as programs and people write them."""

from __future__ import annotations

import csv
import io

import pytest

from sslstudio.errors import CorpusError
from tests.corpora.readers.in_memory import read


def _texts(name: str, table: str, column: str = "auto") -> list[str]:
    records, _ = read(name, table.encode(), column=column)
    return [record.text for record in records]


@pytest.mark.parametrize(
    ("table", "texts"),
    [
        (',text,label\n0,"Hello, world",a\n1,Bye,b\n', ["Hello, world", "Bye"]),
        ("text\nHello, world\nso, on, and on\nbar\n", ["Hello, world", "so, on, and on", "bar"]),
        ('text\n"Hello, world"\nbar\n', ["Hello, world", "bar"]),
        (
            "Hello, friend.\nso, on, and on\nbar is here.\n",
            ["Hello, friend.", "so, on, and on", "bar is here."],
        ),
        (
            'What is your name?,How are you?\nBob,"well, thanks"\nAl,so so\n',
            ["well, thanks", "so so"],
        ),
        ("sep=;\ntext;x\na, b;1\nc, d;2\n", ["a, b", "c, d"]),
        ("id,text\r1,old\r2,lines\r", ["old", "lines"]),
        (
            "text;price\nA text, with more, yes;1,5\nNext, one, here;2,5\n",
            ["A text, with more, yes", "Next, one, here"],
        ),
        ("a|text\n1|x, y\n2|z\n", ["x, y", "z"]),
        ("text,text\na,b\nc,d\n", ["a", "c"]),
        ('quote,author\n"I am ""so"" clever, yes",Wilde\n', ['I am "so" clever, yes']),
        ("one line", ["one line"]),
        ("", []),
        ("\n\n", []),
    ],
)
def test_how_a_table_is_written_is_found_out(table: str, texts: list[str]) -> None:
    assert _texts("a.csv", table) == texts


def test_of_two_columns_of_one_name_both_can_be_chosen() -> None:
    assert _texts("a.csv", "text,text\na,b\nc,d\n", "text 2") == ["b", "d"]


def test_quotes_that_are_no_part_of_the_table_stay_in_the_text() -> None:
    pairs = '"Hello," he said.\tHallo.\nNo "quotes" here.\tNein.\n"Unclosed\tHm.\nLast.\tEnde.\n'
    assert _texts("a.tsv", pairs, "1") == [
        '"Hello," he said.',
        'No "quotes" here.',
        '"Unclosed',
        "Last.",
    ]
    assert _texts("a.csv", 'id,text\n1,"never closed\n2,more\n3,more\n') == [
        '"never closed',
        "more",
        "more",
    ]


@pytest.mark.parametrize("dialect", ["excel", "excel-tab", "unix"])
def test_whatever_python_writes_is_read(dialect: str) -> None:
    rows = [["id", "text"], ["1", 'a\tb, "q"\nnew\u2028line'], ["2", "c"], ["3", '"']]
    written = io.StringIO()
    csv.writer(written, dialect=dialect).writerows(rows)
    name = "a.tsv" if dialect == "excel-tab" else "a.csv"
    assert _texts(name, written.getvalue()) == [text for _, text in rows[1:]]


def test_ragged_rows_are_told_once_with_the_first_line() -> None:
    table = "date,note\n1 May,fine, really\n2 May,bad\n3 May\n4 May,good\n5 May\n"
    records, reports = read("a.csv", table.encode(), column="note")
    assert [record.text for record in records] == ["fine, really", "bad", "good"]
    assert reports == [
        "2 rows have no column note (the first is in line 4): mend or remove them",
        "1 row has more cells than there are columns (the first is in line 2): put quotes around "
        "the texts of them",
    ]


def test_huge_cells_and_rows_do_no_harm() -> None:
    records, _ = read("a.csv", b"id,text\n1," + b"x" * 20_000_000 + b"\n2,y\n")
    assert [len(record.text) for record in records] == [20_000_000, 1]
    assert _texts("a.csv", "x" * 20_000_000) == ["x" * 20_000_000]
    with pytest.raises(CorpusError, match=r"more than 4,096 cells \(line 1\)"):
        read("a.csv", b"," * 1_000_000)


def test_other_encodings_are_read_where_they_are_marked_or_named() -> None:
    table = "id,text\n1,naïve\n"
    assert read("a.csv", table.encode("utf-16"))[0][0].text == "naïve"
    assert read("a.csv", table.encode("latin-1"), encoding="latin-1")[0][0].text == "naïve"
    with pytest.raises(CorpusError, match="is not UTF-8"):
        read("a.csv", table.encode("latin-1"))
