"""A sample is chosen by hash alone, is remembered, and says how much text there is in all."""

from __future__ import annotations

import dataclasses
import gzip
import os
import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from sslstudio.corpora import text_sample, text_sampling
from sslstudio.corpora.sources import Ticker
from sslstudio.corpora.text_sample import TextSample, sample_texts
from sslstudio.errors import CorpusError
from sslstudio.recipe import CorpusSource


def _text(seed: int, lines: int = 2000) -> str:
    draw = random.Random(seed)
    words = [f"{a}{b}{c}" for a in "bdfgй" for b in "aeiou" for c in "rstvz"]
    return "".join(f"{' '.join(draw.choices(words, k=8))}.\n" for _ in range(lines))


def _write(path: Path, text: str) -> CorpusSource:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    os.utime(path, (10**9, 10**9))
    return CorpusSource(path=str(path))


def _sample(*sources: CorpusSource) -> TextSample:
    return sample_texts(sources, progress=Ticker(lambda *_: None), cancelled=lambda: False)


def _all(sample: TextSample) -> Sequence[str]:
    return sample.texts.learned + sample.texts.measured


def test_of_little_text_all_is_taken_and_no_block_is_on_both_sides(tmp_path: Path) -> None:
    book = _text(1)
    found = _sample(_write(tmp_path / "book.txt", book))
    blocks = [book[i : i + 20_000] for i in range(0, len(book), 20_000)]
    assert sorted(_all(found)) == sorted(blocks)
    assert not set(found.texts.learned) & set(found.texts.measured)
    assert len(found.texts.measured) == round(len(blocks) / 6) > 0
    assert found.facts.all_bytes == len(book.encode())
    assert found.facts.learned_bytes + found.facts.measured_bytes == found.facts.all_bytes


def test_a_single_block_serves_both_sides(tmp_path: Path) -> None:
    found = _sample(_write(tmp_path / "note.txt", "one block\n"))
    assert found.texts.learned == found.texts.measured == ("one block\n",)


def test_names_and_order_of_files_do_not_matter(tmp_path: Path) -> None:
    for number in range(6):
        _write(tmp_path / "one" / f"{number}.txt", _text(number, 300))
        _write(tmp_path / "two" / f"{9 - number}.txt", _text(number, 300))
    one, two = (_sample(CorpusSource(path=str(tmp_path / name))) for name in ("one", "two"))
    assert one.facts == two.facts
    assert one.texts == two.texts


def test_of_much_text_a_bounded_part_tells_how_much_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(text_sampling, "SAMPLE_CHARACTERS", 100_000)
    monkeypatch.setattr(text_sampling, "LOOKED_AT_BYTES", 400_000)
    book = _write(tmp_path / "book.txt", _text(99, 12_000))
    for number in range(30):
        _write(tmp_path / "many" / f"{number}.txt", _text(number, 500))
    many = CorpusSource(path=str(tmp_path / "many"))
    found = _sample(book, many)
    assert 100_000 <= sum(map(len, _all(found))) < 120_000
    size = sum(path.stat().st_size for path in tmp_path.rglob("*.txt"))
    assert found.facts.all_bytes == pytest.approx(size, rel=0.01)
    texts = [path.read_text("utf-8") for path in (tmp_path / "many").iterdir()]
    from_many = sum(any(block in text for text in texts) for block in _all(found))
    assert 0 < from_many < len(_all(found))


def test_a_sample_is_remembered_until_a_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = _write(tmp_path / "book.txt", _text(5))
    first = _sample(source)
    with monkeypatch.context() as patch:
        patch.setattr(text_sampling, "find_sources", None)
        again = _sample(dataclasses.replace(source, weight=2.0))
        assert again.facts == first.facts
        assert again.texts == first.texts
    _write(tmp_path / "book.txt", _text(6))
    os.utime(tmp_path / "book.txt", (10**9 + 5, 10**9 + 5))
    assert _sample(source).facts.digest != first.facts.digest


@pytest.mark.parametrize("kept_bytes", [0, 10, -10])
def test_a_damaged_memory_costs_a_reading(tmp_path: Path, kept_bytes: int) -> None:
    source = _write(tmp_path / "book.txt", _text(7))
    first = _sample(source)
    place = text_sample._place([source], Ticker(lambda *_: None), lambda: False)
    assert place is not None
    place.write_bytes(place.read_bytes()[:kept_bytes])
    again = _sample(source)
    assert (again.facts, again.texts) == (first.facts, first.texts)


def test_texts_that_changed_under_their_facts_are_refused(tmp_path: Path) -> None:
    source = _write(tmp_path / "book.txt", _text(8))
    _sample(source)
    known = _sample(source)
    place = text_sample._place([source], Ticker(lambda *_: None), lambda: False)
    assert place is not None
    place.unlink()
    _write(tmp_path / "book.txt", _text(9))
    with pytest.raises(CorpusError, match="changed while it was read"):
        _ = known.texts


def test_packed_text_counts_as_the_text_that_it_is(tmp_path: Path) -> None:
    text = _text(11)
    (tmp_path / "book.txt.gz").write_bytes(gzip.compress(text.encode()))
    found = _sample(CorpusSource(path=str(tmp_path / "book.txt.gz")))
    assert found.facts.all_bytes == pytest.approx(len(text.encode()), rel=0.01)
    blocks = [text[i : i + 20_000] for i in range(0, len(text), 20_000)]
    assert sorted(_all(found)) == sorted(blocks)


def test_blocks_are_mended_as_their_source_asks(tmp_path: Path) -> None:
    text = "Write to anna.schmidt@uni-freiburg.de about the bread.\n" * 50
    source = _write(tmp_path / "letters.txt", text)
    mended = _sample(dataclasses.replace(source, personal_data="replace"))
    assert "uni-freiburg" in "".join(_all(_sample(source)))
    assert "uni-freiburg" not in "".join(_all(mended))
    assert mended.facts.all_bytes == len("".join(mended.texts.learned).encode())


def test_sources_of_no_weight_are_left_out(tmp_path: Path) -> None:
    one, two = (_write(tmp_path / name, _text(len(name), 50)) for name in ("a.txt", "bb.txt"))
    assert _sample(one, dataclasses.replace(two, weight=0.0)).facts == _sample(one).facts
    with pytest.raises(CorpusError, match="weight 0"):
        _sample(dataclasses.replace(one, weight=0.0))


def test_where_mending_leaves_nothing_a_sentence_says_so(tmp_path: Path) -> None:
    source = _write(tmp_path / "short.txt", "too short for the web\n")
    with pytest.raises(CorpusError, match="mend less"):
        _sample(dataclasses.replace(source, preset="web"))
