"""Text goes through every tokenizer unchanged; markers are markers only when asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from transformers import PreTrainedTokenizerFast

from sslstudio.corpora.pieces import pieces
from sslstudio.corpora.special_tokens import LEADING, SPECIAL_TOKENS
from sslstudio.corpora.tokenizer import StreamDecoder, Tokenizer
from sslstudio.errors import RecipeError
from sslstudio.recipe import TokenizerOptions

PROSE = "The keeper of the lighthouse kept a light, and the light kept the keeper. " * 40
MIXED = (
    "Ünïcödé, русский, 日本語, العربية, हिन्दी \U0001f469\u200d\U0001f680 \U0001f3f3\ufe0f "
    "e\u0301\t\ttabs  two \u2028\u0085\r\n\x00\ufeff end "
)
MARKERS = " ".join(SPECIAL_TOKENS) + " <|endoftext|> <0x41> <mask><eos>"
KINDS = ("bpe", "unigram", "wordpiece", "characters", "bytes")


def _trained(kind: str, text: str = PROSE, vocab_size: int = 600) -> Tokenizer:
    return Tokenizer.train([text], TokenizerOptions(kind=kind, vocab_size=vocab_size))


@pytest.fixture(scope="module", params=KINDS)
def tokenizer(request: pytest.FixtureRequest) -> Tokenizer:
    return _trained(request.param)


@pytest.mark.parametrize("text", [PROSE, MIXED, MARKERS, "", " ", "\n"])
def test_text_comes_back_exactly_and_bytes_sum_to_its_length(
    tokenizer: Tokenizer, text: str
) -> None:
    ids = tokenizer.encode(text)
    assert tokenizer.decode(ids) == text
    assert tokenizer.byte_lengths[ids].sum() == len(text.encode("utf-8"))
    assert not tokenizer.special_ids & set(ids)


@pytest.mark.parametrize("kind", ["bpe", "unigram", "wordpiece"])
@pytest.mark.parametrize("pre_tokenizer", ["digits", "spaces", "none"])
def test_other_ways_to_cut_give_every_text_back_and_hugging_face_agrees(
    kind: str, pre_tokenizer: str, tmp_path: Path
) -> None:
    options = TokenizerOptions(kind=kind, vocab_size=900, pre_tokenizer=pre_tokenizer)
    tokenizer = Tokenizer.train([PROSE, MIXED, "2026 1234\n"], options)
    tokenizer.save(tmp_path / "tokenizer.json")
    make: Any = PreTrainedTokenizerFast
    theirs = make(tokenizer_file=str(tmp_path / "tokenizer.json"))
    for text in (PROSE, MIXED, MARKERS, "x" * 500, "the keeper 1234 kept\n\na light <b>[R"):
        ids = tokenizer.encode(text)
        assert tokenizer.decode(ids) == text
        assert tokenizer.byte_lengths[ids].sum() == len(text.encode("utf-8"))
        assert not tokenizer.special_ids & set(ids)
        if text != MARKERS:
            assert theirs.encode(text, add_special_tokens=False) == ids
            assert theirs.decode(ids, clean_up_tokenization_spaces=False) == text


def test_what_a_token_may_lie_across() -> None:
    text = "of the year 1984 and of the year 1985, of the year 1986. " * 40

    def tokens(pre_tokenizer: str) -> set[bytes]:
        options = TokenizerOptions(vocab_size=500, pre_tokenizer=pre_tokenizer)
        tokenizer = Tokenizer.train([text], options)
        return {tokenizer.token_bytes(i) for i in tokenizer.encode(text)}

    assert not any(b" " in token.lstrip(b" ") for token in tokens("words") | tokens("spaces"))
    assert any(b"198" in token for token in tokens("words"))
    assert not any(sum(chr(b).isdigit() for b in token) > 1 for token in tokens("digits"))
    assert any(b"5," in token for token in tokens("spaces"))
    assert not any(b"5," in token for token in tokens("words"))
    assert any(b"of the" in token for token in tokens("none"))


@pytest.mark.parametrize(
    ("normalizer", "expected"),
    [
        ("nfc", "\u00c9t\u00e9 \u00b2 \ufb01 A"),
        ("nfkc", "\u00c9t\u00e9 2 fi A"),
        ("lowercase", "e\u0301t\u00e9 \u00b2 \ufb01 a"),
        ("strip_accents", "Ete \u00b2 \ufb01 A"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_normaliser_changes_the_text_and_what_comes_back_is_the_changed_one(
    kind: str, normalizer: str, expected: str
) -> None:
    text = "E\u0301t\u00e9 \u00b2 \ufb01 A"
    options = TokenizerOptions(kind=kind, vocab_size=900, normalizer=normalizer)
    tokenizer = Tokenizer.train([PROSE, text], options)
    ids = tokenizer.encode(text)
    assert tokenizer.normalise(text) == tokenizer.decode(ids) == expected
    assert tokenizer.byte_lengths[ids].sum() == len(expected.encode("utf-8"))
    (batch,) = tokenizer.encode_batch([text])
    assert batch.tolist() == ids


def test_an_accent_across_two_pieces_is_composed_all_the_same() -> None:
    options = TokenizerOptions(kind="bytes", normalizer="nfc")
    tokenizer = Tokenizer.train([], options)
    text = "e\u0301" * 40_000  # no seam anywhere
    assert tokenizer.decode(tokenizer.encode(text)) == "\u00e9" * 40_000


def test_unigram_cuts_the_likeliest_way() -> None:
    """Viterbi by hand: of all ways to spell a word, the one with the largest sum of scores."""
    tokenizer = _trained("unigram")
    vocabulary = dict(json.loads(tokenizer.to_json())["model"]["vocab"])
    word = "\u0120lighthouse"
    best = [0.0] + [-1e9] * len(word)
    for end in range(1, len(word) + 1):
        for begin in range(end):
            if word[begin:end] in vocabulary:
                best[end] = max(best[end], best[begin] + vocabulary[word[begin:end]])
    pieces_of = [tokenizer._names[i] for i in tokenizer.encode(" lighthouse")]
    assert "".join(pieces_of) == word
    assert sum(vocabulary[piece] for piece in pieces_of) == pytest.approx(best[-1])


def test_word_piece_takes_the_longest_known_piece_from_the_left() -> None:
    tokenizer = _trained("wordpiece")
    known = set(tokenizer._names)
    word = "\u0120lighthouse"
    expected: list[str] = []
    while word:
        mark = "\u2022" if expected else ""
        end = next(n for n in range(len(word), 0, -1) if mark + word[:n] in known)
        expected.append(mark + word[:end])
        word = word[end:]
    assert [tokenizer._names[i] for i in tokenizer.encode(" lighthouse")] == expected


def test_special_tokens_have_their_fixed_places(tokenizer: Tokenizer) -> None:
    last = tokenizer.vocab_size - 1
    assert [tokenizer.token_text(i) for i in range(12)] == list(LEADING)
    assert tokenizer.token_text(last) == "<extra_id_0>"
    assert tokenizer.token_text(last - 99) == "<extra_id_99>"
    assert tokenizer.special_ids == set(range(12)) | set(range(last - 99, last + 1))
    assert (tokenizer.pad, tokenizer.bos, tokenizer.eos, tokenizer.mask) == (0, 1, 2, 3)
    assert (tokenizer.sep, tokenizer.cls) == (4, 5)


def test_markers_are_recognised_only_when_asked_for(tokenizer: Tokenizer) -> None:
    ids = tokenizer.encode("a<mask>b<extra_id_0>", markers=True)
    assert [i for i in ids if i in tokenizer.special_ids] == [3, tokenizer.vocab_size - 1]
    assert tokenizer.decode(ids) == "ab"
    assert tokenizer.decode(ids, skip_special=False) == "a<mask>b<extra_id_0>"


def test_a_batch_and_a_long_text_are_encoded_as_one_by_one() -> None:
    tokenizer = _trained("bpe")
    long = PROSE * 40  # several pieces
    assert len(list(pieces(long))) > 2
    found = tokenizer.encode_batch([long, "", "short"])
    assert [len(ids) for ids in found[1:]] == [0, len(tokenizer.encode("short"))]
    whole = tokenizer.encode_pieces([long])[0]
    assert np.array_equal(found[0], whole)
    assert tokenizer.encode(long) == whole


def test_pieces_lose_nothing_where_there_is_no_seam() -> None:
    text = "字" * 1000 + "ab cd " * 200
    cut = list(pieces(text, 100))
    assert "".join(cut) == text
    assert max(map(len, cut)) == 100


def test_streaming_hands_out_whole_characters_only(tokenizer: Tokenizer) -> None:
    stream = StreamDecoder(tokenizer)
    parts = [stream.push(i) for i in tokenizer.encode(MIXED)]
    assert "".join(parts) + stream.flush() == MIXED
    assert not any("\ufffd" in part for part in parts)
    first = next(i for i in range(tokenizer.vocab_size) if tokenizer.token_bytes(i) == b"\xe6")
    assert (stream.push(first), stream.flush()) == ("", "\ufffd")


def test_saved_and_loaded_it_is_the_same_and_hugging_face_agrees(
    tokenizer: Tokenizer, tmp_path: Path
) -> None:
    tokenizer.save(tmp_path / "tokenizer.json")
    again = Tokenizer.load(tmp_path / "tokenizer.json")
    assert again.encode(MIXED) == tokenizer.encode(MIXED)
    assert again.special_ids == tokenizer.special_ids
    make: Any = PreTrainedTokenizerFast
    theirs = make(tokenizer_file=str(tmp_path / "tokenizer.json"))
    assert theirs.encode(MIXED, add_special_tokens=False) == tokenizer.encode(MIXED)


def test_training_repeats_itself() -> None:
    first, second = _trained("bpe"), _trained("bpe")
    assert [first.token_text(i) for i in range(first.vocab_size)] == [
        second.token_text(i) for i in range(second.vocab_size)
    ]
    assert first.vocab_size <= 600


def test_characters_keep_the_most_frequent_that_fit() -> None:
    text = "".join(chr(0x4E00 + i) * (i + 1) for i in range(100))
    tokenizer = _trained("characters", text, vocab_size=400)  # 400 - 368: 32 characters
    assert tokenizer.vocab_size == 400
    assert len(tokenizer.encode(chr(0x4E00 + 99))) == 1
    assert len(tokenizer.encode(chr(0x4E00 + 68))) == 1
    assert len(tokenizer.encode(chr(0x4E00 + 67))) == 3


def test_tinyshakespeare_has_65_characters(shared_data: Path) -> None:
    text = (shared_data / "corpora" / "tinyshakespeare.txt").read_text("utf-8")
    tokenizer = _trained("characters", text, vocab_size=4096)
    ids = tokenizer.encode(text)
    assert len(ids) == 1_115_394
    assert len(set(ids)) == 65
    assert tokenizer.vocab_size == 12 + 256 + 65 + 100


def test_a_lone_surrogate_does_no_harm(tokenizer: Tokenizer) -> None:
    assert tokenizer.decode(tokenizer.encode("a\ud800b")) == "a\ufffdb"


def test_a_foreign_file_loses_padding_and_gains_markers(tmp_path: Path) -> None:
    _trained("bpe").save(tmp_path / "tokenizer.json")
    content = json.loads((tmp_path / "tokenizer.json").read_bytes())
    content["padding"] = {"strategy": {"Fixed": 2**53}, "direction": "Right"}
    content["truncation"] = {"max_length": 1, "strategy": "LongestFirst", "stride": 0}
    content["added_tokens"] = [t for t in content["added_tokens"] if t["id"] < 12]
    (tmp_path / "tokenizer.json").write_text(json.dumps(content), "utf-8")
    tokenizer = Tokenizer.load(tmp_path / "tokenizer.json")
    assert tokenizer.decode(tokenizer.encode(MIXED)) == MIXED
    assert len(tokenizer.special_ids) == 112


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "not a usable tokenizer.json"),
        ("[]", "not a usable tokenizer.json"),
        ('{"model": {"type": "BPE", "vocab": {}, "merges": [["a", "b"]]}}', "not a usable"),
        ('{"model": {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "a"}}', "back exactly"),
        (
            '{"normalizer": {"type": "Lowercase"}, "decoder": {"type": "ByteLevel", '
            '"add_prefix_space": true, "trim_offsets": true, "use_regex": true}, '
            '"model": {"type": "BPE", "vocab": {"a": 0}, "merges": []}}',
            "back exactly",
        ),
    ],
)
def test_a_bad_file_is_one_sentence(tmp_path: Path, content: str, words: str) -> None:
    (tmp_path / "tokenizer.json").write_text(content, "utf-8")
    with pytest.raises(RecipeError, match=words):
        Tokenizer.load(tmp_path / "tokenizer.json")


def test_kinds_that_do_not_exist_say_what_does(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="choose one of bpe, unigram, wordpiece, characters"):
        _trained("trigram")
    with pytest.raises(RecipeError, match="set it"):
        _trained("file")
    with pytest.raises(RecipeError, match="cannot be read"):
        Tokenizer.load(tmp_path / "none.json")


def test_a_panic_of_the_library_is_one_sentence_too(monkeypatch: pytest.MonkeyPatch) -> None:
    panic = type("PanicException", (BaseException,), {})  # as pyo3 makes it: no Exception

    def panicking(_definition: str) -> Any:
        raise panic("index out of bounds\nmore")

    definition = _trained("bytes").to_json()
    monkeypatch.setattr("sslstudio.corpora.tokenizer._library_tokenizer", panicking)
    with pytest.raises(RecipeError, match=r"\(index out of bounds\): choose another file"):
        Tokenizer(definition)
