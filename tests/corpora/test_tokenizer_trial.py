"""A hostile tokenizer file ends a child, never the program, and is said in a sentence."""

from __future__ import annotations

import base64
import collections
import copy
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from sslstudio.corpora import child_process, tokenizer_trial
from sslstudio.corpora.tokenizer import Tokenizer
from sslstudio.errors import RecipeError
from sslstudio.recipe import TokenizerOptions

PROSE = "The keeper of the lighthouse kept a light, and the light kept the keeper. " * 40
_ODD: tuple[Any, ...] = (
    2**53,
    2**64,
    -1,
    10**400,
    1e308,
    None,
    True,
    "",
    "\x00",
    [],
    {},
    [[]],
    {"type": "BPE"},
)


def _definition(**changes: Any) -> str:
    """Return a sound tokenizer.json with parts replaced."""
    trained = Tokenizer.train([PROSE], TokenizerOptions(kind="bpe", vocab_size=420))
    return json.dumps({**json.loads(trained.to_json()), **changes})


def _precompiled() -> str:
    """A normalizer whose table says that it is 4 GB long."""
    table = {"type": "Precompiled", "precompiled_charsmap": "AAAA////AAAA"}
    return _definition(normalizer=table)


def _exploding() -> str:
    """Four replacements that each make a thousand characters of one: 10^12 of one."""
    replace = {"type": "Replace", "pattern": {"Regex": "."}, "content": "a" * 1000}
    return _definition(normalizer={"type": "Sequence", "normalizers": [replace] * 4})


def _of_no_length() -> str:
    """Pieces of no characters: the library panics, which no ``except Exception`` catches."""
    return _definition(pre_tokenizer={"type": "FixedLength", "length": 0})


@pytest.fixture(autouse=True)
def _nothing_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSLSTUDIO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(tokenizer_trial, "_passed", set())


def _load(tmp_path: Path, definition: str) -> Tokenizer:
    path = tmp_path / "foreign.json"
    path.write_text(definition, encoding="utf-8")
    return Tokenizer.load(path)


def test_a_file_that_aborts_its_process_is_one_sentence(tmp_path: Path) -> None:
    """And it does abort: the same text in a process with as little memory, without a child."""
    with pytest.raises(RecipeError, match=r"cannot be loaded safely .* choose another"):
        _load(tmp_path, _precompiled())
    program = (
        "import resource, sys; from sslstudio.corpora.tokenizer import Tokenizer; "
        "resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31)); "
        "Tokenizer(sys.stdin.read())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=_precompiled().encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGABRT


def test_a_file_that_takes_for_ever_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = [sys.executable, "-c", "import time; time.sleep(1000)"]
    monkeypatch.setattr(child_process, "command", lambda *_: waiting)
    monkeypatch.setattr(tokenizer_trial, "TIMEOUT_S", 1.0)
    with pytest.raises(RecipeError, match="given up after 1 s"):
        _load(tmp_path, _definition())


@pytest.mark.slow
def test_the_child_is_held_to_its_memory(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="cannot be loaded safely"):
        _load(tmp_path, _exploding())


@pytest.mark.parametrize(
    "make",
    [
        _of_no_length,
        lambda: '{"model": ' + "[" * 200_000,
        lambda: '{"model": {"a": ' + '{"a": ' * 900 + "1" + "}" * 902,
        lambda: '{"model": {"type": "BPE", "vocab": {"a": ' + "9" * 5000 + '}, "merges": []}}',
        lambda: '{"model": {"type": "BPE", "vocab": {"a": NaN}, "merges": []}}',
        lambda: _definition(model={"type": "Unigram", "unk_id": 5, "vocab": []}),
        lambda: _definition(model={"type": "BPE", "vocab": [], "merges": {}}),
        lambda: _definition(added_tokens=[{"id": 2**64, "content": "a", "special": True}]),
        lambda: _definition(decoder=7),
        lambda: _definition(pre_tokenizer=[[]]),
    ],
    ids=["panic", "deep", "deeper", "digits", "nan", "unigram", "types", "id", "decoder", "list"],
)
def test_odd_files_are_one_sentence(tmp_path: Path, make: Callable[[], str]) -> None:
    with pytest.raises(RecipeError) as caught:
        _load(tmp_path, make())
    sentence = str(caught.value)
    assert sentence.startswith(f"the tokenizer {tmp_path / 'foreign.json'} ")
    assert "\n" not in sentence
    assert ": choose another" in sentence or "use a byte-level BPE" in sentence


@pytest.mark.parametrize("fixed", [2**53, 2**31, 0])
def test_padding_and_truncation_are_stripped(tmp_path: Path, fixed: int) -> None:
    padding: dict[str, Any] = {
        "strategy": {"Fixed": fixed},
        "direction": "Right",
        "pad_to_multiple_of": None,
    }
    padding |= {"pad_id": 0, "pad_type_id": 0, "pad_token": "<pad>"}
    truncation = {"direction": "Right", "max_length": 1, "strategy": "LongestFirst", "stride": 0}
    found = _load(tmp_path, _definition(padding=padding, truncation=truncation))
    assert found.decode(found.encode(PROSE)) == PROSE
    kept = json.loads(found.to_json())
    assert kept["padding"] is None
    assert kept["truncation"] is None


def test_a_file_that_passed_is_tried_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    really = tokenizer_trial._in_a_child

    def count(definition: str) -> tuple[int | None, str]:
        tried.append(definition)
        return really(definition)

    monkeypatch.setattr(tokenizer_trial, "_in_a_child", count)
    definition = _definition(padding=None)
    _load(tmp_path, definition)
    _load(tmp_path, definition)
    assert len(tried) == 1
    monkeypatch.setattr(tokenizer_trial, "_passed", set())  # another process, later
    _load(tmp_path, definition)
    assert len(tried) == 1
    _load(tmp_path, definition + " ")
    assert len(tried) == 2


def test_a_refused_file_is_tried_again(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(RecipeError, match="safely"):
            _load(tmp_path, _precompiled())
    assert not list(tmp_path.glob("cache/**/*"))


def test_what_was_written_here_needs_no_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained = Tokenizer.train([PROSE], TokenizerOptions(kind="characters"))
    trained.save(tmp_path / "tokenizer.json")
    monkeypatch.setattr(tokenizer_trial, "_in_a_child", pytest.fail)
    assert Tokenizer.load(tmp_path / "tokenizer.json").to_json() == trained.to_json()


def test_without_a_cache_it_still_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("SSLSTUDIO_CACHE", str(tmp_path / "file"))
    assert _load(tmp_path, _definition()).encode("a")


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        with pytest.raises(RecipeError, match=r"\(it is not a file\): choose a tokenizer.json"):
            Tokenizer.load(path)


def test_a_file_larger_than_any_vocabulary_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "large.json").open("wb") as file:
        file.truncate(300 * 2**20)  # a hole: takes no room
    with pytest.raises(RecipeError, match="larger than 256 MiB"):
        Tokenizer.load(tmp_path / "large.json")


def test_the_child_imports_neither_torch_nor_qt() -> None:
    program = (
        "import sys, io; from sslstudio.corpora import tokenizer_trial as t; "
        "sys.stdin = io.TextIOWrapper(io.BytesIO(b'{}')); status = t.main(); "
        "print(status, sorted({'torch', 'PySide6', 'pyqtgraph'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.split(b"\n")[-2].endswith(b"3 []")


# -- by the thousand --------------------------------------------------------------------------


def _all_places(part: Any, found: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Return every container with every key or index in it."""
    items = part.items() if isinstance(part, dict) else enumerate(part)
    for key, value in items:
        found.append((part, key))
        if isinstance(value, (dict, list)):
            _all_places(value, found)
    return found


def _mutated(definition: str, random: Random) -> str:
    """Change a byte or two of the text, or one value, key or part of what it says."""
    if random.random() < 0.3:
        data = bytearray(definition.encode("utf-8"))
        for _ in range(random.randint(1, 3)):
            data[random.randrange(len(data))] = random.randrange(32, 127)
        return data.decode("utf-8", "replace")
    content = json.loads(definition)
    if random.random() < 0.05:
        table = base64.b64encode(random.randbytes(random.randint(4, 40))).decode()
        content["normalizer"] = {"type": "Precompiled", "precompiled_charsmap": table}
        return json.dumps(content)
    content["padding"] = {"strategy": {"Fixed": random.choice(_ODD)}, "direction": "Right"}
    if random.random() < 0.3:
        places = [(content, key) for key in content]
    else:
        small = {k: v for k, v in content.items() if k not in ("model", "added_tokens")}
        parts = random.choice((content, small, content["added_tokens"][:3]))
        places = _all_places(parts, [])
    container, key = random.choice(places)
    kind = random.randrange(3)
    if kind == 0:
        del container[key]
    elif kind == 1 and isinstance(container, dict):
        container[str(random.choice(_ODD))] = container.pop(key)
    else:
        container[key] = copy.deepcopy(random.choice(_ODD))  # or the next round would fill it
    return json.dumps(content)


def _try_many(tmp_path: Path, count: int) -> dict[str, int]:
    """Load ``count`` mutations; anything but a sentence, and an end of this process, fails."""
    definition = json.dumps(json.loads(_definition()))
    random, tally = Random(15), collections.Counter[str]()
    for _ in range(count):
        try:
            found = _load(tmp_path, _mutated(definition, random))
            found.decode(found.encode(PROSE, markers=True))
            found.encode_batch([PROSE, "日本語 \x00"])
            tally["loaded"] += 1
        except RecipeError as error:
            tally["died in the child" if "safely" in str(error) else "refused"] += 1
    return tally


def test_mutated_files_never_harm_the_parent(tmp_path: Path) -> None:
    tally = _try_many(tmp_path, 20)
    assert sum(tally.values()) == 20
    assert tally["refused"] > 3


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_1500_mutated_files_never_harm_the_parent(tmp_path: Path) -> None:
    began = time.monotonic()
    tally = _try_many(tmp_path, 1500)
    sys.stdout.write(f"{tally} in {time.monotonic() - began:.0f} s\n")
    assert sum(tally.values()) == 1500
    assert tally["died in the child"] >= 1
