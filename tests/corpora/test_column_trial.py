"""The columns of tables in every form, and files that are none, through the child."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from sslstudio.corpora.column_trial import columns_of
from sslstudio.errors import Cancelled, CorpusError
from sslstudio.recipe import CorpusSource

ROWS = [
    {"id": "a-1", "story": "Once there was a fox in the wood.", "lang": "en"},
    {"id": "a-2", "story": "Mira found a small key by the river.", "lang": "en"},
]


def write_csv(path: Path) -> None:
    lines = ["id,story,lang", *(f'{r["id"]},"{r["story"]}",{r["lang"]}' for r in ROWS)]
    path.write_text("\n".join(lines), encoding="utf-8")


def write_jsonl(path: Path) -> None:
    path.write_text("\n".join(json.dumps(row) for row in ROWS), encoding="utf-8")


def write_json(path: Path) -> None:
    path.write_text(json.dumps({"data": ROWS}), encoding="utf-8")


def write_parquet(path: Path) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.Table.from_pylist(ROWS), path)


def write_packed(path: Path) -> None:
    path.write_bytes(gzip.compress(json.dumps(ROWS[0]).encode()))


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("t.csv", write_csv),
        ("t.jsonl", write_jsonl),
        ("t.json", write_json),
        ("t.parquet", write_parquet),
        ("t.jsonl.gz", write_packed),
    ],
)
def test_columns_are_told_with_texts_and_a_guess(tmp_path: Path, name: str, write: object) -> None:
    path = tmp_path / name
    assert callable(write)
    write(path)
    found = columns_of(CorpusSource(path=str(path)))
    assert [c.name for c in found.columns] == ["id", "story", "lang"]
    assert found.guessed == "story"
    story = found.columns[1]
    assert story.samples[0] == ROWS[0]["story"]
    assert 30 < story.mean_length < 40


def test_the_first_table_of_a_folder_is_looked_at_and_a_text_has_no_columns(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("plain", encoding="utf-8")
    assert columns_of(CorpusSource(path=str(tmp_path))).columns == ()
    write_csv(tmp_path / "b.csv")
    assert columns_of(CorpusSource(path=str(tmp_path))).guessed == "story"


def test_a_file_that_is_no_table_ends_in_one_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "t.parquet"
    broken.write_bytes(b"PAR1" + bytes(range(256)) * 8 + b"PAR1")
    with pytest.raises(CorpusError, match=r"t\.parquet is no Parquet file"):
        columns_of(CorpusSource(path=str(broken)))
    deep = tmp_path / "t.json"
    deep.write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"t\.json "):
        columns_of(CorpusSource(path=str(deep)))


def test_looking_can_be_cancelled(tmp_path: Path) -> None:
    write_csv(tmp_path / "t.csv")
    with pytest.raises(Cancelled):
        columns_of(CorpusSource(path=str(tmp_path / "t.csv")), lambda: True)
