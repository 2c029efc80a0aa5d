"""Byte-pair encoding: the pair of neighbours that is met most often becomes one token, and so on.

Sennrich et al. 2016, 1508.07909, over bytes as in GPT-2. Learns about 8 MB a second on two cores;
memory grows with the number of different words. The merges of a smaller vocabulary are the first
ones of a larger (``what_if.py`` uses that). Without texts it knows the bytes alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from tokenizers import models, trainers

from sslstudio.corpora import special_tokens as special
from sslstudio.corpora.vocabularies.cutting import ALPHABET, empty, finished, room, short
from sslstudio.recipe import TokenizerOptions
from sslstudio.registry import register

FEWEST_OCCURRENCES = 2


@register("vocabularies", "bpe", title="Pieces of words (BPE)")
class BytePairs:
    """Learns merges."""

    @staticmethod
    def learned(texts: Iterable[str], options: TokenizerOptions) -> str:
        """Return the ``tokenizer.json`` that ``texts`` give."""
        tokenizer = empty(models.BPE(), options)
        trainer = trainers.BpeTrainer(
            vocab_size=room(options.vocab_size, 256),
            min_frequency=FEWEST_OCCURRENCES,
            special_tokens=list(special.LEADING),
            initial_alphabet=list(ALPHABET),
            show_progress=False,
        )
        tokenizer.train_from_iterator(short(texts), trainer)
        return finished(tokenizer)


@register("vocabularies", "bytes", title="Bytes")
class Bytes:
    """One token a byte; learns nothing."""

    @staticmethod
    def learned(_texts: Iterable[str], options: TokenizerOptions) -> str:
        """Return the ``tokenizer.json`` of the bytes."""
        plain = TokenizerOptions(normalizer=options.normalizer, vocab_size=400)
        return BytePairs.learned((), plain)
