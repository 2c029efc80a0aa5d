"""The tokens that are not text, the same for every tokenizer made here (reference 1.0).

One fixed superset, so that any objective can be switched on later without another vocabulary:
twelve markers at ids 0 to 11, and T5's hundred sentinels at the end, descending, so that
``<extra_id_0>`` has the last id. Knows no text and no tokenizer.
"""

from __future__ import annotations

PAD, BOS, EOS, MASK, SEP, CLS = "<pad>", "<bos>", "<eos>", "<mask>", "<sep>", "<cls>"
LEADING = (
    *(PAD, BOS, EOS, MASK, SEP, CLS),
    *("<fim_prefix>", "<fim_suffix>", "<fim_middle>"),
    *("[R]", "[S]", "[X]"),
)
SENTINELS = tuple(f"<extra_id_{number}>" for number in range(99, -1, -1))
SPECIAL_TOKENS = LEADING + SENTINELS
