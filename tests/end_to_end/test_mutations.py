"""A changed checkpoint is refused by its manifest, whatever changed, and an older one stands in.

A mutation changes the newest of two checkpoints on disk: a byte or a bit, a block, the length, a
whole file, or the manifest itself. One that leaves every byte as it was does not count.
"""

from __future__ import annotations

import collections
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
import torch
from torch import nn

from sslstudio.errors import RunError
from sslstudio.events import MessageEvent
from sslstudio.models.configuration import ModelConfig
from sslstudio.models.transformer import Transformer
from sslstudio.runs import RunFolder
from sslstudio.training.checkpoint import load_weights, newest_valid
from tests.end_to_end.examined import STEPS, assert_same_ending
from tests.end_to_end.forks import Forks

_NAMES = ("model.safetensors", "optimizer.safetensors", "state.json", "manifest.json")
_NEWEST, _OLDER = f"step-{STEPS:06d}", f"step-{STEPS - 1:06d}"


def _flip_a_bit(data: bytearray, random: Random) -> None:
    data[random.randrange(len(data))] ^= 1 << random.randrange(8)


def _set_bytes(data: bytearray, random: Random) -> None:
    for _ in range(random.randint(1, 16)):
        data[random.randrange(len(data))] = random.randrange(256)


def _truncate(data: bytearray, random: Random) -> None:
    del data[random.randrange(len(data)) :]


def _extend(data: bytearray, random: Random) -> None:
    data += random.choice((b"\0", b"\n", b" ", random.randbytes(random.randint(1, 4096))))


def _zero_a_block(data: bytearray, random: Random) -> None:
    size = min(len(data), random.choice((16, 512, 4096)))
    start = random.randrange(len(data) - size + 1)
    data[start : start + size] = bytes(size)


def _insert(data: bytearray, random: Random) -> None:
    place = random.randrange(len(data) + 1)
    data[place:place] = random.choice((b" ", b"\n", b"\t", random.randbytes(3)))


def _repeat_a_block(data: bytearray, random: Random) -> None:
    """Copy one part over another, as a disk does that writes a block to the wrong place."""
    size = min(len(data) // 2, random.choice((8, 512, 4096)))
    here, there = (random.randrange(len(data) - size + 1) for _ in range(2))
    data[here : here + size] = data[there : there + size]


_CHANGES: tuple[Callable[[bytearray, Random], None], ...] = (
    _flip_a_bit,
    _set_bytes,
    _truncate,
    _extend,
    _zero_a_block,
    _insert,
    _repeat_a_block,
)


def _swap_with_the_older(folder: Path, name: str) -> str:
    """Put the file of the older checkpoint in the place of this one's."""
    shutil.copyfile(folder.with_name(_OLDER) / name, folder / name)
    return "swapped"


def _delete(folder: Path, name: str) -> str:
    (folder / name).unlink()
    return "deleted"


def _change_bytes(folder: Path, name: str, random: Random) -> str:
    change = random.choice(_CHANGES)
    data = bytearray((folder / name).read_bytes())
    change(data, random)
    (folder / name).write_bytes(data)
    return change.__name__.removeprefix("_")


def _mutate(folder: Path, random: Random) -> tuple[str, str]:
    """Change one file of the checkpoint; returns its name and what was done."""
    name, kind = random.choice(_NAMES), random.random()
    if kind < 0.05:
        return name, _swap_with_the_older(folder, name)
    if kind < 0.1:
        return name, _delete(folder, name)
    return name, _change_bytes(folder, name, random)


@pytest.fixture
def run(hasty_run: Path, tmp_path: Path) -> RunFolder:
    """A run of one's own with two checkpoints."""
    shutil.copytree(hasty_run, tmp_path / "run")
    run = RunFolder.open(tmp_path / "run")
    assert [c.path.name for c in run.checkpoints()] == [_OLDER, _NEWEST]
    return run


@pytest.fixture
def model(run: RunFolder) -> nn.Module:
    """The model of the run, untrained."""
    return Transformer(ModelConfig.from_dict(run.facts()["model"]))


def _mutations(run: RunFolder, count: int) -> Iterator[tuple[str, str]]:
    """Yield ``count`` times what was done to the newest checkpoint; puts it back in between."""
    random, folder = Random(13), run.checkpoints_dir / _NEWEST
    whole = {name: (folder / name).read_bytes() for name in _NAMES}
    while count:
        name, kind = _mutate(folder, random)
        file = folder / name
        if not file.exists() or file.read_bytes() != whole[name]:
            count -= 1
            yield name, kind
        file.write_bytes(whole[name])


def _refuse_all(run: RunFolder, model: nn.Module, count: int) -> dict[str, int]:
    """Fail unless each of ``count`` mutations is refused, named, and fallen back from."""
    tally: dict[str, int] = collections.Counter()
    before = {key: value.clone() for key, value in model.state_dict().items()}
    for name, kind in _mutations(run, count):
        newest, refused = newest_valid(run)
        assert newest is not None, (name, kind)
        assert newest.path.name == _OLDER, (name, kind)
        assert len(refused) == 1, (name, kind)
        assert _NEWEST in refused[0], (name, kind)
        with pytest.raises(RunError, match="use an older checkpoint"):
            load_weights(model, run.checkpoints_dir / _NEWEST)
        tally[name] += 1
        tally[kind] += 1
    for key, value in model.state_dict().items():
        assert torch.equal(value, before[key]), "a refused file was loaded from"
    assert newest_valid(run)[1] == [], "what was put back is whole again"
    return tally


def test_mutated_checkpoints_are_refused_and_an_older_one_stands_in(
    run: RunFolder, model: nn.Module
) -> None:
    tally = _refuse_all(run, model, 400)
    assert min(tally[name] for name in _NAMES) >= 40
    before = model.state_dict()["embedding.weight"].clone()
    load_weights(model, run.checkpoints_dir / _OLDER)
    assert not torch.equal(model.state_dict()["embedding.weight"], before)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_10000_mutated_checkpoints_are_refused(run: RunFolder, model: nn.Module) -> None:
    began = time.monotonic()
    tally = _refuse_all(run, model, 10_000)
    sys.stdout.write(f"{tally} in {time.monotonic() - began:.0f} s\n")


def test_every_bit_of_a_manifest_counts(run: RunFolder) -> None:
    """Even where the change would mean the same: every one of its bits is flipped in turn."""
    file = run.checkpoints_dir / _NEWEST / "manifest.json"
    whole = file.read_bytes()
    for bit in range(8 * len(whole)):
        data = bytearray(whole)
        data[bit // 8] ^= 1 << bit % 8
        file.write_bytes(data)
        newest, refused = newest_valid(run)
        assert newest is not None
        assert newest.path.name == _OLDER
        assert len(refused) == 1


def _assert_resumed_from_the_older(run: RunFolder, whole: Path, forks: Forks, log: Path) -> None:
    """Fail unless resuming passes over the newest, says so, and ends as ``whole`` did."""
    already = len(run.events()[0])
    assert forks.run(["resume", str(run.path), "--device", "cpu"], log) == 0, log.read_text()
    messages = [e.text for e in run.events()[0][already:] if isinstance(e, MessageEvent)]
    assert any("passed over a checkpoint" in text and _NEWEST in text for text in messages)
    assert f"going on from step {STEPS - 1}" in messages
    assert "passed over a checkpoint" in log.read_text(encoding="utf-8")
    assert_same_ending(run.path, whole)


@pytest.mark.parametrize("name", _NAMES)
def test_a_resumption_says_what_it_passed_over(
    run: RunFolder, hasty_run: Path, forks: Forks, tmp_path: Path, name: str
) -> None:
    _change_bytes(run.checkpoints_dir / _NEWEST, name, Random(7))
    _assert_resumed_from_the_older(run, hasty_run, forks, tmp_path / "log")


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_100_resumptions_pass_over_what_is_damaged(
    run: RunFolder, hasty_run: Path, forks: Forks, tmp_path: Path
) -> None:
    """And the whole way round: the damaged one is replaced by what it ought to have been."""
    random, newest, done = Random(3), run.checkpoints_dir / _NEWEST, 0
    while done < 100:
        before = {path.name: path.read_bytes() for path in newest.iterdir()}
        _mutate(newest, random)
        if {path.name: path.read_bytes() for path in newest.iterdir()} != before:
            _assert_resumed_from_the_older(run, hasty_run, forks, tmp_path / str(done))
            done += 1


def test_a_damaged_checkpoint_never_pushes_a_good_one_out(
    run: RunFolder, hasty_run: Path, forks: Forks, tmp_path: Path
) -> None:
    """It is the newest, only one may be kept, and the run saves before it gets there again."""
    later = run.checkpoints_dir / "step-000025"
    (run.checkpoints_dir / _NEWEST).rename(later)
    _change_bytes(later, "model.safetensors", Random(7))
    words = ["resume", str(run.path), "--device", "cpu", "--set", "checkpoints.keep=1"]
    assert forks.run(words, tmp_path / "log") == 0
    assert [c.path.name for c in run.checkpoints()] == [_NEWEST]
    assert_same_ending(run.path, hasty_run)
    assert (run.checkpoints_dir / "damaged-step-000025" / "model.safetensors").is_file()


def test_a_run_of_which_no_checkpoint_is_whole_is_left_as_it_is(
    run: RunFolder, forks: Forks, tmp_path: Path
) -> None:
    for checkpoint in run.checkpoints():
        (checkpoint.path / "model.safetensors").write_bytes(b"short")
    kept = {name: (run.path / name).read_bytes() for name in ("status.json", "run.json")}
    log = tmp_path / "log"
    assert forks.run(["resume", str(run.path), "--device", "cpu"], log) == 2
    assert "no whole checkpoint" in log.read_text(encoding="utf-8")
    assert {name: (run.path / name).read_bytes() for name in kept} == kept
    assert len(run.checkpoints()) == 2
