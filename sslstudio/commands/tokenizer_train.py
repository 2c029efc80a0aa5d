"""``sslstudio tokenizer train``: a vocabulary of one's own.

It is trained on all texts that are named, since no model is examined on them here; a run trains
its own on its training side.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

from sslstudio.commands.arguments import add_json
from sslstudio.commands.fit import add_sources, fit, fit_lines, sources_of, texts_of
from sslstudio.commands.output import answer
from sslstudio.recipe import TokenizerOptions
from sslstudio.registry import options_of, register

_OPTIONS = ("kind", "vocab_size", "normalizer", "pre_tokenizer")


@register("commands", "tokenizer train", help="learn a vocabulary from texts", place=10)
class TokenizerTrain:
    """Learns a vocabulary, writes it, and measures it on the same texts."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the texts, the options of a tokenizer, and the new file."""
        add_sources(parser)
        add_json(parser)
        declared = {option.name: option for option in options_of(TokenizerOptions)}
        for name in _OPTIONS:
            flag, option = f"--{name.replace('_', '-')}", declared[name]
            choices = [choice for choice in option.choices if choice != "file"] or None
            kind = int if option.type == "int" else str
            # a % in a help text would be taken for a format
            text = option.help.replace("%", "%%")
            parser.add_argument(flag, type=kind, choices=choices, default=option.default, help=text)
        parser.add_argument(
            "--out", type=Path, required=True, metavar="FILE", help="tokenizer.json"
        )

    def run(self, options: argparse.Namespace) -> int:
        """Learn and write, and print how the vocabulary fits."""
        from sslstudio.corpora.tokenizer import Tokenizer

        sources = sources_of(options)
        asked = TokenizerOptions(**{name: getattr(options, name) for name in _OPTIONS})
        tokenizer = Tokenizer.train(texts_of(sources), asked)
        tokenizer.save(options.out)
        found = fit(tokenizer, sources)
        made = {"path": str(options.out), "kind": options.kind}
        return answer(
            options, lambda: {**made, **dataclasses.asdict(found)}, lambda: fit_lines(found)
        )
