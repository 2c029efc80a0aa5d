"""How well a vocabulary fits a text: how short it makes it, and what of it is never used.

Beside the tokenizer; for the command line, the Tokens page and the comparison of sizes. All
figures are of text alone: markers are left out (reference 2.8). A word is what white space
separates. Costs one encoding of the text, and one more of every different word in it.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np

from sslstudio.corpora.survey import utf8_length
from sslstudio.corpora.tokenizer import GROUP_CHARACTERS, Tokenizer, grouped


@dataclasses.dataclass(frozen=True)
class TokenMeasures:
    """What a vocabulary makes of a text.

    Attributes:
        vocab_size: markers included.
        texts, bytes, characters, words, tokens: what was measured on; bytes in UTF-8, of the
            text as the vocabulary's normaliser leaves it.
        fertility: tokens a word.
        tokens_per_character, bytes_per_token: the compression, both ways.
        whole_words: share of the words that are one token.
        unused: share of the entries, markers aside, that the text never needs.
        round_trip_failures: texts that do not come back as the normaliser leaves them; must be 0.
    """

    vocab_size: int
    texts: int
    bytes: int
    characters: int
    words: int
    tokens: int
    fertility: float
    tokens_per_character: float
    bytes_per_token: float
    whole_words: float
    unused: float
    round_trip_failures: int


def measure(tokenizer: Tokenizer, texts: Iterable[str]) -> TokenMeasures:
    """Return the measures of ``tokenizer`` on ``texts``, holding a bounded part of them."""
    used = np.zeros(tokenizer.vocab_size, dtype=bool)
    words: Counter[str] = Counter()
    count = size_bytes = characters = tokens = failures = 0
    for group in grouped(texts, GROUP_CHARACTERS):
        for text, ids in zip(group, tokenizer.encode_batch(group), strict=True):
            normal = tokenizer.normalise(text)
            used[ids] = True
            words.update(normal.split())
            count += 1
            size_bytes += utf8_length(normal)
            characters += len(normal)
            tokens += len(ids)
            failures += tokenizer.decode(ids.tolist()) != normal
    entries = tokenizer.vocab_size - len(tokenizer.special_ids)
    all_words = words.total()
    return TokenMeasures(
        vocab_size=tokenizer.vocab_size,
        texts=count,
        bytes=size_bytes,
        characters=characters,
        words=all_words,
        tokens=tokens,
        fertility=tokens / max(1, all_words),
        tokens_per_character=tokens / max(1, characters),
        bytes_per_token=size_bytes / max(1, tokens),
        whole_words=sum(_whole(tokenizer, words)) / max(1, all_words),
        unused=1 - int(used.sum()) / max(1, entries),
        round_trip_failures=failures,
    )


def _whole(tokenizer: Tokenizer, words: Counter[str]) -> Iterator[int]:
    """Yield how often each word that is one token occurs; a word is met behind a space."""
    for group in grouped(words, GROUP_CHARACTERS):
        encoded = tokenizer.encode_batch([f" {word}" for word in group])
        for word, ids in zip(group, encoded, strict=True):
            # a vocabulary of characters has the space as a token of its own
            is_whole = len(ids) == 1 or (len(ids) == 2 and tokenizer.token_bytes(ids[0]) == b" ")
            if is_whole:
                yield words[word]
