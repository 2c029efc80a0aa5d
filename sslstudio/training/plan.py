"""What a recipe will cost, before anything is trained: parameters, memory, time, epochs, advice.

Parameters are exact; memory is the peak that ``memory_model.py`` predicts for the rows that
``fitting.py`` chooses; time is what the same recipe took on this machine, or what its operations
take at the speed of the last run here, or a stated guess (``speeds.py``). No torch and no files
of the corpus are touched, so the studio asks for a new plan at every move of a slider.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import psutil

from sslstudio.corpora.mixing import Mix, mix_for
from sslstudio.errors import RecipeError
from sslstudio.models.configuration import ModelConfig, count_parameters, model_config
from sslstudio.recipe import Recipe
from sslstudio.training.advice import Advice, advise
from sslstudio.training.automatic import automatic_learning_rate, length_of
from sslstudio.training.fitting import Fit, fit
from sslstudio.training.speeds import flops_per_token, speed_of, vocabulary_of

__all__ = ["Advice", "Plan", "flops_per_token", "plan"]

SMALLEST_WIDTH_FOR_BF16_ON_CPU = 256  # below it the casts cost more than the products save


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
    is_measured: bool  # whether the time comes from a run or a measurement on this device
    time_source: str = "guessed"  # "measured" for this very shape, "scaled" from another
    micro_batch: int = 0  # rows computed at once
    recompute: bool = False
    source_shares: tuple[float, ...] = ()  # of each source that is read, where sizes are known
    source_epochs: tuple[float, ...] = ()


def plan(
    recipe: Recipe,
    *,
    train_tokens: int | None = None,
    vocab_size: int | None = None,
    architecture: str = "decoder",
    device_type: str = "cpu",
    available_bytes: int | None = None,
    precision: str = "",
    source_tokens: Sequence[int] = (),
) -> Plan:
    """Return what ``recipe`` costs.

    Args:
        recipe: may hold "auto".
        train_tokens: tokens of the training split, where known.
        vocab_size: of the trained tokenizer; else what these texts gave before, or the wish.
        architecture: what the objective needs, used where the recipe says "auto".
        device_type: "cpu", "cuda" or "mps".
        available_bytes: memory of the device; the machine's free memory by default.
        precision: what it will compute in, where known.
        source_tokens: of the training side of each source with a weight, where known.

    Raises:
        RecipeError: sizes that do not fit together.
    """
    vocab_size = vocab_size or vocabulary_of(recipe) or recipe.tokenizer.vocab_size
    config = model_config(recipe.model, vocab_size, architecture)
    parameters = count_parameters(config)
    training = recipe.training
    length = length_of(recipe, config.context, train_tokens or 1_000_000)
    tokens = length.tokens
    available = available_bytes or int(psutil.virtual_memory().available)
    fitted = fit(
        recipe,
        config,
        precision=precision or likely_precision(training.precision, device_type, config.width),
        device_type=device_type,
        free_bytes=available,
    )
    speed = speed_of(recipe, config, device_type)
    rate = training.learning_rate
    if rate == "auto":
        rate = automatic_learning_rate(parameters.non_embedding, tokens, length.batch_tokens)
    assert not isinstance(rate, str)
    mix, impossible_mix = _mix(recipe, source_tokens, tokens)
    names = [source.path for source in recipe.corpora if source.weight > 0]
    advice = advise(
        recipe,
        parameters,
        tokens=tokens,
        train_tokens=train_tokens,
        batch_tokens=length.batch_tokens,
        rate=rate,
        complaint=fitted.complaint,
        impossible_mix=impossible_mix,
        sources=list(zip(names, mix.epochs, strict=True)) if mix else (),
    )
    return Plan(
        parameters=_parameters(config),
        memory_bytes=_memory(fitted, available),
        seconds_per_step=speed.seconds_per_step,
        seconds=length.steps * speed.seconds_per_step,
        tokens=tokens,
        tokens_per_parameter=tokens / max(1, parameters.total),
        epochs=tokens / train_tokens if train_tokens else None,
        advice=tuple(advice),
        steps=length.steps,
        is_measured=speed.source != "guessed",
        time_source=speed.source,
        micro_batch=fitted.rows,
        recompute=fitted.recompute,
        source_shares=mix.shares if mix else (),
        source_epochs=mix.epochs if mix else (),
    )


def _mix(recipe: Recipe, source_tokens: Sequence[int], tokens: int) -> tuple[Mix | None, str]:
    """Return the mix, or why there is none: from estimated sizes that is advice, no refusal."""
    try:
        return (mix_for(recipe, source_tokens, tokens) if source_tokens else None), ""
    except RecipeError as error:
        return None, str(error)


def likely_precision(asked: str, device_type: str, width: int) -> str:
    """Return what "auto" will most likely become, without asking torch."""
    if asked != "auto":
        return asked
    if device_type == "cpu":
        is_wide = width >= SMALLEST_WIDTH_FOR_BF16_ON_CPU
        return "bf16" if is_wide and _processor_has_bf16() else "fp32"
    return "bf16" if device_type == "cuda" else "fp32"


def _processor_has_bf16() -> bool:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    flags = next((line for line in text.splitlines() if line.startswith("flags")), "")
    return "avx512_bf16" in flags or "amx_bf16" in flags


def _parameters(config: ModelConfig) -> dict[str, int]:
    count = count_parameters(config)
    return {
        "total": count.total,
        "embedding": count.embedding,
        "non_embedding": count.non_embedding,
        "attention": count.attention,
        "feed_forward": count.feed_forward,
    }


def _memory(fitted: Fit, available: int) -> dict[str, int]:
    """Return the bytes by purpose at the fullest moment of a step."""
    memory = dataclasses.asdict(fitted.peak)
    return {**memory, "total": fitted.peak.total, "available": available}
