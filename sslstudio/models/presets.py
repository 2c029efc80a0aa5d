"""Named sizes of the transformer, smallest first.

A preset is a starting point: every number of it can be overridden in a recipe. Feed-forward
widths are 8/3 of the width, rounded up to a multiple of 16. Costs nothing; imports no torch.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType

from sslstudio.errors import RecipeError, nearest


@dataclasses.dataclass(frozen=True, kw_only=True)
class Preset:
    """One named size. ``vocab_size`` is a suggestion: the tokenizer decides."""

    name: str
    title: str
    width: int
    layers: int
    heads: int
    kv_heads: int
    ffn_width: int
    vocab_size: int
    note: str


_PRESETS = (
    Preset(
        name="nano",
        title="Nano",
        width=128,
        layers=4,
        heads=4,
        kv_heads=4,
        ffn_width=352,
        vocab_size=4096,
        note="1.3 million parameters: minutes on a laptop, simple stories.",
    ),
    Preset(
        name="tiny",
        title="Tiny",
        width=256,
        layers=6,
        heads=8,
        kv_heads=4,
        ffn_width=688,
        vocab_size=8192,
        note="6.5 million parameters: an hour or so on a laptop.",
    ),
    Preset(
        name="small",
        title="Small",
        width=384,
        layers=8,
        heads=6,
        kv_heads=2,
        ffn_width=1024,
        vocab_size=16384,
        note="19 million parameters: a night on a laptop, minutes on a graphics card.",
    ),
    Preset(
        name="base",
        title="Base",
        width=512,
        layers=12,
        heads=8,
        kv_heads=4,
        ffn_width=1376,
        vocab_size=16384,
        note="43 million parameters: wants a graphics card.",
    ),
    Preset(
        name="gpt2-size",
        title="GPT-2 size",
        width=768,
        layers=12,
        heads=12,
        kv_heads=4,
        ffn_width=2048,
        vocab_size=32768,
        note="101 million parameters: wants a large graphics card and much text.",
    ),
)

PRESETS: Mapping[str, Preset] = MappingProxyType({preset.name: preset for preset in _PRESETS})


def find_preset(name: str) -> Preset:
    """Return the preset called ``name``.

    Raises:
        RecipeError: there is none; the message names the nearest and all that are known.
    """
    if name not in PRESETS:
        raise RecipeError(
            f"model.preset is {name!r}{nearest(name, PRESETS)}: choose one of {', '.join(PRESETS)}"
        )
    return PRESETS[name]
