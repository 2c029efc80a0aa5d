"""``sslstudio objectives``: what a model can be asked to predict, and the options of each."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Iterator
from typing import Any

from sslstudio.commands.arguments import add_json
from sslstudio.commands.output import answer
from sslstudio.registry import catalogue, options_of, register


@register("commands", "objectives", help="list what a model can be asked to predict", place=50)
class Objectives:
    """Lists the objectives that are registered."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare nothing but ``--json``."""
        add_json(parser)

    def run(self, options: argparse.Namespace) -> int:
        """Print every objective with its options."""
        document = _document()
        return answer(options, lambda: document, lambda: _lines(document))


def _document() -> list[dict[str, Any]]:
    from sslstudio.objectives.objective import objective_class

    document = []
    for name, entry in catalogue("objectives").items():
        cls = objective_class(name)
        document.append(
            {
                "name": name,
                "family": entry.facts["family"],
                "question": entry.facts["question"],
                "architectures": list(cls.architectures),
                "title": entry.facts["title"],
                "description": entry.facts["description"],
                "options": [dataclasses.asdict(o) for o in options_of(cls.Options)],
            }
        )
    return document


def _lines(document: list[dict[str, Any]]) -> Iterator[str]:
    for row in document:
        yield f"{row['name']} ({row['family']}): {row['question']} {row['description']}"
        for o in row["options"]:
            bounds = f"{o['minimum']:g} to {o['maximum']:g}" if o["maximum"] is not None else ""
            yield f"    {o['name']} = {o['default']}  {o['help']} {bounds}".rstrip()
