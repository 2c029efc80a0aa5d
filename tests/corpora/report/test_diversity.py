"""Diversity on constructed texts, against plain loops and known answers."""

from __future__ import annotations

import random

import numpy as np
import pytest

from sslstudio.corpora.report.diversity import (
    compression_ratio,
    distinct,
    heaps,
    mattr,
    previous_occurrence,
    zipf,
)
from sslstudio.corpora.report.embedding import embed, vendi
from sslstudio.corpora.report.words import WordTable


def test_distinct_of_one_word_four_times_is_a_quarter() -> None:
    found = distinct(WordTable.of(["a a a a"]))
    assert found == {1: 1 / 4, 2: 1 / 3, 3: 1 / 2, 4: 1.0}


def test_distinct_is_what_a_loop_counts_and_spans_no_two_texts() -> None:
    draw = random.Random(2)
    texts = [" ".join(draw.choices("abcde", k=draw.randrange(0, 9))) for _ in range(60)]
    found = distinct(WordTable.of(texts))
    for n in range(1, 5):
        grams = [
            tuple(words[i : i + n])
            for words in (text.split() for text in texts)
            for i in range(len(words) - n + 1)
        ]
        assert found[n] == pytest.approx(len(set(grams)) / len(grams))
    assert distinct(WordTable.of([])) == {}


@pytest.mark.parametrize("window", [1, 7, 50])
def test_mattr_is_the_mean_over_all_windows(window: int) -> None:
    ids = np.array(random.Random(3).choices(range(12), k=200), dtype=np.int32)
    shares = [len(set(ids[i : i + window].tolist())) / window for i in range(200 - window + 1)]
    assert mattr(ids, window) == pytest.approx(sum(shares) / len(shares))


def test_mattr_at_its_ends() -> None:
    assert mattr(np.arange(10, dtype=np.int32), 10) == 1.0
    assert mattr(np.zeros(10, dtype=np.int32), 5) == pytest.approx(1 / 5)
    assert mattr(np.zeros(4, dtype=np.int32), 5) is None


def test_previous_occurrence_by_hand() -> None:
    assert previous_occurrence(np.array([5, 7, 5, 5, 7])).tolist() == [-1, -1, 0, 2, 1]


def test_heaps_law_is_found_again_where_it_was_built_in() -> None:
    # a new word whenever k·n^beta passes the next whole number
    k, beta = 4.0, 0.6
    ids, known = [], 0
    for n in range(1, 60_001):
        if k * n**beta >= known + 1:
            known += 1
            ids.append(known)
        else:
            ids.append(1 + n % known)
    found = heaps(np.array(ids, dtype=np.int32))
    assert found["beta"] == pytest.approx(beta, abs=0.01)
    assert found["k"] == pytest.approx(k, rel=0.1)
    assert found["r2"] > 0.999
    assert heaps(np.arange(1000, dtype=np.int32)) == {}


def test_zipfs_exponent_is_found_again() -> None:
    counts = (1e9 / np.arange(1, 5001) ** 1.1).astype(np.int64)
    shuffled = np.random.default_rng(1).permutation(counts)
    assert zipf(shuffled) == pytest.approx(1.1, abs=0.01)
    assert zipf(np.array([3, 2, 1])) is None


def test_random_bytes_do_not_shrink_and_repeated_ones_do() -> None:
    ratio = compression_ratio([random.Random(4).randbytes(200_000)])
    assert ratio == pytest.approx(1.0, abs=0.01)
    assert compression_ratio([b"ab" * 50_000]) > 100  # type: ignore[operator]
    assert compression_ratio([]) is None


def test_the_vendi_score_of_the_known_answers() -> None:
    assert vendi(np.eye(5)) == pytest.approx(5.0)
    ones = np.zeros((5, 3))
    ones[:, 0] = 1.0
    assert vendi(ones) == pytest.approx(1.0)
    assert vendi(np.vstack([np.eye(5), np.zeros((3, 5))])) == pytest.approx(5.0)
    assert vendi(np.zeros((2, 2))) is None


def test_the_small_matrix_has_the_score_of_the_large_one() -> None:
    points = np.random.default_rng(5).normal(size=(40, 6))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    shares = np.linalg.eigvalsh(points @ points.T / 40)
    shares = shares[shares > 1e-12]
    assert vendi(points) == pytest.approx(float(np.exp(-(shares * np.log(shares)).sum())))


def test_embedding_leaves_the_words_as_they_are() -> None:
    table = WordTable.of(["one two two three", "two four four one", "five six", "six five one"])
    before = (table.ids.copy(), table.starts.copy())
    embedding = embed(table)
    assert embedding is not None
    assert np.array_equal(table.ids, before[0])
    assert np.array_equal(table.starts, before[1])
    assert embed(WordTable.of(["nothing shared", "at all"])) is None
    counts = np.asarray(embedding.counts_PW.sum(axis=0))[0].tolist()
    by_word = dict(zip(embedding.words, counts, strict=True))
    assert by_word["two"] == 3
    assert "three" not in by_word
    norms = np.linalg.norm(embedding.points_PD, axis=1)
    assert np.allclose(norms[norms > 0], 1.0)
