"""A disk that is full stops a run with the reason; what was saved stands, and it goes on later.

"Full" is a limit on the size of any file (RLIMIT_FSIZE), which needs no rights and can fall at
any byte; behind ``--slow`` also a small file system of its own, where this machine lets us mount.
"""

from __future__ import annotations

import collections
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from sslstudio.errors import StorageError
from sslstudio.runs import RunFolder
from sslstudio.training import session
from sslstudio.training.control import Control
from tests.end_to_end.examined import assert_same_ending, examine
from tests.end_to_end.forks import Forks

_SENTENCE = "sslstudio: cannot write "


def _train(recipe: Path, runs: Path) -> list[str]:
    return ["train", str(recipe), "--runs", str(runs), "--device", "cpu"]


def _stopped(log: Path) -> str:
    """Return the one sentence with which the command of ``log`` ended."""
    text = log.read_text(encoding="utf-8")
    assert "Traceback" not in text
    last = text.rstrip("\n").split("\n")[-1]
    assert last.startswith(_SENTENCE), text
    assert "free some space" in last
    return last


def _assert_goes_on(forks: Forks, path: Path, reference: Path, log: Path) -> None:
    assert forks.run(["resume", str(path), "--device", "cpu"], log) == 0, log.read_text()
    assert_same_ending(path, reference)


# model.safetensors takes 130 kB here, optimizer.safetensors 267 kB, state.json 300 bytes
@pytest.mark.parametrize(
    ("after", "full_at", "file"),
    [
        (r"\.tmp-step-000004", 65_000, "checkpoints"),
        (r"\.tmp-step-000004", 200_000, "checkpoints"),
        (r"\.tmp-step-000004.*state\.json", 10, "step-000004"),
        (r"\.tmp-step-000004.*manifest", 100, "manifest.json"),
        (r"checkpoints/step-000004$", 0, "events.jsonl"),
    ],
    ids=["model", "optimizer", "state", "manifest", "events"],
)
def test_what_was_saved_stands_and_the_run_goes_on_when_there_is_room(
    forks: Forks,
    hasty_recipe: Path,
    hasty_run: Path,
    tmp_path: Path,
    after: str,
    full_at: int,
    file: str,
) -> None:
    log = tmp_path / "log"
    words = _train(hasty_recipe, tmp_path / "runs")
    assert forks.run(words, log, after=after, full_at=full_at) == 2
    assert file in _stopped(log)
    (path,) = (tmp_path / "runs").iterdir()
    seen = examine(path)
    assert seen.step == (4 if file == "events.jsonl" else 3)
    assert seen.temporaries == ()
    assert not seen.has_torn_line
    summary = RunFolder.open(path).summary()
    if full_at > 1000:  # there is still room for the status
        assert summary.state == "failed"
        assert "cannot write" in RunFolder.open(path).status().error
    else:
        assert summary.state == "interrupted"
    _assert_goes_on(forks, path, hasty_run, log)


def test_a_full_disk_at_the_first_checkpoint_leaves_a_run_that_begins_again(
    forks: Forks, hasty_recipe: Path, hasty_run: Path, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    words = _train(hasty_recipe, tmp_path / "runs")
    assert forks.run(words, log, after=r"\.tmp-step-000001", full_at=100_000) == 2
    _stopped(log)
    (path,) = (tmp_path / "runs").iterdir()
    assert examine(path).step == 0
    assert RunFolder.open(path).status().state == "failed"
    _assert_goes_on(forks, path, hasty_run, log)


def test_a_run_that_cannot_even_write_its_status_is_left_as_it_was(
    forks: Forks, hasty_recipe: Path, hasty_run: Path, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    assert forks.run(_train(hasty_recipe, tmp_path / "runs"), log, after=r"a^", die_at=0) == 0
    (path,) = (tmp_path / "runs").iterdir()
    kept = {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}
    more = ["resume", str(path), "--device", "cpu", "--set", "training.steps=30"]
    assert forks.run(more, log, full_at=10) == 2
    _stopped(log)
    assert {file: file.read_bytes() for file in path.rglob("*") if file.is_file()} == kept


def test_no_room_for_one_checkpoint_is_said_before_the_first_step(
    hasty_recipe: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sslstudio.recipe import Recipe

    usage = collections.namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _path: usage(10**9, 10**9 - 300_000, 300_000))
    with pytest.raises(StorageError, match=r"a checkpoint takes 0\.4 MB and the disk has 0\.3 MB"):
        session.train(
            Recipe.load(hasty_recipe),
            runs_dir=tmp_path / "runs",
            device="cpu",
            control=Control(),
            emit=lambda _event: None,
        )
    assert not list((tmp_path / "runs").iterdir())


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_disk_that_is_full_at_any_of_100_offsets(
    forks: Forks, hasty_recipe: Path, hasty_run: Path, tmp_path: Path
) -> None:
    random, began, named = Random(5), time.monotonic(), collections.Counter[str]()
    for number in range(100):
        runs, log = tmp_path / str(number), tmp_path / f"{number}.log"
        step = random.randint(1, 19)
        full_at = random.randrange(random.choice((500, 6_000, 130_000, 267_000)))
        moment = random.choice((r"\.tmp-step-{:06d}", r"checkpoints/step-{:06d}$"))
        status = forks.run(
            _train(hasty_recipe, runs), log, after=moment.format(step), full_at=full_at
        )
        assert status == 2
        named["events" if "events.jsonl" in _stopped(log) else "checkpoint"] += 1
        (path,) = runs.iterdir()
        seen = examine(path)
        assert seen.step >= step - 1
        assert seen.temporaries == ()
        assert not seen.has_torn_line
        _assert_goes_on(forks, path, hasty_run, log)
    sys.stdout.write(f"{named} in {time.monotonic() - began:.0f} s\n")


@contextlib.contextmanager
def _file_system(place: Path, size_kb: int) -> Iterator[None]:
    """Mount a file system of ``size_kb`` at ``place``; skips where that is not allowed."""
    place.mkdir()
    options = ["-o", f"size={size_kb}k", "tmpfs", str(place)]
    done = subprocess.run(["mount", "-t", "tmpfs", *options], check=False, capture_output=True)
    if done.returncode:
        pytest.skip("this machine does not let us mount a file system")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=True)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="mounts a tmpfs")
@pytest.mark.parametrize("blind", [False, True], ids=["looks", "blind"])
def test_a_small_file_system_that_fills_up(
    forks: Forks, hasty_recipe: Path, hasty_run: Path, tmp_path: Path, blind: bool
) -> None:
    """Full for good, in whatever file it happens; then the same file system gets more room."""
    if os.geteuid():
        pytest.skip("needs the right to mount")
    steps = []
    for size_kb in (440, 560, 700, 848, 900, 1000, 1100, 1200):
        place, log = tmp_path / str(size_kb), tmp_path / f"{size_kb}.log"
        with _file_system(place, size_kb):
            status = forks.run(_train(hasty_recipe, place / "runs"), log, blind=blind)
            assert status == 2, log.read_text(encoding="utf-8")
            _stopped(log)
            found = list((place / "runs").iterdir())
            if not found:  # refused before the first step
                continue
            seen = examine(found[0])
            assert seen.temporaries == ()
            steps.append(seen.step)
            more = ["mount", "-o", "remount,size=64m", str(place)]
            subprocess.run(more, check=True)
            _assert_goes_on(forks, found[0], hasty_run, log)
    assert max(steps) >= 1
