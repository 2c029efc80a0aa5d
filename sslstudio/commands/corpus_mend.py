"""``sslstudio corpus mend``: a mended copy of a recipe's corpora, with its manifest.

Progress goes to standard error; the files of the user are only read.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from sslstudio.commands.arguments import add_json, add_recipe, add_settings
from sslstudio.commands.output import answer
from sslstudio.commands.progress import Progress
from sslstudio.recipe import Recipe
from sslstudio.registry import register


@register("commands", "corpus mend", help="write a mended copy, and how it came about", place=10)
class CorpusMend:
    """Writes what a run of the recipe would read."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the recipe and the new folder."""
        add_recipe(parser)
        parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder")
        add_json(parser, "print the manifest")
        add_settings(parser)

    def run(self, options: argparse.Namespace) -> int:
        """Write the copy, and print the manifest or what was done."""
        from sslstudio.corpora.manifest import write_mended

        recipe = Recipe.load(options.recipe).with_settings(options.set)
        manifest = write_mended(recipe, options.out, on_progress=Progress())
        return answer(options, lambda: manifest, lambda: _lines(manifest, options.out))


def _lines(manifest: dict[str, Any], folder: Path) -> list[str]:
    sides = [f"{manifest[side]['documents']:,} {side}" for side in ("train", "validation")]
    lines = [f"read        {manifest['documents_read']:,} documents"]
    for row in manifest["removed"]:
        path = manifest["sources"][row["source"]]["path"]
        lines.append(
            f"taken out   {row['documents']:,} of {path} by {row['rule']} "
            f"({row['characters']:,} characters)"
        )
    for source in manifest["sources"]:
        for rule, count in source["changes"].items():
            lines.append(f"changed     {count:,} times in {source['path']} by {rule}")
    return [*lines, f"written     {', '.join(sides)}", str(folder)]
