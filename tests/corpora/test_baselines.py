"""The baselines against reference 5.1, against plain dictionaries, and as proper distributions."""

from __future__ import annotations

import math
import zlib
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sslstudio.corpora import baselines as module
from sslstudio.corpora.baselines import Baseline, baselines
from sslstudio.corpora.ngrams import add_delta, discounts_of, kneser_ney, lay_out
from sslstudio.errors import Cancelled

PAD, BOS, EOS, SEP, SPECIALS = 0, 1, 2, 3, 4
Gram = tuple[int, ...]


def _documents(count: int, alphabet: int, seed: int) -> list[list[int]]:
    """Documents of a toy language in which the symbol before matters."""
    draw = np.random.default_rng(seed)
    documents = []
    for _ in range(count):
        symbol, document = 0, []
        for _ in range(int(draw.integers(2, 30))):
            symbol = int((2 * symbol + draw.integers(0, 3)) % alphabet)
            document.append(symbol)
        documents.append(document)
    return documents


def _line(documents: list[list[int]], opening: int) -> NDArray[np.int64]:
    return np.array([i for document in documents for i in (opening, *document)], dtype=np.int64)


def _discount(counts: Counter[Gram]) -> list[float]:
    return list(discounts_of(np.array(list(counts.values()), dtype=np.int64)))


class PlainKneserNey:
    """Modified Kneser–Ney, interpolated, written down with dictionaries."""

    def __init__(self, documents: list[list[int]], alphabet: int, order: int) -> None:
        self.alphabet = alphabet
        plain: dict[int, Counter[Gram]] = {n: Counter() for n in range(1, order + 1)}
        for document in documents:
            padded = [alphabet] * (order - 1) + document
            for end in range(order - 1, len(padded)):
                for n in plain:
                    plain[n][tuple(padded[end - n + 1 : end + 1])] += 1
        self.counts = dict(plain)
        for n in range(1, order):
            before: defaultdict[Gram, set[int]] = defaultdict(set)
            for gram in plain[n + 1]:
                before[gram[1:]].add(gram[0])
            self.counts[n] = Counter(
                {g: plain[n][g] if g[0] == alphabet else len(seen) for g, seen in before.items()}
            )
        self.discounts = {n: _discount(self.counts[n]) for n in self.counts}

    def probability(self, symbol: int, context: Gram) -> float:
        lower = self.probability(symbol, context[1:]) if context else 1 / self.alphabet
        n = len(context) + 1
        followers = {g: c for g, c in self.counts[n].items() if g[:-1] == context}
        if not followers:
            return lower
        take = self.discounts[n]
        freed = sum(take[min(c, 3)] for c in followers.values())
        count = followers.get((*context, symbol), 0)
        kept = count - take[min(count, 3)]
        return (kept + freed * lower) / sum(followers.values())


@pytest.mark.parametrize("order", [1, 3, 5])
def test_kneser_ney_agrees_with_plain_dictionaries(order: int) -> None:
    train, validation = _documents(60, 7, seed=1), _documents(6, 7, seed=2)
    oracle = PlainKneserNey(train, 7, order)
    expected = []
    for document in validation:
        padded = [7] * (order - 1) + document
        for end in range(order - 1, len(padded)):
            context = tuple(padded[end - order + 1 : end])
            expected.append(-math.log(oracle.probability(padded[end], context)))
    symbols = lay_out(_line(train, 7), _line(validation, 7), alphabet=7, lone=False)
    losses, scored = kneser_ney(symbols, order)
    assert scored.all()
    np.testing.assert_allclose(losses, expected, rtol=1e-10)


@pytest.mark.parametrize("context", [[], [0, 1, 2, 4], [6, 6, 6, 6], [3], [9, 9, 9, 9, 9]])
@pytest.mark.parametrize("model", ["kneser_ney", "add_delta"])
def test_probabilities_of_all_symbols_sum_to_one(model: str, context: list[int]) -> None:
    """Symbol 9 is in the vocabulary and never seen in training."""
    train = _line(_documents(60, 9, seed=3), 10)
    total = 0.0
    for symbol in range(10):
        validation = _line([[*context, symbol]], 10)
        symbols = lay_out(train, validation, alphabet=10, lone=False)
        if model == "kneser_ney":
            losses, _ = kneser_ney(symbols, 5)
        else:
            losses, _ = add_delta(symbols, 5, 0.01)
        total += math.exp(-losses[-1])
    assert total == pytest.approx(1.0, abs=1e-12)


def test_discounts_are_chen_and_goodmans_and_fall_back() -> None:
    counts = np.repeat([1, 2, 3, 4, 9], [8, 4, 2, 1, 1])
    share = 8 / 16
    expected = [0, 1 - 2 * share * 4 / 8, 2 - 3 * share * 2 / 4, 3 - 4 * share * 1 / 2]
    np.testing.assert_allclose(discounts_of(counts), expected)
    np.testing.assert_allclose(discounts_of(np.array([1, 2, 5])), [0, 0.5, 1, 1.5])


def _stored(documents: list[list[int]]) -> NDArray[np.uint16]:
    return np.array([i for d in documents for i in (BOS, *d, EOS)], dtype=np.uint16)


def _baselines(
    train: NDArray[Any], validation: NDArray[Any], vocabulary: int, **settings: Any
) -> dict[str, Baseline]:
    lengths = np.ones(vocabulary, dtype=np.int32)
    lengths[:SPECIALS] = 0
    found = baselines(
        train,
        validation,
        special_ids=frozenset(range(SPECIALS)),
        bos=BOS,
        eos=EOS,
        byte_lengths=lengths,
        decode=lambda ids: (ids - SPECIALS).astype(np.uint8).tobytes(),
        **settings,
    )
    return {baseline.name: baseline for baseline in found}


def test_tinyshakespeare_has_the_figures_of_reference_5_1(shared_data: Path) -> None:
    text = (shared_data / "corpora" / "tinyshakespeare.txt").read_bytes()
    ids = np.frombuffer(text, dtype=np.uint8).astype(np.int64)
    edge = 1_003_854
    found = _baselines(
        _stored([list(ids[:edge] + SPECIALS)]), _stored([list(ids[edge:] + SPECIALS)]), 260
    )
    assert list(found) == ["unigram", "5-gram", "zlib"]
    assert round(found["unigram"].loss, 4) == 3.3473
    assert round(found["unigram"].bits_per_byte, 2) == 4.83
    assert round(found["5-gram"].loss, 4) == 1.7704
    assert round(found["5-gram"].bits_per_byte, 2) == 2.55
    assert round(found["zlib"].bits_per_byte, 2) == 3.10
    _, dense = np.unique(ids, return_inverse=True)
    symbols = lay_out(dense[:edge], dense[edge:], alphabet=65, lone=True)
    assert round(float(add_delta(symbols, 2, 1.0)[0].mean()), 4) == 2.4819
    assert round(float(add_delta(symbols, 3, 0.1)[0].mean()), 4) == 2.0458


def test_unigram_by_hand_counts_eos_and_no_other_special() -> None:
    """Training targets: a a b eos a eos; <bos> and <sep> are context only."""
    a, b = SPECIALS, SPECIALS + 1
    found = _baselines(_stored([[a, a, SEP, b], [a]]), _stored([[b, SEP], [a]]), 20)
    nats = {"a": math.log(9 / 4), "b": math.log(9 / 2), "eos": math.log(9 / 3)}
    assert found["unigram"].loss == pytest.approx((nats["a"] + nats["b"] + 2 * nats["eos"]) / 4)
    bits = (nats["a"] + nats["b"]) / math.log(2)
    assert found["unigram"].bits_per_byte == pytest.approx(bits / 2)
    assert found["zlib"].loss * 4 == pytest.approx(found["zlib"].bits_per_byte * 2 * math.log(2))


def test_a_context_ends_where_its_document_begins() -> None:
    """Documents alternate; only a context across the boundary could tell which comes next."""
    a, b, c = SPECIALS, SPECIALS + 1, SPECIALS + 2
    train = _stored([[a, c, c, c, c], [b, c, c, c, c]] * 50)
    found = _baselines(train, _stored([[a], [b]]), 20)
    firsts = 2 * math.log(2)
    unseen = 2 * (math.log(50 + 0.04) - math.log(0.01))
    assert found["5-gram"].loss * 4 == pytest.approx(firsts + unseen, rel=1e-3)


def test_a_large_vocabulary_is_scored_by_kneser_ney_over_all_of_it() -> None:
    train = [[SPECIALS + (7 * i + j) % 600 for j in range(20)] for i in range(200)]
    unseen = SPECIALS + 699
    found = _baselines(_stored(train), _stored([*train[:5], [unseen]]), SPECIALS + 700)
    assert "Kneser" in found["5-gram"].note
    assert found["5-gram"].loss < 2.0 < found["unigram"].loss < math.log(701)


def test_zlib_pays_next_to_nothing_for_what_it_has_just_read() -> None:
    draw = np.random.default_rng(0)
    ids = list(draw.integers(0, 250, 3000) + SPECIALS)
    found = _baselines(_stored([ids]), _stored([ids]), 260)
    assert found["zlib"].bits_per_byte < 0.2
    alone = 8 * len(zlib.compress(bytes(int(i) - SPECIALS for i in ids), 9)) / 3000
    assert alone > 7.9


def test_more_tokens_than_the_cap_are_cut_and_the_note_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "TRAIN_TOKENS", 1000)
    documents = _documents(300, 6, seed=4)
    train = _stored([[SPECIALS + i for i in d] for d in documents])
    whole = _baselines(train[:1000], train[:500], 20)
    cut = _baselines(train, train[:500], 20)
    assert cut["5-gram"].loss == whole["5-gram"].loss
    assert "first 1,000 of" in cut["5-gram"].note
    assert "first" not in whole["5-gram"].note


def test_nothing_to_score_gives_no_baselines_and_cancelling_is_heard() -> None:
    some = _stored([[SPECIALS, SPECIALS + 1]])
    assert _baselines(some, _stored([[]]), 20) == {}
    with pytest.raises(Cancelled):
        _baselines(some, some, 20, cancelled=lambda: True)
