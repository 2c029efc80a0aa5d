"""Characters: the alphabet of the text, and bytes for every other character.

What nanoGPT's first example does, made safe: the most frequent characters that fit beside the
markers and the 256 bytes. Costs one count of the text, in Python: about 30 MB a second.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import tokenizers
from tokenizers import decoders, models

from sslstudio.corpora import special_tokens as special
from sslstudio.corpora.document import well_formed
from sslstudio.corpora.vocabularies.cutting import normalizer_of
from sslstudio.recipe import TokenizerOptions
from sslstudio.registry import register


@register("vocabularies", "characters", title="Characters")
class Characters:
    """Counts characters."""

    @staticmethod
    def learned(texts: Iterable[str], options: TokenizerOptions) -> str:
        """Return the ``tokenizer.json`` that ``texts`` give."""
        normalizer = normalizer_of(options)
        counts: Counter[str] = Counter()
        for text in texts:
            text = well_formed(text)
            counts.update(normalizer.normalize_str(text) if normalizer else text)
        fixed = [*special.LEADING, *(f"<0x{byte:02X}>" for byte in range(256))]
        free = max(0, options.vocab_size - len(fixed) - len(special.SENTINELS))
        frequent = sorted(counts, key=lambda character: (-counts[character], character))[:free]
        vocabulary = {token: i for i, token in enumerate([*fixed, *sorted(frequent)])}
        tokenizer = tokenizers.Tokenizer(
            models.BPE(vocab=vocabulary, merges=[], byte_fallback=True)
        )
        if normalizer is not None:
            tokenizer.normalizer = normalizer
        tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Fuse()])
        tokenizer.add_special_tokens(list(special.SPECIAL_TOKENS))
        return str(tokenizer.to_str())
