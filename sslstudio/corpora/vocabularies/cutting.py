"""What happens to a text before a vocabulary cuts it: its normaliser, and where no token may cross.

Below every kind of vocabulary. All of them work on GPT-2's byte alphabet, in which each byte is a
printable character, so that any text can be spelled and given back; before that the text may be
changed (normaliser) and is divided (pre-tokeniser). Knows no models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import tokenizers
from tokenizers import Regex, decoders, normalizers, pre_tokenizers

from sslstudio.corpora import special_tokens as special
from sslstudio.corpora.document import well_formed
from sslstudio.corpora.pieces import pieces
from sslstudio.recipe import TokenizerOptions

ALPHABET = tuple(sorted(pre_tokenizers.ByteLevel.alphabet()))
_ANY = 10**6  # characters; no piece of a text is as long


def normalizer_of(options: TokenizerOptions) -> Any:
    """Return what changes a text first, or None."""
    library: Any = normalizers
    ways = {
        "none": lambda: None,
        "nfc": library.NFC,
        "nfkc": library.NFKC,
        "lowercase": library.Lowercase,
        "strip_accents": lambda: library.Sequence(
            [library.NFD(), library.StripAccents(), library.NFC()]
        ),
    }
    return ways[options.normalizer]()


def pre_tokenizers_of(options: TokenizerOptions, longest: int = _ANY) -> list[Any]:
    """Return what divides a text, the last of them into bytes.

    ``words`` divides as GPT-2 does; ``digits`` also between any two digits; ``spaces`` only
    before a space or around several; ``none`` only behind line ends, so that phrases may become
    tokens. The last two also divide around what markers begin with, for a model that finds
    "<pad>" among the words learns a marker from it.

    Args:
        options: of the vocabulary.
        longest: characters, beside a space before or a line end behind; what is longer is cut.
    """
    ways: dict[str, Callable[[], list[Any]]] = {
        "words": lambda: _words(longest),
        "digits": lambda: [pre_tokenizers.Digits(individual_digits=True), *_words(longest)],
        "spaces": lambda: _divided(r" ?[^\s<\[]{1,N}|[<\[]|\s{1,N}", longest),
        "none": lambda: _divided(r"[^\n<\[]{0,N}\n|[<\[]|[^\n<\[]{1,N}", longest),
    }
    return ways[options.pre_tokenizer]()


def _words(longest: int) -> list[Any]:
    if longest == _ANY:
        return [pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)]
    endings = r"'(?:[sdmt]|ll|ve|re)"
    letters, digits, others = r" ?\p{L}{1,N}", r" ?\p{N}{1,N}", r" ?[^\s\p{L}\p{N}]{1,N}"
    cuts = (endings, letters, digits, others, r"\s{1,N}(?!\S)", r"\s{1,N}")
    return _divided("|".join(cuts), longest)


def _divided(pattern: str, longest: int) -> list[Any]:
    """Return the parts that ``pattern`` matches, in bytes; it has to match everything."""
    most = "" if longest == _ANY else str(longest)
    return [
        pre_tokenizers.Split(Regex(pattern.replace(",N}", "," + most + "}")), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ]


def empty(model: Any, options: TokenizerOptions, longest: int = _ANY) -> Any:
    """Return a tokenizer around ``model`` that divides as :func:`pre_tokenizers_of` says."""
    tokenizer = tokenizers.Tokenizer(model)
    if (normalizer := normalizer_of(options)) is not None:
        tokenizer.normalizer = normalizer
    cuts = pre_tokenizers_of(options, longest)
    tokenizer.pre_tokenizer = cuts[0] if len(cuts) == 1 else pre_tokenizers.Sequence(cuts)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def room(vocab_size: int, least: int) -> int:
    """Return how many entries there are to learn beside the sentinels, which come last."""
    return max(vocab_size - len(special.SENTINELS), len(special.LEADING) + least)


def short(texts: Iterable[str], most_characters: int | None = None) -> Iterator[str]:
    """Yield ``texts`` in pieces that the library can take, up to so many characters in all."""
    left = most_characters
    for text in texts:
        for piece in pieces(well_formed(text)):
            yield piece
            if left is not None:
                left -= len(piece)
                if left <= 0:
                    return


def with_leading_only(content: dict[str, Any]) -> dict[str, Any]:
    """Return a ``tokenizer.json`` in which the leading markers alone are markers."""
    added = [token for token in content["added_tokens"] if token["content"] in special.LEADING]
    return {**content, "added_tokens": added}


def finished(tokenizer: Any) -> str:
    """Return the ``tokenizer.json`` with the sentinels at its end."""
    tokenizer.add_special_tokens(list(special.SENTINELS))
    return str(tokenizer.to_str())
