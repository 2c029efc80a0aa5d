"""``sslstudio corpus report``: what is in a corpus, what is wrong with it, what would mend it.

Beside ``cli``; thin. Trains nothing and changes no file. Progress goes to standard error.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sslstudio import cli_mend
from sslstudio.errors import RecipeError, nearest
from sslstudio.recipe import CorpusSource, DataOptions, Recipe
from sslstudio.registry import options_of

if TYPE_CHECKING:
    from sslstudio.corpora.report import CorpusReport

_TELL_SECONDS = 2.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``report`` and ``mend``."""
    actions = parser.add_subparsers(metavar="ACTION", required=True, dest="action")
    cli_mend.add_action(actions)
    report = actions.add_parser("report", help="what is in texts, and what is wrong with them")
    report.add_argument(
        "paths", nargs="+", metavar="PATH", help="a file, a folder, a sample, or a recipe"
    )
    report.add_argument("--json", action="store_true", help="machine-readable output")
    report.add_argument("--html", type=Path, metavar="FILE", help="also write it as a page")
    report.add_argument(
        "--purpose", type=Path, metavar="FILE", help="example texts: how well each source suits"
    )
    report.add_argument(
        "--against",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="texts of an evaluation that must not be in the corpus; may be given again",
    )
    report.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a setting of all sources or of the data, such as preset=web or deduplicate=near",
    )


def run(options: argparse.Namespace) -> dict[str, Any] | list[str]:
    """Do what is asked; returns the document for ``--json``, else lines of text."""
    if options.action == "mend":
        return cli_mend.run(options, _Progress())
    from sslstudio.corpora.report import make_report
    from sslstudio.corpora.report.plain_text import lines_of

    recipe = _recipe(options.paths, options.set)
    report = make_report(
        recipe.corpora,
        recipe.data,
        purpose=options.purpose,
        evaluation_files=options.against,
        on_progress=_Progress(),
    )
    if options.html:
        _write_page(report, options.html)
    return report.to_json() if options.json else lines_of(report)


def _write_page(report: CorpusReport, path: Path) -> None:
    from sslstudio.corpora.report.html import to_html
    from sslstudio.storage import write_atomically

    write_atomically(path, to_html(report))
    print(f"page: {path}", file=sys.stderr, flush=True)


def _recipe(paths: Sequence[str], settings: Sequence[str]) -> Recipe:
    """Return a recipe with the sources that are named, and the settings."""
    if len(paths) == 1 and paths[0].endswith(".toml") and Path(paths[0]).is_file():
        recipe = Recipe.load(Path(paths[0]))
    else:
        recipe = Recipe(corpora=tuple(CorpusSource(path=path) for path in paths))
    count = len(recipe.corpora)
    return recipe.with_settings([full for text in settings for full in _full(text, count)])


def _full(setting: str, sources: int) -> list[str]:
    """Return ``preset=web`` as the settings of all sources, and others by their table."""
    key = setting.partition("=")[0].strip()
    if "." in key or "=" not in setting:
        return [setting]
    of_sources = [option.name for option in options_of(CorpusSource)]
    of_data = [option.name for option in options_of(DataOptions)]
    if key in of_sources:
        return [f"corpora.{number}.{setting.strip()}" for number in range(sources)]
    if key in of_data:
        return [f"data.{setting.strip()}"]
    raise RecipeError(
        f"--set {key}: there is no such setting{nearest(key, [*of_sources, *of_data])}"
    )


class _Progress:
    """Says on standard error where the work stands, every two seconds."""

    def __init__(self) -> None:
        self._told = time.monotonic()

    def __call__(self, stage: str, done: int, total: int, unit: str) -> None:
        """Tell it where the last time is long enough ago."""
        now = time.monotonic()
        if now - self._told < _TELL_SECONDS:
            return
        self._told = now
        part = f" {done / total:.0%}" if unit == "bytes" and total else ""
        print(f"{stage}{part}", file=sys.stderr, flush=True)
