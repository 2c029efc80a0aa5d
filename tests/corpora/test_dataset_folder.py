"""A folder that ``datasets.save_to_disk`` wrote is read without that package."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from sslstudio.corpora.dataset_folder import dataset_files
from sslstudio.corpora.reading import Skipped, read_documents
from sslstudio.recipe import CorpusSource


def _save_split(folder: Path, shards: list[list[str]]) -> Path:
    """Write what datasets 4 writes: Arrow streams, their names in state.json, and the columns."""
    folder.mkdir(parents=True)
    names = [f"data-{i:05}-of-{len(shards):05}.arrow" for i in range(len(shards))]
    for name, texts in zip(names, shards, strict=True):
        table = pa.table({"id": [str(i) for i in range(len(texts))], "text": texts})
        file = pa.OSFile(str(folder / name), "wb")
        with file, pa.ipc.new_stream(file, table.schema) as writer:
            writer.write_table(table)
    state = {"_data_files": [{"filename": name} for name in names], "_split": folder.name}
    (folder / "state.json").write_text(json.dumps(state))
    info = {"description": "not a text", "features": {"text": {"dtype": "string"}}}
    (folder / "dataset_info.json").write_text(json.dumps(info))
    return folder


def _save_dataset(folder: Path, splits: dict[str, list[list[str]]]) -> Path:
    for name, shards in splits.items():
        _save_split(folder / name, shards)
    (folder / "dataset_dict.json").write_text(json.dumps({"splits": list(splits)}))
    return folder


def _texts(path: Path, skipped: list[Skipped] | None = None, *include: str) -> list[str]:
    source = CorpusSource(path=str(path), include=include)
    on_skip = (lambda _s: None) if skipped is None else skipped.append
    documents = read_documents((source,), cancelled=lambda: False, on_skip=on_skip)
    return [document.text for document in documents]


def test_a_split_is_read_in_the_order_of_its_rows(tmp_path: Path) -> None:
    shards = [[f"row {10 * i + j}" for j in range(10)] for i in range(3)]
    assert _texts(_save_split(tmp_path / "set", shards)) == [f"row {i}" for i in range(30)]


def test_of_several_splits_train_is_read_and_the_others_are_said(tmp_path: Path) -> None:
    folder = _save_dataset(tmp_path / "set", {"train": [["one"]], "test": [["two"]]})
    skipped: list[Skipped] = []
    assert _texts(folder, skipped) == ["one"]
    assert [(Path(s.path).name, "measuring" in s.reason) for s in skipped] == [("test", True)]
    assert _texts(folder, None, "test") == ["two"]
    assert _texts(folder, None, "*.arrow") == ["one", "two"]


def test_without_a_split_named_train_all_are_read(tmp_path: Path) -> None:
    folder = _save_dataset(tmp_path / "set", {"a": [["one"]], "b": [["two"]]})
    assert _texts(folder) == ["one", "two"]


@pytest.mark.parametrize(
    "state",
    [
        "{",
        "[]",
        '{"_data_files": 7}',
        '{"_data_files": [7, {"filename": "../up.arrow"}, {"filename": "/etc/passwd"}]}',
        '{"_data_files": [{"filename": "missing.arrow"}, {}, {"filename": "a\\u0000"}]}',
        "[" * 100_000,
    ],
)
def test_a_state_that_is_none_makes_no_dataset(tmp_path: Path, state: str) -> None:
    (tmp_path.parent / "up.arrow").write_bytes(b"x")
    (tmp_path / "state.json").write_text(state)
    assert dataset_files(tmp_path, CorpusSource()) is None
