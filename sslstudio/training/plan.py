"""What a recipe will cost, before anything is trained: parameters, memory, time, epochs, advice.

Parameters are exact; memory is a first estimate from formulas (reference §4.4: bytes per
parameter, saved activations per block, logits); time comes from the speed that the last runs
reached on this machine, or from a stated guess. No torch and no files of the corpus are touched,
so the studio asks for a new plan at every move of a slider.
"""

from __future__ import annotations

import dataclasses
import json
import os

import psutil

from sslstudio.models.configuration import (
    ModelConfig,
    ParameterCount,
    count_parameters,
    model_config,
)
from sslstudio.recipe import Recipe
from sslstudio.storage import UNREADABLE, cache_dir, write_atomically
from sslstudio.training.automatic import LOGIT_BYTES, automatic_micro_batch, steps_for

_GUESSED_FLOPS = {"cpu": 25e9, "mps": 1e12, "cuda": 2e13}  # per second; per core for "cpu"
# fp32 weights and gradients, and AdamW's two moments
BYTES_PER_PARAMETER = {"weights": 4, "gradients": 4, "optimizer": 8}
_MEMORY_SHARE_THAT_IS_TIGHT = 0.8


@dataclasses.dataclass(frozen=True)
class Advice:
    """One plain sentence; ``level`` is "good", "caution" or "bad"."""

    level: str
    text: str
    source: str


@dataclasses.dataclass(frozen=True)
class Plan:
    """The document that ``sslstudio plan --json`` prints; bytes and seconds."""

    parameters: dict[str, int]
    memory_bytes: dict[str, int]
    seconds_per_step: float
    seconds: float
    tokens: int
    tokens_per_parameter: float
    epochs: float | None
    advice: tuple[Advice, ...]
    steps: int
    is_measured: bool  # whether the time comes from a run on this device


def plan(
    recipe: Recipe,
    *,
    train_tokens: int | None = None,
    vocab_size: int | None = None,
    architecture: str = "decoder",
    device_type: str = "cpu",
    available_bytes: int | None = None,
) -> Plan:
    """Return what ``recipe`` costs.

    Args:
        recipe: may hold "auto".
        train_tokens: tokens of the training split, where known.
        vocab_size: of the trained tokenizer, where known; else the recipe's wish.
        architecture: what the objective needs, used where the recipe says "auto".
        device_type: "cpu", "cuda" or "mps".
        available_bytes: memory of the device; the machine's free memory by default.

    Raises:
        RecipeError: sizes that do not fit together.
    """
    config = model_config(recipe.model, vocab_size or recipe.tokenizer.vocab_size, architecture)
    parameters = count_parameters(config)
    training = recipe.training
    rows = max(1, training.batch_tokens // config.context)
    batch_tokens = rows * config.context
    steps = steps_for(
        training.steps, training.tokens, training.epochs, batch_tokens, train_tokens or 1_000_000
    )
    tokens = steps * batch_tokens
    speed, is_measured = _flops_per_second(device_type)
    seconds_per_step = batch_tokens * flops_per_token(config) / speed
    available = available_bytes or int(psutil.virtual_memory().available)
    memory = _memory(recipe, config, rows, device_type, available)
    epochs = tokens / train_tokens if train_tokens else None
    per_parameter = tokens / max(1, parameters.total)
    return Plan(
        parameters={
            "total": parameters.total,
            "embedding": parameters.embedding,
            "non_embedding": parameters.non_embedding,
            "attention": parameters.attention,
            "feed_forward": parameters.feed_forward,
        },
        memory_bytes=memory,
        seconds_per_step=seconds_per_step,
        seconds=steps * seconds_per_step,
        tokens=tokens,
        tokens_per_parameter=per_parameter,
        epochs=epochs,
        advice=tuple(_advice(memory, epochs, per_parameter, parameters)),
        steps=steps,
        is_measured=is_measured,
    )


def flops_per_token(config: ModelConfig) -> float:
    """Return training FLOPs a token: 6·N_mat + 12·L·d·T (reference §4.3)."""
    parameters = count_parameters(config)
    matrices = parameters.attention + parameters.feed_forward + config.vocab_size * config.width
    return 6.0 * matrices + 12.0 * config.layers * config.width * config.context


def remember_speed(config: ModelConfig, device_type: str, tokens_per_second: float) -> None:
    """Keep what a run reached, so that the next plan knows this machine."""
    speeds = _known_speeds()
    speeds[device_type] = tokens_per_second * flops_per_token(config)
    write_atomically(cache_dir() / "speed.json", json.dumps(speeds))


def _flops_per_second(device_type: str) -> tuple[float, bool]:
    known = _known_speeds().get(device_type)
    if known:
        return known, True
    guess = _GUESSED_FLOPS.get(device_type, 25e9)
    return guess * ((os.cpu_count() or 1) if device_type == "cpu" else 1), False


def _known_speeds() -> dict[str, float]:
    try:
        speeds = json.loads((cache_dir() / "speed.json").read_bytes())
        return {str(k): float(v) for k, v in speeds.items() if float(v) > 0}
    except (*UNREADABLE, TypeError, AttributeError):
        return {}


def _memory(
    recipe: Recipe, config: ModelConfig, rows: int, device_type: str, available: int
) -> dict[str, int]:
    """Return peak bytes by purpose for training in fp32 (autocast changes little)."""
    asked = recipe.training.micro_batch
    vocab_size, context = config.vocab_size, config.context
    micro = (
        automatic_micro_batch(rows, context, vocab_size, device_type)
        if asked == "auto"
        else min(asked, rows)
    )
    tokens = micro * context
    total = count_parameters(config).total
    shared = 2 * config.kv_heads / config.heads
    per_block = (8 + shared) * config.width + 4 * config.ffn_width
    memory = {name: total * size for name, size in BYTES_PER_PARAMETER.items()}
    memory["activations"] = int(tokens * 4 * per_block * config.layers)
    share = float(recipe.objective.options.get("mask_rate", 0.15))
    targets = tokens if config.is_decoder else int(tokens * share)
    memory["logits"] = targets * vocab_size * LOGIT_BYTES
    memory["total"] = sum(memory.values())
    memory["available"] = available
    return memory


def _advice(
    memory: dict[str, int],
    epochs: float | None,
    per_parameter: float,
    parameters: ParameterCount,
) -> list[Advice]:
    found = []
    if memory["total"] > memory["available"] * _MEMORY_SHARE_THAT_IS_TIGHT:
        found.append(
            Advice(
                "bad",
                f"it needs about {memory['total'] / 1e9:.1f} GB and "
                f"{memory['available'] / 1e9:.1f} GB are free: choose a smaller model or context, "
                "or set training.micro_batch to 1",
                "reference formulas; measured peaks differ by some per cent",
            )
        )
    if epochs is not None and epochs > 16:
        found.append(
            Advice(
                "bad",
                f"the text is read {epochs:.0f} times: beyond 16 hardly anything new is learned; "
                "add text or train fewer steps",
                "Muennighoff et al. 2023",
            )
        )
    elif epochs is not None and epochs > 4:
        found.append(
            Advice(
                "caution",
                f"the text is read {epochs:.1f} times: up to 4 is as good as new text",
                "Muennighoff et al. 2023",
            )
        )
    if per_parameter < 1:
        found.append(
            Advice(
                "caution",
                f"{per_parameter:.1f} tokens per parameter is little: about 20 is balanced; "
                "train longer or choose a smaller model",
                "Hoffmann et al. 2022",
            )
        )
    if parameters.embedding > 0.4 * parameters.total:
        found.append(
            Advice(
                "caution",
                f"{parameters.embedding / parameters.total:.0%} of the parameters only spell "
                "tokens: a smaller vocabulary would leave more for thinking",
                "reference: V·d/N at most 30–40 %",
            )
        )
    return found
