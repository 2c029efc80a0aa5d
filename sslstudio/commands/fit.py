"""How a vocabulary fits the beginning of some texts, measured and said; for ``tokenizer``."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sslstudio.commands.arguments import add_paths
from sslstudio.commands.progress import say
from sslstudio.errors import CorpusError
from sslstudio.recipe import CorpusSource

if TYPE_CHECKING:
    from sslstudio.corpora.token_measures import TokenMeasures
    from sslstudio.corpora.tokenizer import Tokenizer

_MEASURED_CHARACTERS = 10_000_000


def add_sources(parser: argparse.ArgumentParser) -> None:
    """Declare the texts that are meant."""
    add_paths(parser, "a file, a folder or a sample")


def sources_of(options: argparse.Namespace) -> list[CorpusSource]:
    """Return the texts that are named, none of them opened yet."""
    return [CorpusSource(path=path) for path in options.paths]


def texts_of(sources: Sequence[CorpusSource]) -> Iterator[str]:
    """Yield the texts of the documents in ``sources``; says on standard error what was skipped.

    Raises:
        CorpusError: a source cannot be read, or all is blank.
    """
    from sslstudio.corpora.reading import read_documents

    skipped: list[Any] = []
    is_empty = True
    for document in read_documents(sources, cancelled=lambda: False, on_skip=skipped.append):
        is_empty = False
        yield document.text
    if is_empty:
        raise CorpusError(f"{sources[0].path} holds nothing but blank text: name another file")
    for note in skipped:
        say(f"skipped: {note.path} {note.reason}")


def fit(tokenizer: Tokenizer, sources: Sequence[CorpusSource]) -> TokenMeasures:
    """Measure ``tokenizer`` on the first ten million characters of ``sources``."""
    from sslstudio.corpora.token_measures import measure

    return measure(tokenizer, _beginning(texts_of(sources)))


def _beginning(texts: Iterator[str]) -> Iterator[str]:
    left = _MEASURED_CHARACTERS
    for text in texts:
        yield text[:left]
        left -= len(text)
        if left <= 0:
            return


def fit_lines(found: TokenMeasures) -> list[str]:
    """Return the measures as lines of text."""
    return [
        f"vocabulary       {found.vocab_size:,} tokens",
        f"measured on      {found.bytes:,} bytes, {found.words:,} words, {found.tokens:,} tokens",
        f"bytes per token  {found.bytes_per_token:.2f}",
        f"tokens per word  {found.fertility:.2f}",
        f"whole words      {found.whole_words:.1%} of all words are one token",
        f"never needed     {found.unused:.1%} of the vocabulary",
        f"round trip       {found.round_trip_failures} of {found.texts} texts come back changed",
    ]
