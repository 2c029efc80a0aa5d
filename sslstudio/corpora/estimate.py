"""How many training tokens a recipe's corpora will about give, from the sizes of their files.

For plans, where an answer at once is worth more than an exact one. Reads no text, except that
a sample is built where it was never used.
"""

from __future__ import annotations

from sslstudio.corpora.reading import list_files
from sslstudio.recipe import Recipe

# UTF-8 bytes a token, measured on English prose; other text differs by a third
_BYTES_PER_TOKEN = {"characters": 1.0, "bytes": 1.0}
_BYTES_PER_TOKEN_OTHERWISE = 3.7


def estimate_tokens(recipe: Recipe) -> int:
    """Return about how many tokens ``recipe`` trains on.

    Raises:
        CorpusError: a source that is missing or holds no text.
    """
    size = 0.0
    for source in recipe.corpora:
        files = list_files(source).files
        size += source.weight * sum(path.stat().st_size for path in files)
    kept = size * (1 - recipe.data.validation_fraction)
    return int(kept / _BYTES_PER_TOKEN.get(recipe.tokenizer.kind, _BYTES_PER_TOKEN_OTHERWISE))
