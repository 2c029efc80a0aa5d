"""Divergence, keyness and suitability: known answers, and kinds of text told apart."""

from __future__ import annotations

import dataclasses
import math
import random

import numpy as np
import pytest

from sslstudio.corpora.report.divergence import differences, jensen_shannon, log_likelihood
from sslstudio.corpora.report.suitability import propose_weights, suitability
from sslstudio.corpora.report.words import WordTable
from tests.corpora.report.report_making import report_of, source_of


def test_equal_distributions_are_0_apart_and_disjoint_ones_1() -> None:
    p = np.array([3, 1, 0, 6])
    assert jensen_shannon(p, p) == 0.0
    assert jensen_shannon(p, 10 * p) == pytest.approx(0.0)
    assert jensen_shannon(np.array([2, 3, 0]), np.array([0, 0, 9])) == pytest.approx(1.0)


def test_divergence_of_two_coins_by_hand() -> None:
    # p = (1/2, 1/2), q = (1, 0), m = (3/4, 1/4)
    by_hand = 0.5 * (0.5 * math.log2(2 / 3) + 0.5 * math.log2(2)) + 0.5 * math.log2(4 / 3)
    assert jensen_shannon(np.array([1, 1]), np.array([1, 0])) == pytest.approx(by_hand)


def test_log_likelihood_of_a_worked_example() -> None:
    # 10 of 100 against 0 of 100: 2·10·ln(10 / 5)
    scores = log_likelihood(np.array([10, 90]), np.array([0, 100]))
    assert scores[0] == pytest.approx(20 * math.log(2))
    assert scores[1] < 0


def test_the_words_that_tell_two_sources_apart() -> None:
    table = WordTable.of(["the sea the ship " * 20, "the cake the oven " * 20])
    (found,) = differences(["sailing", "baking"], table, np.array([0, 1]))
    assert set(found.words_of_first) == {"sea", "ship"}
    assert set(found.words_of_second) == {"cake", "oven"}
    assert found.divergence == pytest.approx(0.5)


def _text(words: str, seed: int) -> str:
    return " ".join(random.Random(seed).choices(words.split(), k=400))


_SEA = "the a of and ship sail storm deck captain wind harbour mast rope tide wave crew"
_FOOD = "the a of and flour sugar oven bake dough cake butter recipe spoon bowl stir salt"


def test_a_source_of_the_same_kind_suits_better() -> None:
    purpose = [_text(_SEA, seed) for seed in range(4)]
    texts = [_text(_SEA, 10), _text(_SEA, 11), _text(_FOOD, 12), _text(_FOOD, 13)]
    found = suitability(purpose, texts, [0, 0, 1, 1], 2)
    assert found.shown[0] > 0.9
    assert found.shown[1] < 0.5
    assert found.importance[0] > 0 > found.importance[1]
    assert min(found.scores[:2]) > max(found.scores[2:])


def test_one_source_alone_is_told_near_or_far() -> None:
    purpose = [_text(_SEA, seed) for seed in range(4)]
    assert suitability(purpose, [_text(_SEA, 10)], [0], 1).shown[0] > 0.9
    assert suitability(purpose, [_text(_FOOD, 10)], [0], 1).shown[0] < 0.5
    assert suitability(purpose, [], [], 1).shown == (0.0,)


def test_weights_follow_the_likeness_to_the_purpose() -> None:
    near = dataclasses.replace(source_of("near"), suitability=0.9, importance=0.4)
    far = dataclasses.replace(source_of("far"), suitability=0.6, importance=-0.4)
    assert propose_weights(report_of(near, far)) == (1.0, 0.45)  # e^-0.8 = 0.449
    assert propose_weights(report_of(source_of("a"), source_of("b"))) == (1.0, 1.0)
    alien = dataclasses.replace(far, importance=-9.0)
    assert propose_weights(report_of(near, alien)) == (1.0, 0.05)
