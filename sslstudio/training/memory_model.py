"""How much memory a training step needs at its fullest moment, from the recipe's numbers alone.

Beside ``plan.py``, which shows it, and ``resolve.py``, which chooses how many rows are computed at
once by it. A step is full at one of four moments: at the end of the forward pass, when the parts
of the logits stand on top of all activations; in the backward pass of the last block and of the
first; and at the end, when all gradients are there. What is kept of a block was read off
torch's saved tensors (reference §4.4) and holds for blocks that are not compiled; compiled ones
keep less. Measured peaks lie within a few per cent (``benchmarks/memory_plan.py``). Costs
microseconds; imports no torch.

Shapes: N tokens computed at once, C targets of one part of the loss, D width, F feed-forward
width, L blocks, V vocabulary.
"""

from __future__ import annotations

import dataclasses

from sslstudio.models.configuration import ModelConfig, count_parameters

ROWS_OF_A_PART = {"cpu": 512}
ROWS_OF_A_PART_ELSEWHERE = 4096
"""Targets of which logits live at once (``objectives/cross_entropy.py``)."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class StepShape:
    """What decides the memory of a step, beside the network itself.

    Attributes:
        rows: computed at once.
        is_whole: whether they are all rows of a step, so that no gradients wait meanwhile.
        precision: "fp32", "bf16" (with an fp32 twin) or "fp16" (autocast).
        optimizer: "adamw" or "muon".
        recompute: whether blocks keep only their input.
        target_share: targets for each token read.
        has_documents: whether several documents lie in a row, so that there is a mask.
        composed: whether attention is composed of products, and its scores are kept.
        device_type: "cpu", "cuda" or "mps".
    """

    rows: int
    is_whole: bool = True
    precision: str = "fp32"
    optimizer: str = "adamw"
    recompute: bool = False
    target_share: float = 1.0
    has_documents: bool = True
    composed: bool = False
    device_type: str = "cpu"


@dataclasses.dataclass(frozen=True)
class Peak:
    """Bytes by purpose at the fullest moment."""

    weights: int
    gradients: int
    optimizer: int
    activations: int
    logits: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(dataclasses.astuple(self))


def peak_memory(config: ModelConfig, shape: StepShape) -> Peak:
    """Return the bytes of tensors that a step of ``shape`` needs at its fullest moment."""
    moments = _moments(config, shape)
    gradients, activations, logits = max(moments, key=sum)
    return Peak(
        weights=weight_bytes(config, shape.precision),
        gradients=round(gradients),
        optimizer=moment_bytes(config, shape.optimizer),
        activations=round(activations),
        logits=round(logits),
    )


def weight_bytes(config: ModelConfig, precision: str) -> int:
    """Return the bytes of the weights; bf16 keeps an fp32 twin."""
    return count_parameters(config).total * (6 if precision == "bf16" else 4)


def moment_bytes(config: ModelConfig, optimizer: str) -> int:
    """Return the bytes of what the optimizer remembers: two numbers a weight, or one in Muon."""
    count = count_parameters(config)
    hidden = count.attention + count.feed_forward if optimizer == "muon" else 0
    return 8 * count.total - 4 * hidden


def _moments(config: ModelConfig, shape: StepShape) -> list[tuple[float, float, float]]:
    """Return (gradients, activations, logits) of the four moments."""
    size = _size(shape)
    tokens = shape.rows * config.context
    stream = tokens * config.width * size
    block = tokens * size * kept_of_a_block(config, shape) + _scores_kept(config, shape)
    outside = _outside_blocks(config, shape, tokens, size)
    head = 4 * config.vocab_size * config.width  # the fp32 gradient that the loss adds up
    passing = _passing(config, shape)
    waiting = 0 if shape.is_whole else 4 * count_parameters(config).total
    layers, kept = config.layers, stream if shape.recompute else block
    inputs = layers * kept + outside
    again = block if shape.recompute else 0
    later = _gradients_after(config, layers - 1, shape.precision)
    return [
        (waiting, inputs, _logits(config, shape, tokens) + head),
        (waiting + head, inputs + again + passing, 0),
        (waiting + head + later, kept + again + stream + passing, 0),
        (waiting + _all_gradients(config), stream, head if config.tied else 0),
    ]


def _size(shape: StepShape) -> int:
    return 2 if shape.precision in ("bf16", "fp16") else 4


def _passing(config: ModelConfig, shape: StepShape) -> float:
    """Return the bytes that come and go in a block's backward pass, beside what it kept.

    Composed attention is met when what the feed-forward part kept is gone already; it then holds
    two more sets of scores in fp32, and no longer the one in the precision of the values.
    """
    numbers = shape.rows * config.context * _size(shape)
    feed_forward = numbers * (config.ffn_width + config.width)
    if not shape.composed:
        return feed_forward
    gone = numbers * (4 * config.ffn_width + 2 * config.width)
    more = 8.0 if _size(shape) == 4 else 6.0
    return max(feed_forward, more * _scores(config, shape) - gone)


def _scores(config: ModelConfig, shape: StepShape) -> int:
    return shape.rows * config.heads * config.context**2


def _scores_kept(config: ModelConfig, shape: StepShape) -> float:
    """Return the bytes that composed attention keeps of a block beside the fused kernel's.

    The softmax of the scores in fp32 and, where values are not, in their precision; the mask in
    truth values; keys and values once for every head.
    """
    if not shape.composed:
        return 0.0
    size, square = _size(shape), config.context**2
    masks = shape.rows * square if shape.has_documents else square * config.is_decoder
    repeated = 2 * (1 - config.kv_heads / config.heads) * shape.rows * config.context * config.width
    return _scores(config, shape) * (4 if size == 4 else 6) + masks + repeated * size


def kept_of_a_block(config: ModelConfig, shape: StepShape) -> float:
    """Return how many numbers of a token one block keeps for its backward pass.

    Two inputs of norms and what they give, queries, keys, values and what is gathered; gate, its
    SiLU, up and their product. Where norms are composed of simple operations, as on a processor,
    each keeps one stream more, and in bf16 it is kept in fp32, as is its input.
    """
    shared = config.kv_heads / config.heads
    streams = 6 + 2 * shared
    if shape.device_type != "cuda":
        streams += 2 if shape.precision == "fp32" else 6
    if config.qk_norm:
        streams += 2 * (1 + shared)
    if config.dropout:
        streams += 2
    return streams * config.width + 4 * config.ffn_width


def _outside_blocks(config: ModelConfig, shape: StepShape, tokens: int, size: int) -> float:
    """Return the bytes kept before and after the blocks."""
    targets = tokens * shape.target_share
    streams = 4.0 + (1 if config.dropout else 0)  # into the final norm, out of it, its gradient
    kept = streams * tokens * config.width * size
    if not config.is_decoder:  # the prediction head, on the targets only
        kept += 6 * targets * config.width * size
    if shape.has_documents:
        kept += shape.rows * config.context**2 * size
    return kept


def _logits(config: ModelConfig, shape: StepShape, tokens: int) -> float:
    """Return the bytes of one part of the loss: logits and log-probabilities in fp32.

    In bf16 the part's share of the matrix' gradient follows, a product in bf16 and its cast.
    """
    rows = ROWS_OF_A_PART.get(shape.device_type, ROWS_OF_A_PART_ELSEWHERE)
    targets = tokens * shape.target_share
    if shape.precision == "fp16":  # the loss is scaled behind all logits at once
        return targets * config.vocab_size * (2 + 4 + 4 + 4)
    part = min(rows, targets) * config.vocab_size
    if shape.precision == "bf16":
        return max(8 * part, 6 * part + 6 * config.vocab_size * config.width)
    return 8 * part


def _gradients_after(config: ModelConfig, blocks: int, precision: str) -> float:
    """Return the bytes of the gradients of ``blocks`` blocks."""
    count = count_parameters(config)
    inside = (count.attention + count.feed_forward) / config.layers
    return blocks * inside * (2 if precision == "bf16" else 4)


def _all_gradients(config: ModelConfig) -> float:
    """Return the bytes of all gradients; bf16's are widened one by one at the end."""
    return 4.0 * count_parameters(config).total
