"""Fill the gaps of a text with an encoder: which tokens may stand at each ``<mask>``?

The text stands between ``<bos>`` and ``<eos>``, as every document does in training, and all gaps
are predicted in one forward pass, each without knowledge of what fills the others. Where the
tokenizer writes a word's blank into the word's token, a blank before ``<mask>`` belongs to the
gap. A text longer than the context is cut to a window around the gaps.

Shapes: B = 1 row, T tokens, D width, G gaps, V vocabulary.
"""

from __future__ import annotations

import torch
from torch import Tensor

from sslstudio.corpora.tokenizer import Tokenizer
from sslstudio.errors import UnsupportedError
from sslstudio.generation.undisturbed import undisturbed
from sslstudio.models.network import Network

GAP = "<mask>"


def fill(
    model: Network, tokenizer: Tokenizer, text: str, top: int = 10
) -> list[list[tuple[str, float]]]:
    """Return for every ``<mask>`` in ``text`` its ``top`` likeliest tokens, likeliest first.

    Each is (text, the model's probability); special tokens are left out, so the probabilities
    of all others sum to slightly less than one.

    Raises:
        UnsupportedError: the model is a decoder, the text has no gap, or its gaps lie further
            apart than the context.
    """
    if model.config.is_decoder:
        raise UnsupportedError(
            "a decoder sees no text after a gap and cannot fill it: use generate to continue "
            "a text, or train with a masked objective"
        )
    ids = _encode_with_gaps(tokenizer, text)
    gaps = [position for position, token in enumerate(ids) if token == tokenizer.mask]
    if not gaps:
        raise UnsupportedError(f"the text has no gap: write {GAP} where a word is missing")
    start, end = _window(len(ids), gaps, model.config.context)
    with undisturbed(model):
        ids_BT = torch.tensor([ids[start:end]], device=model.device)
        hidden_GD = model(ids_BT)[0, [gap - start for gap in gaps]]
        probabilities_GV = model.logits(hidden_GD).float().softmax(-1).cpu()
    return [_likeliest(probabilities_V, tokenizer, top) for probabilities_V in probabilities_GV]


def _encode_with_gaps(tokenizer: Tokenizer, text: str) -> list[int]:
    parts = text.split(GAP)
    if _joins_blanks(tokenizer):
        parts = [part.removesuffix(" ") for part in parts[:-1]] + parts[-1:]
    ids = [tokenizer.bos]
    for number, part in enumerate(parts):
        ids += [tokenizer.mask] if number else []
        ids += tokenizer.encode(part) if part else []
    return [*ids, tokenizer.eos]


def _joins_blanks(tokenizer: Tokenizer) -> bool:
    """Whether some token is a blank and the beginning of a word."""
    ordinary = (n for n in range(tokenizer.vocab_size) if n not in tokenizer.special_ids)
    texts = (tokenizer.decode([token]) for token in ordinary)
    return any(len(text) > 1 and text[0] == " " and text[1].isalpha() for text in texts)


def _window(length: int, gaps: list[int], context: int) -> tuple[int, int]:
    """Return the part of the text that is shown: all of it, or a context around the gaps."""
    if length <= context:
        return 0, length
    spread = gaps[-1] + 1 - gaps[0]
    if spread > context:
        raise UnsupportedError(
            f"the gaps lie {spread} tokens apart and the model sees {context}: "
            f"fill fewer at a time, or shorten the text"
        )
    start = gaps[0] - (context - spread) // 2
    start = max(0, min(start, length - context))
    return start, start + context


def _likeliest(probabilities_V: Tensor, tokenizer: Tokenizer, top: int) -> list[tuple[str, float]]:
    """Return the ``top`` likeliest ordinary tokens of one gap."""
    size = min(len(probabilities_V), tokenizer.vocab_size)
    ordinary_V = probabilities_V[:size].clone()
    ordinary_V[sorted(tokenizer.special_ids)] = -1.0
    values, ids = ordinary_V.topk(min(top, size))
    pairs = zip(ids.tolist(), values.tolist(), strict=True)
    return [(tokenizer.decode([token]), value) for token, value in pairs if value >= 0.0]
