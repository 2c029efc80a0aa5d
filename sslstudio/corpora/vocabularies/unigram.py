"""Unigram: of a great many pieces those are kept whose loss would make the text least likely.

Kudo 2018, 1804.10959, over the byte alphabet: all 256 bytes always stay, so that no text is
unknown. A text is cut in the likeliest way (Viterbi). Learning keeps a suffix array of the text:
about 0.5 MB a second, so at most 20 million characters are read.
"""

from __future__ import annotations

from collections.abc import Iterable

from tokenizers import models, trainers

from sslstudio.corpora import special_tokens as special
from sslstudio.corpora.vocabularies.cutting import (
    ALPHABET,
    MARKER_CUTS,
    empty,
    finished,
    room,
    short,
)
from sslstudio.recipe import TokenizerOptions
from sslstudio.registry import register

MOST_CHARACTERS = 20_000_000


@register("vocabularies", "unigram", title="Likeliest pieces (Unigram)")
class Unigram:
    """Learns pieces and how likely each is."""

    @staticmethod
    def learned(texts: Iterable[str], options: TokenizerOptions) -> str:
        """Return the ``tokenizer.json`` that ``texts`` give."""
        tokenizer = empty(models.Unigram(), options, MARKER_CUTS)
        trainer = trainers.UnigramTrainer(
            vocab_size=room(options.vocab_size, 256),
            special_tokens=list(special.LEADING),
            initial_alphabet=list(ALPHABET),
            show_progress=False,
        )
        tokenizer.train_from_iterator(short(texts, MOST_CHARACTERS), trainer)
        return finished(tokenizer)
