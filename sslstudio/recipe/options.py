"""The tables of a recipe on the model and its training: every setting declared once.

Forms, ``--set`` and the documentation are made from these classes; the values are checked when
an instance is built. "auto" is resolved by the engine when a run begins. What is said of the texts
is in ``text_options``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from sslstudio.errors import RecipeError
from sslstudio.registry import Scalar, check_options, option

Auto = Literal["auto"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ObjectiveChoice:
    """Which objective, and its own options as plain values."""

    name: str = "causal_lm"
    options: Mapping[str, Scalar] = dataclasses.field(default_factory=lambda: MappingProxyType({}))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ObjectiveChoice):
            return NotImplemented
        return self.name == other.name and dict(self.options) == dict(other.options)

    def __hash__(self) -> int:
        return hash((self.name, tuple(sorted(self.options.items()))))


@dataclasses.dataclass(frozen=True, kw_only=True)
class ModelOptions:
    """The network's shape: a preset, and what differs from it."""

    preset: str = option("nano", help="A named size; every number below overrides it.")
    architecture: str = option(
        "auto",
        kinds="architectures",
        help="A decoder sees what came before, an encoder both sides. Auto follows the objective.",
    )
    context: int = option(
        128,
        minimum=8,
        maximum=65_536,
        help="How many tokens the model sees at once. Twice the context costs about twice the "
        "time for the same number of rows.",
    )
    layers: int | Auto = option("auto", minimum=1, maximum=200, help="How many blocks.")
    width: int | Auto = option("auto", minimum=8, maximum=16_384, help="Numbers per token.")
    heads: int | Auto = option("auto", minimum=1, maximum=256, help="Attention heads per block.")
    kv_heads: int | Auto = option(
        "auto",
        minimum=1,
        maximum=256,
        help="Key and value heads, shared among the heads (grouped-query attention).",
    )
    ffn_width: int | Auto = option(
        "auto", minimum=8, maximum=65_536, help="Inner width of the feed-forward part."
    )
    dropout: float = option(
        0.0,
        minimum=0.0,
        maximum=0.9,
        help="Share of values zeroed while training. Helps when a small text is read many "
        "times; slow on a processor.",
    )
    qk_norm: bool = option(False, help="Normalise queries and keys: steadier at high rates.")
    tied: bool = option(True, help="One matrix for reading and for predicting tokens.")

    def __post_init__(self) -> None:
        check_options(self, "model")


@dataclasses.dataclass(frozen=True, kw_only=True)
class TrainingOptions:
    """How long, how fast, how precisely."""

    steps: int = option(
        800, minimum=0, maximum=100_000_000, help="Optimizer steps. Or give tokens or epochs."
    )
    tokens: int = option(
        0, minimum=0, maximum=10**15, help="Length in tokens, instead of steps; 0 means unused."
    )
    epochs: float = option(
        0.0, minimum=0.0, maximum=10_000, help="Length in passes over the text; 0 means unused."
    )
    batch_tokens: int = option(
        2048, minimum=8, maximum=100_000_000, help="Tokens per optimizer step."
    )
    micro_batch: int | Auto = option(
        "auto",
        minimum=1,
        maximum=100_000,
        help="Rows that are computed at once; the rest of a step is accumulated.",
    )
    recompute: str = option(
        "auto",
        choices=("auto", "on", "off"),
        help="Keep only the input of each block and compute the rest again for the gradient: far "
        "less memory, a third more time. Auto where it would not fit otherwise.",
        source="Chen et al. 2016, 1604.06174",
    )
    optimizer: str = option(
        "adamw",
        choices=("adamw", "muon"),
        help="AdamW suits everything. Muon moves the matrices inside the blocks and AdamW the "
        "rest: often fewer steps, each a little slower.",
        source="Loshchilov and Hutter 2019; Jordan et al. 2024",
    )
    learning_rate: float | Auto = option(
        "auto", minimum=0.0, maximum=10.0, help="Peak learning rate. Auto follows the size."
    )
    schedule: str = option(
        "wsd",
        choices=("wsd", "cosine", "constant"),
        help="WSD: warm up, hold, and cool down over the last fifth. Cosine: fall to a tenth.",
    )
    warmup: int | Auto = option(
        "auto", minimum=0, maximum=10_000_000, help="Steps until the peak learning rate."
    )
    weight_decay: float = option(
        0.1, minimum=0.0, maximum=10.0, help="Pull of the matrices towards zero."
    )
    beta2: float | Auto = option(
        "auto",
        minimum=0.5,
        maximum=0.99999,
        help="AdamW's memory of squared gradients. Auto keeps its half-life in tokens.",
        source="2507.07101",
    )
    clip: float = option(
        1.0, minimum=0.0, maximum=1e6, help="Largest gradient norm; 0 turns clipping off."
    )
    precision: str = option(
        "auto",
        choices=("auto", "fp32", "bf16", "fp16"),
        help="Auto takes bf16 where the hardware is faster with it.",
    )
    compile: str = option(
        "auto",
        choices=("auto", "on", "off"),
        help="Compile the blocks before the first step: 10 to 30 seconds, then faster. Auto "
        "where the run is long enough and the machine has a compiler.",
    )
    attention: str = option(
        "auto",
        choices=("auto", "fused", "composed"),
        help="Which of two ways computes attention while training. Auto tries both where the "
        "blocks are compiled for a processor, and takes the faster.",
    )
    parallel: str = option(
        "auto",
        choices=("auto", "replicate", "shard"),
        help="How several processes (torchrun) share the network: each with a copy, or each with "
        "a share of every matrix. Auto shares where a copy would not fit. One process alone "
        "always holds all of it.",
        source="Li et al. 2020, 2006.15704; Zhao et al. 2023, 2304.11277",
    )
    deterministic: bool = option(False, help="Only algorithms that repeat bit for bit.")
    halve_rate: bool = option(
        False,
        help="Halve the learning rate each time the run has to go back to a checkpoint because "
        "its loss was no longer a number.",
    )
    log_every: int = option(10, minimum=1, maximum=100_000, help="Steps between two points.")

    def __post_init__(self) -> None:
        check_options(self, "training")
        given = [k for k in ("steps", "tokens", "epochs") if getattr(self, k) > 0]
        if len(given) != 1:
            raise RecipeError(
                "training needs exactly one of steps, tokens and epochs above 0"
                + (f", not {' and '.join(given)} together" if given else "")
            )


@dataclasses.dataclass(frozen=True, kw_only=True)
class EvaluationOptions:
    """How often the validation text is read."""

    every: int = option(100, minimum=1, maximum=10_000_000, help="Steps between validations.")
    tokens: int = option(
        16_384,
        minimum=0,
        maximum=10**12,
        help="Validation tokens read each time; 0 reads them all. The last one reads all.",
    )

    def __post_init__(self) -> None:
        check_options(self, "evaluation")


@dataclasses.dataclass(frozen=True, kw_only=True)
class SampleOptions:
    """The texts that the model writes while it learns."""

    every: int = option(
        100, minimum=0, maximum=10_000_000, help="Steps between samples; 0 for none."
    )
    prompts: tuple[str, ...] = option(("",), help="What the samples begin with.")
    max_tokens: int = option(60, minimum=1, maximum=10_000, help="Length of a sample.")
    temperature: float = option(0.8, minimum=0.0, maximum=10.0, help="0 takes the likeliest.")

    def __post_init__(self) -> None:
        check_options(self, "samples")


@dataclasses.dataclass(frozen=True, kw_only=True)
class CheckpointOptions:
    """How often the run is saved."""

    every: int = option(200, minimum=1, maximum=10_000_000, help="Steps between checkpoints.")
    keep: int = option(
        3, minimum=1, maximum=100_000, help="How many of the newest to keep, beside the best."
    )

    def __post_init__(self) -> None:
        check_options(self, "checkpoints")
