"""Held-out documents with a twin on the training side are found; nobody else is moved."""

from __future__ import annotations

import random

import numpy as np
import pytest

from sslstudio.corpora.duplicates.minhash import Bands, Signer
from sslstudio.corpora.duplicates.shingles import jaccard, shingles
from sslstudio.corpora.duplicates.twins import Twins
from sslstudio.corpora.split import is_validation, key_of
from tests.corpora.duplicates.test_clusters import _changed, _text


def _sides(texts: list[str]) -> tuple[set[str], set[str], set[str]]:
    """Return training texts, validation texts, and those left out."""
    signer = Signer()
    held_out = sorted({t for t in texts if is_validation(key_of(t).side, 0.2)})
    training = {t for t in texts if not is_validation(key_of(t).side, 0.2)}
    twins = Twins([signer.signature(text) for text in held_out])
    for text in texts:
        if text in training:
            twins.probe(signer.signature(text)[None])
    out = {text for text, is_twin in zip(held_out, twins.is_twin, strict=True) if is_twin}
    return training, set(held_out) - out, out


def _corpus(seed: int, families: int) -> list[str]:
    draw = random.Random(seed)
    texts = []
    for _ in range(families):
        first = _text(draw)
        texts += [" ".join(first), " ".join(_changed(draw, first, 3))]
    return texts


def test_no_near_duplicate_stands_on_both_sides() -> None:
    training, validation, out = _sides(_corpus(1, 60))
    assert out
    assert validation
    sets = {text: shingles(text) for text in training | validation | out}
    for text in validation:
        assert max(jaccard(sets[text], sets[other]) for other in training) < 0.7
    for text in out:
        assert max(jaccard(sets[text], sets[other]) for other in training) > 0.6


def test_adding_documents_moves_none_from_one_side_to_the_other() -> None:
    old = _corpus(2, 40)
    before = _sides(old)
    after = _sides(old + _corpus(3, 40) + [text + " more" for text in old])
    assert before[0] <= after[0]
    assert before[1] <= after[1] | after[2]
    assert not before[1] & after[0]
    assert before[2] <= after[2]


def test_the_order_of_documents_makes_no_difference() -> None:
    texts = _corpus(4, 40)
    assert _sides(texts) == _sides(texts[::-1])


def test_nothing_held_out_is_no_trouble() -> None:
    twins = Twins([])
    twins.probe(np.zeros((3, 112), np.uint32))
    assert len(twins.is_twin) == 0


@pytest.mark.parametrize("seed", range(4))
def test_twins_are_those_of_a_search_through_all_pairs(seed: int) -> None:
    draw, bands = np.random.default_rng(seed), Bands(4, 2)
    held_out = draw.integers(0, 4, (200, 8), dtype=np.uint32)
    training = draw.integers(0, 4, (300, 8), dtype=np.uint32)
    twins = Twins(held_out, bands=bands, threshold=0.75)
    expected = np.zeros(200, dtype=bool)
    for first in range(0, 300, 30):  # many times over, half of those that are left find a twin
        some = training[first : first + 30]
        twins.probe(some)
        equal = held_out[:, None] == some[None]
        meet = equal.reshape(200, 30, 4, 2).all(axis=3).any(axis=2)
        expected |= (meet & (equal.mean(axis=2) >= 0.75)).any(axis=1)
        assert (twins.is_twin == expected).all()
    assert 0.5 < expected.mean() < 1


def test_copies_by_the_ten_thousand_are_found_and_then_let_go() -> None:
    signature = Signer().signature(" ".join(_text(random.Random(1))))
    copies = np.repeat(signature[None], 10_000, axis=0)
    copies[:, :3] = np.arange(30_000).reshape(10_000, 3)
    other = Signer().signature(" ".join(_text(random.Random(2))))
    twins = Twins(np.r_[copies, other[None]])
    training = copies[:500].copy()
    training[:, :3] += np.uint32(50_000)
    for _ in range(20):
        twins.probe(training)
    assert twins.is_twin[:-1].all()
    assert not twins.is_twin[-1]
    assert twins._documents.shape == (14, 1)  # what is still looked for
    twins.probe(other[None])
    assert twins.is_twin.all()
    twins.probe(copies[:5])


def test_an_empty_group_passes_by() -> None:
    twins = Twins([np.zeros(112, np.uint32)])
    twins.probe(np.empty((0, 112), np.uint32))
    assert not twins.is_twin.any()
