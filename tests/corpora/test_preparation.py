"""Shards hold every document once, on one side, exactly; done work is found again."""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sslstudio.corpora.preparation import PreparedData, prepare
from sslstudio.corpora.shards import ShardWriter, TokenShards
from sslstudio.corpora.tokenizer import Tokenizer
from sslstudio.errors import Cancelled, CorpusError
from sslstudio.recipe import (
    CorpusSource,
    DataOptions,
    ModelOptions,
    Recipe,
    TokenizerOptions,
)

FRACTION = 0.1


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSLSTUDIO_CACHE", str(tmp_path / "cache"))


def _recipe(
    *sources: CorpusSource, split: str = "documents", kind: str = "bytes", context: int = 8
) -> Recipe:
    return Recipe(
        corpora=sources,
        data=DataOptions(split=split, validation_fraction=FRACTION),
        tokenizer=TokenizerOptions(kind=kind, vocab_size=400),
        model=ModelOptions(context=context),
    )


def _records(path: Path, texts: list[str]) -> CorpusSource:
    path.write_text("".join(json.dumps({"text": t}) + "\n" for t in texts), "utf-8")
    return CorpusSource(path=str(path))


def _stored(shards: TokenShards, tokenizer: Tokenizer) -> list[str]:
    """Decode every stored document, checking what it stands between."""
    found = []
    for first, last in zip(shards.starts[:-1], shards.starts[1:], strict=True):
        ids = shards.ids[first:last].tolist()
        assert (ids[0], ids[-1]) == (tokenizer.bos, tokenizer.eos)
        assert not tokenizer.special_ids & set(ids[1:-1])
        found.append(tokenizer.decode(ids))
    assert shards.starts[-1] == shards.tokens
    return found


def _sides(data: PreparedData) -> tuple[list[str], list[str]]:
    return _stored(data.train, data.tokenizer), _stored(data.validation, data.tokenizer)


TEXTS = [f"tale {i}: <mask> and <eos>, 日本 <0x41>\n\nend {i}" for i in range(300)]


@pytest.mark.parametrize("kind", ["bytes", "characters", "bpe"])
def test_every_document_stands_on_one_side_exactly(tmp_path: Path, kind: str) -> None:
    data = prepare(_recipe(_records(tmp_path / "a.jsonl", TEXTS), kind=kind))
    train, validation = _sides(data)
    assert sorted(train + validation) == sorted(TEXTS)
    assert train == [t for t in TEXTS if t in set(train)]  # in the order of the file
    assert data.train.bytes == sum(len(t.encode()) for t in train)
    assert data.validation.bytes == sum(len(t.encode()) for t in validation)
    assert data.train.ids.dtype == np.uint16
    assert data.facts["train"]["tokens"] == data.train.tokens
    assert data.facts["documents"] == 300


def test_tinyshakespeare_splits_where_nanogpt_does(shared_data: Path) -> None:
    path = shared_data / "corpora" / "tinyshakespeare.txt"
    text = path.read_text("utf-8")
    data = prepare(_recipe(CorpusSource(path=str(path)), split="auto", kind="characters"))
    (train,), (validation,) = _sides(data)
    assert (len(train), len(validation)) == (1_003_854, 111_540)
    assert train + validation == text
    assert data.facts["split"]["kind"] == "tail"


def test_the_tokenizer_sees_the_training_side_only(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("ab" * 450 + "z" * 100, "utf-8")
    data = prepare(_recipe(CorpusSource(path=str(path)), split="tail", kind="characters"))
    shown = {data.tokenizer.token_text(i) for i in data.validation.ids.tolist()}
    assert shown == {"<bos>", "<eos>", "z"}
    ordinary = data.tokenizer.vocab_size - 100
    names = [data.tokenizer.token_text(i) for i in range(12 + 256, ordinary)]
    assert names == ["a", "b"]


def test_more_documents_move_none_to_the_other_side(tmp_path: Path) -> None:
    old = prepare(_recipe(_records(tmp_path / "a.jsonl", TEXTS)))
    more = [f"new {i}" for i in range(300)]
    new = prepare(_recipe(_records(tmp_path / "b.jsonl", [*more, *reversed(TEXTS)])))
    assert set(_sides(old)[1]) == set(_sides(new)[1]) & set(TEXTS)


def test_a_long_document_is_stored_as_one(tmp_path: Path) -> None:
    text = "A sentence of some length, with a number 12 in it.\n" * 4000  # several pieces
    source = _records(tmp_path / "a.jsonl", [text])
    data = prepare(_recipe(source, split="tail", kind="bpe"))
    (train,), (validation,) = _sides(data)
    assert train + validation == text


def test_weights_and_mixing_shape_no_shards(tmp_path: Path) -> None:
    source = _records(tmp_path / "a.jsonl", TEXTS)
    plain = prepare(_recipe(source))
    other = _recipe(dataclasses.replace(source, weight=2.5, licence="CC0")).with_settings(
        ["data.mixing=unimax", "data.most_epochs=2", "data.mixing_alpha=0.5"]
    )
    again = prepare(other)
    assert again.folder == plain.folder
    assert [again.facts["sources"][0][n] for n in ("weight", "licence")] == [2.5, "CC0"]


def test_a_source_of_weight_zero_is_not_read(tmp_path: Path) -> None:
    missing = CorpusSource(path=str(tmp_path / "none.txt"), weight=0.0)
    data = prepare(_recipe(missing, _records(tmp_path / "a.jsonl", TEXTS)))
    assert len(data.facts["sources"]) == 1
    with pytest.raises(CorpusError, match="weight above 0"):
        prepare(_recipe(missing))


def test_sources_keep_their_own_figures(tmp_path: Path) -> None:
    first = _records(tmp_path / "a.jsonl", TEXTS[:100])
    second = dataclasses.replace(_records(tmp_path / "b.jsonl", TEXTS[100:]), weight=3.0)
    data = prepare(_recipe(first, second))
    facts = data.facts
    own = [s["train"]["tokens"] for s in facts["sources"]]
    assert list(data.train.source_tokens) == own
    assert [s["documents"] for s in facts["sources"]] == [100, 200]
    assert sum(s["train"]["tokens"] for s in facts["sources"]) == facts["train"]["tokens"]
    assert facts["sources"][1]["weight"] == 3.0
    assert json.loads(json.dumps(facts)) == facts


def test_prepared_text_is_found_again_even_when_it_moved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = _recipe(_records(tmp_path / "a.jsonl", TEXTS))
    first = prepare(recipe)
    (tmp_path / "a.jsonl").rename(tmp_path / "moved.jsonl")
    monkeypatch.setattr(Tokenizer, "train", None)  # any work would fail
    stages: list[str] = []
    moved = CorpusSource(path=str(tmp_path / "moved.jsonl"))
    again = prepare(_recipe(moved), on_progress=lambda stage, *_: stages.append(stage))
    assert again.folder == first.folder
    assert set(stages) <= {"looking at the files"}
    assert again.facts["sources"][0]["path"].endswith("moved.jsonl")
    assert np.array_equal(again.train.ids, first.train.ids)


def test_another_setting_or_another_text_is_prepared_anew(tmp_path: Path) -> None:
    recipe = _recipe(_records(tmp_path / "a.jsonl", TEXTS))
    folders = {prepare(recipe).folder}
    folders.add(prepare(recipe.with_settings(["data.validation_fraction=0.2"])).folder)
    folders.add(prepare(recipe.with_settings(["corpora.0.documents=paragraph"])).folder)
    folders.add(prepare(recipe.with_settings(["model.context=16", "seed=2"])).folder)
    assert len(folders) == 3  # neither context nor seed decides the shards
    _records(tmp_path / "a.jsonl", TEXTS[1:])
    assert prepare(recipe).folder not in folders


def test_a_damaged_folder_is_prepared_anew(tmp_path: Path) -> None:
    recipe = _recipe(_records(tmp_path / "a.jsonl", TEXTS))
    first = prepare(recipe)
    expected = _sides(first)
    with (first.folder / "train.ids").open("ab") as file:
        file.write(b"xx")
    assert _sides(prepare(recipe)) == expected


STAGES = [
    "looking at the files",
    "reading",
    "comparing documents",
    "training the tokenizer",
    "encoding",
]


@pytest.mark.parametrize("stage", STAGES)
def test_a_cancel_leaves_nothing_that_counts(tmp_path: Path, stage: str) -> None:
    recipe = _recipe(_records(tmp_path / "a.jsonl", TEXTS * 20), kind="bpe")
    seen: list[str] = []
    with pytest.raises(Cancelled):
        prepare(recipe, on_progress=lambda s, *_: seen.append(s), cancelled=lambda: stage in seen)
    assert not list((tmp_path / "cache" / "prepared").glob("*/shards"))
    whole = prepare(recipe)
    home = whole.folder.parent
    assert sorted(path.name for path in home.iterdir()) == ["lock", "shards"]


def test_two_at_once_prepare_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = _recipe(_records(tmp_path / "a.jsonl", TEXTS))
    trained: list[None] = []
    train = Tokenizer.train

    def counting(*arguments: object) -> Tokenizer:
        trained.append(None)
        return train(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Tokenizer, "train", counting)
    threads = [threading.Thread(target=prepare, args=(recipe,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(trained) == 1


def test_a_file_that_changes_meanwhile_is_noticed(tmp_path: Path) -> None:
    source = _records(tmp_path / "a.jsonl", TEXTS)

    def on_progress(stage: str, _done: int, _total: int, _unit: str) -> None:
        if stage == "training the tokenizer":
            _records(tmp_path / "a.jsonl", [*TEXTS, "one more"])

    with pytest.raises(CorpusError, match="changed while it was read"):
        prepare(_recipe(source, kind="bpe"), on_progress=on_progress)


def _text(content: str, documents: str = "auto") -> Callable[[Path], CorpusSource]:
    def write(folder: Path) -> CorpusSource:
        (folder / "a.txt").write_text(content, "utf-8")
        return CorpusSource(path=str(folder / "a.txt"), documents=documents)

    return write


@pytest.mark.parametrize(
    ("write", "split", "words"),
    [
        (_text("x" * 110), "tail", r"0\.3 of one block of 256 tokens: lower the context to 64"),
        (_text("x" * 5), "tail", "of 256 tokens: add text"),
        (_text(" \n\n\t "), "tail", "nothing but blank text"),
        (_text("x" * 2000), "documents", "no text was kept apart"),
    ],
)
def test_too_little_text_is_one_sentence(
    tmp_path: Path, write: Callable[[Path], CorpusSource], split: str, words: str
) -> None:
    with pytest.raises(CorpusError, match=words):
        prepare(_recipe(write(tmp_path), split=split, context=256))


def test_a_json_file_without_records_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("nonsense\n", "utf-8")
    with pytest.raises(CorpusError, match="1 line is no JSON record"):
        prepare(_recipe(CorpusSource(path=str(tmp_path / "a.jsonl"))))


def test_what_was_skipped_is_among_the_facts(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    _records(folder / "a.jsonl", TEXTS)
    with (folder / "a.jsonl").open("a") as file:
        file.write("{torn")
    (folder / "b.txt").write_bytes(b"\xff")
    recipe = _recipe(CorpusSource(path=str(folder)))
    for _ in range(2):  # from cold, and from the cache
        reasons = [s["reason"] for s in prepare(recipe).facts["skipped"]]
        assert len(reasons) == 2
        assert "not UTF-8" in reasons[0]
        assert "1 line" in reasons[1]


def test_progress_runs_through_its_stages(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    prepare(
        _recipe(_records(tmp_path / "a.jsonl", TEXTS), kind="bpe"),
        on_progress=lambda stage, done, total, _unit: seen.append((stage, done, total)),
    )
    assert list(dict.fromkeys(s for s, _, _ in seen)) == STAGES
    assert all(0 <= done <= total for _, done, total in seen)
    assert seen[-1][1] == seen[-1][2]


def test_large_vocabularies_take_four_bytes(tmp_path: Path) -> None:
    with ShardWriter(tmp_path, "train", vocab_size=2**16 + 1, bos=1, eos=2) as writer:
        writer.begin()
        writer.extend([2**16], 3)
        writer.end()
        writer.end_source()
    shards = TokenShards.open(tmp_path)
    assert shards.ids.tolist() == [1, 2**16, 2]
    assert shards.starts.tolist() == [0, 3]
    assert (shards.tokens, shards.documents, shards.bytes) == (3, 1, 3)
    assert shards.source_tokens == (3,)


def test_how_text_is_cut_and_changed_decides_what_is_prepared(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("Caf\u00e9 1984, CAF\u00c9 1985. " * 300, "utf-8")
    recipe = Recipe.default().with_settings(
        [f"corpora.0.path={text}", "tokenizer.vocab_size=450", "model.context=16"]
    )
    plain = prepare(recipe)
    digits = prepare(recipe.with_settings(["tokenizer.pre_tokenizer=digits"]))
    lower = prepare(recipe.with_settings(["tokenizer.normalizer=strip_accents"]))
    assert digits.train.tokens > plain.train.tokens
    assert "Cafe 1984, CAFE" in lower.tokenizer.decode(lower.train.ids.tolist())
    for data in (plain, digits, lower):
        for side in (data.train, data.validation):
            assert data.tokenizer.byte_lengths[side.ids].sum() == side.bytes
    # the accents were two bytes each, one of them goes
    assert plain.train.bytes - lower.train.bytes == pytest.approx(600 * 0.95, abs=2)
