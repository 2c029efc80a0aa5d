"""The estimate is unbiased, its spread is the binomial's, and pairs are found as often as said."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from numpy.typing import NDArray

from sslstudio.corpora.duplicates.minhash import Bands, Signer, band_keys, estimate
from sslstudio.corpora.duplicates.shingles import jaccard, shingles

_PAIRS = 600


def _pair(draw: np.random.Generator, likeness: float) -> tuple[NDArray[np.uint64], ...]:
    """Two sets of random shingles with nearly this Jaccard likeness: c / (c + 2·own)."""
    own = 60
    common = round(2 * own * likeness / (1 - likeness))
    numbers = draw.integers(0, 2**64, common + 2 * own, dtype=np.uint64)
    return numbers[: common + own], np.r_[numbers[:common], numbers[common + own :]]


@pytest.mark.parametrize(
    ("likeness", "found"),
    [(0.6, 0.211), (0.7, 0.565), (0.75, 0.772), (0.8, 0.924), (0.85, 0.988), (0.9, 1.0)],
)
def test_pairs_become_candidates_as_often_as_the_table_says(likeness: float, found: float) -> None:
    bands = Bands()
    assert bands.probability(likeness) == pytest.approx(found, abs=6e-4)
    draw, signer = np.random.default_rng(round(1000 * likeness)), Signer()
    estimates, candidates, true = [], 0, []
    for _ in range(_PAIRS):
        first, second = _pair(draw, likeness)
        true.append(jaccard(first, second))
        signatures = np.stack([signer.of_shingles(first), signer.of_shingles(second)])
        estimates.append(float(estimate(signatures[0], signatures[1])))
        keys = band_keys(signatures, bands)
        candidates += bool((keys[0] == keys[1]).any())
    expected = bands.probability(float(np.mean(true)))
    spread = math.sqrt(max(expected * (1 - expected), 1 / _PAIRS) / _PAIRS)
    assert abs(candidates / _PAIRS - expected) < 3 * spread
    deviation = math.sqrt(likeness * (1 - likeness) / bands.size)
    assert abs(np.mean(estimates) - np.mean(true)) < 3 * deviation / math.sqrt(_PAIRS)
    # the variance of a sample variance: its relative spread is sqrt(2 / n)
    assert np.std(estimates) == pytest.approx(deviation, rel=3 * math.sqrt(0.5 / _PAIRS))


@pytest.mark.parametrize("bands", [Bands(9, 13), Bands(20, 5), Bands(25, 10)])
@pytest.mark.parametrize("likeness", [0.7, 0.8])
def test_other_settings_find_as_often_as_their_table_says(bands: Bands, likeness: float) -> None:
    draw, signer, found, expected = np.random.default_rng(bands.size), Signer(bands), 0, []
    for _ in range(_PAIRS):
        sets = _pair(draw, likeness)
        keys = band_keys(np.stack([signer.of_shingles(numbers) for numbers in sets]), bands)
        found += bool((keys[0] == keys[1]).any())
        expected.append(bands.probability(jaccard(*sets)))
    mean = float(np.mean(expected))
    assert abs(found / _PAIRS - mean) < 3 * math.sqrt(max(mean * (1 - mean), 1 / _PAIRS) / _PAIRS)


def test_a_signature_is_the_least_of_every_permutation() -> None:
    signer = Signer(Bands(3, 2), seed=5)
    numbers = np.random.default_rng(1).integers(0, 2**64, 5000, dtype=np.uint64)
    factors, shifts = signer._factors[:, 0].tolist(), signer._shifts[:, 0].tolist()
    expected = [
        min((factor * (number >> 32) + shift) % 2**32 for number in numbers.tolist())
        for factor, shift in zip(factors, shifts, strict=True)
    ]
    assert signer.of_shingles(numbers).tolist() == expected
    assert all(factor % 2 for factor in factors)  # or it would be no permutation
    assert len(set(Signer()._factors[:, 0].tolist())) == 112
    assert (Signer(seed=1)._factors != Signer(seed=2)._factors).any()


@pytest.mark.parametrize(
    ("bands", "rows", "expected"),
    [(9, 13, (0.012, 0.084, 0.195, 0.399, 0.686, 0.929)), (20, 5, (0.802, 0.975, 0.996, 1, 1, 1))],
)
def test_other_settings_have_their_own_table(
    bands: int, rows: int, expected: tuple[float, ...]
) -> None:
    found = [Bands(bands, rows).probability(j) for j in (0.6, 0.7, 0.75, 0.8, 0.85, 0.9)]
    assert found == pytest.approx(expected, abs=6e-4)


def test_equal_texts_have_equal_signatures_and_others_nothing_in_common() -> None:
    signer = Signer()
    words = [f"word{i}" for i in range(300)]
    text, same = " ".join(words), "  ".join(words).upper() + "!"
    other = " ".join(f"other{i}" for i in range(300))
    assert (signer.signature(text) == signer.signature(same)).all()
    assert estimate(signer.signature(text), signer.signature(other)) < 0.02
    assert jaccard(shingles(text), shingles(other)) == 0.0


def test_shingles_are_counted_by_hand() -> None:
    words = [f"w{i}" for i in range(60)]
    changed = [*words[:30], "x", *words[31:]]
    # 56 shingles of five words; a changed word changes five of them: 51 common of 61
    assert len(shingles(" ".join(words))) == 56
    likeness = jaccard(shingles(" ".join(words)), shingles(" ".join(changed)))
    assert likeness == pytest.approx(51 / 61)
    # eleven letters make three runs of nine
    assert len(shingles("abcdefghijk")) == 3
    assert len(shingles("ab")) == len(shingles("")) == len(shingles("…")) == 1


def test_scripts_without_spaces_are_compared_by_characters() -> None:
    text = "".join(chr(0x4E00 + i % 200) for i in range(400))
    near = text[:200] + "字" + text[201:]
    assert len(shingles(text)) == 392
    assert jaccard(shingles(text), shingles(near)) > 0.8


def test_a_long_text_is_signed_in_parts_and_repeats_change_nothing() -> None:
    draw = np.random.default_rng(3)
    numbers = draw.integers(0, 2**64, 10_000, dtype=np.uint64)
    signer = Signer()
    whole = signer.of_shingles(numbers)
    halves = np.minimum(signer.of_shingles(numbers[:5000]), signer.of_shingles(numbers[5000:]))
    assert (whole == halves).all()
    assert (whole == signer.of_shingles(np.r_[numbers[::-1], numbers])).all()


def test_another_process_gives_the_same_signature() -> None:
    text = "the quick brown fox jumps over the lazy dog " * 12
    code = (
        "from sslstudio.corpora.duplicates.minhash import Signer;"
        f"print(Signer().signature({text!r}).sum(dtype='uint64'))"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    assert int(answer) == int(Signer().signature(text).sum(dtype=np.uint64))
