"""``sslstudio tokenizer train | measure``: a vocabulary of one's own, and how it fits a text.

Beside ``cli``; thin. The vocabulary is trained on all texts that are named, since no model is
examined on them here; a run trains its own on its training side.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sslstudio.errors import CorpusError
from sslstudio.recipe import CorpusSource, TokenizerOptions
from sslstudio.registry import options_of

if TYPE_CHECKING:
    from sslstudio.corpora.token_measures import TokenMeasures

_MEASURED_CHARACTERS = 10_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare ``train`` and ``measure``."""
    actions = parser.add_subparsers(metavar="ACTION", required=True, dest="action")
    train = actions.add_parser("train", help="learn a vocabulary from texts")
    measure = actions.add_parser("measure", help="how well a vocabulary fits texts")
    measure.add_argument("file", type=Path, metavar="TOKENIZER.json")
    for made in (train, measure):
        made.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder or a sample")
        made.add_argument("--json", action="store_true", help="machine-readable output")
    declared = {option.name: option for option in options_of(TokenizerOptions)}
    for name in ("kind", "vocab_size", "normalizer", "pre_tokenizer"):
        flag, option = f"--{name.replace('_', '-')}", declared[name]
        choices = [choice for choice in option.choices if choice != "file"] or None
        kind = int if option.type == "int" else str
        # a % in a help text would be taken for a format
        text = option.help.replace("%", "%%")
        train.add_argument(flag, type=kind, choices=choices, default=option.default, help=text)
    train.add_argument("--out", type=Path, required=True, metavar="FILE", help="tokenizer.json")


def run(options: argparse.Namespace) -> dict[str, Any] | list[str]:
    """Do what was asked; returns the document for ``--json``, else lines of text."""
    from sslstudio.corpora.token_measures import measure
    from sslstudio.corpora.tokenizer import Tokenizer

    sources = [CorpusSource(path=path) for path in options.paths]
    if options.action == "train":
        asked = TokenizerOptions(
            kind=options.kind,
            vocab_size=options.vocab_size,
            normalizer=options.normalizer,
            pre_tokenizer=options.pre_tokenizer,
        )
        tokenizer = Tokenizer.train(_texts(sources), asked)
        tokenizer.save(options.out)
    else:
        tokenizer = Tokenizer.load(options.file)
    found = measure(tokenizer, _beginning(_texts(sources)))
    document = dataclasses.asdict(found)
    if options.action == "train":
        document = {"path": str(options.out), "kind": options.kind, **document}
    return document if options.json else _lines(found)


def _texts(sources: list[CorpusSource]) -> Iterator[str]:
    from sslstudio.corpora.reading import read_documents

    skipped: list[Any] = []
    is_empty = True
    for document in read_documents(sources, cancelled=lambda: False, on_skip=skipped.append):
        is_empty = False
        yield document.text
    if is_empty:
        raise CorpusError(f"{sources[0].path} holds nothing but blank text: name another file")
    for note in skipped:
        print(f"skipped: {note.path} {note.reason}", file=sys.stderr)


def _beginning(texts: Iterator[str]) -> Iterator[str]:
    left = _MEASURED_CHARACTERS
    for text in texts:
        yield text[:left]
        left -= len(text)
        if left <= 0:
            return


def _lines(found: TokenMeasures) -> list[str]:
    return [
        f"vocabulary       {found.vocab_size:,} tokens",
        f"measured on      {found.bytes:,} bytes, {found.words:,} words, {found.tokens:,} tokens",
        f"bytes per token  {found.bytes_per_token:.2f}",
        f"tokens per word  {found.fertility:.2f}",
        f"whole words      {found.whole_words:.1%} of all words are one token",
        f"never needed     {found.unused:.1%} of the vocabulary",
        f"round trip       {found.round_trip_failures} of {found.texts} texts come back changed",
    ]
