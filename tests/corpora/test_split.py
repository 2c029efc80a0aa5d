"""The split leaks nothing, stands still, and hits its fraction."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from sslstudio.corpora.split import choose_split, is_validation, key_of, tail_start
from sslstudio.recipe import DataOptions


def _validation(texts: list[str], fraction: float) -> set[str]:
    return {text for text in texts if is_validation(key_of(text).side, fraction)}


def test_a_side_depends_on_the_text_alone_and_copies_stand_together() -> None:
    assert key_of("The  Cat\nsat. \u00e9") == key_of("the cat SAT. e\u0301 ")
    assert key_of("the cat sat.") != key_of("the cat sat")


def test_adding_or_reordering_documents_moves_none() -> None:
    old = [f"document {i}" for i in range(2000)]
    new = [*old, *(f"another {i}" for i in range(2000))]
    random.Random(1).shuffle(new)
    assert _validation(new, 0.1) & set(old) == _validation(old, 0.1)


def test_a_larger_fraction_only_adds() -> None:
    texts = [f"document {i}" for i in range(2000)]
    assert _validation(texts, 0.05) < _validation(texts, 0.1)


@pytest.mark.parametrize("fraction", [0.02, 0.1, 0.5])
def test_the_fraction_is_hit_within_four_sigma(fraction: float) -> None:
    count = 10_000
    found = len(_validation([f"text number {i}" for i in range(count)], fraction))
    assert abs(found - count * fraction) < 4 * math.sqrt(count * fraction * (1 - fraction))


def test_tail_is_the_usual_split_of_one_file_and_trains_on_every_document() -> None:
    assert tail_start(1_115_394, 0.1) == 1_003_854  # nanoGPT: int(n * 0.9)
    assert tail_start(1, 0.5) == 1


def test_auto_takes_the_tail_where_documents_are_few_or_one_outweighs() -> None:
    options = DataOptions(validation_fraction=0.1)
    assert choose_split(options, np.full(199, 100)) == "tail"
    assert choose_split(options, np.full(200, 100)) == "documents"
    assert choose_split(options, np.array([100] * 500 + [10_000])) == "tail"
    assert choose_split(DataOptions(split="documents"), np.array([5])) == "documents"
