"""Tales that nothing is wrong with, spoiled in many ways: each fault is named, and only then."""

from __future__ import annotations

import functools
import itertools
import json
import random
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks import spoiled_texts as spoiled
from sslstudio.corpora.report import CorpusReport, assembling, limits
from sslstudio.corpora.report.frames import Message
from sslstudio.corpora.report.request import Request
from sslstudio.corpora.report.tasks import TASKS, Task
from sslstudio.corpora.samples.tales import tales
from sslstudio.recipe import CorpusSource

# two documents of three kinds are too few for six topics
pytestmark = pytest.mark.filterwarnings("ignore:Number of distinct clusters")


class _WorkersHere:
    """The workers of a report in this process, which spares their start."""

    def __init__(self, _count: int) -> None:
        self._task: Task | None = None

    def __len__(self) -> int:
        return 1

    def __enter__(self) -> _WorkersHere:
        return self

    def __exit__(self, *_: object) -> None: ...

    def tell(self, meta: dict[str, Any], body: bytes = b"") -> list[Message]:
        if "begin" in meta:
            self._task = TASKS[meta["begin"]](meta)
            return [({}, b"")]
        return [self._run(meta, body)]

    def map(self, batches: Iterable[Message]) -> Iterator[Message]:
        return (self._run(meta, body) for meta, body in batches)

    def _run(self, meta: dict[str, Any], body: bytes) -> Message:
        assert self._task is not None
        return self._task.run(meta, body)


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSLSTUDIO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(assembling, "Workers", _WorkersHere)
    monkeypatch.setattr(limits, "SMALL_BYTES", 50_000)  # 100 KB of tales are enough here


@functools.cache
def _tales() -> tuple[str, ...]:
    return tuple(itertools.islice(tales(seed=3), 130))


def _levels(path: Path, texts: Iterable[str]) -> dict[str, str]:
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
    request = Request((CorpusSource(path=str(path)),))
    report: CorpusReport = assembling.assemble(request, lambda *_: None)
    return {finding.code: finding.level for finding in report.findings}


def test_the_tales_themselves_are_good(tmp_path: Path) -> None:
    levels = _levels(tmp_path / "tales.jsonl", _tales())
    assert set(levels.values()) == {"good"}
    assert not {code for _, code, _ in _FAULTS} & levels.keys()


_FAULTS = [
    (spoiled.thrice, "exact_duplicates", "bad"),
    (spoiled.nearly_thrice, "near_duplicates", "bad"),
    (spoiled.shuffled_characters, "dense", "bad"),
    (spoiled.shuffled_characters, "no_language", "caution"),
    (spoiled.boilerplate, "repeated_lines", "bad"),
    (spoiled.mojibake, "damaged_text", "caution"),
    (spoiled.replaced_characters, "damaged_text", "caution"),
    (spoiled.random_base64, "dense", "bad"),
    (spoiled.one_document, "exact_duplicates", "bad"),
    (spoiled.one_sentence_each, "poor_documents", "caution"),
    (spoiled.one_sentence_each, "redundant", "bad"),
    (spoiled.log_file, "personal_data", "caution"),
    (spoiled.address_lists, "personal_data", "caution"),
    (spoiled.addresses_within, "personal_data", "caution"),
    (spoiled.secrets, "personal_data", "caution"),
    (spoiled.cut_short, "cut_off", "caution"),
    (spoiled.markup, "markup", "caution"),
    (spoiled.spaced_letters, "no_language", "caution"),
    (spoiled.single_words, "short_documents", "caution"),
    (spoiled.figures, "no_language", "caution"),
    (spoiled.figures, "dense", "caution"),
    (spoiled.little, "small", "bad"),
]


@functools.cache
def _spoiled_levels(spoil: spoiled.Spoil, path: Path) -> dict[str, str]:
    return _levels(path, spoil(list(_tales()), random.Random(5)))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("spoiled")


@pytest.mark.parametrize(("spoil", "code", "level"), _FAULTS)
def test_what_was_spoiled_is_named(
    folder: Path, spoil: spoiled.Spoil, code: str, level: str
) -> None:
    levels = _spoiled_levels(spoil, folder / f"{getattr(spoil, '__name__', '')}.jsonl")
    assert levels.get(code) == level, levels


def test_two_languages_are_both_named(tmp_path: Path) -> None:
    german = (
        "Der Regen fiel die ganze Nacht, und am Morgen stand der Fluss an der Straße. Die "
        "Kinder liefen hinaus und zählten {} Enten, die den Berg hinunter geschwommen kamen."
    )
    texts = [*_tales(), *(german.format(n) * 5 for n in range(100))]
    assert "several_languages" in _levels(tmp_path / "both.jsonl", texts)
