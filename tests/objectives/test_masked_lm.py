"""Masked language modelling: BERT's counts and shares, and nothing else touched."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sslstudio.errors import RecipeError
from sslstudio.objectives.batch import NO_TARGET, Rows
from sslstudio.objectives.masked_lm import MaskedLM, MaskedOptions
from sslstudio.registry import build_options

_SPECIALS = 12


class Vocabulary:
    vocab_size = 1000
    bos = 1
    mask = 3
    special_ids = frozenset({*range(_SPECIALS), *range(900, 1000)})


def _collate(options: MaskedOptions, rows: int = 400, width: int = 128, seed: int = 0):  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(seed)
    ids = rng.integers(_SPECIALS, 900, size=(rows, width))
    ids[:, 0] = 1
    ids[:, 57] = 2
    batch = MaskedLM(options, Vocabulary()).collate(
        Rows(ids, np.zeros_like(ids)), np.random.default_rng(seed + 1)
    )
    return ids, batch.inputs_BT.numpy(), batch.targets_BT.numpy()


def _is_within_4_sigma(share: float, p: float, n: int) -> bool:
    return abs(share - p) <= 4 * math.sqrt(p * (1 - p) / n)


def test_each_row_has_exactly_the_rounded_share_of_its_ordinary_tokens() -> None:
    _, _, targets = _collate(MaskedOptions())
    # 126 ordinary tokens a row: round(0.15 · 126) = 19
    assert set((targets != NO_TARGET).sum(axis=1)) == {19}


def test_selected_tokens_are_hidden_replaced_and_kept_as_80_10_10() -> None:
    ids, inputs, targets = _collate(MaskedOptions())
    selected = targets != NO_TARGET
    n = int(selected.sum())
    hidden = float((inputs[selected] == Vocabulary.mask).mean())
    # a random draw hits the original once in 888, which then reads as kept
    kept = float((inputs[selected] == ids[selected]).mean())
    assert _is_within_4_sigma(hidden, 0.8, n)
    assert _is_within_4_sigma(kept, 0.1 + 0.1 / 888, n)
    assert _is_within_4_sigma(1 - hidden - kept, 0.1 - 0.1 / 888, n)


def test_every_place_is_selected_equally_often() -> None:
    ids, _, targets = _collate(MaskedOptions(), rows=4000)
    share = (targets != NO_TARGET).mean(axis=0)
    ordinary = ids[0] >= _SPECIALS
    sigma = math.sqrt(0.15 * 0.85 / 4000)
    assert abs(share[ordinary] - 19 / 126).max() < 4.5 * sigma


def test_labels_are_the_originals_and_the_rest_is_untouched() -> None:
    ids, inputs, targets = _collate(MaskedOptions())
    selected = targets != NO_TARGET
    assert (targets[selected] == ids[selected]).all()
    assert (inputs[~selected] == ids[~selected]).all()


def test_special_tokens_are_neither_selected_nor_drawn() -> None:
    ids, inputs, targets = _collate(MaskedOptions(mask_rate=0.9, mask_share=0.0, random_share=1.0))
    assert (targets[:, 0] == NO_TARGET).all()
    assert (targets[:, 57] == NO_TARGET).all()
    changed = inputs[inputs != ids]
    assert changed.size > 10_000
    assert not np.isin(changed, sorted(Vocabulary.special_ids)).any()
    assert changed.min() == _SPECIALS
    assert changed.max() == 899


def test_masks_repeat_with_the_seed_and_differ_without() -> None:
    first, again = _collate(MaskedOptions(), seed=3), _collate(MaskedOptions(), seed=3)
    assert all((a == b).all() for a, b in zip(first, again, strict=True))
    rows = Rows(first[0], np.zeros_like(first[0]))
    other = MaskedLM(MaskedOptions(), Vocabulary()).collate(rows, np.random.default_rng(99))
    assert (other.targets_BT.numpy() != first[2]).any()


def test_a_row_of_one_ordinary_token_still_has_a_target() -> None:
    ids = np.array([[1, 50, 2]])
    batch = MaskedLM(MaskedOptions(), Vocabulary()).collate(
        Rows(ids, np.zeros_like(ids)), np.random.default_rng(0)
    )
    assert batch.targets_BT.tolist() == [[NO_TARGET, 50, NO_TARGET]]


def test_impossible_shares_are_refused() -> None:
    with pytest.raises(RecipeError, match="add up to more than 1"):
        MaskedOptions(mask_share=0.9, random_share=0.2)
    with pytest.raises(RecipeError, match=r"mask_rat.*did you mean 'mask_rate'"):
        build_options(MaskedOptions, {"mask_rat": 0.1}, "objective")
