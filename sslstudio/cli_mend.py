"""``sslstudio corpus mend``: a mended copy of a recipe's corpora, with its manifest.

Beside ``cli_corpus``; thin. Progress goes to standard error; the files of the user are only read.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sslstudio.recipe import Recipe


def add_action(actions: Any) -> None:
    """Declare ``mend`` among the actions of ``corpus``."""
    mend = actions.add_parser("mend", help="write a mended copy, and how it came about")
    mend.add_argument("recipe", type=Path, metavar="RECIPE.toml")
    mend.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder")
    mend.add_argument("--json", action="store_true", help="print the manifest")
    mend.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="change a setting"
    )


def run(
    options: argparse.Namespace, on_progress: Callable[[str, int, int, str], None]
) -> dict[str, Any] | list[str]:
    """Write the copy; returns the manifest for ``--json``, else lines of text."""
    from sslstudio.corpora.manifest import write_mended

    recipe = Recipe.load(options.recipe).with_settings(options.set)
    manifest = write_mended(recipe, options.out, on_progress=on_progress)
    return manifest if options.json else _lines(manifest, options.out)


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
