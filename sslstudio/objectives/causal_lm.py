"""Causal language modelling: predict every token from those before it.

Input ``x[:-1]``, target ``x[1:]`` of each row (Radford et al. 2018, §3.1). <bos> is never a
target: it would be predicted from the end of another document. Attention stays within a
document unless ``document_mask`` is off. Cost: one forward pass, one target a token.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from sslstudio.objectives.batch import NO_TARGET, Batch, Rows
from sslstudio.objectives.objective import Objective
from sslstudio.registry import check_options, option, register


@dataclasses.dataclass(frozen=True, kw_only=True)
class CausalOptions:
    """Options of ``causal_lm``."""

    document_mask: bool = option(
        True,
        help="Keep attention inside a document, so that neighbours in a row do not mix.",
        source="reference: nanochat dev/LOG.md 2026-01-13",
    )

    def __post_init__(self) -> None:
        check_options(self, "objective")


@register(
    "objectives",
    "causal_lm",
    family="Continue",
    title="Next token",
    question="What comes next?",
    description="The model reads a text from the left and at every token predicts the following "
    "one. It learns to write: it can continue any beginning.",
    afterwards=("continue", "score"),
    source="Radford et al. 2018, §3.1",
)
class CausalLM(Objective):
    """Next-token prediction."""

    Options = CausalOptions
    architectures = ("decoder",)
    defines_bits_per_byte = True

    def window(self, context: int) -> int:
        """One more than the context: inputs and targets are shifted by one."""
        return context + 1

    def collate(self, rows: Rows, rng: np.random.Generator) -> Batch:
        """Shift by one; nothing is left to chance."""
        inputs_BT = rows.ids_BW[:, :-1]
        targets_BT = rows.ids_BW[:, 1:].copy()
        targets_BT[targets_BT == self.vocabulary.bos] = NO_TARGET
        documents_BT = rows.documents_BW[:, :-1]
        if not self.options.document_mask:
            documents_BT = np.zeros_like(documents_BT)
        return Batch.from_arrays(inputs_BT, targets_BT, documents_BT)
