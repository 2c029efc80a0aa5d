"""``sslstudio runs``: the runs there are, the newest first; answers at once."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Sequence
from datetime import datetime

from sslstudio.commands.arguments import add_json, add_runs_dir
from sslstudio.commands.output import answer
from sslstudio.registry import register
from sslstudio.runs import RunSummary, default_runs_dir, list_runs


@register("commands", "runs", help="list the runs", place=110)
class Runs:
    """Lists the runs in a folder."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the folder."""
        add_json(parser)
        add_runs_dir(parser)

    def run(self, options: argparse.Namespace) -> int:
        """Print the runs."""
        rows = list_runs(options.runs or default_runs_dir())
        return answer(
            options, lambda: [dataclasses.asdict(row) for row in rows], lambda: _lines(rows)
        )


def _lines(rows: Sequence[RunSummary]) -> list[str]:
    """Return the list of runs as a table."""
    if not rows:
        return ["no runs yet"]
    width = max(len(row.name) for row in rows)
    lines = [f"{'run':{width}}  {'state':11}  {'step':>15}  {'bits/byte':>9}  begun"]
    for row in rows:
        bits = f"{row.bits_per_byte:.4f}" if row.bits_per_byte is not None else "–"
        begun = datetime.fromtimestamp(row.started)
        steps = f"{row.step:,}/{row.steps:,}"
        lines.append(
            f"{row.name:{width}}  {row.state:11}  {steps:>15}  {bits:>9}  {begun:%Y-%m-%d %H:%M}"
        )
    return lines
