"""The contract of commands: found by their files, in order, and quick to look at."""

from __future__ import annotations

import argparse
import collections
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sslstudio.cli import main
from sslstudio.commands.command import Group, all_commands, commands_under

_ROOT = Path(__file__).resolve().parents[2]
_HEAVY = ("torch", "numpy", "PySide6", "sslstudio.studio", "sslstudio.corpora")
_GREETING = """
from sslstudio.commands.arguments import add_json
from sslstudio.commands.output import answer
from sslstudio.registry import register

@register("commands", "greet", help="say hello", place=15)
class Greet:
    def add_arguments(self, parser):
        add_json(parser)
        parser.add_argument("name")

    def run(self, options):
        return answer(options, lambda: {"hello": options.name}, lambda: [f"hello {options.name}"])
"""


def _python(code: str, *words: str) -> list[str]:
    """Run ``code`` in a fresh interpreter; returns the lines that it printed."""
    done = subprocess.run(
        [sys.executable, "-c", code, *words], cwd=_ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_one_more_file_is_one_more_command(tmp_path: Path) -> None:
    (tmp_path / "greet.py").write_text(_GREETING, "utf-8")
    code = (
        "import sys, sslstudio.commands\n"
        "from sslstudio.cli import main\n"
        "from sslstudio.commands.command import all_commands\n"
        "sslstudio.commands.__path__.append(sys.argv[1])\n"
        "assert main(['greet', 'you']) == 0\n"
        "assert main(['greet', 'you', '--json']) == 0\n"
        "print(*list(all_commands())[:3])\n"
    )
    lines = ["hello you", "{", ' "hello": "you"', "}", "train greet resume"]
    assert _python(code, str(tmp_path)) == lines


def test_every_command_is_named_like_its_file_and_takes_json() -> None:
    for words, entry in all_commands().items():
        assert entry.cls.__module__ == f"sslstudio.commands.{words.replace(' ', '_')}"
        assert entry.facts["help"]
        kind: Any = entry.cls
        if issubclass(kind, Group):
            continue
        parser = argparse.ArgumentParser(exit_on_error=False)
        kind().add_arguments(parser)
        assert "--json" in parser.format_usage(), words


def test_no_two_commands_of_a_group_have_one_place() -> None:
    places: dict[str, list[int]] = collections.defaultdict(list)
    for words, entry in all_commands().items():
        places[words.rpartition(" ")[0]].append(entry.facts["place"])
    for group, taken in places.items():
        assert taken == sorted(set(taken)), group


def test_every_action_belongs_to_a_group() -> None:
    found = all_commands()
    groups = [words for words, entry in found.items() if issubclass(entry.cls, Group)]
    assert {words.rpartition(" ")[0] for words in found} == {"", *groups}


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("runs", ["runs"]),
        ("corpus", ["corpus", "corpus mend", "corpus report"]),
        ("corpus_mend", []),  # a file, but no word
        ("output", []),  # a file that holds no command
        ("re", []),  # the beginning of a word
        ("nothing.toml", []),
    ],
)
def test_a_word_means_one_command_or_one_group(word: str, found: list[str]) -> None:
    assert list(commands_under(word)) == found


@pytest.mark.parametrize("words", [["runs", "--runs", "."], ["--help"]])
def test_an_answer_waits_for_no_heavy_library(words: list[str]) -> None:
    code = (
        "import atexit, sys\n"
        "from sslstudio.cli import main\n"
        f"heavy = lambda: [n for n in {_HEAVY} if n in sys.modules]\n"
        "atexit.register(lambda: print('heavy', heavy()))\n"
        "main(sys.argv[1:])\n"
    )
    assert _python(code, *words)[-1] == "heavy []"


def test_a_command_imports_no_other(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from sslstudio.cli import main\n"
        "main(['runs', '--runs', sys.argv[1]])\n"
        "print('sslstudio.commands.train' in sys.modules)\n"
    )
    assert _python(code, str(tmp_path)) == ["no runs yet", "False"]


def test_the_help_lists_the_commands_in_their_order(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    begun = [line.split()[0] for line in shown.splitlines() if line.startswith("    ")]
    names = [words for words in all_commands() if " " not in words]
    assert [word for word in begun if word in names] == names
    assert names[0] == "train"
