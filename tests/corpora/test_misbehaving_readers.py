"""Whatever a reader does to its process, one file is skipped with a sentence, and soon."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sslstudio.corpora.document_index import DocumentIndex
from sslstudio.corpora.reading import Skipped, list_files, sound_files
from sslstudio.corpora.taking_in import process
from sslstudio.recipe import CorpusSource
from tests.corpora.file_making import refusal, texts_of, written, zipped

pytestmark = pytest.mark.usefixtures("nothing_taken_in")
# a child whose readers misbehave as parsers of hostile files do
_CHILD = """
import os, sys, time
from sslstudio.corpora.reader import Record
from sslstudio.corpora.taking_in import child
from sslstudio.registry import register

class Reader:
    automatic = "record"

    def records(self, file, options, report):
        with file.open() as stream:
            word = stream.read().decode().strip()
        yield Record("a first record")
        if word == "abort":
            os.abort()
        if word == "exit":
            os._exit(0)
        if word == "loop":
            while True:
                pass
        if word == "sleep":
            time.sleep(1000)
        if word == "memory":
            yield Record(str(len(bytearray(2**40))))
        if word == "deep":
            json = lambda: json()
            json()
        if word == "raise":
            raise KeyError("of the library's own")
        if word == "print":
            print("{" * 1000)
            os.write(1, b"not an answer")
        if word == "endless":
            while True:
                yield Record("the same again " * 1000)
        yield Record("surrogate \\ud800, NUL \\0, separator \\u2028", title="a\\ntitle\\ud800")

register("readers", "odd", extensions=(".odd",), version=1)(Reader)
sys.exit(child.main())
"""


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for archives whose members end in .odd, which a misbehaving reader takes."""
    script = written(tmp_path / "child.py", _CHILD)
    monkeypatch.setattr(process, "_command", lambda: [sys.executable, "-P", str(script)])
    return tmp_path


@pytest.mark.parametrize(
    ("word", "reason"),
    [
        ("abort", "made its reader fail"),
        ("exit", "made its reader fail"),
        ("loop", "was given up: reading it did not get on for 2 s"),
        ("memory", "takes more memory than one file is given"),
        ("deep", "is nested too deeply"),
        ("raise", "cannot be read (KeyError"),
        ("endless", "unpacks to more than"),
    ],
)
def test_whatever_a_parser_does_one_file_is_skipped(odd: Path, word: str, reason: str) -> None:
    members = {"a.txt": "before", "b.odd": word, "c.txt": "behind"}
    path = written(odd / "a.zip", zipped(members))
    if word == "endless":  # more than the archive may hold is the archive's own fault
        assert reason in refusal(path)
        return
    skipped: list[Skipped] = []
    assert texts_of(path, skipped) == ["before", "behind"]
    (left_out,) = skipped
    assert left_out.path == f"{path}!b.odd"
    assert left_out.reason.startswith(reason)


def test_a_child_that_waits_for_ever_is_ended(odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "STILL_S", 1.0)
    path = written(odd / "a.zip", zipped({"a.txt": "before", "b.odd": "sleep"}))
    skipped: list[Skipped] = []
    assert texts_of(path, skipped) == ["before"]
    assert skipped[0].reason.startswith("was given up: nothing moved for 1 s")


def test_progress_is_told_while_a_reader_does_not_get_on(odd: Path) -> None:
    path = written(odd / "a.zip", zipped({"a.txt": "before", "b.odd": "loop"}))
    source = CorpusSource(path=str(path))
    ticks: list[tuple[int, int]] = []
    sound_files(
        source,
        list_files(source),
        cancelled=lambda: False,
        on_progress=lambda *tick: ticks.append(tick),
    )
    assert len(ticks) > 10  # two seconds at ten a second


def test_a_file_that_killed_a_child_is_not_tried_again_by_this_process(
    odd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = {f"{i}.odd": "abort" for i in range(process.MOST_DEATHS + 1)}
    path = written(odd / "a.zip", zipped(members))
    sentence = refusal(path)
    assert f"made its reader fail {process.MOST_DEATHS} times" in sentence
    monkeypatch.setattr(process, "_started", pytest.fail)
    assert refusal(path) == sentence


def test_what_a_library_prints_is_not_taken_for_an_answer(odd: Path) -> None:
    path = written(odd / "a.zip", zipped({"b.odd": "print"}))
    assert texts_of(path)[0] == "a first record"


def test_odd_characters_are_mended_and_kept_on_one_line(odd: Path) -> None:
    path = written(odd / "a.zip", zipped({"b.odd": "fine"}))
    source = CorpusSource(path=str(path))
    index = DocumentIndex(source)
    assert index[1].text == "surrogate \ufffd, NUL \0, separator \u2028"
    assert index[1].title == "a title\ufffd"
