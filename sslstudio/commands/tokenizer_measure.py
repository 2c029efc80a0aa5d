"""``sslstudio tokenizer measure``: how well a vocabulary fits texts."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

from sslstudio.commands.arguments import add_json
from sslstudio.commands.fit import add_sources, fit, fit_lines, sources_of
from sslstudio.commands.output import answer
from sslstudio.registry import register


@register("commands", "tokenizer measure", help="how well a vocabulary fits texts", place=20)
class TokenizerMeasure:
    """Measures a vocabulary that lies in a file."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the vocabulary and the texts."""
        parser.add_argument("file", type=Path, metavar="TOKENIZER.json")
        add_sources(parser)
        add_json(parser)

    def run(self, options: argparse.Namespace) -> int:
        """Measure, and print the figures."""
        from sslstudio.corpora.tokenizer import Tokenizer

        sources = sources_of(options)
        found = fit(Tokenizer.load(options.file), sources)
        return answer(options, lambda: dataclasses.asdict(found), lambda: fit_lines(found))
