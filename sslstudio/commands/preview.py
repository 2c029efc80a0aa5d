"""``sslstudio preview``: a text as an objective meets it: what goes in, what is predicted."""

from __future__ import annotations

import argparse
from pathlib import Path

from sslstudio.commands.arguments import add_json, add_settings
from sslstudio.commands.output import print_document
from sslstudio.errors import RecipeError
from sslstudio.recipe import Recipe, TokenizerOptions
from sslstudio.registry import register


@register("commands", "preview", help="show a text as an objective meets it", place=60)
class Preview:
    """Lets an objective make one batch of one text."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the objective, its options and the text."""
        add_json(parser)
        add_settings(parser)
        parser.add_argument("objective", metavar="OBJECTIVE")
        parser.add_argument("--text", required=True)
        parser.add_argument("--tokenizer", type=Path, metavar="FILE")
        parser.add_argument("--seed", type=_seed, default=1337)

    def run(self, options: argparse.Namespace) -> int:
        """Print the two rows of tokens, or the document."""
        from sslstudio.corpora.tokenizer import Tokenizer
        from sslstudio.objectives.preview import preview

        if any(text.partition("=")[0].strip() == "name" for text in options.set):
            raise RecipeError("name is no option of an objective: write its name after 'preview'")
        settings = [f"objective.{text}" for text in options.set]
        chosen = Recipe.default().with_settings(settings).objective.options
        if options.tokenizer:
            tokenizer = Tokenizer.load(options.tokenizer)
        else:
            tokenizer = Tokenizer.train([options.text], TokenizerOptions(kind="characters"))
        shown = preview(options.objective, options.text, tokenizer, chosen, seed=options.seed)
        if options.json:
            print_document(shown.to_dict())
            return 0
        print("goes in:  ", " ".join(f"{t.text}" for t in shown.input))
        print("predicts: ", " ".join(t.text if t.role == "target" else "·" for t in shown.target))
        print(
            f"{shown.targets} of {shown.tokens} tokens; untrained loss {shown.untrained_loss:.3f}"
        )
        return 0


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from 0 up")
    return int(text)
