"""The samples: built once, whole or not at all, and made of prose (or code) that is there."""

from __future__ import annotations

import dataclasses
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sslstudio.corpora.samples import catalogue, code, handbook, prose, sources
from sslstudio.corpora.samples.catalogue import SAMPLES, sample_path
from sslstudio.errors import Cancelled, CorpusError

PROSE = (
    "This is the reason why the window of a house is made of glass: the light of the sun can "
    "come in, and the wind can not. It has been so for as long as there are houses with windows, "
    "and nobody who lives in one of them would want it to be any other way."
)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SSLSTUDIO_CACHE", str(tmp_path))
    return tmp_path / "samples"


@pytest.fixture
def two_lines(cache: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Replace tales by a sample of two documents; counts its builds and holds its version."""
    seen = {"builds": 0, "version": 1}

    def documents(cancelled: Callable[[], bool]) -> Iterator[tuple[str, str]]:
        seen["builds"] += 1
        yield "one", "a"
        time.sleep(0.05)
        if cancelled():
            raise Cancelled
        yield "two – é", "b"

    sample = dataclasses.replace(
        SAMPLES["tales"], documents=documents, facts=lambda: {"version": seen["version"]}
    )
    monkeypatch.setitem(SAMPLES, "tales", sample)
    return seen


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_sample_is_built_once_and_again_when_what_it_is_made_of_changes(
    two_lines: dict[str, int],
) -> None:
    path = sample_path("sample:tales")
    assert _lines(path) == [{"text": "one", "source": "a"}, {"text": "two – é", "source": "b"}]
    assert sample_path("tales") == path
    assert two_lines["builds"] == 1
    two_lines["version"] = 2
    sample_path("tales")
    assert two_lines["builds"] == 2


def test_a_file_that_lost_its_end_is_built_again(two_lines: dict[str, int]) -> None:
    path = sample_path("tales")
    whole = path.read_bytes()
    path.write_bytes(whole[:-5])
    assert sample_path("tales").read_bytes() == whole


def test_a_cancelled_build_leaves_nothing(cache: Path, two_lines: dict[str, int]) -> None:
    asked = iter([False] * 1 + [True] * 99)
    with pytest.raises(Cancelled):
        sample_path("tales", lambda: next(asked))
    assert two_lines["builds"] == 1
    assert [path.name for path in cache.iterdir() if path.suffix != ".lock"] == []


def test_two_that_ask_at_once_share_one_build(two_lines: dict[str, int]) -> None:
    threads = [threading.Thread(target=sample_path, args=("tales",)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert two_lines["builds"] == 1


def test_an_unknown_name_is_told_the_nearest() -> None:
    with pytest.raises(CorpusError, match=r"no sample 'handbok'.*'handbook'.*sample:tales"):
        sample_path("sample:handbok")


def test_a_computer_without_sources_is_told_what_to_use(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "standard_library", lambda: tmp_path / "nothing")
    with pytest.raises(CorpusError, match="use sample:tales"):
        sample_path("code")


def test_every_sample_says_what_it_is_and_where_its_text_comes_from() -> None:
    for name, sample in SAMPLES.items():
        assert sample.name == name
        assert sample.description.count(". ") == 1
        assert sample.title
        assert sample.licence_note
        assert sample.size_hint.endswith("MB")


def test_literals_are_found_beside_comments_and_other_strings() -> None:
    body = "x" * prose.LITERAL_CHARACTERS
    source = (
        f'# a comment with """{body}""" in it\n\'not """ here\'\n'
        f'"""one {body}"""\nf"""formatted {body}"""\nb"""bytes {body}"""\n'
        f"add_doc(f, r'''\n    two {body}\n      deeper\n''')\n\"\"\"short\"\"\"\n"
    )
    assert list(prose.literals(source)) == [f"one {body}", f"two {body}\n  deeper"]


def test_prose_is_kept_and_code_tables_and_parameter_lists_are_not() -> None:
    text = (
        f"{PROSE}\n\n>>> the_house(1, 2)\n3\n\nParameters\n----------\nx : ndarray\n\n"
        "+---+---+\n| 8 | 6 |\n+---+---+\n\n.. note::\n\n   The answer of\n   :func:`~a.solve` is "
        "``None`` when there is\n   nothing to be solved.\n\n    for i in range(3):\n        run(i)"
    )
    assert prose.prose_blocks(text) == [
        PROSE,
        "The answer of a.solve is None when there is nothing to be solved.",
    ]


@pytest.fixture
def small_computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library with two modules and one package that must not be imported."""
    library, packages = tmp_path / "library", tmp_path / "packages"
    topics = f"topics = {{'for': 'The for statement.\\n\\n{PROSE}'}}"
    twice = f'"""{PROSE} In glass."""\n"""{PROSE} In public."""\n'
    files = {
        library / "pydoc_data" / "topics.py": topics,
        library / "glass.py": f'"""{PROSE} In glass."""\n',
        library / "test" / "test_glass.py": f'"""{PROSE} In a test."""\n',
        packages / "fakepackage" / "__init__.py": "raise RuntimeError('imported')\n",
        packages / "fakepackage" / "_inner.py": f'"""{PROSE} In private."""\n',
        packages / "fakepackage" / "latin.py": "caf\u00e9",
        packages / "fakepackage" / "wide.py": twice,
    }
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode("latin-1"))
    monkeypatch.setattr(sources, "standard_library", lambda: library)
    monkeypatch.syspath_prepend(str(packages))
    monkeypatch.setattr(handbook, "PACKAGES", ("fakepackage", "packagethatisnotthere"))
    return library


def test_the_handbook_reads_without_importing_and_says_nothing_twice(small_computer: Path) -> None:
    assert list(handbook.handbook()) == [
        (PROSE, "help topic for"),
        (f"{PROSE} In glass.", "glass"),
        (f"{PROSE} In public.", "fakepackage.wide"),
        (f"{PROSE} In private.", "fakepackage._inner"),
    ]


def test_no_package_takes_more_than_its_share(
    small_computer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handbook, "PACKAGE_BYTES", len(PROSE) + 15)
    found = [source for _, source in handbook.handbook()]
    assert found == ["help topic for", "glass", "fakepackage.wide"]


def test_short_pieces_of_a_module_are_joined() -> None:
    short, long = "s" * 150, "l" * 1200
    assert handbook.joined([short]) == []
    assert handbook.joined([short, short]) == [f"{short}\n\n{short}"]
    assert handbook.joined([long, short]) == [f"{long}\n\n{short}"]
    assert handbook.joined([long, short, short]) == [long, f"{short}\n\n{short}"]


def test_code_is_whole_files_of_the_library_without_tests(small_computer: Path) -> None:
    assert list(code.code()) == [(f'"""{PROSE} In glass."""\n', "glass.py")]


def test_the_handbook_of_this_computer_is_prose_and_can_be_stopped(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library alone, so that the test is quick; every document is long enough and new."""
    monkeypatch.setattr(handbook, "PACKAGES", ("numpy",))
    progress: list[int] = []
    path = sample_path("handbook", on_progress=lambda done, total: progress.append(done))
    documents = _lines(path)
    assert sum(len(document["text"]) for document in documents) > 1_000_000
    assert min(len(document["text"]) for document in documents) >= handbook.SHORTEST_CHARACTERS
    assert len({document["text"] for document in documents}) == len(documents)
    assert progress == sorted(progress)
    asked = iter([False] * 20 + [True] * 99)
    with pytest.raises(Cancelled):
        list(handbook.handbook(lambda: next(asked)))
    versions = json.loads((cache / "handbook.json").read_text())["facts"]["versions"]
    assert set(versions) == {"python", "numpy"}


def test_find_sample_takes_names_with_and_without_prefix() -> None:
    assert catalogue.find_sample("sample:code") is catalogue.find_sample("code")
