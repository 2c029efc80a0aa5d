"""Held-out documents with a twin on the training side are found; nobody else is moved."""

from __future__ import annotations

import random

import numpy as np

from sslstudio.corpora.duplicates.minhash import Signer
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
