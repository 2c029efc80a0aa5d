"""The values that "auto" takes, as pure functions; no torch, so a plan can show them at once.

The rules were fitted above the sizes of a desktop, so they are capped; where each comes from
stands beside it.
"""

from __future__ import annotations

import dataclasses
import math

from sslstudio.recipe import Recipe

HIGHEST_LEARNING_RATE = 3e-3


def automatic_learning_rate(non_embedding: int, tokens: int, batch_tokens: int) -> float:
    """Return a peak learning rate for a model and a run.

    DeepSeek LLM (2401.02954): η = 0.3118·C^−0.125 at the batch B = 0.292·C^0.3271 tokens, with
    C = 6·N·D; scaled by the square root of the batch below that B, and capped.

    Args:
        non_embedding: parameters without the embedding.
        tokens: read over the whole run.
        batch_tokens: per optimizer step.
    """
    compute = 6.0 * max(1, non_embedding) * max(1, tokens)
    rate = min(HIGHEST_LEARNING_RATE, 0.3118 * compute**-0.125)
    fitting_batch = 0.292 * compute**0.3271
    return float(f"{rate * min(1.0, math.sqrt(batch_tokens / fitting_batch)):.3g}")


def automatic_beta2(tokens: int, batch_tokens: int) -> float:
    """Return β2 with a half-life of 10 M tokens (2507.07101), or a twentieth of a short run."""
    half_life = max(1.0, min(10_000_000.0, tokens / 20))
    beta2 = 0.5 ** (batch_tokens / half_life)
    return float(f"{min(0.999, max(0.95, beta2)):.4f}")


def automatic_warmup(steps: int) -> int:
    """Return 2 % of the steps, at least 100 where that is not more than a tenth."""
    return max(math.ceil(steps * 0.02), min(100, steps // 10))


@dataclasses.dataclass(frozen=True)
class Length:
    """How long a run is: so many steps of so many whole rows.

    Attributes:
        steps: optimizer steps.
        rows: of one step.
        batch_tokens: of one step.
    """

    steps: int
    rows: int
    batch_tokens: int

    @property
    def tokens(self) -> int:
        """Tokens that the whole run reads."""
        return self.steps * self.batch_tokens


def length_of(recipe: Recipe, context: int, train_tokens: int) -> Length:
    """Return the length that ``recipe`` asks for in steps, tokens or epochs.

    Args:
        recipe: only its training options are read.
        context: tokens of a row.
        train_tokens: of the training side of all sources together, which an epoch is; their
            weights make it neither longer nor shorter.
    """
    asked = recipe.training
    rows = max(1, asked.batch_tokens // context)
    batch_tokens = rows * context
    wanted = asked.tokens or asked.epochs * train_tokens
    return Length(asked.steps or max(1, math.ceil(wanted / batch_tokens)), rows, batch_tokens)
