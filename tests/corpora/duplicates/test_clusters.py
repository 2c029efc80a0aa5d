"""Near duplicates are found, joined and represented, whatever the order, and no pair too many."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from sslstudio.corpora.duplicates.clusters import _Joined, clusters, kept
from sslstudio.corpora.duplicates.minhash import DEFAULT_BANDS, Bands, Signer, estimate
from sslstudio.corpora.duplicates.plain import exact_key
from sslstudio.corpora.duplicates.shingles import jaccard, shingles

_WORDS = [f"{a}{b}{c}" for a in "bdfgklmn" for b in "aeiou" for c in "rstvz"]


def _text(draw: random.Random, words: int = 200) -> list[str]:
    return draw.choices(_WORDS, k=words)


def _changed(draw: random.Random, words: list[str], changes: int) -> list[str]:
    result = list(words)
    for place in draw.sample(range(len(words)), changes):
        result[place] = draw.choice(_WORDS) + "x"
    return result


def _corpus(seed: int) -> list[str]:
    """Sixty families of one to four texts, in which up to eight of 200 words differ."""
    draw = random.Random(seed)
    texts = []
    for family in range(60):
        first = _text(draw)
        texts.append(" ".join(first))
        for _ in range(family % 4):
            texts.append(" ".join(_changed(draw, first, draw.randrange(9))))
    return texts


def _labels(texts: list[str], with_texts: bool = True) -> NDArray[np.int64]:
    signer = Signer()
    signatures = np.stack([signer.signature(text) for text in texts])
    keys = np.array([exact_key(text) for text in texts], dtype=np.uint64)
    sets = [shingles(text) for text in texts]
    confirm = (lambda a, b: jaccard(sets[a], sets[b]) >= 0.7) if with_texts else None
    return clusters(signatures, keys, confirm=confirm)


def test_what_is_joined_is_alike_and_what_is_very_alike_is_joined() -> None:
    texts = _corpus(1)
    labels, sets = _labels(texts), [shingles(text) for text in texts]
    found = missed = 0
    for a, b in itertools.combinations(range(len(texts)), 2):
        likeness = jaccard(sets[a], sets[b])
        if likeness < 0.3:
            assert labels[a] != labels[b]
        elif likeness >= 0.85:
            found, missed = found + (labels[a] == labels[b]), missed + (labels[a] != labels[b])
    assert found > 30
    assert missed <= 0.05 * (found + missed)  # 1.2 % are missed at 0.85, fewer above


def test_the_order_of_documents_makes_no_difference() -> None:
    texts = _corpus(2)
    order = list(range(len(texts)))
    random.Random(5).shuffle(order)
    plain, shuffled = _labels(texts), _labels([texts[i] for i in order])
    groups = {frozenset(np.flatnonzero(plain == label).tolist()) for label in plain}
    again = {frozenset(order[i] for i in np.flatnonzero(shuffled == label)) for label in shuffled}
    assert groups == again


def test_rensa_estimates_as_we_do() -> None:
    rensa = pytest.importorskip("rensa")
    texts = [" ".join(words) for words in _families(draw=random.Random(3), families=120)]
    sets = [shingles(text) for text in texts]
    pairs = [(i, i + 1) for i in range(0, len(texts), 2)]
    true = np.array([jaccard(sets[a], sets[b]) for a, b in pairs])
    signatures = [Signer().signature(text) for text in texts]
    ours = np.array([estimate(signatures[a], signatures[b]) for a, b in pairs])
    peers = []
    for text in texts:
        words = text.split()
        peer = rensa.RMinHash(num_perm=112, seed=42)
        peer.update([" ".join(words[i : i + 5]) for i in range(len(words) - 4)])
        peers.append(peer)
    theirs = np.array([peers[a].jaccard(peers[b]) for a, b in pairs])
    spread = np.sqrt(true * (1 - true) / 112)
    for found in (ours, theirs):
        errors = (found - true) / spread
        assert abs(errors.mean()) < 3 / math.sqrt(len(pairs))
        assert errors.std() == pytest.approx(1, abs=3 / math.sqrt(2 * len(pairs)))


def _families(draw: random.Random, families: int) -> Iterator[list[str]]:
    """Texts of 200 words, each with a copy in which one to twelve words differ."""
    for family in range(families):
        words = _text(draw)
        yield words
        yield _changed(draw, words, 1 + family % 12)


def test_pairs_found_beside_a_search_through_all_pairs() -> None:
    draw = random.Random(8)
    texts = [" ".join(words) for words in _families(draw, families=150)]
    labels, sets = _labels(texts), [shingles(text) for text in texts]
    likeness = np.array([jaccard(a, b) for a, b in itertools.pairwise(sets)])
    is_found = labels[1:] == labels[:-1]
    # nothing that is not alike, and of what is as much as 14 bands of 8 promise, within 3 sigma;
    # the estimate (0.7 at least) lets nearly everything pass from 0.8 on
    assert not is_found[likeness < 0.7].any()
    alike = likeness[likeness >= 0.8]
    expected = np.array([DEFAULT_BANDS.probability(j) for j in alike])
    spread = math.sqrt((expected * (1 - expected)).sum() + 1)
    assert is_found[likeness >= 0.8].sum() > expected.sum() - 3 * spread


def _random_signatures(seed: int) -> NDArray[np.uint32]:
    """Eighty signatures of 4 bands of 2 in which few values make many bands equal."""
    return np.random.default_rng(seed).integers(0, 4, (80, 8), dtype=np.uint32)


@pytest.mark.parametrize("seed", range(6))
def test_clusters_are_what_a_search_through_all_pairs_joins(seed: int) -> None:
    bands, signatures = Bands(4, 2), _random_signatures(seed)
    keys = np.random.default_rng(seed + 9).permutation(80).astype(np.uint64)
    alike = (signatures[:, None] == signatures[None]).mean(axis=2) >= 0.625
    parts = signatures.reshape(80, 4, 2)
    meet = (parts[:, None] == parts[None]).all(axis=3).any(axis=2)
    expected = list(range(80))
    for _ in range(80):  # the smallest label of all that are alike, until nothing changes
        for a, b in zip(*np.nonzero(alike & meet), strict=True):
            expected[a] = expected[b] = min(expected[a], expected[b])
    found = clusters(signatures, keys, bands=bands, threshold=0.625)
    assert found.tolist() == expected
    assert len(set(expected)) > 5


def test_a_run_of_documents_that_are_not_alike_is_not_compared_pair_by_pair() -> None:
    signatures = np.zeros((3000, 112), np.uint32)  # alike by their signatures,
    signatures[:, 0] = np.arange(3000)  # but the texts say no
    asked = 0

    def no(_first: int, _second: int) -> bool:
        nonlocal asked
        asked += 1
        return False

    labels = clusters(signatures, np.arange(3000, dtype=np.uint64), confirm=no)
    assert labels.tolist() == list(range(3000))
    assert asked <= 13 * 8 * 3000


@pytest.mark.parametrize("copies", [2, 20, 50])
def test_texts_are_asked_for_no_more_often_than_there_is_something_to_join(copies: int) -> None:
    signatures = np.zeros((copies, 112), np.uint32)
    signatures[:, 0] = np.arange(copies)
    asked = []

    def yes(first: int, second: int) -> bool:
        asked.append((first, second))
        return True

    assert not clusters(signatures, np.arange(copies, dtype=np.uint64), confirm=yes).any()
    assert len(set(asked)) == len(asked) == copies - 1


def test_signatures_may_lie_in_a_file(tmp_path: Path) -> None:
    texts = _corpus(4)
    signatures = np.stack([Signer().signature(text) for text in texts])
    keys = np.array([exact_key(text) for text in texts], dtype=np.uint64)
    np.save(tmp_path / "signatures.npy", signatures)
    mapped = np.load(tmp_path / "signatures.npy", mmap_mode="r")
    assert (clusters(mapped, keys) == clusters(signatures, keys)).all()


def test_whoever_waits_can_stop_it() -> None:
    class StopError(Exception):
        pass

    def stop() -> None:
        raise StopError

    with pytest.raises(StopError):
        clusters(np.zeros((9, 112), np.uint32), np.zeros(9, np.uint64), cancelled=stop)


@pytest.mark.parametrize("seed", range(4))
def test_joining_is_union_find(seed: int) -> None:
    draw = np.random.default_rng(seed)
    joined, parents = _Joined(300), list(range(300))

    def root(number: int) -> int:
        return number if parents[number] == number else root(parents[number])

    for _ in range(5):
        a, b = draw.integers(0, 300, 30), draw.integers(0, 300, 30)
        joined.join(a, b)
        for x, y in zip(a.tolist(), b.tolist(), strict=True):
            low, high = sorted((root(x), root(y)))
            parents[high] = low
        assert joined.labels.tolist() == [root(number) for number in range(300)]
    chain = _Joined(100_000)
    chain.join(np.arange(99_999), np.arange(1, 100_000))
    assert not chain.labels.any()


def test_a_hundred_thousand_copies_are_one_cluster_and_no_work() -> None:
    signature = Signer().signature(" ".join(_text(random.Random(1))))
    signatures = np.broadcast_to(signature, (100_000, len(signature)))

    def never(_first: int, _second: int) -> bool:
        raise AssertionError("equal signatures need no texts")

    labels = clusters(signatures, np.zeros(100_000, np.uint64), confirm=never)
    assert (labels == labels[0]).all()


def test_nothing_and_one_document_are_no_trouble() -> None:
    assert len(clusters(np.empty((0, 112), np.uint32), np.empty(0, np.uint64))) == 0
    assert clusters(np.zeros((1, 112), np.uint32), np.zeros(1, np.uint64)).tolist() == [0]


def test_the_longest_represents_and_of_equals_the_smallest_key() -> None:
    labels = np.array([0, 0, 2, 2, 4])
    chosen = kept(labels, np.array([5, 9, 7, 7, 1]), np.array([1, 2, 9, 3, 5], dtype=np.uint64))
    assert chosen.tolist() == [False, True, False, True, True]
