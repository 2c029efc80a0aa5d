"""The command line: thin. Parses, calls a command, refuses in one sentence.

``--json`` prints one JSON document on standard output and nothing else there; progress goes to
standard error. Exit status: 0 done, 2 the user's input is wrong (one line says what and how to
mend it), 1 it failed, 130 stopped by a signal with a checkpoint saved. The commands themselves
are the files in ``commands/``; none is named here.
"""

from __future__ import annotations

import argparse
import contextlib
import errno
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sslstudio import __version__
from sslstudio.commands.command import (
    STOPPED_BY_SIGNAL,
    Command,
    Group,
    all_commands,
    commands_under,
)
from sslstudio.commands.output import forget_output, spell_anything
from sslstudio.errors import ProcessError, RecipeError, SSLStudioError, nearest
from sslstudio.neighbours import wait_briefly
from sslstudio.registry import Entry
from sslstudio.runs import default_runs_dir


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    wait_briefly()
    try:
        commands = _meant_by(words)
        if not commands:
            return _studio(words)
        options = _parser(commands).parse_args(words)
        spell_anything(options.json)
        status = int(options.command(options))
        sys.stdout.flush()  # here, where a reader that has gone can still be forgiven
        return status
    except SSLStudioError as error:
        if _is_said_by_another(error):
            return error.exit_status
        return _refuse(str(error), error.exit_status)
    except KeyboardInterrupt:
        return _refuse("stopped; nothing was begun", STOPPED_BY_SIGNAL)
    except BrokenPipeError:
        forget_output()
        return 1
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        forget_output()
        return _refuse(f"the output cannot be written: {error.strerror}; free some space", 2)


def _refuse(sentence: str, status: int) -> int:
    """Print ``sentence`` on one line of standard error; file names may hold line ends."""
    with contextlib.suppress(OSError):
        print("sslstudio:", " ".join(sentence.splitlines()), file=sys.stderr, flush=True)
    return status


def _is_said_by_another(error: SSLStudioError) -> bool:
    """Whether torchrun started this process beside another that says the same."""
    is_beside = os.environ.get("LOCAL_RANK", "0") != "0" and "WORLD_SIZE" in os.environ
    return is_beside and not isinstance(error, ProcessError)


def studio() -> int:
    """Open the studio: the entry point of the graphical command."""
    return main(sys.argv[1:])


def _meant_by(words: list[str]) -> dict[str, Entry]:
    """Return the commands among which ``words`` choose: all, where an option comes first."""
    if not words:
        return {}
    return all_commands() if words[0].startswith("-") else commands_under(words[0])


def _studio(words: list[str]) -> int:
    if words and not Path(words[0]).exists() and not (default_runs_dir() / words[0]).exists():
        names = [name for name in all_commands() if " " not in name]
        raise RecipeError(
            f"{words[0]!r} is neither a command nor a recipe or run{nearest(words[0], names)} "
            f"(commands: {', '.join(names)})"
        )
    from sslstudio.studio.app import main as open_studio

    return int(open_studio(words))


class _Parser(argparse.ArgumentParser):
    """Argparse in one line: no usage block, the same exit status 2."""

    def error(self, message: str) -> Any:
        raise RecipeError(f"{message}; see '{self.prog} --help'")


def _parser(commands: dict[str, Entry]) -> argparse.ArgumentParser:
    """Return the parser of ``commands``, made of what each of them declares."""
    parser = _Parser(
        prog="sslstudio",
        description="Train a language model on your own text. Without a command: the studio.",
    )
    parser.add_argument("--version", action="version", version=f"sslstudio {__version__}")
    groups: dict[str, Any] = {"": parser.add_subparsers(metavar="COMMAND", required=True)}
    for words, entry in commands.items():
        group, _, name = words.rpartition(" ")
        text = entry.facts["help"]
        made = groups[group].add_parser(name, help=text, description=None if group else text)
        kind: Any = entry.cls
        if issubclass(kind, Group):
            groups[words] = made.add_subparsers(metavar="ACTION", required=True)
        else:
            command: Command = kind()
            command.add_arguments(made)
            made.set_defaults(command=command.run)
    return parser
