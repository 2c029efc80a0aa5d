"""The numbers behind the model page: shape, plan, and what each "auto" stands for.

Pure functions over ``sslstudio.models.configuration`` and ``sslstudio.training.plan``, neither
of which imports torch; both are imported when the first number is asked for.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from sslstudio.errors import SSLStudioError
from sslstudio.recipe import ModelOptions, Recipe
from sslstudio.studio.engine import Device
from sslstudio.studio.widgets.stack_drawing import Shape

_MOST_HEADS = 256  # what a recipe allows
_SAMPLE_EPOCHS = 1.0  # where the corpus has not been read yet


@dataclasses.dataclass(frozen=True)
class PlannedDevice:
    """The device the plan is made for."""

    kind: str  # cpu, cuda, mps
    title: str
    memory_bytes: int | None  # None: what the machine has free


def planned_device(name: str, devices: Sequence[Device]) -> PlannedDevice:
    """Return the device called ``name``, or for "auto" the best one."""
    found = [d for d in devices if d.name == name] or list(devices[:1])
    if not found:
        return PlannedDevice("cpu", "this computer", None)
    device = found[0]
    kind = device.name.partition(":")[0]
    return PlannedDevice(kind, device.title, device.memory_bytes if kind == "cuda" else None)


def make_plan(
    recipe: Recipe,
    train_tokens: int | None,
    architecture: str,
    device: PlannedDevice,
    source_tokens: Sequence[int] = (),
) -> Any:
    """Return ``sslstudio.training.plan.Plan``; a few milliseconds.

    Raises:
        RecipeError: sizes that do not fit together.
    """
    from sslstudio.training.plan import plan

    return plan(
        recipe,
        train_tokens=train_tokens,
        source_tokens=source_tokens,
        architecture=architecture,
        device_type=device.kind,
        available_bytes=device.memory_bytes,
    )


def shape_of(recipe: Recipe, architecture: str) -> Shape:
    """Return the shape to draw.

    Raises:
        RecipeError: sizes that do not fit together.
    """
    from sslstudio.models.configuration import model_config

    config = model_config(recipe.model, recipe.tokenizer.vocab_size, architecture)
    return Shape(
        layers=config.layers,
        width=config.width,
        heads=config.heads,
        kv_heads=config.kv_heads,
        ffn_width=config.ffn_width,
        context=config.context,
        vocab_size=config.vocab_size,
        causal=config.is_decoder,
    )


def preset_parameters(preset: Any) -> int:
    """Return how many parameters a preset has with its own vocabulary."""
    from sslstudio.models.configuration import count_parameters, model_config

    options = ModelOptions(preset=preset.name)
    return count_parameters(model_config(options, preset.vocab_size, "decoder")).total


def automatic_values(recipe: Recipe, shape: Shape, plan: Any) -> dict[str, float]:
    """Return what each "auto" of the model and the training stands for at present."""
    from sslstudio.training import automatic

    rows = max(1, recipe.training.batch_tokens // shape.context)
    batch_tokens = rows * shape.context
    return {
        **{n: getattr(shape, n) for n in ("layers", "width", "heads", "kv_heads", "ffn_width")},
        "learning_rate": automatic.automatic_learning_rate(
            plan.parameters["non_embedding"], plan.tokens, batch_tokens
        ),
        "warmup": automatic.automatic_warmup(plan.steps),
        "beta2": automatic.automatic_beta2(plan.tokens, batch_tokens),
        "micro_batch": plan.micro_batch,
    }


def fitting_shape(model: ModelOptions, name: str, value: Any) -> dict[str, Any]:
    """Return the changes that setting ``name`` to ``value`` asks for.

    A width is taken to the nearest that its heads can share, heads to the nearest number that
    divides the width; what no longer fits goes back to "auto".
    """
    if value == "auto" or name not in ("width", "heads", "kv_heads"):
        return {name: value}
    shape = shape_of(
        Recipe(model=dataclasses.replace(model, heads="auto", kv_heads="auto")), "decoder"
    )
    if name == "width":
        return _fitting_width(model, value)
    if name == "heads":
        most = min(shape.width, _MOST_HEADS)
        fitting = [n for n in range(1, most + 1) if shape.width % (2 * n) == 0] or [1]
        heads = min(fitting, key=lambda n: (abs(n - value), n))
        keeps = model.kv_heads != "auto" and heads % model.kv_heads == 0
        return {"heads": heads, "kv_heads": model.kv_heads if keeps else "auto"}
    heads = model.heads if model.heads != "auto" else shape.heads
    fitting = [n for n in range(1, heads + 1) if heads % n == 0]
    return {"kv_heads": min(fitting, key=lambda n: (abs(n - value), n))}


def _fitting_width(model: ModelOptions, value: int) -> dict[str, Any]:
    step = 16 if value < 512 else 64
    width = max(16, round(value / step) * step)
    heads = model.heads
    if heads != "auto" and width % (2 * heads):
        heads = "auto"
    kv_heads = model.kv_heads if heads != "auto" else "auto"
    return {"width": width, "heads": heads, "kv_heads": kv_heads}


def length_in(unit: str, plan: Any) -> int | float:
    """Return the length of ``plan`` in steps, tokens or epochs."""
    if plan is None:
        return {"steps": 800, "tokens": 3_000_000}.get(unit, _SAMPLE_EPOCHS)
    if unit == "steps":
        return int(plan.steps)
    if unit == "tokens":
        return int(plan.tokens)
    return float(f"{plan.epochs:.3g}") if plan.epochs else _SAMPLE_EPOCHS


def embedding_shares(recipe: Recipe, sizes: Sequence[int]) -> list[float]:
    """Return the share of the model that the embedding takes, for each size of the vocabulary.

    Empty where the model's own numbers do not fit together; the model page says so.
    """
    from sslstudio.models.configuration import count_parameters, model_config

    try:
        config = model_config(recipe.model, max(sizes, default=1), "decoder")
    except SSLStudioError:
        return []
    counts = [count_parameters(dataclasses.replace(config, vocab_size=size)) for size in sizes]
    return [count.embedding / count.total for count in counts]
