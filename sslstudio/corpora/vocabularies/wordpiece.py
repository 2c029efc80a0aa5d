"""WordPiece: BERT's vocabulary. A word is cut from its left, the longest known piece first.

Schuster and Nakajima 2012; Devlin et al. 2019. Pieces inside a word are marked: here by a bullet
and not by "##", which a text can hold itself. Every byte is known both at the beginning of a word
and inside, so no word is unknown. The library notes bytes inside words in an order that differs
from one call to the next, and breaks ties by it; here they are all named to it beforehand, so that
the same texts give the same vocabulary. Words of more than 31 characters are cut first, for the
search takes the square of their length. Learns about as fast as BPE, and smaller vocabularies are
cut out of larger ones in the same way.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import tokenizers
from tokenizers import decoders, models, trainers

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

INSIDE = "\u2022"  # no character of the byte alphabet
_LONGEST_WORD = 31  # characters, of at most four bytes
_INSIDE_BYTES = tuple(INSIDE + byte for byte in ALPHABET)


@register("vocabularies", "wordpiece", title="Longest pieces first (WordPiece)")
class WordPiece:
    """Learns pieces as BPE does, and cuts greedily."""

    @staticmethod
    def learned(texts: Iterable[str], options: TokenizerOptions) -> str:
        """Return the ``tokenizer.json`` that ``texts`` give."""
        model = models.WordPiece(
            unk_token=special.PAD,  # the library wants one; it can never be needed
            continuing_subword_prefix=INSIDE,
            max_input_chars_per_word=1 + 4 * _LONGEST_WORD,  # bytes
        )
        tokenizer = empty(model, options, _LONGEST_WORD)
        trainer = trainers.WordPieceTrainer(
            vocab_size=_room(options.vocab_size),
            special_tokens=[*special.LEADING, *_INSIDE_BYTES],
            initial_alphabet=list(ALPHABET),
            continuing_subword_prefix=INSIDE,
            show_progress=False,
        )
        tokenizer.train_from_iterator(short(texts), trainer)
        return _finished(json.loads(tokenizer.to_str()))

    @staticmethod
    def smaller(definition: str, vocab_size: int) -> str:
        """Return what learning ``vocab_size`` entries gives, of a larger vocabulary learned here.

        Args:
            definition: a ``tokenizer.json`` of :meth:`learned`.
            vocab_size: markers included; at least the markers and twice 256 bytes are kept.
        """
        content = json.loads(definition)
        entries = content["model"]["vocab"]
        # entries stand in the order in which they were learned
        content["model"]["vocab"] = {t: i for t, i in entries.items() if i < _room(vocab_size)}
        return _finished(content)


def _room(vocab_size: int) -> int:
    return room(vocab_size, 2 * len(ALPHABET))


def _finished(content: dict[str, Any]) -> str:
    """Return the ``tokenizer.json`` in which only markers are markers."""
    whole = tokenizers.Tokenizer.from_str(json.dumps(with_leading_only(content)))
    whole.decoder = decoders.Sequence([decoders.Replace(INSIDE, ""), decoders.ByteLevel()])
    return finished(whole)
