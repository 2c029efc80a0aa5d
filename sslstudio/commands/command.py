"""What a command is: the contract between ``sslstudio.cli`` and the files beside this one.

A command is one file here with a class under ``@register("commands", WORDS, help=…, place=…)``.
``WORDS`` are what the user types: ``"train"``, or ``"corpus mend"`` for an action of the group
``"corpus"``; the file is named after them, ``corpus_mend.py``. ``help`` is its line in the list of
commands, ``place`` its place there, counted among the commands of its group; tens leave room
between two.

``--help`` imports all these files, so they import nothing that takes time: rooms that import
torch, numpy or Qt are imported inside ``run``.
"""

from __future__ import annotations

import argparse
from typing import Protocol

from sslstudio.registry import Entry, catalogue

STOPPED_BY_SIGNAL = 130
"""Exit status of what was stopped by a signal; what it had to save is saved."""


class Command(Protocol):
    """Declares what it takes, and does it."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare all that the command takes, ``--json`` among it."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it, and return the exit status.

        Raises:
            SSLStudioError: the user's input is wrong, or this machine cannot.
        """


class Group:
    """A word before several actions, such as ``corpus``; does nothing by itself."""


def all_commands() -> dict[str, Entry]:
    """Return every command by its words: groups before actions, each in the order of the help."""
    return _in_order(catalogue("commands"))


def commands_under(word: str) -> dict[str, Entry]:
    """Return the command ``word``, or the group with its actions; empty where there is none.

    Imports their files alone, so that ``runs`` does not wait for the others.
    """
    found = catalogue("commands", beginning=word)
    return _in_order({words: found[words] for words in found if words.split()[0] == word})


def _in_order(found: dict[str, Entry]) -> dict[str, Entry]:
    def key(words: str) -> tuple[int, int]:
        return words.count(" "), found[words].facts["place"]

    return {words: found[words] for words in sorted(found, key=key)}
