"""How many training tokens a recipe's corpora will about give, from their sizes in bytes.

For plans, where an answer at once is worth more than an exact one. Reads no text, except that
a sample is built where it was never used. An epoch is as many tokens as all sources hold; how
much of each is read, ``mixing.py`` says.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from sslstudio.corpora.reading import list_files
from sslstudio.recipe import Recipe


def estimate_sources(recipe: Recipe) -> tuple[int, ...]:
    """Return about how many training tokens each source with a weight above 0 holds.

    Raises:
        CorpusError: a source that is missing or holds no text.
    """
    sizes = [
        sum(path.stat().st_size for path in list_files(source).files) if source.weight > 0 else 0
        for source in recipe.corpora
    ]
    return sources_of(recipe, sizes)


def tokens_of(recipe: Recipe, sizes_bytes: Sequence[int]) -> int:
    """Return about how many tokens ``recipe`` trains on where its sources have these sizes."""
    return max(1, sum(sources_of(recipe, sizes_bytes)))


def sources_of(recipe: Recipe, sizes_bytes: Sequence[int]) -> tuple[int, ...]:
    """Return about how many training tokens the sources with a weight above 0 give.

    Args:
        sizes_bytes: of all sources of the recipe.
    """
    pairs = zip(sizes_bytes, recipe.corpora, strict=True)
    return tuple(training_tokens(recipe, size) for size, source in pairs if source.weight > 0)


def training_tokens(recipe: Recipe, size_bytes: int) -> int:
    """Return about how many training tokens ``size_bytes`` of text give, at least one."""
    kept = 1.0 - recipe.data.validation_fraction
    return max(1, round(size_bytes * kept / bytes_per_token(recipe)))


def bytes_per_token(recipe: Recipe) -> float:
    """Return about how many bytes a token holds in English prose with the recipe's tokenizer."""
    if recipe.tokenizer.kind in ("characters", "bytes"):
        return 1.0
    # measured on our samples: 3.3 at 4,096 entries and about a third more with every doubling
    return max(1.5, 3.3 + 0.35 * (math.log2(recipe.tokenizer.vocab_size) - 12))
