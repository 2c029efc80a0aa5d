"""Byte-pair encoding: the pair of neighbours that is met most often becomes one token, and so on.

Sennrich et al. 2016, 1508.07909, over bytes as in GPT-2. Learns about 3.5 MB a second; memory
grows with the number of different words. A pair that is merged early is merged early
whatever the size, so smaller vocabularies are cut out of larger ones in milliseconds. Without
texts it knows the bytes alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import tokenizers
from tokenizers import models, trainers

from sslstudio.corpora import special_tokens as special
from sslstudio.corpora.vocabularies.cutting import (
    ALPHABET,
    empty,
    finished,
    room,
    short,
    with_leading_only,
)
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

    @staticmethod
    def smaller(definition: str, vocab_size: int) -> str:
        """Return what learning ``vocab_size`` entries gives, of a larger vocabulary learned here.

        Args:
            definition: a ``tokenizer.json`` of :meth:`learned`.
            vocab_size: markers included; at least the markers and 256 bytes are kept.
        """
        content = json.loads(definition)
        model = content["model"]
        base = len(special.LEADING) + len(ALPHABET)
        entries = {token: i for token, i in model["vocab"].items() if i < base}
        merges = []
        for pair in model["merges"]:
            if len(entries) >= room(vocab_size, len(ALPHABET)):
                break
            merges.append(pair)
            entries.setdefault("".join(pair), len(entries))
        model["vocab"], model["merges"] = entries, merges
        return finished(tokenizers.Tokenizer.from_str(json.dumps(with_leading_only(content))))


@register("vocabularies", "bytes", title="Bytes")
class Bytes:
    """One token a byte; learns nothing."""

    @staticmethod
    def learned(_texts: Iterable[str], options: TokenizerOptions) -> str:
        """Return the ``tokenizer.json`` of the bytes."""
        plain = TokenizerOptions(normalizer=options.normalizer, vocab_size=400)
        return BytePairs.learned((), plain)
