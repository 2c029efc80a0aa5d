"""The shape of a network in numbers: checked, stored beside the weights, and counted exactly.

Stands between the recipe (which may say "auto") and the modules (which need every number). It
imports no torch, so a plan can be made before torch is loaded. It knows nothing of devices,
precision, or what the network is trained to do.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from sslstudio.errors import RecipeError
from sslstudio.models.architecture import architecture_of
from sslstudio.models.extra import count_extras
from sslstudio.models.parameter_count import ParameterCount
from sslstudio.models.presets import Preset, find_preset
from sslstudio.recipe import ModelOptions

_SIZES = ("vocab_size", "context", "layers", "width", "heads", "kv_heads", "ffn_width")


@dataclasses.dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """Every number that decides the network.

    Raises:
        RecipeError: sizes that cannot be built; the message names the setting and a remedy.
    """

    architecture: str
    """The kind of network: a name registered in ``models/architectures``."""
    vocab_size: int
    """Rows of the embedding: how many different token ids there are."""
    context: int
    """Most tokens in one row; rotary positions are prepared for this many."""
    layers: int
    """Blocks, each of attention and feed-forward."""
    width: int
    """Numbers per token between the blocks."""
    heads: int
    """Query heads; each has ``width / heads`` numbers, an even count."""
    kv_heads: int
    """Key and value heads, each shared by ``heads / kv_heads`` query heads."""
    ffn_width: int
    """Inner width of the gated feed-forward part."""
    dropout: float = 0.0
    """Share of a branch's output that is zeroed while training, 0 to below 1."""
    qk_norm: bool = False
    """Normalise queries and keys per head before the rotation, as Qwen3 does."""
    tied: bool = True
    """Predict with the embedding matrix instead of a second one."""
    rope_theta: float = 10_000.0
    """Base of the rotary wavelengths."""
    norm_eps: float = 1e-5
    """Added to the mean square before the root, in every norm."""
    extras: tuple[tuple[str, int], ...] = ()
    """Modules of the objective beside the network: kinds of ``models/extras``, and how many."""

    def __post_init__(self) -> None:
        for name in _SIZES:
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise RecipeError(f"model.{name} is {value!r}: write a whole number from 1 up")
        self._check_heads()
        if not 0.0 <= self.dropout < 1.0:
            raise RecipeError(f"model.dropout is {self.dropout}: it must be from 0 to below 1")
        if not (self.rope_theta > 0 and self.norm_eps > 0):
            raise RecipeError("model.rope_theta and model.norm_eps must be above 0")
        architecture_of(self.architecture).check(self)

    def _check_heads(self) -> None:
        if self.width % self.heads:
            raise RecipeError(
                f"model.width {self.width} cannot be shared evenly among {self.heads} heads: "
                f"set model.heads to {_nearest_divisor(self.width, self.heads)}, "
                f"or model.width to a multiple of {2 * self.heads}"
            )
        if self.head_dim % 2:
            raise RecipeError(
                f"model.width {self.width} gives {self.heads} heads of {self.head_dim} numbers "
                f"each, and rotary positions need an even count: set model.width to a multiple "
                f"of {2 * self.heads}"
            )
        if self.heads % self.kv_heads:
            raise RecipeError(
                f"model.heads {self.heads} cannot share {self.kv_heads} key and value heads "
                f"evenly: set model.kv_heads to {_nearest_divisor(self.heads, self.kv_heads)}"
            )

    @property
    def head_dim(self) -> int:
        """Numbers per head."""
        return self.width // self.heads

    @property
    def is_decoder(self) -> bool:
        """Whether a token sees only what came before it."""
        return architecture_of(self.architecture).is_causal

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, fit for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ModelConfig:
        """Build from :meth:`to_dict`; keys that a later release added are skipped."""
        known = {field.name for field in dataclasses.fields(cls)}
        given = {key: value for key, value in values.items() if key in known}
        extras = tuple((str(name), int(number)) for name, number in given.pop("extras", ()))
        return cls(**given, extras=extras)


def model_config(
    options: ModelOptions,
    vocab_size: int,
    architecture: str,
    extras: Mapping[str, int] = MappingProxyType({}),
) -> ModelConfig:
    """Resolve what a recipe says of the model, its preset, and what is left on "auto".

    Numbers on "auto" are the preset's; where the width or the heads differ from the preset's,
    those that depend on them follow: heads keep about the preset's size, key and value heads
    its ratio, and the feed-forward part is 8/3 of the width.

    Args:
        options: the recipe's ``[model]``.
        vocab_size: the tokenizer's, or the wished size while none is trained.
        architecture: what the objective needs; taken where the recipe says "auto".
        extras: modules that the objective needs beside the network.

    Raises:
        RecipeError: an unknown preset, or sizes that do not fit together.
    """
    preset = find_preset(options.preset)
    width = _given(options.width, preset.width)
    same_width = width == preset.width
    heads = _given(options.heads, preset.heads if same_width else _heads_for(width, preset))
    kv_heads = _given(options.kv_heads, _kv_heads_for(heads, preset))
    ffn_width = _given(options.ffn_width, preset.ffn_width if same_width else _ffn_for(width))
    chosen = architecture if options.architecture == "auto" else options.architecture
    return ModelConfig(
        architecture=chosen,
        vocab_size=vocab_size,
        context=options.context,
        layers=_given(options.layers, preset.layers),
        width=width,
        heads=heads,
        kv_heads=kv_heads,
        ffn_width=ffn_width,
        dropout=options.dropout,
        qk_norm=options.qk_norm,
        tied=options.tied,
        extras=tuple(sorted(extras.items())),
    )


def count_parameters(config: ModelConfig) -> ParameterCount:
    """Count the parameters of the network that ``config`` describes, by formula."""
    count = architecture_of(config.architecture).count(config)
    return dataclasses.replace(count, extras=count_extras(config)) if config.extras else count


def _given(value: int | Literal["auto"], otherwise: int) -> int:
    return otherwise if value == "auto" else value


def _heads_for(width: int, preset: Preset) -> int:
    """Heads about as large as the preset's that share ``width`` evenly, each of even size."""
    wished = max(1, round(width * preset.heads / preset.width))
    fitting = [n for n in range(1, width + 1) if width % (2 * n) == 0] or [1]
    return min(fitting, key=lambda n: (abs(n - wished), n))


def _kv_heads_for(heads: int, preset: Preset) -> int:
    shared_by = preset.heads // preset.kv_heads
    return heads // shared_by if heads % shared_by == 0 else heads


def _ffn_for(width: int) -> int:
    return -(-8 * width // 48) * 16


def _nearest_divisor(number: int, wished: int) -> int:
    divisors = [n for n in range(1, number + 1) if number % n == 0]
    return min(divisors, key=lambda n: (abs(n - wished), n))
