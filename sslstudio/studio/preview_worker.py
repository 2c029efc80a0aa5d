"""What the objective page asks of the engine, as functions that run beside the window.

The engine's rooms are imported inside the functions: importing this module costs nothing, and
the first preview is made by the very code that trains. Everything that comes back is frozen. The
preview's tokenizer is trained on the first few hundred kilobytes of the corpus, so that the
picture stands within a second; the run trains its own on the whole training split.
"""

from __future__ import annotations

import dataclasses
import itertools
import threading
from collections.abc import Callable, Iterator
from typing import Any

from sslstudio.errors import Cancelled, CorpusError
from sslstudio.recipe import CorpusSource, TokenizerOptions

SLICE_CHARACTERS = 400_000
EXCERPT_CHARACTERS = 700


@dataclasses.dataclass(frozen=True)
class Excerpt:
    """The beginning of a document, and where it stands."""

    text: str
    origin: str
    index: int
    documents: int


def train_preview_tokenizer(
    sources: tuple[CorpusSource, ...], options: TokenizerOptions, cancelled: Callable[[], bool]
) -> Any:
    """Train a tokenizer on the beginning of ``sources``; well under a second on two cores.

    Raises:
        CorpusError: no text can be read.
        Cancelled: nobody wants it any more.
    """
    from sslstudio.corpora.tokenizer import Tokenizer

    texts = list(_first_texts(sources, cancelled))
    if not any(text.strip() for text in texts):
        raise CorpusError("there is no text in these sources yet: add some on the Corpora page")
    if cancelled():
        raise Cancelled
    return Tokenizer.train(texts, options)


def read_excerpt(
    sources: tuple[CorpusSource, ...], index: int, cancelled: Callable[[], bool]
) -> Excerpt:
    """Return the beginning of the document ``index`` (modulo a few hundred) of ``sources``."""
    from sslstudio.corpora.reading import read_documents

    documents = read_documents(sources, cancelled=cancelled, on_skip=lambda _skipped: None)
    first = list(itertools.islice(documents, index + 1))
    if not first:
        raise CorpusError("there is no text in these sources yet: add some on the Corpora page")
    chosen = first[-1]
    return Excerpt(_shortened(chosen.text), chosen.source, len(first) - 1, len(first))


def make_preview(
    name: str, text: str, tokenizer: Any, options: dict[str, Any], seed: int, context: int
) -> Any:
    """Return ``sslstudio.objectives.preview.Preview`` of ``text``; a few milliseconds."""
    from sslstudio.objectives.preview import preview

    with _ONE_AT_A_TIME:
        return preview(name, text, tokenizer, options, seed=seed, context=context)


_ONE_AT_A_TIME = threading.Lock()  # the tokenizer is not ours alone


def _first_texts(sources: tuple[CorpusSource, ...], cancelled: Callable[[], bool]) -> Iterator[str]:
    """Yield the beginning of every source, in equal shares of the slice."""
    from sslstudio.corpora.reading import read_documents

    for source in sources:
        left = SLICE_CHARACTERS // len(sources)
        for document in read_documents(
            (source,), cancelled=cancelled, on_skip=lambda _skipped: None
        ):
            yield document.text[:left]
            left -= len(document.text)
            if left <= 0:
                break


def _shortened(text: str) -> str:
    """Cut ``text`` at a word after some seven hundred characters."""
    text = text.strip("\n")
    if len(text) <= EXCERPT_CHARACTERS:
        return text
    cut = text.rfind(" ", 0, EXCERPT_CHARACTERS)
    return text[: cut if cut > 0 else EXCERPT_CHARACTERS]
