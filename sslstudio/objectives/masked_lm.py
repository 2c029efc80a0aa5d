"""Masked language modelling: hide some tokens, predict them from both sides.

BERT's counts and 80/10/10 (Devlin et al. 2018, §3.1), drawn anew for every row of every epoch
as in RoBERTa. Of the n candidates of a row, max(1, round(rate · n)) are selected without
replacement; of the selected, most show <mask>, some a random ordinary token, the rest stay as
they are. Special tokens are neither selected nor drawn. Cost: one forward pass; the head runs
on the selected positions only.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from sslstudio.errors import RecipeError
from sslstudio.objectives.batch import NO_TARGET, Batch, Rows
from sslstudio.objectives.objective import Objective, Vocabulary
from sslstudio.registry import check_options, option, register


@dataclasses.dataclass(frozen=True, kw_only=True)
class MaskedOptions:
    """Options of ``masked_lm``."""

    mask_rate: float = option(
        0.15,
        minimum=0.01,
        maximum=0.95,
        help="Share of the tokens that must be predicted.",
        source="Devlin et al. 2018: 15 %; Warner et al. 2024: 30 %",
    )
    mask_share: float = option(
        0.8,
        minimum=0.0,
        maximum=1.0,
        help="Of these, the share that is hidden behind <mask>.",
        source="Devlin et al. 2018",
    )
    random_share: float = option(
        0.1,
        minimum=0.0,
        maximum=1.0,
        help="Of these, the share that is replaced by a random token. The rest stays visible.",
        source="Devlin et al. 2018",
    )

    def __post_init__(self) -> None:
        check_options(self, "objective")
        if self.mask_share + self.random_share > 1 + 1e-9:
            raise RecipeError(
                f"objective.mask_share {self.mask_share:g} and objective.random_share "
                f"{self.random_share:g} add up to more than 1: lower one of them"
            )


@register(
    "objectives",
    "masked_lm",
    family="Uncover",
    title="Masked tokens",
    question="What is hidden?",
    description="Some tokens are hidden and the model predicts them from both sides. It learns "
    "to fill gaps and to represent texts; it does not learn to continue one.",
    afterwards=("fill", "embed"),
    source="Devlin et al. 2018, §3.1",
)
class MaskedLM(Objective):
    """BERT's masked language modelling with dynamic masks."""

    Options = MaskedOptions
    architectures = ("encoder", "decoder")
    sees_both_sides = True
    targets_in_place = True

    def __init__(self, options: MaskedOptions, vocabulary: Vocabulary) -> None:
        super().__init__(options, vocabulary)
        self._is_special_V = np.zeros(vocabulary.vocab_size, dtype=bool)
        self._is_special_V[sorted(vocabulary.special_ids)] = True
        self._ordinary_ids = np.flatnonzero(~self._is_special_V)

    def window(self, context: int) -> int:
        """As many tokens as the model sees."""
        return context

    def collate(self, rows: Rows, rng: np.random.Generator) -> Batch:
        """Select, then hide, replace or keep."""
        ids_BT = rows.ids_BW
        selected_BT = self._select(ids_BT, rng)
        targets_BT = np.where(selected_BT, ids_BT, NO_TARGET)
        fate_BT = rng.random(ids_BT.shape)
        random_BT = rng.choice(self._ordinary_ids, size=ids_BT.shape)
        mask_share, random_share = self.options.mask_share, self.options.random_share
        is_hidden = selected_BT & (fate_BT < mask_share)
        is_replaced = selected_BT & ~is_hidden & (fate_BT < mask_share + random_share)
        inputs_BT = np.where(is_hidden, self.vocabulary.mask, ids_BT)
        inputs_BT = np.where(is_replaced, random_BT, inputs_BT)
        return Batch.from_arrays(inputs_BT, targets_BT, rows.documents_BW)

    def _select(self, ids_BT: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.bool_]:
        """Choose the targets of each row without replacement, never a special token."""
        is_candidate = ~self._is_special_V[ids_BT]
        candidates_B = is_candidate.sum(axis=1)
        wanted_B = np.maximum(1, np.rint(self.options.mask_rate * candidates_B))
        wanted_B = np.minimum(wanted_B, candidates_B)
        order_BT = np.where(is_candidate, rng.random(ids_BT.shape), np.inf)
        rank_BT = order_BT.argsort(axis=1).argsort(axis=1)
        selected: NDArray[np.bool_] = rank_BT < wanted_B[:, None]
        return selected
