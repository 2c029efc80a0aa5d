"""What is mended and taken out before tokens are made, and what becomes of it in the facts."""

from __future__ import annotations

import dataclasses
import json
import random
from pathlib import Path

import numpy as np
import pytest

from sslstudio.corpora.mended import MendedSource, with_mender
from sslstudio.corpora.preparation import PreparedData, prepare
from sslstudio.errors import CorpusError, RecipeError
from sslstudio.recipe import CorpusSource, Recipe


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSLSTUDIO_CACHE", str(tmp_path / "cache"))


def _story(seed: int, words: int = 120) -> str:
    """Words that no other seed has, so that no two stories are near copies by chance."""
    chance = random.Random(seed)
    return " ".join(
        f"{chance.choice('abcdefgh')}{seed}x{chance.randint(0, 10**6)}" for _ in range(words)
    )


def _source(path: Path, texts: list[str], **options: object) -> CorpusSource:
    path.write_text("".join(json.dumps({"text": t}) + "\n" for t in texts), "utf-8")
    return CorpusSource(path=str(path), **options)  # type: ignore[arg-type]


def _recipe(*sources: CorpusSource, settings: tuple[str, ...] = ()) -> Recipe:
    plain = ["data.split=documents", "data.validation_fraction=0.2", "model.context=8"]
    recipe = dataclasses.replace(Recipe.default(), corpora=sources)
    return recipe.with_settings([*plain, "tokenizer.kind=bytes", *settings])


def _texts(data: PreparedData) -> tuple[list[str], list[str]]:
    sides = []
    for shards in (data.train, data.validation):
        pairs = zip(shards.starts[:-1], shards.starts[1:], strict=True)
        sides.append([data.tokenizer.decode(shards.ids[a:b].tolist()) for a, b in pairs])
    return sides[0], sides[1]


def _all(data: PreparedData) -> list[str]:
    train, validation = _texts(data)
    return [*train, *validation]


def _removed(data: PreparedData) -> dict[tuple[int, str], int]:
    return {(r["source"], r["rule"]): r["documents"] for r in data.facts["removed"]}


def test_a_source_without_options_has_no_mender(tmp_path: Path) -> None:
    source = _source(tmp_path / "a.jsonl", ["one"])
    for options in ({"weight": 2.0}, {"licence": "CC0"}, {"documents": "record"}):
        sound = _Sound(dataclasses.replace(source, **options))
        assert with_mender(sound).mender is None  # type: ignore[arg-type]


@dataclasses.dataclass(frozen=True)
class _Sound:
    source: CorpusSource


def test_every_document_is_mended_and_those_of_no_use_are_counted(tmp_path: Path) -> None:
    good = [f"{_story(i)}." for i in range(40)]
    private = [f"{_story(i)}, write to me{i}@example.org." for i in range(40, 60)]
    first = _source(tmp_path / "a.jsonl", [*good, "short"], preset="prose")
    second = _source(tmp_path / "b.jsonl", private, personal_data="replace")
    untouched = [(tmp_path / name).read_bytes() for name in ("a.jsonl", "b.jsonl")]
    data = prepare(_recipe(first, second))
    train, validation = _texts(data)
    left = sorted(train + validation)
    replaced = [f"{_story(i)}, write to <EMAIL>." for i in range(40, 60)]
    gone = sum(r["documents"] for r in data.facts["removed"])
    assert set(left) <= {*good, "short", *replaced}
    assert len(left) + gone == 61
    assert set(replaced) <= set(left)
    assert data.facts["documents"] == len(left)
    assert data.facts["sources"][1]["changes"] == {"email": 20}
    assert [s["read"] for s in data.facts["sources"]] == [41, 20]
    assert [(tmp_path / name).read_bytes() for name in ("a.jsonl", "b.jsonl")] == untouched


def test_exact_copies_go_whatever_source_they_stand_in(tmp_path: Path) -> None:
    stories = [_story(i) for i in range(60)]
    shouted = [story.upper().replace(" ", " - ") for story in stories[:10]]
    first = _source(tmp_path / "a.jsonl", [*stories, stories[0]])
    second = _source(tmp_path / "b.jsonl", [*shouted, _story(99)])
    data = prepare(_recipe(first, second, settings=("data.deduplicate=exact",)))
    assert _removed(data) == {(0, "exact_duplicate"): 1, (1, "exact_duplicate"): 10}
    assert sorted(_all(data)) == sorted([*stories, _story(99)])
    kept = prepare(_recipe(first, second))
    assert {rule for _, rule in _removed(kept)} <= {"twin_of_training_text"}


def test_of_near_copies_the_longest_stays(tmp_path: Path) -> None:
    stories = [_story(i, 200) for i in range(60)]
    longer = [f"{story} and a few more words" for story in stories[:5]]
    data = prepare(
        _recipe(
            _source(tmp_path / "a.jsonl", stories),
            _source(tmp_path / "b.jsonl", [*longer, stories[7]]),
            settings=("data.deduplicate=near",),
        )
    )
    assert _removed(data) == {(0, "near_duplicate"): 5, (1, "exact_duplicate"): 1}
    assert sorted(_all(data)) == sorted([*stories[5:], *longer])
    assert not list(tmp_path.glob("cache/**/signatures"))


def test_a_twin_of_training_text_is_not_kept_apart(tmp_path: Path) -> None:
    stories = [_story(i, 200) for i in range(150)]
    plain = _source(tmp_path / "a.jsonl", stories)
    train, validation = _texts(prepare(_recipe(plain)))
    assert len(validation) > 10
    twins = [f"{text} with another end" for text in validation]
    both = _source(tmp_path / "b.jsonl", [*stories, *twins])
    data = prepare(_recipe(both))
    new_train, new_validation = _texts(data)
    assert set(train) <= set(new_train)  # no training text is lost
    assert set(new_validation) & set(train) == set()
    for text, twin in zip(validation, twins, strict=True):
        if twin in new_train:
            assert text not in new_validation
        else:
            assert text in new_validation
    gone = {t for t, twin in zip(validation, twins, strict=True) if twin in set(new_train)}
    assert _removed(data) == {(0, "twin_of_training_text"): len(gone)}
    assert gone


def test_lines_that_stand_everywhere_go(tmp_path: Path) -> None:
    menu = "Home | Contact | Imprint"
    texts = [f"{menu}\n{_story(i)}\nAll rights reserved, no copying" for i in range(40)]
    source = _source(tmp_path / "a.jsonl", texts)
    data = prepare(_recipe(source, settings=("data.repeated_lines=remove",)))
    left = _all(data)
    assert sorted(text.strip() for text in left) == sorted(_story(i) for i in range(40))
    assert data.facts["sources"][0]["changes"] == {"repeated_line": 80}


def test_every_setting_of_mending_is_prepared_anew(tmp_path: Path) -> None:
    recipe = _recipe(_source(tmp_path / "a.jsonl", [f"{_story(i)}." for i in range(60)]))
    settings = [
        "corpora.0.preset=dialogue",
        "corpora.0.normalise=nfc",
        "corpora.0.personal_data=replace",
        "data.deduplicate=exact",
        "data.deduplicate=near",
        "data.repeated_lines=remove",
        "tokenizer.kind=bpe",
    ]
    folders = {prepare(recipe).folder}
    folders |= {prepare(recipe.with_settings([setting])).folder for setting in settings}
    assert len(folders) == 1 + len(settings)


def test_a_source_of_which_nothing_stays_is_one_sentence(tmp_path: Path) -> None:
    source = _source(tmp_path / "a.jsonl", ["too short", "this too"], preset="web")
    with pytest.raises(CorpusError, match=r"takes out all 2 documents .* turn that rule off"):
        prepare(_recipe(source))


def test_an_unknown_rule_is_named(tmp_path: Path) -> None:
    source = _source(tmp_path / "a.jsonl", ["one"], rules_off=("gopher_word_cuont",), preset="web")
    with pytest.raises(RecipeError, match="gopher_word_count"):
        prepare(_recipe(source))


def test_a_document_that_is_not_wanted_is_not_mended(tmp_path: Path) -> None:
    class Counting:
        is_idle = False
        mended = 0

        def mend(self, text: str) -> object:
            self.mended += 1
            raise AssertionError(text)

    from sslstudio.corpora.sources import Ticker, find_sources

    source = _source(tmp_path / "a.jsonl", ["one", "two"])
    ticker = Ticker(lambda *_: None)
    (sound,) = find_sources([source], progress=ticker, cancelled=lambda: False)
    counting = Counting()
    documents = MendedSource(sound, counting).documents(  # type: ignore[arg-type]
        lambda: False, lambda _: None, lambda _number: False
    )
    assert [d.read for _, d in documents] == [3, 3]
    assert counting.mended == 0


def test_tokens_of_sources_lie_together(tmp_path: Path) -> None:
    data = prepare(
        _recipe(
            _source(tmp_path / "a.jsonl", ["a" * 50] * 40),
            _source(tmp_path / "b.jsonl", [f"{'b' * 20}{i}" for i in range(40)]),
        )
    )
    first = data.train.source_tokens[0]
    assert sum(data.train.source_tokens) == data.train.tokens
    letter = data.tokenizer.encode("b")[0]
    assert not np.isin(letter, data.train.ids[:first])
    assert np.isin(letter, data.train.ids[first:])
