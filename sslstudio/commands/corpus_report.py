"""``sslstudio corpus report``: what is in a corpus, what is wrong with it, what would mend it.

Changes no file. Progress goes to standard error.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sslstudio.commands.arguments import add_json, add_paths, add_settings
from sslstudio.commands.output import answer
from sslstudio.commands.progress import Progress, say
from sslstudio.errors import RecipeError, nearest
from sslstudio.recipe import CorpusSource, DataOptions, Recipe
from sslstudio.registry import options_of, register

if TYPE_CHECKING:
    from sslstudio.corpora.report import CorpusReport


@register(
    "commands", "corpus report", help="what is in texts, and what is wrong with them", place=20
)
class CorpusReportCommand:
    """Reports on texts, or on the sources of a recipe."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the texts, what they are compared with, and where the page goes."""
        add_paths(parser, "a file, a folder, a sample, or a recipe")
        add_json(parser)
        parser.add_argument("--html", type=Path, metavar="FILE", help="also write it as a page")
        parser.add_argument(
            "--purpose", type=Path, metavar="FILE", help="example texts: how well each source suits"
        )
        parser.add_argument(
            "--against",
            type=Path,
            action="append",
            default=[],
            metavar="FILE",
            help="texts of an evaluation that must not be in the corpus; may be given again",
        )
        add_settings(
            parser,
            "a setting of all sources or of the data, such as preset=web or deduplicate=near",
        )

    def run(self, options: argparse.Namespace) -> int:
        """Make the report, write the page if one is asked for, and print it."""
        from sslstudio.corpora.report import make_report
        from sslstudio.corpora.report.plain_text import lines_of

        recipe = _recipe(options.paths, options.set)
        report = make_report(
            recipe.corpora,
            recipe.data,
            purpose=options.purpose,
            evaluation_files=options.against,
            on_progress=Progress(),
        )
        if options.html:
            _write_page(report, options.html)
        return answer(options, report.to_json, lambda: lines_of(report))


def _write_page(report: CorpusReport, path: Path) -> None:
    from sslstudio.corpora.report.html import to_html
    from sslstudio.storage import write_atomically

    write_atomically(path, to_html(report))
    say(f"page: {path}")


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
