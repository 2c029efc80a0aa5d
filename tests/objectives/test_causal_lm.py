"""Next-token prediction: shifted by one, and never across a document's beginning."""

from __future__ import annotations

import numpy as np
import torch

from sslstudio.objectives.batch import NO_TARGET, Rows
from sslstudio.objectives.causal_lm import CausalLM, CausalOptions


class Vocabulary:
    vocab_size = 20
    bos = 1
    mask = 3
    special_ids = frozenset({0, 1, 2, 3})


def _rows(*rows: list[int]) -> Rows:
    ids = np.array(rows, dtype=np.int64)
    return Rows(ids, np.cumsum(ids == Vocabulary.bos, axis=1))


def test_targets_are_the_inputs_shifted_by_one() -> None:
    objective = CausalLM(CausalOptions(), Vocabulary())
    batch = objective.collate(_rows([1, 5, 6, 7, 8]), np.random.default_rng(0))
    assert objective.window(4) == 5
    assert batch.inputs_BT.tolist() == [[1, 5, 6, 7]]
    assert batch.targets_BT.tolist() == [[5, 6, 7, 8]]
    assert batch.documents_BT is None
    assert batch.target_count == 4


def test_the_beginning_of_a_document_is_not_predicted_from_another() -> None:
    objective = CausalLM(CausalOptions(), Vocabulary())
    batch = objective.collate(_rows([5, 6, 2, 1, 7, 8, 2, 1]), np.random.default_rng(0))
    assert batch.targets_BT.tolist() == [[6, 2, NO_TARGET, 7, 8, 2, NO_TARGET]]
    assert batch.target_count == 5
    assert batch.documents_BT is not None
    assert batch.documents_BT.tolist() == [[0, 0, 0, 1, 1, 1, 1]]


def test_the_document_mask_can_be_turned_off() -> None:
    objective = CausalLM(CausalOptions(document_mask=False), Vocabulary())
    batch = objective.collate(_rows([5, 2, 1, 7, 8]), np.random.default_rng(0))
    assert batch.documents_BT is None
    assert batch.targets_BT.tolist() == [[2, NO_TARGET, 7, 8]]


def test_micro_batches_hold_the_rows_and_counts_of_the_whole() -> None:
    objective = CausalLM(CausalOptions(), Vocabulary())
    whole = objective.collate(
        _rows([5, 6, 2, 1, 7], [1, 7, 8, 9, 9], [9, 2, 1, 7, 2]), np.random.default_rng(0)
    )
    parts = whole.split(2)
    assert [len(p.inputs_BT) for p in parts] == [2, 1]
    assert sum(p.target_count for p in parts) == whole.target_count == 10
    assert torch.equal(torch.cat([p.targets_BT for p in parts]), whole.targets_BT)
    documents = [p.documents_BT for p in parts if p.documents_BT is not None]
    assert whole.documents_BT is not None
    assert torch.equal(torch.cat(documents), whole.documents_BT)
