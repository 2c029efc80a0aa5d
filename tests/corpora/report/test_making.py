"""Whole reports, made in processes of their own, on corpora with known faults."""

from __future__ import annotations

import contextlib
import json
import random
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from sslstudio.corpora.report import CorpusReport, make_report, propose_weights
from sslstudio.corpora.report.cache import find
from sslstudio.corpora.report.children import Child, Workers
from sslstudio.errors import Cancelled, CorpusError, ProcessError, RecipeError
from sslstudio.recipe import CorpusSource, DataOptions

_LEXICON = """
the a of and to in he she was had with for on at
by from ship sail storm deck captain wind harbour mast rope tide wave crew
island chart compass lantern anchor gull shore cabin sailor voyage morning evening watch stars
fog cargo barrel salt fish net oar hull bow stern keel
"""
_WORDS = _LEXICON.split()


def _prose(draw: random.Random, words: int) -> str:
    sentences = []
    while words > 0:
        length = min(words, draw.randrange(6, 16))
        words -= length
        sentences.append(" ".join(draw.choices(_WORDS, k=length)).capitalize() + ".")
    return " ".join(sentences)


def _write(path: Path, texts: list[str]) -> CorpusSource:
    lines = [json.dumps({"text": text, "title": f"text {i}"}) for i, text in enumerate(texts)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return CorpusSource(path=str(path))


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> tuple[CorpusSource, CorpusReport]:
    """300 texts of 120 words; 20 exact copies, 10 near copies, a footer in 60, personal data."""
    draw = random.Random(8)
    texts = [_prose(draw, 120) for _ in range(300)]
    for number in range(60):
        texts[number] += "\nCopyright the harbour office, all rights reserved"
    texts[100] += " Write to jane.doe@example.org about it."
    copies = [text.upper() for text in texts[200:220]]
    near = [text.rpartition(" ")[0] + " changed" for text in texts[220:230]]
    folder = tmp_path_factory.mktemp("faulty")
    source = _write(folder / "faulty.jsonl", texts + copies + near)
    return source, make_report([source], DataOptions(split="documents", validation_fraction=0.2))


def test_what_was_put_in_is_counted(faulty: tuple[CorpusSource, CorpusReport]) -> None:
    _, report = faulty
    assert report.documents == 330
    assert report.exact_duplicates == 20
    assert report.near_duplicates == 10
    assert report.near_duplicate_groups == 10
    assert (report.checked_documents, report.ruled_documents) == (330, 330)
    assert len(report.clusters) == 30
    assert {cluster.size for cluster in report.clusters} == {2}
    pairs = {tuple(sorted(e.document for e in c.documents)) for c in report.clusters}
    assert pairs == {(200 + n, 300 + n) for n in range(20)} | {
        (220 + n, 320 + n) for n in range(10)
    }
    (line,) = report.repeated_lines
    assert (line.text, line.documents) == ("Copyright the harbour office, all rights reserved", 60)
    assert report.personal_data["email"] == 1
    (example,) = report.personal_examples["email"]
    assert example.document == 100
    assert "Write to ••••.•••@•••••••.••• about it." in example.excerpt
    assert list(report.scripts) == ["Latin"]
    assert report.verdict == "caution"
    assert report.findings[0].code == "exact_duplicates"
    assert report.words == sum(source.words for source in report.sources)


def test_near_copies_across_the_split_are_leaks(faulty: tuple[CorpusSource, CorpusReport]) -> None:
    _, report = faulty
    assert report.leaks is not None
    assert report.held_out > 30
    found = {example.document for example in report.leak_examples}
    # near copies, and texts whose footer is long enough to be one
    assert found & {*range(220, 230), *range(320, 330)}
    assert found <= {*range(60), *range(220, 230), *range(320, 330)}


def test_the_second_time_it_comes_from_the_cache(
    faulty: tuple[CorpusSource, CorpusReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, report = faulty
    stages: list[str] = []
    again = make_report(
        [source],
        DataOptions(split="documents", validation_fraction=0.2),
        on_progress=lambda stage, *_: stages.append(stage),
    )
    assert again == report  # the seconds it took, too
    assert "reading" not in stages
    assert find("no such key") is None


def test_other_settings_make_another_report(faulty: tuple[CorpusSource, CorpusReport]) -> None:
    source, _ = faulty
    changed = CorpusSource(path=source.path, preset="web", personal_data="replace")
    report = make_report([changed], DataOptions(deduplicate="near"))
    assert "exact_duplicates" not in [finding.code for finding in report.findings]
    assert {"email"} <= {rule.rule for rule in report.changed}
    assert report.sources[0].preset == "web"


def test_purpose_and_evaluation_files_are_looked_at(tmp_path: Path) -> None:
    draw = random.Random(9)
    sea = _write(tmp_path / "sea.jsonl", [_prose(draw, 150) for _ in range(40)])
    code = [f"def f{n}(x):\n    return [x + {n}, x * {n}, g(x)]\n" * 12 for n in range(40)]
    other = _write(tmp_path / "code.jsonl", code)
    purpose = tmp_path / "purpose.txt"
    purpose.write_text(_prose(draw, 3000), "utf-8")
    exam = tmp_path / "exam.txt"
    text = json.loads((tmp_path / "sea.jsonl").read_text("utf-8").splitlines()[3])["text"]
    exam.write_text(f"What follows? {text[:300]}", "utf-8")
    report = make_report([sea, other], purpose=purpose, evaluation_files=[exam])
    near, far = (source.suitability for source in report.sources)
    assert near is not None
    assert far is not None
    assert near > 0.8 > 0.5 > far
    weights = propose_weights(report)
    assert weights[0] == 1.0 > weights[1]
    assert {example.source for example in report.suitable} == {0}
    assert {example.source for example in report.unsuitable} == {1}
    assert report.evaluation_leaks == {"exam.txt": 1}
    assert report.verdict == "bad"
    (difference,) = report.differences
    assert 0.5 < difference.divergence <= 1
    assert {"return", "def"} <= set(difference.words_of_second)


def test_a_poem_is_not_condemned(tmp_path: Path) -> None:
    draw = random.Random(10)
    lines = [" ".join(draw.choices(_WORDS, k=draw.randrange(3, 7))) for _ in range(9000)]
    path = tmp_path / "poem.txt"
    path.write_text("\n".join(lines), "utf-8")
    report = make_report([CorpusSource(path=str(path))])
    assert report.verdict == "good"
    assert report.sources[0].presets["web"] > 0.5
    assert "fitting_preset" in [finding.code for finding in report.findings]


@pytest.mark.parametrize(
    ("source", "kind", "words"),
    [
        (CorpusSource(path="/does/not/exist.txt"), CorpusError, "does not exist"),
        (CorpusSource(path="{blank}"), CorpusError, "holds no text"),
        (CorpusSource(path="{blank}", rules_off=("nope",)), RecipeError, "nope"),
    ],
)
def test_faults_of_the_user_are_one_sentence(
    tmp_path: Path, source: CorpusSource, kind: type[Exception], words: str
) -> None:
    blank = tmp_path / "blank.txt"
    blank.write_text(" \n \n", "utf-8")
    named = CorpusSource(
        path=source.path.replace("{blank}", str(blank)), rules_off=source.rules_off
    )
    with pytest.raises(kind, match=words):
        make_report([named])


def test_no_source_at_all_is_told() -> None:
    with pytest.raises(CorpusError, match="add a file"):
        make_report([])


def _children() -> list[psutil.Process]:
    found = psutil.Process().children(recursive=True)
    return [p for p in found if "sslstudio.corpora.report.child" in " ".join(_words(p))]


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _large(tmp_path: Path) -> CorpusSource:
    draw = random.Random(11)
    texts = [_prose(draw, 300) for _ in range(500)]
    return _write(tmp_path / "large.jsonl", texts * 20)


def _soon(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_cancelling_ends_all_processes(tmp_path: Path) -> None:
    reading = threading.Event()
    seen: list[psutil.Process] = []

    def tell(stage: str, *_: object) -> None:
        if stage == "reading" and not reading.is_set():
            seen.extend(_children())
            reading.set()

    with pytest.raises(Cancelled):
        make_report([_large(tmp_path)], on_progress=tell, cancelled=reading.is_set)
    assert len(seen) >= 2  # the one that makes it, and its workers
    assert _soon(lambda: not any(p.is_running() and p.status() != "zombie" for p in seen))


def test_a_worker_that_dies_is_told_in_one_sentence(tmp_path: Path) -> None:
    killed: list[int] = []

    def tell(stage: str, *_: object) -> None:
        if stage == "reading" and not killed:
            for process in _children():
                # with the first the others end too, and then have no command line
                with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                    if process.cmdline()[-1:] == ["worker"]:
                        process.kill()
                        killed.append(process.pid)

    with pytest.raises(ProcessError, match="ended with status"):
        make_report([_large(tmp_path)], on_progress=tell)
    assert killed


def test_a_child_that_cannot_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/does/not/exist")
    with pytest.raises(ProcessError, match="close other programs"):
        Child("worker")


def test_a_fault_of_ours_keeps_its_trace() -> None:
    with Workers(2) as workers:
        with pytest.raises(RuntimeError, match="KeyError"):
            workers.tell({"begin": "no such task"})
        workers.tell({"begin": "languages"})
        english = "The rain fell all night and the river had come up to the road by morning."
        body = english.encode()
        batches = [({"lengths": [len(body)]}, body)] * 7
        answers = [meta for meta, _ in workers.map(iter(batches))]
    assert answers == [{"characters": {"en": len(english)}}] * 7
    assert not _children()
