"""Equal stretches have equal numbers wherever they stand, and the numbers are what the sum says."""

from __future__ import annotations

import random

import numpy as np
import pytest

from sslstudio.corpora.duplicates.spans import mixed, numbers_in_parts, numbers_of

_FACTOR = 0x9E3779B97F4A7C15


def _by_hand(stretch: bytes) -> int:
    """The polynomial in whole numbers of Python, then the finaliser of Steele et al. (2014)."""
    number = sum(byte * _FACTOR**place for place, byte in enumerate(stretch)) % 2**64
    number = (number ^ number >> 30) * 0xBF58476D1CE4E5B9 % 2**64
    number = (number ^ number >> 27) * 0x94D049BB133111EB % 2**64
    return int(number ^ number >> 31)


@pytest.mark.parametrize("size", [300, 2**15 - 1, 2**15, 2**15 + 1, 100_000])
def test_numbers_are_those_of_the_sum(size: int) -> None:
    draw = random.Random(size)
    data = draw.randbytes(size)
    begins = sorted(draw.randrange(size) for _ in range(40))
    # stretches of many lengths, the last up to the very end, and one over a border of blocks
    begins = [0, *begins, size - 5]
    ends = sorted(min(size, begin + draw.randrange(1, 90)) for begin in begins[:-1])
    ends = [max(a, b) for a, b in zip(begins, [*ends, size], strict=True)]
    numbers = numbers_of(data, np.array(begins), np.array(ends)).tolist()
    expected = [_by_hand(data[a:b]) for a, b in zip(begins, ends, strict=True)]
    assert numbers == expected


def test_a_stretch_has_one_number_wherever_it_stands() -> None:
    stretch, draw = b"what is the same is the same", random.Random(1)
    found = set()
    for before in (0, 1, 4000, 2**15 - 3, 2**15, 2**16 - 10, 150_000):
        data = draw.randbytes(before) + stretch + draw.randbytes(70_000 if before % 2 else 3)
        begins = np.array([before])
        found |= set(numbers_of(data, begins, begins + len(stretch)).tolist())
    assert found == {_by_hand(stretch)}


def test_nothing_is_a_stretch_too() -> None:
    assert numbers_of(b"", np.array([0]), np.array([0])).tolist() == [0]
    assert mixed(np.zeros(1, np.uint64)).tolist() == [0]


def test_other_stretches_have_other_numbers() -> None:
    data = random.Random(3).randbytes(40_000)
    begins = np.arange(len(data) - 8)
    numbers = numbers_of(data, begins, begins + 8).tolist()
    stretches = [data[i : i + 8] for i in begins]
    pairs = set(zip(numbers, stretches, strict=True))
    assert len(set(numbers)) == len(set(stretches)) == len(pairs)


@pytest.mark.parametrize("size", [50, 20_000, 90_000])
def test_parts_are_the_whole(size: int) -> None:
    draw = random.Random(size)
    data = draw.randbytes(size)
    begins = np.arange(size // 2)
    ends = begins + np.array(sorted(draw.choices(range(size // 2), k=len(begins))))
    parts = list(numbers_in_parts(data, begins, ends))
    assert [first for first, _ in parts] == list(range(0, len(begins), 2048))
    whole = numbers_of(data, begins, ends)
    assert (np.concatenate([numbers for _, numbers in parts]) == whole).all()
    assert list(numbers_in_parts(data, begins[:0], ends[:0])) == []
