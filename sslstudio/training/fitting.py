"""How many rows are computed at once, and whether blocks are computed twice to make them fit.

Stands between the recipe's "auto" and the run, and says the same to the plan: the most rows whose
predicted peak (``memory_model.py``) fits the free memory, in equal shares of a step. Where not
even one row fits, blocks keep only their input; where that does not fit either, nothing is begun.
Should the prediction be wrong, the trainer halves the rows when memory runs out. No torch.
"""

from __future__ import annotations

import dataclasses

from sslstudio.errors import DeviceError, RecipeError
from sslstudio.models.configuration import ModelConfig
from sslstudio.recipe import Recipe
from sslstudio.training.memory_model import Peak, StepShape, peak_memory

_SHARE_TO_USE = 0.9
# beyond it a processor gains nothing (docs/performance.md); a graphics card hardly
_MOST_TOKENS = {"cpu": 16_384}
_MOST_TOKENS_ELSEWHERE = 131_072


@dataclasses.dataclass(frozen=True)
class Fit:
    """What is computed at once; ``complaint`` is empty where it fits."""

    rows: int
    recompute: bool
    peak: Peak
    complaint: str = ""


def fit(
    recipe: Recipe, config: ModelConfig, *, precision: str, device_type: str, free_bytes: int
) -> Fit:
    """Return the rows at once for ``recipe``, with a complaint where they do not fit.

    Args:
        config: of the network.
        precision: what it will compute in.
        device_type: "cpu", "cuda" or "mps".
        free_bytes: memory of the device that can be used.

    Raises:
        RecipeError: more rows at once are asked for than a step has.
    """
    training = recipe.training
    step_rows = max(1, training.batch_tokens // config.context)
    _check_asked(training.micro_batch, step_rows, config.context)
    likely = _shape(recipe, config, precision, device_type)
    ways = {"on": (True,), "off": (False,), "auto": (False, True)}[training.recompute]
    room = _SHARE_TO_USE * free_bytes
    found = Fit(1, False, Peak(0, 0, 0, 0, 0))
    for recompute in ways:
        shape = dataclasses.replace(likely, recompute=recompute)
        for rows in _candidates(training.micro_batch, step_rows, config.context, device_type):
            here = dataclasses.replace(shape, rows=rows, is_whole=rows >= step_rows)
            found = Fit(rows, recompute, peak_memory(config, here))
            if found.peak.total <= room:
                return found
    # asked for, or the least there is: it may still squeeze in below what is free
    if found.peak.total <= free_bytes:
        return found
    return dataclasses.replace(found, complaint=_complaint(training.micro_batch, found, free_bytes))


def require_fit(fitted: Fit) -> Fit:
    """Return ``fitted``, or raise a :class:`DeviceError` with its complaint."""
    if fitted.complaint:
        raise DeviceError(fitted.complaint)
    return fitted


def _check_asked(micro_batch: int | str, step_rows: int, context: int) -> None:
    if isinstance(micro_batch, int) and micro_batch > step_rows:
        raise RecipeError(
            f"training.micro_batch is {micro_batch} and a step has {step_rows} rows "
            f"(training.batch_tokens / model.context {context}): set it to auto, or raise "
            "training.batch_tokens"
        )


def _candidates(asked: int | str, step_rows: int, context: int, device_type: str) -> list[int]:
    """Return the numbers of rows to try, most first: equal shares of a step where there are."""
    if isinstance(asked, int):
        return [asked]
    most = max(1, _MOST_TOKENS.get(device_type, _MOST_TOKENS_ELSEWHERE) // context)
    shares = sorted({-(-step_rows // parts) for parts in range(1, step_rows + 1)}, reverse=True)
    fitting = (_even(share, step_rows) for share in shares if share <= most)
    return list(dict.fromkeys(fitting))


def _even(share: int, step_rows: int) -> int:
    """Return the largest even share up to ``share``; the ragged one where it is twice as large."""
    even = next(n for n in range(share, 0, -1) if step_rows % n == 0)
    return even if 2 * even > share else share


def _shape(recipe: Recipe, config: ModelConfig, precision: str, device_type: str) -> StepShape:
    share = float(recipe.objective.options.get("mask_rate", 0.15))
    return StepShape(
        rows=1,
        precision=precision,
        optimizer=recipe.training.optimizer,
        target_share=1.0 if config.is_decoder else share,
        composed=recipe.training.attention == "composed",
        device_type=device_type,
    )


def _complaint(asked: int | str, found: Fit, free_bytes: int) -> str:
    needed = f"{found.peak.total / 1e9:,.1f} GB and {free_bytes / 1e9:,.1f} GB are free"
    if isinstance(asked, int) and asked > 1:
        return f"{asked} rows at once need {needed}: set training.micro_batch to auto"
    remedy = "" if found.recompute else "set training.recompute to auto, or "
    return (
        f"even one row at once needs {needed}: {remedy}choose a smaller model.preset, "
        "model.width, model.layers or model.context, or close other programs"
    )
