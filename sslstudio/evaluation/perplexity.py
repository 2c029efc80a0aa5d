"""The suite "perplexity": how well a checkpoint predicts the validation split.

Reads the whole split that the run itself kept apart. Bits per byte compare across tokenizers,
perplexity does not (reference §2.8).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sslstudio.objectives.objective import build_objective
from sslstudio.registry import register
from sslstudio.training.loading import Trained
from sslstudio.training.validation import validate


@register(
    "suites",
    "perplexity",
    title="Perplexity",
    question="How surprised is it by text it has not seen?",
)
class Perplexity:
    """Loss, perplexity and bits per byte on the validation split."""

    def measure(
        self,
        trained: Trained,
        validation_ids: NDArray[np.integer],
        is_cancelled: Callable[[], bool] = lambda: False,
    ) -> dict[str, Any] | None:
        """Return the suite's figures, or None when cancelled.

        Args:
            trained: the model of one checkpoint.
            validation_ids: the token ids of the run's validation split.
        """
        choice = trained.recipe.objective
        found = validate(
            trained.model,
            build_objective(choice.name, choice.options, trained.tokenizer),
            validation_ids,
            context=trained.model.config.context,
            byte_lengths=trained.tokenizer.byte_lengths,
            device=trained.device,
            is_cancelled=is_cancelled,
        )
        if found is None:
            return None
        figures: dict[str, Any] = {
            "loss": found.loss,
            "perplexity": found.perplexity,
            "bytes": found.bytes,
            "tokens": found.targets,
        }
        if found.bits_per_byte is not None:
            figures["bits_per_byte"] = found.bits_per_byte
        return figures
