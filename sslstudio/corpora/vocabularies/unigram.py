"""Unigram: of a great many pieces those are kept whose loss would make the text least likely.

Kudo 2018, 1804.10959, over the byte alphabet: all 256 bytes always stay, so that no text is
unknown. A text is cut in the likeliest way (Viterbi). Learning keeps a suffix array of the text:
1 to 3 MB a second, so at most 20 million characters are read. The library adds in an order that
differs from one call to the next; likelihoods are rounded and sorted here, so that the same texts
give the same vocabulary.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import tokenizers
from tokenizers import models, trainers

from sslstudio.corpora import special_tokens as special
from sslstudio.corpora.vocabularies.cutting import (
    ALPHABET,
    empty,
    finished,
    room,
    short,
)
from sslstudio.recipe import TokenizerOptions
from sslstudio.registry import register

MOST_CHARACTERS = 20_000_000
_DECIMALS = 3  # of a logarithm; two calls differ by 1e-10
_BYTE_STEP = 1e-4  # by which the library sets bytes that it has not met apart, in any order


@register("vocabularies", "unigram", title="Likeliest pieces (Unigram)")
class Unigram:
    """Learns pieces and how likely each is."""

    @staticmethod
    def learned(texts: Iterable[str], options: TokenizerOptions) -> str:
        """Return the ``tokenizer.json`` that ``texts`` give."""
        tokenizer = empty(models.Unigram(), options)
        trainer = trainers.UnigramTrainer(
            vocab_size=room(options.vocab_size, 256),
            special_tokens=list(special.LEADING),
            initial_alphabet=list(ALPHABET),
            show_progress=False,
        )
        tokenizer.train_from_iterator(short(texts, MOST_CHARACTERS), trainer)
        return finished(tokenizers.Tokenizer.from_str(_settled(tokenizer.to_str())))


def _settled(definition: str) -> str:
    """Return a ``tokenizer.json`` with its entries rounded and in one order, markers first."""
    content = json.loads(definition)
    markers: list[Any] = []
    pieces: list[Any] = []
    for entry in content["model"]["vocab"]:
        (markers if entry[0] in special.LEADING else pieces).append(entry)
    least = min(score for _, score in pieces)
    unmet = least + _BYTE_STEP * (len(ALPHABET) + 1)
    rounded = [
        [piece, round(least if len(piece) == 1 and score < unmet else score, _DECIMALS)]
        for piece, score in pieces
    ]
    rounded.sort(key=lambda entry: (-entry[1], entry[0]))
    content["model"]["vocab"] = markers + rounded
    return json.dumps(content)
